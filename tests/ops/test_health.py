"""The three addresses for machines: alive, at work, and figures."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from bot.health import Health
from bot.terminal.process.http_server import serve_health
from db.ops.health import record_beat
from tests.commands.helpers import lasting
from tests.story import Story


def asked(health: Health, path: str, method: str = "GET") -> tuple[str, str]:
    """(status, body) of a request, without a server."""
    seen: list[str] = []

    def start(status: str, _headers: Any) -> None:
        seen.append(status)

    body = b"".join(health({"PATH_INFO": path, "REQUEST_METHOD": method}, start))
    return seen[0].split()[0], body.decode()


def beat(story: Story, **ages: float) -> None:
    for name, seconds in ages.items():
        record_beat(story.engine, name, story.now - timedelta(seconds=seconds))


def stale(health: Health) -> list[str]:
    status, body = asked(health, "/readyz")
    told = json.loads(body)
    assert (status == "200") == told["ready"] == (not told["stale"])
    return list(told["stale"])


def figure(health: Health, name: str) -> float:
    """The value of a line of /metrics that begins with the name and its labels."""
    lines = asked(health, "/metrics")[1].splitlines()
    return float(next(line.split()[-1] for line in lines if line.startswith(name + " ")))


@pytest.fixture
def health(story: Story) -> Health:
    return Health(story.context)


def test_a_process_that_has_just_begun_lives_and_is_not_ready(health: Health) -> None:
    assert asked(health, "/healthz") == ("200", "ok\n")
    assert stale(health) == ["clock", "delivery"]


def test_it_is_ready_while_clock_and_delivery_note_their_rounds(
    story: Story, health: Health
) -> None:
    beat(story, clock=89, delivery=3)
    assert stale(health) == []
    beat(story, clock=91)
    assert stale(health) == ["clock"]
    assert "silent since 2026-11-23 09:58:29 UTC" in asked(health, "/readyz")[1]
    beat(story, clock=0, delivery=91)
    assert stale(health) == ["delivery"]


def test_a_socket_that_is_silent_makes_its_own_process_unready(story: Story) -> None:
    beat(story, clock=1, delivery=1)
    heard = [None, story.now - timedelta(seconds=91), story.now]
    health = Health(story.context, {"socket": lambda: heard.pop(0)})
    assert [stale(health) for _ in range(3)] == [["socket"], ["socket"], []]


def test_a_database_that_does_not_answer_is_named_and_the_process_still_lives(
    story: Story, health: Health, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("gone")

    monkeypatch.setattr("bot.health.health.last_beats", broken)
    monkeypatch.setattr("bot.health.health.figures", broken)
    assert stale(health) == ["database"]
    assert asked(health, "/healthz")[0] == "200"
    assert figure(health, "linchpin_database_up") == 0


def test_the_figures_tell_of_rows_lanes_nudges_and_rounds(story: Story, health: Health) -> None:
    story.types("priya", "/account add Acme stage onboarding")
    story.until("2026-11-24 09:00")
    story.settle()
    story.sees("#operations", "Kick-off call")
    story.slack.kick("#customers", "linchpin")
    story.types("priya", "/stage acme renewal")
    story.sees("#marketing", "Story of the year")
    story.sees("@priya", "<#C0CUSTOMERS>")
    beat(story, clock=7)
    assert figure(health, 'linchpin_outbox_rows{kind="nudge",state="sent"}') == 2
    assert figure(health, "linchpin_nudges_total") == 2
    assert figure(health, "linchpin_parked_lanes") == 1
    assert figure(health, "linchpin_outbox_oldest_due_seconds") == 0
    assert figure(health, 'linchpin_heartbeat_age_seconds{part="clock"}') == 7
    assert figure(health, "linchpin_database_up") == 1
    assert figure(health, 'linchpin_command_seconds_count{command="/stage"}') >= 1
    assert figure(health, 'linchpin_sends_total{outcome="sent"}') >= 2
    assert figure(health, 'linchpin_sends_total{outcome="refused"}') >= 1


def test_however_many_ask_the_database_is_asked_once_in_five_seconds(
    story: Story, health: Health
) -> None:
    beat(story, clock=7)
    name = 'linchpin_heartbeat_age_seconds{part="clock"}'
    assert figure(health, name) == 7
    beat(story, clock=20)
    story.frozen.tick(4)
    assert figure(health, name) == 7
    story.frozen.tick(1)
    assert figure(health, name) == 25


def test_only_looking_is_allowed_and_nothing_is_written(story: Story, health: Health) -> None:
    before = lasting(story)
    assert asked(health, "/metrics", "POST")[0] == "405"
    assert asked(health, "/secret")[0] == "404"
    assert lasting(story) == before


def test_the_door_of_slack_answers_them_too(story: Story) -> None:
    base = str(story.slack.bot_url).removesuffix("/slack/events")
    with urlopen(f"{base}/healthz", timeout=20) as answer:
        assert answer.read() == b"ok\n"
    with pytest.raises(HTTPError) as unready:
        urlopen(f"{base}/readyz", timeout=20)
    with unready.value as error:
        assert error.code == 503
    with urlopen(Request(f"{base}/metrics"), timeout=20) as answer:
        assert b"linchpin_database_up 1.0" in answer.read()


def test_a_process_without_slack_s_door_answers_at_an_address_of_its_own(story: Story) -> None:
    with serve_health(story.context, "127.0.0.1:0") as where:
        with urlopen(f"http://{where}/healthz", timeout=20) as answer:
            assert answer.status == 200
        with serve_health(story.context, where) as taken:
            assert taken == ""  # it goes on without
    with serve_health(story.context, "") as nowhere:
        assert nowhere == ""
