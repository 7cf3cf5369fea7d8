"""A round of many calls: the clock goes on while they are made."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Engine, update
from sqlmodel import col

from bot.context import Context
from bot.rules.playbook.playbook import Playbook
from bot.slack import Outcome, RateLimited
from db.core.tx import begin
from db.models import Outbox
from demo.fast_forward import delivery_round
from tests.chaos.playbook import playbook
from tests.databases import BOTH
from tests.delivery.helpers import TEAM, Clock, FakeSlack, Post, settle_in

pytestmark = BOTH


class SlowSlack(FakeSlack):
    """One call of three is slow; Slack has it at the end."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock
        self.ends: list[tuple[datetime, str]] = []

    def send(self, method: str, args: dict[str, Any]) -> Outcome:
        self.clock.on(0.1 if len(self.ends) % 3 else 0.9)
        self.ends.append((self.clock.now, args["channel"]))
        return super().send(method, args)


@pytest.fixture
def slow(engine: Engine, clock: Clock) -> Post:
    settle_in(engine, clock.now)
    return Post(engine, SlowSlack(clock), clock)


def context(post: Post) -> Context:
    plays: Playbook = playbook()
    return Context(post.engine, plays, post.slack, post.clock)


def work(post: Post, seconds: int) -> None:
    end = post.clock.now + timedelta(seconds=seconds)
    while post.clock.now < end:
        if not delivery_round(context(post), post.clock.now):
            post.clock.on(0.3)  # less than what a slow call takes


def test_the_pace_of_a_channel_counts_from_the_end_of_a_call(slow: Post) -> None:
    for number in range(4):
        slow.say(f"first {number}", channel="C1")
        slow.say(f"second {number}", channel="C2")
    work(slow, 30)
    for channel in ("C1", "C2"):
        ends = [at for at, where in slow.slack.ends if where == channel]
        assert len(ends) == 4
        gaps = [later - earlier for earlier, later in pairwise(ends)]
        assert min(gaps) >= timedelta(seconds=1)


def test_a_retry_after_counts_from_the_answer(slow: Post) -> None:
    slow.slack.answers.append(RateLimited(30))
    slow.say("again", channel="C1")
    work(slow, 60)
    refused, taken = (at for at, _ in slow.slack.ends)
    assert taken - refused >= timedelta(seconds=30)


@pytest.mark.parametrize("payload", [None, ["no", "arguments"]])
def test_a_row_of_which_no_call_can_be_made_ends_alone(slow: Post, payload: Any) -> None:
    bad = slow.say("bad", channel="C1")
    reply = slow.say("an answer to it", channel="C1", thread_of=bad)
    slow.say("behind it", channel="C1")
    slow.say("elsewhere", channel="C2")
    with begin(slow.engine, TEAM) as tx:
        tx.execute(update(Outbox).where(col(Outbox.id) == bad).values(payload=payload))
    work(slow, 10)
    assert sorted(slow.slack.texts()) == ["behind it", "elsewhere"]
    assert slow.state(bad) == "dead"
    assert "cannot be rendered" in (slow.row(bad).last_error or "")
    assert slow.state(reply) in ("dead", "cancelled")
