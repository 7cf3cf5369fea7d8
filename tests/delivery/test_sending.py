"""A message in the outbox goes out once, in order, at Slack's pace."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.slack import Offline, RateLimited, Reach, Refused, Unknown
from db.core.tx import begin, read
from db.outbox import (
    cancel,
    enqueue_ephemeral,
    enqueue_response,
    enqueue_update,
    enqueue_view,
    find_message,
    outcomes,
    status,
)
from tests.databases import BOTH
from tests.delivery.helpers import TEAM, Post

pytestmark = BOTH


def test_a_message_is_sent_with_an_opaque_mark_and_its_place_is_remembered(post: Post) -> None:
    row = post.say("Kick-off call with Acme")
    assert post.send()
    method, args = post.slack.calls[0]
    assert method == "chat.postMessage"
    assert args["metadata"]["event_payload"] == {"id": str(row)}
    assert args["client_msg_id"]
    assert post.state(row) == "sent"
    with read(post.engine, TEAM) as tx:
        assert find_message(tx, "C1", post.slack.posted[0][1]) == row
    assert not post.send()


def test_the_same_key_twice_is_one_message(post: Post) -> None:
    assert post.say("one", key="k") == post.say("two", key="k")
    post.run(5)
    assert post.slack.texts() == ["one"]


def test_a_channel_gets_one_message_a_second_in_the_order_they_were_put_in(post: Post) -> None:
    for number in range(4):
        post.say(f"n{number}")
    post.run(2)
    assert post.slack.texts() == ["n0", "n1"]
    post.run(2)
    assert post.slack.texts() == ["n0", "n1", "n2", "n3"]


def test_a_workspace_is_paced_over_all_its_channels(post: Post) -> None:
    for number in range(40):
        post.say(f"n{number}", channel=f"C{number}")
    while post.send():
        pass
    assert len(post.slack.posted) == 11  # the burst, and the first
    post.clock.on(1)
    while post.send():
        pass
    assert len(post.slack.posted) == 16  # five a second


def test_nothing_goes_before_it_is_due_and_nothing_after_it_expired(post: Post) -> None:
    later = post.say("later", due_at=post.clock.now + timedelta(seconds=30))
    stale = post.say("stale", expires_at=post.clock.now + timedelta(seconds=10))
    post.clock.on(15)
    assert not post.send()
    assert post.state(stale) == "expired"
    post.clock.on(15)
    assert post.send()
    assert (post.state(later), post.slack.texts()) == ("sent", ["later"])


def test_a_reply_waits_for_its_thread_and_an_update_for_its_message(post: Post) -> None:
    root = post.say("root", due_at=post.clock.now + timedelta(seconds=10))
    reply = post.say("reply", thread_of=root)
    with begin(post.engine, TEAM) as tx:
        update = enqueue_update(
            tx, target=root, version=2, payload={"text": "done"}, now=post.clock.now
        )
    assert not post.send()
    post.run(13)
    ts = post.slack.posted[0][1]
    assert [post.state(one) for one in (root, reply, update)] == ["sent"] * 3
    sent = dict(post.slack.calls)
    assert sent["chat.postMessage"]["thread_ts"] == ts
    assert (sent["chat.update"]["channel"], sent["chat.update"]["ts"]) == ("C1", ts)


def test_a_reply_to_a_person_goes_where_slack_put_the_thread(post: Post) -> None:
    root = post.say("to you", channel="U7")
    post.send()
    post.clock.on(1)
    post.say("again", channel="U7", thread_of=root)
    post.send()
    assert post.slack.calls[1][1]["channel"] == "D7"


def test_an_answer_to_an_answer_hangs_in_the_same_thread(post: Post) -> None:
    root = post.say("root")
    reply = post.say("reply", thread_of=root)
    post.say("second reply", thread_of=reply)
    post.run(4)
    threads = {args.get("thread_ts") for _, args in post.slack.calls[1:]}
    assert threads == {post.slack.posted[0][1]}


def test_what_hangs_on_a_message_ends_with_it(post: Post) -> None:
    root = post.say("root", expires_at=post.clock.now + timedelta(seconds=5))
    reply = post.say("reply", thread_of=root)
    post.clock.on(10)
    assert not post.send()
    assert [post.state(root), post.state(reply)] == ["expired", "cancelled"]
    too_late = post.say("too late", thread_of=root)
    assert post.state(too_late) == "cancelled"


def test_only_the_last_face_of_a_message_is_shown(post: Post) -> None:
    root = post.say("root")
    with begin(post.engine, TEAM) as tx:
        faces = [
            enqueue_update(tx, target=root, version=v, payload={"text": f"v{v}"}, now=post.clock())
            for v in (2, 3, 4)
        ]
    post.run(5)
    assert [post.state(face) for face in faces] == ["cancelled", "cancelled", "sent"]


def test_an_update_nobody_knows_the_end_of_goes_again_after_a_pause(post: Post) -> None:
    root = post.say("root")
    post.send()
    with begin(post.engine, TEAM) as tx:
        face = enqueue_update(tx, target=root, version=2, payload={"text": "x"}, now=post.clock())
    post.slack.answers = [Unknown("HTTP 500")]
    assert post.send()
    assert post.state(face) == "pending"
    assert not post.send()
    post.run(8)
    assert post.state(face) == "sent"


def test_an_update_nobody_knows_the_end_of_does_not_overwrite_a_newer_one(post: Post) -> None:
    root = post.say("root")
    post.send()
    with begin(post.engine, TEAM) as tx:
        old = enqueue_update(tx, target=root, version=2, payload={"text": "old"}, now=post.clock())

    def answered_meanwhile(method: str, args: object) -> Unknown:
        with begin(post.engine, TEAM) as tx:
            payload = {"text": "new"}
            enqueue_update(tx, target=root, version=3, payload=payload, now=post.clock())
        return Unknown("HTTP 500")

    real, post.slack.send = post.slack.send, answered_meanwhile
    assert post.send()
    post.slack.send = real
    assert post.state(old) == "cancelled"
    post.run(8)
    assert post.slack.calls[-1][1]["text"] == "new"


def test_what_one_person_sees_expires_after_half_an_hour(post: Post) -> None:
    with begin(post.engine, TEAM) as tx:
        now = post.clock()
        line = enqueue_ephemeral(
            tx, dedupe_key="e", channel="C1", user="U1", payload={"text": "psst"}, now=now
        )
        answer = enqueue_response(
            tx, dedupe_key="r", response_url="http://x/1", payload={"text": "ok"}, now=now
        )
    post.clock.on(31 * 60)
    assert not post.send()
    assert [post.state(line), post.state(answer)] == ["expired", "expired"]


def test_private_lines_answers_and_homes_do_not_wait_for_the_channel(post: Post) -> None:
    post.slack.answers = [Unknown("HTTP 500")]
    post.say("stuck")
    post.send()
    with begin(post.engine, TEAM) as tx:
        now = post.clock()
        enqueue_ephemeral(
            tx, dedupe_key="e", channel="C1", user="U1", payload={"text": "psst"}, now=now
        )
        enqueue_response(
            tx, dedupe_key="r", response_url="http://x/1", payload={"text": "ok"}, now=now
        )
        enqueue_view(tx, dedupe_key="h1", user="U1", view={"type": "home"}, now=now)
        enqueue_view(tx, dedupe_key="h2", user="U1", view={"type": "home", "blocks": []}, now=now)
    while post.send():
        pass
    sent = post.slack.calls[1:]
    methods = {"chat.postEphemeral", "response_url", "views.publish"}
    assert {method for method, _ in sent} == methods
    assert len(sent) == 3  # the older home was not shown
    response = dict(sent)["response_url"]
    assert response == {"url": "http://x/1", "replace_original": True, "text": "ok"}
    assert post.lane(next(r.lane for r in post.rows() if r.kind == "answer")) is None


def test_429_holds_the_lane_for_as_long_as_slack_says_and_no_other(post: Post) -> None:
    post.slack.answers = [RateLimited(30)]
    first, second = post.say("one"), post.say("two")
    other = post.say("other", channel="C2")
    post.run(29)
    assert [post.state(one) for one in (first, second, other)] == ["pending", "pending", "sent"]
    post.run(4)
    assert post.slack.texts() == ["other", "one", "two"]
    assert post.row(first).attempt == 0


def test_429_where_no_channel_is_meant_holds_the_workspace(post: Post) -> None:
    with begin(post.engine, TEAM) as tx:
        enqueue_view(tx, dedupe_key="h", user="U1", view={"type": "home"}, now=post.clock())
    post.slack.answers = [RateLimited(30)]
    post.send()
    post.say("other")
    post.run(29)
    assert not post.slack.posted
    post.run(4)
    assert post.slack.texts() == ["other"]


def test_no_connection_is_no_failure_of_the_message(post: Post) -> None:
    post.slack.answers = [Offline("no route")] * 20
    row = post.say("patient")
    post.run(300, step=2)
    assert (post.state(row), post.row(row).attempt) == ("sent", 0)
    assert post.slack.texts() == ["patient"]


def test_a_message_that_cannot_be_taken_kills_only_itself(post: Post) -> None:
    post.slack.answers = [Refused("invalid_blocks", permanent=True)]
    bad, good = post.say("bad"), post.say("good")
    post.run(3)
    assert [post.state(bad), post.state(good)] == ["dead", "sent"]
    assert post.row(bad).last_error == "invalid_blocks"


def test_a_refusal_that_somebody_can_mend_is_tried_eight_times_while_others_go_on(
    post: Post,
) -> None:
    post.slack.answers = [Refused("missing_scope", permanent=False)]
    bad, good = post.say("bad"), post.say("good")
    post.run(3)
    assert [post.state(bad), post.state(good)] == ["pending", "sent"]
    post.slack.answers = [Refused("missing_scope", permanent=False)] * 7
    post.run(3600, step=30)
    assert (post.state(bad), len(post.slack.calls)) == ("dead", 9)


@pytest.mark.parametrize("reason", ["is_archived", "not_in_channel", "channel_not_found"])
def test_a_channel_that_refuses_is_parked_an_admin_is_told_and_nothing_else_waits(
    post: Post, reason: str
) -> None:
    post.slack.answers = [Refused(reason, permanent=False, reach=Reach.CHANNEL)]
    stuck = [post.say("one"), post.say("two")]
    other = post.say("other", channel="C2")
    post.run(10)
    assert [post.state(row) for row in (*stuck, other)] == ["pending", "pending", "sent"]
    told = [text for channel, _, _, text in post.slack.posted if channel == "DADMIN"]
    assert len(told) == 1
    assert "<#C1>" in told[0]
    with read(post.engine, TEAM) as tx:
        seen = status(tx, post.clock.now)
    assert [(one.lane, one.reason, one.waiting) for one in seen.parked] == [("C1", reason, 2)]
    assert seen.counts["parked"] == 2
    assert seen.oldest_due_age is None


def test_a_parked_channel_is_tried_every_half_hour_and_opens_by_itself(post: Post) -> None:
    refusal = Refused("is_archived", permanent=False, reach=Reach.CHANNEL)
    post.slack.answers = [refusal]
    post.say("one")
    post.say("two")
    post.run(2)
    post.slack.answers = [refusal]
    post.run(31 * 60, step=60)
    tries = [args["text"] for _, args in post.slack.calls if args["channel"] == "C1"]
    assert tries == ["one", "one"]
    post.run(31 * 60, step=60)
    assert [text for text in post.slack.texts() if text in ("one", "two")] == ["one", "two"]
    assert sum(args["channel"] == "UADMIN" for _, args in post.slack.calls) == 1


def test_a_rejoin_opens_the_channel_at_once(post: Post) -> None:
    from db.outbox.lanes import open_lane

    post.slack.answers = [Refused("not_in_channel", permanent=False, reach=Reach.CHANNEL)]
    row = post.say("one")
    post.run(2)
    with begin(post.engine, TEAM) as tx:
        assert open_lane(tx, "C1")
    post.run(2)
    assert post.state(row) == "sent"


def test_a_revoked_token_stops_the_workspace_until_a_probe_passes(post: Post) -> None:
    post.slack.answers = [Refused("token_revoked", permanent=False, reach=Reach.WORKSPACE)]
    rows = [post.say("one"), post.say("two", channel="C2")]
    post.run(60)
    assert len(post.slack.calls) == 1
    with read(post.engine, TEAM) as tx:
        assert status(tx, post.clock.now).workspace_parked == "token_revoked"
    post.run(31 * 60, step=60)
    assert [post.state(row) for row in rows] == ["sent", "sent"]
    with read(post.engine, TEAM) as tx:
        assert status(tx, post.clock.now).workspace_parked is None


def test_a_message_can_be_taken_back_until_it_is_begun(post: Post) -> None:
    early, late = post.say("early"), post.say("late")
    with begin(post.engine, TEAM) as tx:
        assert cancel(tx, late)
    post.run(3)
    with begin(post.engine, TEAM) as tx:
        assert not cancel(tx, early)
    assert post.slack.texts() == ["early"]


def test_a_busy_database_does_not_lose_the_end_of_a_call(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, busy = outcomes.mark_sent_bulk, [True]

    def sometimes(*more: Any) -> None:
        if busy:
            busy.clear()
            raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))
        real(*more)

    monkeypatch.setattr(outcomes, "mark_sent_bulk", sometimes)
    row = post.say("one")
    assert post.send()
    assert post.state(row) == "sent"
