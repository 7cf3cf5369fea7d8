"""When nobody knows whether a message was sent, it is looked for: nothing lost, nothing doubled."""

from __future__ import annotations

from datetime import timedelta

from bot.slack import CouldNotRead, RateLimited, Sent, Unknown
from db.core.tx import begin, read
from db.outbox import operator_actions, outcomes, recover_interrupted, status
from tests.databases import BOTH
from tests.delivery.helpers import TEAM, Post, claim, send_batch

pytestmark = BOTH

LOST = Unknown("HTTP 500")


def test_what_slack_has_is_found_at_the_first_look_and_not_sent_again(post: Post) -> None:
    post.slack.answers = [(LOST, True)]
    row, following = post.say("one"), post.say("two")
    post.run(4)
    assert [post.state(row), post.state(following)] == ["unknown", "pending"]
    post.run(6)
    assert [post.state(row), post.state(following)] == ["sent", "sent"]
    assert post.slack.texts() == ["one", "two"]
    assert post.row(row).slack_ts == post.slack.posted[0][1]


def test_what_slack_does_not_have_goes_again_after_the_window_and_two_looks(post: Post) -> None:
    post.slack.answers = [LOST]
    row, following = post.say("one"), post.say("two")
    post.run(179)
    assert [post.state(row), post.state(following)] == ["unknown", "pending"]
    assert post.slack.looks == 2  # an early one, which counts for nothing, and one at 120 s
    post.run(8)
    assert post.slack.texts() == ["one", "two"]


def test_a_message_that_slack_shows_late_is_found_in_the_second_look(post: Post) -> None:
    post.slack.answers = [LOST]
    row = post.say("one")
    post.run(150)
    post.slack.posted.append(("C1", "1.2", row, "one"))
    post.run(60)
    assert post.state(row) == "sent"
    assert post.slack.texts() == ["one"]


def test_a_message_to_a_person_is_looked_for_in_their_conversation(post: Post) -> None:
    post.slack.answers = [(LOST, True)]
    row = post.say("hello", channel="U7")
    post.run(10)
    assert (post.state(row), post.row(row).channel) == ("sent", "D7")


def test_three_rounds_that_could_not_read_hold_the_message_for_a_person(post: Post) -> None:
    post.slack.answers = [LOST]
    post.slack.unreadable = [CouldNotRead("conversations.history", "HTTP 500")] * 3
    row, following = post.say("one"), post.say("two")
    post.run(140)
    assert post.state(row) == "held"
    assert post.state(following) == "sent"  # one that is held holds nobody up
    assert any("cannot tell" in text for text in post.slack.texts())
    with begin(post.engine, TEAM) as tx:
        assert [one.id for one in operator_actions.list_held(tx)] == [row]
        assert operator_actions.resend_held(tx, row)
    post.run(3)
    assert post.state(row) == "sent"


def test_a_look_that_was_asked_to_wait_loses_no_round(post: Post) -> None:
    post.slack.answers = [LOST]
    patience = CouldNotRead("conversations.history", "ratelimited", retry_after=30)
    offline = CouldNotRead("conversations.history", "URLError", offline=True)
    post.slack.unreadable = [patience, offline] * 3
    row = post.say("one")
    post.run(300, step=2)
    assert post.state(row) == "sent"
    assert post.slack.texts() == ["one"]


def test_a_person_may_say_that_it_was_sent_or_drop_it(post: Post) -> None:
    broken = CouldNotRead("conversations.history", "HTTP 500")
    held = []
    for text in ("one", "two"):
        post.slack.answers, post.slack.unreadable = [LOST], [broken] * 3
        held.append(post.say(text))
        post.run(140)
    with begin(post.engine, TEAM) as tx:
        assert operator_actions.mark_held_sent(tx, held[0], post.clock.now)
        assert operator_actions.drop(tx, held[1])
        assert not operator_actions.resend_held(tx, held[1])
    assert [post.state(row) for row in held] == ["sent", "cancelled"]


def test_a_process_that_dies_in_the_call_loses_and_doubles_nothing(post: Post) -> None:
    lost, posted = post.say("lost"), post.say("posted", channel="C2")
    for _ in range(2):
        mine = claim(post.engine, TEAM, post.clock.now)
        assert mine is not None
        if mine.id == posted:
            post.slack.send(mine.method, mine.args)
    assert not post.send()
    post.clock.on(5)
    assert recover_interrupted(post.engine, post.clock.now) == 2
    post.run(1)
    assert [post.state(lost), post.state(posted)] == ["unknown", "sent"]
    post.run(200)
    assert post.slack.texts() == ["posted", "lost"]


def test_a_lease_that_runs_out_makes_the_message_unknown_never_pending(post: Post) -> None:
    row = post.say("one")
    assert claim(post.engine, TEAM, post.clock.now)
    post.run(59)
    assert not post.look()
    assert post.state(row) == "sending"
    post.clock.on(1)
    post.look()
    assert post.state(row) == "unknown"
    assert not post.slack.posted


def test_an_answer_that_comes_after_the_lease_is_still_the_truth(post: Post) -> None:
    row = post.say("one")
    mine = claim(post.engine, TEAM, post.clock.now)
    assert mine is not None
    post.clock.on(61)
    post.look()
    assert post.state(row) == "unknown"
    with begin(post.engine, TEAM) as tx:
        assert outcomes.mark_sent(tx, mine, "C1", "1.1", post.clock.now)
    assert post.state(row) == "sent"


def test_an_answer_that_comes_after_somebody_else_began_changes_nothing(post: Post) -> None:
    row = post.say("one")
    mine = claim(post.engine, TEAM, post.clock.now)
    assert mine is not None
    post.clock.on(61)
    post.run(190)  # looked for, absent, sent again
    assert post.state(row) == "sent"
    ts = post.row(row).slack_ts
    with begin(post.engine, TEAM) as tx:
        assert not outcomes.mark_sent(tx, mine, "C1", "9.9", post.clock.now)
        outcomes.mark_rate_limited(tx, mine, post.clock.now + timedelta(hours=1), False)
    assert (post.state(row), post.row(row).slack_ts) == ("sent", ts)


def test_a_call_is_not_begun_when_too_little_of_its_lease_is_left(post: Post) -> None:
    row = post.say("one")
    assert send_batch(post.engine, post.slack, post.clock.now, lambda: post.clock.on(41))
    assert (post.state(row), post.slack.calls) == ("pending", [])


def test_an_unknown_update_whose_sender_died_simply_goes_again(post: Post) -> None:
    from db.outbox import enqueue_update

    root = post.say("root")
    post.send()
    with begin(post.engine, TEAM) as tx:
        face = enqueue_update(tx, target=root, version=2, payload={"text": "x"}, now=post.clock())
    assert claim(post.engine, TEAM, post.clock.on(2))
    recover_interrupted(post.engine, post.clock.now)
    post.run(10)
    assert post.state(face) == "sent"


def test_a_parked_workspace_loses_no_looks(post: Post) -> None:
    from db.core import workspaces

    post.slack.answers = [LOST]
    row = post.say("one")
    post.send()
    with begin(post.engine, TEAM) as tx:
        workspaces.park_workspace(tx, "token_revoked", post.clock.now + timedelta(hours=1))
    post.run(600, step=5)
    assert (post.slack.looks, post.state(row)) == (0, "unknown")
    with read(post.engine, TEAM) as tx:
        assert status(tx, post.clock.now).counts == {"unknown": 1}


def test_a_limit_answered_after_the_post_was_lost_does_not_lose_it(post: Post) -> None:
    post.slack.answers = [LOST, RateLimited(10), Sent("C1", "1.1")]
    row = post.say("one")
    post.run(210)
    assert post.state(row) == "sent"
    assert len(post.slack.calls) == 3
