"""How a message that was claimed ends, row by row, and who may write it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlmodel import col

from bot.rules.slack_facts import WorkspaceFacts
from db.core import workspaces
from db.core.tx import begin, read
from db.models import Lane, Outbox
from db.outbox import lanes, outcomes
from db.outbox.states import MAX_FAILURES, backoff
from tests.delivery.claims import (
    ENDED,
    FREE_AT_ITS_PACE,
    MINUTE,
    SECOND,
    SLOW,
    claimed,
    lane,
    leased,
    row,
    write,
)
from tests.delivery.helpers import START, TEAM, Post

# -- what Slack took


def test_a_post_that_was_sent_knows_where_it_stands(post: Post) -> None:
    mine = claimed(post)
    assert write(post, lambda tx: outcomes.mark_sent(tx, mine, "C1", "1.1", ENDED))
    facts = row(post, mine.id, "channel", "slack_ts", "sent_at", "last_error")
    assert facts == ("sent", "C1", "1.1", ENDED, None)
    assert lane(post) == FREE_AT_ITS_PACE


@pytest.mark.parametrize("together", [False, True], ids=["alone", "together"])
def test_what_is_no_post_keeps_its_place(post: Post, together: bool) -> None:
    mine = claimed(post, method="chat.update", channel="C7", slack_ts="7.7")
    if together:
        outcomes.mark_sent_bulk(post.engine, [outcomes.SentMessage(mine, "C1", "1.1", ENDED)])
    else:
        write(post, lambda tx: outcomes.mark_sent(tx, mine, "C1", "1.1", ENDED))
    facts = row(post, mine.id, "channel", "slack_ts", "sent_at", "last_error")
    assert facts == ("sent", "C7", "7.7", ENDED, None)
    assert lane(post) == FREE_AT_ITS_PACE


@pytest.mark.parametrize("state", ["pending", "sending", "sent", "unknown", "held", "dead"])
@pytest.mark.parametrize("token", ["mine", "another's"])
@pytest.mark.parametrize("together", [False, True], ids=["alone", "together"])
def test_only_who_holds_a_busy_row_ends_it(
    post: Post, state: str, token: str, together: bool
) -> None:
    mine, beside = replace(claimed(post, state), token=token), claimed(post, lane="C2")
    if together:
        outcomes.mark_sent_bulk(post.engine, [outcomes.SentMessage(mine, "C1", "1.1", ENDED)])
    else:
        write(post, lambda tx: outcomes.mark_sent(tx, mine, "C1", "1.1", ENDED))
    ours = token == "mine" and state in ("sending", "unknown")
    assert row(post, mine.id, "slack_ts") == (("sent", "1.1") if ours else (state, None))
    free = token == "mine"
    assert lane(post) == (FREE_AT_ITS_PACE if free else (START, START + MINUTE, "mine"))
    assert (post.state(beside.id), lane(post, "C2")[2]) == ("sending", "mine")


def test_ends_are_written_for_their_own_workspace(post: Post) -> None:
    other = Post(post.engine, post.slack, post.clock, "T2")
    workspaces.save_installation(post.engine, WorkspaceFacts("T2", "Other", "UBOT"), START)
    for team in (TEAM, "T2"):
        with begin(post.engine, team) as tx:
            workspaces.park_workspace(tx, "token_revoked", START)
    mine = claimed(post)
    leased(other, "C1", "T2")
    outcomes.mark_sent_bulk(post.engine, [outcomes.SentMessage(mine, "C1", "1.1", ENDED)])
    assert (lane(post), lane(other)) == (FREE_AT_ITS_PACE, (START, START + MINUTE, "mine"))
    parked = []
    for team in (TEAM, "T2"):
        with read(post.engine, team) as tx:
            found = workspaces.current(tx)
            assert found is not None
            parked.append((found.parked_reason, found.parked_until))
    assert parked == [(None, None), ("token_revoked", START)]


@pytest.mark.parametrize(
    ("method", "probing", "plain"),
    [
        ("chat.postMessage", False, True),
        ("chat.postMessage", True, False),
        ("response_url", False, False),
        ("response_url", True, False),
    ],
)
def test_what_ends_together_with_others(
    post: Post, method: str, probing: bool, plain: bool
) -> None:
    assert outcomes.is_plain(claimed(post, method=method, probing=probing)) == plain


def test_a_probe_that_passed_opens_the_channel_and_its_edits(post: Post) -> None:
    mine = claimed(post, lane="C1/edits", probing=True)
    write(post, lambda tx: lanes.park_lane(tx, "C1", "is_archived", START))
    write(post, lambda tx: lanes.park_lane(tx, "C2", "is_archived", START))
    write(post, lambda tx: workspaces.park_workspace(tx, "token_revoked", START))
    write(post, lambda tx: outcomes.mark_sent(tx, mine, None, None, ENDED))
    for name in ("C1", "C1/edits"):
        found = post.lane(name)
        assert (found.parked_reason, found.parked_at, found.probe_at) == (None, None, None)
    assert post.lane("C2").parked_reason == "is_archived"
    with read(post.engine, TEAM) as tx:
        known = workspaces.current(tx)
    assert known is not None
    assert known.parked_reason is None


def test_one_that_was_no_probe_opens_nothing(post: Post) -> None:
    mine = claimed(post)
    write(post, lambda tx: lanes.park_lane(tx, "C1", "is_archived", START))
    write(post, lambda tx: outcomes.mark_sent(tx, mine, "C1", "1.1", ENDED))
    assert post.lane("C1").parked_reason == "is_archived"


@pytest.mark.parametrize("left", ["pending", "sending", "unknown", "dead", "elsewhere", None])
def test_the_lane_of_an_answer_goes_when_nothing_needs_it(post: Post, left: str | None) -> None:
    mine = claimed(post, method="response_url", lane="response_url/1")
    if left == "elsewhere":
        post.put("pending", lane="C9")
    elif left:
        post.put(left, lane="response_url/1")
    write(post, lambda tx: outcomes.mark_sent(tx, mine, None, None, ENDED))
    kept = left in ("pending", "sending", "unknown")
    assert (post.lane("response_url/1") is not None) == kept


def test_no_other_lane_goes_with_its_last_message(post: Post) -> None:
    mine = claimed(post)
    write(post, lambda tx: outcomes.mark_sent(tx, mine, "C1", "1.1", ENDED))
    assert post.lane("C1") is not None


# -- what goes again


def test_a_call_that_was_not_begun_goes_again_at_once(post: Post) -> None:
    mine = claimed(post, attempt=2)
    write(post, lambda tx: outcomes.return_claim(tx, mine, ENDED, "no time"))
    facts = row(post, mine.id, "token", "last_error", "attempt", "due_at")
    assert facts == ("pending", None, "no time", 2, START)
    assert lane(post) == (ENDED, None, None)
    other = claimed(post, lane="C2")
    write(post, lambda tx: outcomes.return_claim(tx, other, ENDED))
    assert row(post, other.id, "last_error") == ("pending", None)


@pytest.mark.parametrize("whole", [False, True])
def test_a_limit_holds_the_lane_or_the_workspace(post: Post, whole: bool) -> None:
    mine, until = claimed(post, attempt=2), ENDED + 30 * SECOND
    write(post, lambda tx: outcomes.mark_rate_limited(tx, mine, until, whole))
    facts = row(post, mine.id, "token", "last_error", "attempt")
    assert facts == ("pending", None, "rate limited", 2)
    assert lane(post) == (until, None, None)
    bucket = post.lane("*")
    assert (bucket.next_ok_at if bucket else None) == (until + SLOW.slack if whole else None)


def test_no_connection_holds_the_workspace_for_ten_seconds(post: Post) -> None:
    mine = claimed(post, attempt=2)
    write(post, lambda tx: outcomes.mark_offline(tx, mine, ENDED, "no route"))
    assert row(post, mine.id, "last_error", "attempt") == ("pending", "no route", 2)
    assert lane(post) == (ENDED + 10 * SECOND, None, None)
    assert post.lane("*").next_ok_at == ENDED + 10 * SECOND + SLOW.slack


def test_a_refusal_lets_the_row_wait_and_the_lane_go_on(post: Post) -> None:
    mine = claimed(post, attempt=2)
    assert not write(post, lambda tx: outcomes.mark_refused(tx, mine, "fatal", False, ENDED))
    facts = row(post, mine.id, "token", "attempt", "last_error", "due_at")
    assert facts == ("pending", None, 3, "fatal", ENDED + backoff(mine.id, 3))
    assert lane(post) == FREE_AT_ITS_PACE


@pytest.mark.parametrize(
    ("attempt", "permanent", "ends"),
    [(0, True, True), (MAX_FAILURES - 2, False, False), (MAX_FAILURES - 1, False, True)],
)
def test_the_eighth_refusal_or_one_for_good_is_the_end(
    post: Post, attempt: int, permanent: bool, ends: bool
) -> None:
    mine = claimed(post, attempt=attempt)
    follower = post.put(root_id=mine.id)
    end = write(post, lambda tx: outcomes.mark_refused(tx, mine, "fatal", permanent, ENDED))
    assert end == ends
    assert row(post, mine.id, "last_error") == ("dead" if ends else "pending", "fatal")
    assert post.state(follower) == ("cancelled" if ends else "pending")
    assert lane(post) == FREE_AT_ITS_PACE


def test_a_dead_update_takes_nothing_along_and_neither_does_one_that_is_not_ours(
    post: Post,
) -> None:
    face = claimed(post, method="chat.update")
    stolen = replace(claimed(post, lane="C2"), token="another's")
    followers = [post.put(root_id=mine.id) for mine in (face, stolen)]
    assert write(post, lambda tx: outcomes.mark_dead(tx, face, "no", ENDED))
    assert not write(post, lambda tx: outcomes.mark_dead(tx, stolen, "no", ENDED))
    assert row(post, face.id, "last_error") == ("dead", "no")
    assert row(post, stolen.id, "last_error") == ("sending", "before")
    assert post.states(*followers) == ["pending", "pending"]


def test_a_courtesy_is_let_go(post: Post) -> None:
    mine = claimed(post, method="assistant.threads.setSuggestedPrompts")
    write(post, lambda tx: outcomes.mark_dropped(tx, mine, "HTTP 500", ENDED))
    assert row(post, mine.id, "last_error") == ("expired", "HTTP 500")
    assert lane(post) == FREE_AT_ITS_PACE


# -- what nobody knows


def test_what_all_can_see_is_looked_for(post: Post) -> None:
    mine = claimed(post, rounds=2, absent_once=True)
    write(post, lambda tx: outcomes.mark_unknown(tx, mine, "HTTP 500", ENDED, 120 * SECOND))
    facts = row(
        post, mine.id, "check_at", "settles_at", "rounds", "absent_once", "last_error", "token"
    )
    window = (ENDED + 5 * SECOND, ENDED + 120 * SECOND)
    assert facts == ("unknown", *window, 0, False, "HTTP 500", "mine")
    assert lane(post) == FREE_AT_ITS_PACE


@pytest.mark.parametrize("end", ["unknown", "repeat"])
def test_all_else_goes_again_and_its_lane_waits_as_long(post: Post, end: str) -> None:
    mine = claimed(post, method="chat.postEphemeral", attempt=2)
    if end == "unknown":
        write(post, lambda tx: outcomes.mark_unknown(tx, mine, "HTTP 500", ENDED, 120 * SECOND))
    else:
        write(post, lambda tx: outcomes.retry_later(tx, mine, "HTTP 500", ENDED))
    wait = ENDED + backoff(mine.id, 3)
    assert row(post, mine.id, "attempt", "due_at", "last_error") == ("pending", 3, wait, "HTTP 500")
    assert lane(post) == (wait, None, None)


def test_the_last_try_of_what_goes_again_is_the_end_and_the_lane_goes_on(post: Post) -> None:
    mine = claimed(post, method="chat.update", attempt=MAX_FAILURES - 1)
    write(post, lambda tx: outcomes.retry_later(tx, mine, "HTTP 500", ENDED))
    assert post.state(mine.id) == "dead"
    assert lane(post) == FREE_AT_ITS_PACE


@pytest.mark.parametrize("held", [True, False])
def test_a_lane_that_somebody_else_took_meanwhile_is_left_to_them(post: Post, held: bool) -> None:
    mine = claimed(post, method="chat.update")
    token = "another's" if held else None
    leased(post, "C2", token=None)
    write(
        post, lambda tx: tx.execute(update(Lane).where(col(Lane.lane) == "C1").values(token=token))
    )
    write(post, lambda tx: outcomes.retry_later(tx, mine, "HTTP 500", ENDED))
    waits = START if held else ENDED + backoff(mine.id, 1)
    assert lane(post) == (waits, START + MINUTE, token)
    assert lane(post, "C2") == (START, START + MINUTE, None)


@pytest.mark.parametrize(
    ("method", "of", "after", "superseded"),
    [
        ("chat.update", "root", True, True),
        ("chat.update", "root", False, False),
        ("chat.update", "another", True, False),
        ("chat.postMessage", "root", True, False),
    ],
)
def test_an_old_face_does_not_go_again_when_there_is_a_newer_one(
    post: Post, method: str, of: str, after: bool, superseded: bool
) -> None:
    roots = {"root": post.put("sent"), "another": post.put("sent")}
    other = {"method": method, "root_id": roots[of]}
    if not after:
        post.put("sent", **other)
    mine = claimed(post, method="chat.update", root_id=roots["root"], lane="C1/edits")
    if after:
        post.put("sent", **other)
    write(post, lambda tx: outcomes.retry_later(tx, mine, "HTTP 500", ENDED))
    assert row(post, mine.id, "last_error") == (
        "cancelled" if superseded else "pending",
        "HTTP 500",
    )
    # It may still be on its way, and must not land on the newer one.
    assert lane(post, "C1/edits") == (ENDED + backoff(mine.id, 1), None, None)


def test_what_is_no_update_goes_again_though_its_message_has_a_face(post: Post) -> None:
    root = post.put("sent")
    mine = claimed(post, method="chat.delete", root_id=root)
    post.put("sent", method="chat.update", root_id=root)
    write(post, lambda tx: outcomes.retry_later(tx, mine, "HTTP 500", ENDED))
    assert post.state(mine.id) == "pending"


# -- rows of which no call can be made

WAITING = ("pending", "sending", "sent", "unknown", "held", "dead", "expired", "cancelled")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"payload": None}, "TypeError"),
        ({"payload": ["a"]}, "TypeError"),
        ({"payload": text("'{no JSON'")}, "JSONDecodeError"),
    ],
)
def test_a_row_of_which_no_call_can_be_made_ends_with_what_waits_for_it(
    post: Post, change: dict[str, Any], why: str
) -> None:
    row_id = post.say("bad")
    beside = post.put("held")
    waits = [post.put(state, root_id=row_id, lane="C2") for state in WAITING]
    elsewhere = post.put(root_id=beside, lane="C2")
    with post.engine.begin() as connection:
        connection.execute(update(Outbox).where(col(Outbox.id) == row_id).values(**change))
    assert post.send(at_once=32)
    assert post.slack.calls == []
    with post.engine.begin() as connection:  # its payload is no JSON
        state = select(col(Outbox.state), col(Outbox.last_error)).where(col(Outbox.id) == row_id)
        assert tuple(connection.execute(state).one()) == ("dead", f"it cannot be rendered: {why}")
    assert post.states(*waits) == ["cancelled", *WAITING[1:]]
    assert post.states(beside, elsewhere) == ["held", "pending"]


def test_one_that_cannot_be_rendered_nor_ended_keeps_no_other(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = post.say("bad"), post.say("good", channel="C2")
    with begin(post.engine, TEAM) as tx:
        tx.execute(update(Outbox).where(col(Outbox.id) == bad).values(payload=None))
    monkeypatch.setattr(outcomes, "mark_dead", lambda *_: False)
    while post.send(at_once=32):
        pass
    assert post.states(bad, good) == ["sending", "sent"]
