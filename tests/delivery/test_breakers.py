"""What stops a channel or a workspace, who hears of it, and which end each outcome has."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest

from bot.nudges import breakers, deliver
from bot.rules.slack_facts import PersonFacts
from bot.slack import CouldNotRead, Offline, Outcome, RateLimited, Reach, Refused, Unknown
from db.core import workspaces
from db.core.tx import begin, read
from db.members import members
from db.outbox import lanes
from db.outbox.states import RateLimit
from tests.delivery.claims import (
    ENDED,
    MINUTE,
    SECOND,
    SLOW,
    claimed,
    lane,
    leased,
    row,
    told,
    write,
)
from tests.delivery.helpers import START, TEAM, Post

# -- breakers


def test_a_channel_is_parked_with_its_edits_and_stays_so_since_the_first_time(post: Post) -> None:
    leased(post, "C1", lease_until=None, token=None, next_ok_at=ENDED)
    leased(post, "C2", lease_until=None, token=None)
    assert write(post, lambda tx: lanes.park_lane(tx, "C1/edits", "is_archived", START))
    assert not write(post, lambda tx: lanes.park_lane(tx, "C1", "not_in_channel", ENDED))
    for name, waits in (("C1", ENDED), ("C1/edits", START)):
        found = post.lane(name)
        facts = (found.parked_reason, found.parked_at, found.probe_at, found.next_ok_at)
        assert facts == ("not_in_channel", START, ENDED + 30 * MINUTE, waits)
    assert post.lane("C2").parked_reason is None
    assert not write(post, lambda tx: lanes.open_lane(tx, "C2"))
    assert write(post, lambda tx: lanes.open_lane(tx, "C1"))
    assert not write(post, lambda tx: lanes.open_lane(tx, "C1"))


def test_one_of_two_lanes_that_was_parked_already_is_no_news(post: Post) -> None:
    leased(post, "C1/edits", parked_reason="is_archived", parked_at=START)
    assert not write(post, lambda tx: lanes.park_lane(tx, "C1", "is_archived", ENDED))
    assert post.lane("C1").parked_at == ENDED


def test_a_workspace_that_is_slowed_is_never_quickened(post: Post) -> None:
    for until, waits in ((ENDED, ENDED), (START, ENDED), (ENDED + SECOND, ENDED + SECOND)):
        with begin(post.engine, TEAM) as tx:
            lanes.slow_workspace(tx, until, SLOW)
        assert post.lane("*").next_ok_at == waits + SLOW.slack
    write(post, lambda tx: lanes.slow_workspace(tx, ENDED + MINUTE))
    assert post.lane("*").next_ok_at == ENDED + MINUTE + RateLimit().slack
    leased(post, "C1", lease_until=None, token=None)
    write(post, lambda tx: lanes.slow_workspace(tx, ENDED + 2 * MINUTE))
    assert post.lane("C1").next_ok_at == START


def admins(post: Post, *users: str) -> None:
    ada = PersonFacts("", TEAM, "Ada", is_admin=True)
    with begin(post.engine, TEAM) as tx:
        members.save_all(tx, [replace(ada, user_id=user, handle=user) for user in users], START)


def test_admins_hear_once_of_a_channel_that_was_parked(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    mine = claimed(post, lane="C1/edits")
    for at in (ENDED, ENDED + MINUTE):
        with begin(post.engine, TEAM) as tx:
            breakers.park_lane(tx, mine, "is_archived", at)
    (message,) = told(post)
    assert message[:4] == (f"parked:C1:{ENDED.isoformat()}:UADMIN", "admin", "UADMIN", ENDED)
    assert message[4].startswith("My messages to <#C1> are waiting: the channel is archived:")
    assert "lane C1 is parked: is_archived" in caplog.messages
    assert post.lane("C1").probe_at == ENDED + 31 * MINUTE


def test_two_admins_hear_of_it_and_not_whom_it_is_about(post: Post) -> None:
    admins(post, *(f"U{number}" for number in range(7)))
    mine = claimed(post, lane="U2")
    write(post, lambda tx: breakers.park_lane(tx, mine, "user_disabled", ENDED))
    assert [row[2] for row in told(post)] == ["UADMIN", "U0"]


def test_without_an_admin_the_log_says_it(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    mine = claimed(post, lane="UADMIN")
    write(post, lambda tx: breakers.park_lane(tx, mine, "user_disabled", ENDED))
    assert told(post) == []
    assert caplog.messages[-1].startswith(
        "no admin is known to be told: My messages to <@UADMIN> are waiting"
    )


def test_admins_are_told_what_a_person_has_to_look_for(post: Post) -> None:
    write(post, lambda tx: breakers.notify_held(tx, 7, "C1", ENDED))
    (message,) = told(post)
    assert message[0] == f"held:7:{ENDED.isoformat()}:UADMIN"
    assert message[4].startswith("I cannot tell whether message 7 to <#C1> was posted")


def test_a_workspace_is_parked_for_half_an_hour_and_logged_once(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    for at in (ENDED, ENDED + MINUTE):
        with begin(post.engine, TEAM) as tx:
            breakers.park_workspace(tx, "token_revoked", at)
    with read(post.engine, TEAM) as tx:
        known = workspaces.current(tx)
    assert known is not None
    assert (known.parked_reason, known.parked_until) == ("token_revoked", ENDED + 31 * MINUTE)
    assert caplog.messages == [f"workspace {TEAM} is parked: Slack says token_revoked"]


# -- which end an outcome has

CHANNEL, WORKSPACE = Reach.CHANNEL, Reach.WORKSPACE
PROMPTS = "assistant.threads.setSuggestedPrompts"


@pytest.mark.parametrize(
    ("method", "outcome", "state", "parked"),
    [
        ("chat.postMessage", Unknown("HTTP 500"), "unknown", None),
        ("chat.update", Unknown("HTTP 500"), "pending", None),
        (PROMPTS, Unknown("HTTP 500"), "expired", None),
        (PROMPTS, Refused("no", True), "expired", None),
        (PROMPTS, Refused("no", False, WORKSPACE), "pending", None),
        ("chat.postMessage", Refused("no", False, CHANNEL), "pending", "no"),
        ("chat.update", Refused("no", False, CHANNEL), "pending", "no"),
        ("chat.postEphemeral", Refused("no", False, CHANNEL), "dead", None),
        ("chat.postMessage", Refused("no", True), "dead", None),
        ("chat.postMessage", Refused("no", False), "pending", None),
    ],
)
def test_each_outcome_has_its_end(
    post: Post, method: str, outcome: Outcome, state: str, parked: str | None
) -> None:
    post.slack.answers = [outcome]
    mine = claimed(post, method=method)
    deliver.send(post.engine, post.slack, [mine], post.clock)
    assert row(post, mine.id, "last_error") == (state, getattr(outcome, "error", "HTTP 500"))
    assert post.lane("C1").parked_reason == parked


def test_a_probe_that_passed_knows_where_its_post_stands(post: Post) -> None:
    mine = claimed(post, probing=True)
    deliver.send(post.engine, post.slack, [mine], post.clock)
    ts = post.slack.posted[0][1]
    assert row(post, mine.id, "channel", "slack_ts", "sent_at") == ("sent", "C1", ts, START)


@pytest.mark.parametrize(
    ("method", "whole"),
    [
        ("chat.postMessage", False),
        ("chat.update", False),
        ("chat.delete", False),
        ("chat.postEphemeral", False),
        (PROMPTS, False),
        ("views.publish", True),
        ("response_url", True),
    ],
)
def test_whose_pace_a_limit_is_about(post: Post, method: str, whole: bool) -> None:
    post.slack.answers = [RateLimited(30)]
    mine = claimed(post, method=method)
    deliver.send(post.engine, post.slack, [mine], post.clock)
    assert lane(post)[0] == START + 30 * SECOND
    assert (post.lane("*") is not None) == whole


@pytest.mark.parametrize(
    ("reach", "parked"), [(Reach.MESSAGE, None), (CHANNEL, None), (WORKSPACE, "no")]
)
def test_who_is_refused_was_let_in(post: Post, reach: Reach, parked: str | None) -> None:
    with begin(post.engine, TEAM) as tx:
        workspaces.park_workspace(tx, "token_revoked", START)
    post.slack.answers = [Refused("no", permanent=False, reach=reach)]
    deliver.send(post.engine, post.slack, [claimed(post)], post.clock)
    with read(post.engine, TEAM) as tx:
        known = workspaces.current(tx)
    assert known is not None
    assert known.parked_reason == parked


def test_what_outsiders_would_read_is_not_sent_and_its_channel_parked(post: Post) -> None:
    mine = replace(claimed(post), shared_outside=True)
    deliver.send(post.engine, post.slack, [mine], post.clock)
    assert post.slack.calls == []
    assert row(post, mine.id, "last_error") == ("pending", "shared_outside")
    assert post.lane("C1").parked_reason == "shared_outside"


@pytest.mark.parametrize(("spent", "begun"), [(40, True), (40.001, False)])
def test_a_call_is_begun_with_twenty_seconds_of_its_lease_left(
    post: Post, spent: float, begun: bool
) -> None:
    mine = claimed(post)
    post.slack.answers = [Refused("no", permanent=True)]
    post.clock.on(spent)
    deliver.send(post.engine, post.slack, [mine], post.clock)
    assert bool(post.slack.calls) == begun
    why = "no" if begun else "too little of the lease was left"
    assert row(post, mine.id, "last_error") == ("dead" if begun else "pending", why)


def test_an_end_is_never_before_its_beginning(post: Post) -> None:
    post.clock.on(-5)  # a clock that was put back
    mine = claimed(post)
    deliver.send(post.engine, post.slack, [replace(mine, started_at=START)], post.clock)
    assert lane(post)[0] == START + 3 * SECOND


def test_what_broke_in_a_call_is_told_shortly(
    post: Post, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: Any) -> Outcome:
        raise RuntimeError("x" * 300)

    monkeypatch.setattr(post.slack, "send", breaks)
    mine = claimed(post)
    deliver.send(post.engine, post.slack, [mine], post.clock)
    state, why = row(post, mine.id, "last_error")
    assert (state, why) == ("unknown", "RuntimeError: " + "x" * 186)
    assert f"the call for message {mine.id} broke" in caplog.messages


def test_offline_is_a_warning_and_no_failure(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    post.slack.answers = [Offline("no route")]
    deliver.send(post.engine, post.slack, [claimed(post)], post.clock)
    assert caplog.messages == ["Slack cannot be reached: no route"]
    assert row(post, 1, "last_error", "attempt") == ("pending", "no route", 0)
    assert lane(post)[0] == START + 10 * SECOND


def test_while_the_workspace_is_not_known_nothing_is_claimed_or_looked_for(
    post: Post, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def unknown() -> str:
        raise CouldNotRead("auth.test", "HTTP 500")

    caplog.set_level(logging.INFO, logger="bot.nudges.deliver")
    row_id = post.say("one")
    monkeypatch.setattr(post.slack, "workspace_id", unknown)
    assert not post.send()
    assert not post.look()
    assert post.state(row_id) == "pending"
    assert caplog.messages[0].startswith("Slack does not say which workspace this is: ")
