"""Several workers' clocks at the same moment: what is due is said once, and together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlmodel import col

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


def test_thirty_due_at_once_come_as_one_message(story: Story) -> None:
    many(story, 30, dublin("2026-11-23 09:30"))
    all_tick(story)
    with story.tx() as tx:
        assert tx.count(Outbox, col(Outbox.kind) == "nudge") == 1
        assert tx.count(Touchpoint, col(Touchpoint.state) == "nudged") == 30
    story.settle()
    story.sees("#operations", "30")


def test_each_digest_is_put_in_once(story: Story) -> None:
    story.types("priya", "/account add Acme manager @tom")
    story.frozen.move_to(dublin("2026-11-30 09:00"))
    all_tick(story)
    with story.tx() as tx:
        dealt_with = tx.count(Occurrence)
        digests = tx.count(Outbox, col(Outbox.kind) == "digest")
        posted = tx.count(Occurrence, col(Occurrence.outcome) == "posted")
    assert (dealt_with, digests) == (5, posted)
    story.slack.workspace.posts.clear()
