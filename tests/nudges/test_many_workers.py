"""Several workers' clocks at the same moment: what is due is said once, and together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlmodel import col, select

from bot.nudges.rounds import clock_round
from db.models import Occurrence, Outbox, Touchpoint
from tests.databases import BOTH
from tests.nudges.helpers import dublin, many
from tests.story import Story

pytestmark = BOTH

WORKERS = 4


def all_tick(story: Story) -> None:
    """Every worker does its round, until nobody finds anything."""
    with ThreadPoolExecutor(WORKERS) as pool:
        while any(pool.map(lambda _: clock_round(story.context, story.now), range(WORKERS))):
            pass


def test_ten_due_at_once_come_as_one_message(story: Story) -> None:
    many(story, 10, dublin("2026-11-20 09:30"))
    all_tick(story)
    with story.tx() as tx:
        assert tx.count(Outbox, col(Outbox.kind) == "nudge") == 1
        assert tx.count(Touchpoint, col(Touchpoint.state) == "nudged") == 10
    story.settle()
    story.sees("#operations", "10 touchpoints")


def test_each_digest_is_put_in_once(story: Story) -> None:
    story.types("priya", "/account add Acme manager @tom")
    story.frozen.move_to(dublin("2026-11-30 09:00"))
    all_tick(story)
    with story.tx() as tx:
        schedules = tx.all(select(col(Occurrence.schedule)))
        headed = select(col(Outbox.payload)).where(col(Outbox.kind).in_(("digest", "nudge")))
        posted = str(tx.all(headed))
    assert len(schedules) == len(set(schedules))
    assert posted.count("Sales digest, Mon 30 Nov*") == 1
    assert posted.count("Company digest, Mon 30 Nov*") == 1
    story.slack.workspace.posts.clear()
