"""The auditor goes red for each row that should not be there, and only then keeps silent."""

from __future__ import annotations

import http.server
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import make_url, update
from sqlmodel import col, select

from bot.health import Health
from bot.nudges.duties.audit import ping_heartbeat, run_audit
from db.core.tx import Tx
from db.models import Finding, Lane, Occurrence, Outbox, Touchpoint, Workspace
from db.ops import health
from db.ops.audit_checks import row_checks
from tests.story import Story

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def found(story: Story) -> dict[str, tuple[int, str]]:
    """What the auditor finds now: how many, and one of them."""
    clean = run_audit(story.context)
    with story.tx() as tx:
        rows = {row.check: (row.count, row.example) for row in tx.all(select(Finding))}
    assert clean == (not rows)
    return rows


def work(story: Story) -> None:
    """A workspace at work: something planned, something nudged, something sent."""
    story.types("priya", "/account add Acme stage onboarding")
    story.until("2026-11-24 09:00")
    story.settle()
    story.sees("#operations", "Kick-off call")


def outbox(story: Story, **values: Any) -> None:
    row = {
        "dedupe_key": "broken",
        "kind": "nudge",
        "method": "chat.postMessage",
        "lane": "C0BROKEN",
        "due_at": story.now,
        "created_at": story.now,
        **values,
    }
    with story.tx() as tx:
        tx.add(Outbox(**row))


def change(story: Story, model: Any, where: Any, **values: Any) -> None:
    with story.tx() as tx:
        assert tx.execute(update(model).where(where).values(**values)) >= 1


def planned(story: Story, **values: Any) -> None:
    change(story, Touchpoint, col(Touchpoint.play) == "hello", **values)


def nudged(story: Story, **values: Any) -> None:
    change(story, Touchpoint, col(Touchpoint.play) == "kickoff", **values)


def lost_message(story: Story) -> None:
    change(story, Outbox, col(Outbox.kind) == "nudge", state="expired")
    nudged(story, wake_at=None)


def not_looked_at(story: Story) -> None:
    planned(story, wake_at=story.now - 2 * HOUR)


def due_for_days(story: Story) -> None:
    old = story.now - 11 * DAY
    planned(story, due_at=old, state_at=old, wake_at=story.now + HOUR)


def held_for_ever(story: Story) -> None:
    old = story.now - 11 * DAY
    planned(story, due_at=old, state_at=old, wake_at=story.now + HOUR, postponed_latest=old)


def orphan(story: Story) -> None:
    outbox(story, state="expired", dedupe_key="root")
    with story.tx() as tx:
        root = tx.one(select(Outbox).where(col(Outbox.dedupe_key) == "root")).id
    outbox(story, root_id=root, due_at=story.now + DAY)


def gap(story: Story) -> None:
    with story.tx() as tx:
        for week in (date(2026, 11, 2), date(2026, 11, 16)):
            tx.add(occurrence(tx, "digest:U0PRIYA", week, story))


def no_digest(story: Story) -> None:
    began = story.now - 30 * DAY
    with story.tx() as tx:
        workspace = tx.one(select(Workspace).where(col(Workspace.id) == tx.workspace))
        workspace.created_at = began
        for whose in ("company", "sales", "marketing"):
            tx.add(occurrence(tx, f"digest:{whose}", date(2026, 11, 23), story))


def occurrence(tx: Tx, schedule: str, week: date, story: Story) -> Occurrence:
    return Occurrence(schedule=schedule, local_date=week, ran_at=story.now, outcome="posted")


def lane(story: Story) -> None:
    with story.tx() as tx:
        tx.add(Lane(lane="C0BROKEN", next_ok_at=story.now, lease_until=story.now - HOUR))


# How each check is broken, and what its example must be.
BROKEN: dict[str, tuple[Callable[[Story], None], str]] = {
    "not looked at": (not_looked_at, "touchpoint:"),
    "never to be said": (lambda story: planned(story, wake_at=None), "touchpoint:"),
    "held for ever": (held_for_ever, "touchpoint:"),
    "due for days": (due_for_days, "touchpoint:"),
    "nudged without a message": (lost_message, "touchpoint:"),
    "overdue": (lambda story: outbox(story, due_at=story.now - 2 * HOUR), "outbox:"),
    "waits for nothing": (orphan, "outbox:"),
    "sending too long": (
        lambda story: outbox(story, state="sending", started_at=story.now - HOUR),
        "outbox:",
    ),
    "in doubt too long": (
        lambda story: outbox(
            story,
            state="unknown",
            started_at=story.now - 3 * HOUR,
            check_at=story.now,
            settles_at=story.now - 2 * HOUR,
        ),
        "outbox:",
    ),
    "held too long": (
        lambda story: outbox(story, state="held", started_at=story.now - 2 * DAY),
        "outbox:",
    ),
    "sent nowhere": (lambda story: outbox(story, state="sent", sent_at=story.now), "outbox:"),
    "lane never given back": (lane, "lane:"),
    "standing still": (
        lambda story: health.record_beat(
            story.engine, "delivery", story.now - timedelta(seconds=100)
        ),
        "part:delivery",
    ),
    "week missing": (gap, "digest:U0PRIYA"),
    "digest missing": (no_digest, "digest:operations"),
}


def test_every_check_has_its_broken_row(story: Story) -> None:
    others = {"standing still", "week missing", "digest missing"}
    assert set(BROKEN) == {*row_checks(story.now), *others}


def test_a_broken_row_is_found_by_its_check_and_by_no_other(story: Story) -> None:
    work(story)
    health.record_beat(story.engine, "delivery", story.now)
    assert found(story) == {}
    path, as_expected, rows = str(make_url(story.url).database), {}, {}
    with closing(sqlite3.connect(path)) as file, closing(sqlite3.connect(":memory:")) as before:
        file.backup(before)
        for check, (break_it, example) in BROKEN.items():
            break_it(story)
            rows[check] = found(story)
            as_expected[check] = {check: (1, example)}
            before.backup(file)
    cut = {
        check: {
            each: (count, said[: len(BROKEN[check][1])]) for each, (count, said) in told.items()
        }
        for check, told in rows.items()
    }
    assert cut == as_expected


def test_a_week_at_work_is_clean(story: Story) -> None:
    work(story)
    story.types("priya", "/account add Globex stage renewal manager @priya renews 2026-12-20")
    for _ in range(16):
        story.after(days=1)
        health.record_beat(story.engine, "delivery", story.now)
        assert found(story) == {}
    for message in story.slack.unexpected():
        story.slack.expect(message.channel, message.text)


def test_a_parked_channel_a_snooze_and_a_held_message_of_today_are_no_findings(
    story: Story,
) -> None:
    work(story)
    story.slack.kick("#customers", "linchpin")
    story.types("priya", "/stage acme renewal")
    story.sees("@priya", "<#C0CUSTOMERS>")
    story.sees("#marketing", "Story of the year")
    outbox(story, state="held", started_at=story.now - HOUR)
    story.frozen.tick(2 * HOUR)
    assert found(story) == {}


def test_a_finding_keeps_since_when_and_goes_when_it_is_mended(story: Story) -> None:
    outbox(story, due_at=story.now - 2 * HOUR)
    since = story.now
    found(story)
    story.frozen.tick(600)
    found(story)
    with story.tx() as tx:
        row = tx.one(select(Finding))
        assert (row.since, row.at) == (since, story.now)
    told = story.slack.command("priya", "#general", "/linchpin status").text
    assert "The auditor found: overdue (1), since" in told
    change(story, Outbox, col(Outbox.dedupe_key) == "broken", state="cancelled")
    assert found(story) == {}
    assert "auditor" not in story.slack.command("priya", "#general", "/linchpin status").text


def test_what_it_finds_is_logged_and_counted(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    outbox(story, due_at=story.now - 2 * HOUR)
    found(story)
    health = Health(story.context)
    body = b"".join(health({"PATH_INFO": "/metrics"}, lambda *_: None))
    assert b"linchpin_findings 1.0" in body
    assert "overdue (1, such as outbox:" in caplog.text


# -- the dead-man's switch


@pytest.fixture
def switch() -> Iterator[tuple[str, list[str]]]:
    """A listener on loopback, and the paths that it was asked for."""
    asked: list[str] = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(500 if self.path == "/broken" else 200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def test_the_switch_is_called_only_when_nothing_was_found(
    story: Story, switch: tuple[str, list[str]]
) -> None:
    url, asked = switch
    context = replace(story.context, heartbeat_url=f"{url}/alive")
    assert run_audit(context)
    assert asked == ["/alive"]
    outbox(story, due_at=story.now - 2 * HOUR)
    assert not run_audit(context)
    assert asked == ["/alive"]


def test_a_switch_that_does_not_answer_is_no_trouble_and_its_address_stays_secret(
    switch: tuple[str, list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    url, _ = switch
    with socket.create_server(("127.0.0.1", 0)) as listening:
        closed = f"http://127.0.0.1:{listening.getsockname()[1]}/key"
    assert ping_heartbeat(f"{url}/well")
    for broken in (f"{url}/broken", closed, "http://[half", "http://127.0.0.1:1/a b"):
        assert not ping_heartbeat(broken)
    assert "/key" not in caplog.text
    assert "/broken" not in caplog.text
