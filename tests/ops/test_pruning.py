"""What nobody will ask for again is forgotten; what was done stays."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col

from bot.nudges.duties.daily import delete_old
from db.models import Inbox, Outbox
from tests.story import Story

FOR_GOOD = ("account", "touchpoint", "audit", "interaction", "stage_change", "occurrence")


def test_old_requests_and_ended_messages_go_and_history_stays(story: Story) -> None:
    story.types("priya", "/account add Acme stage onboarding")
    story.types("priya", "/log acme call talked")
    story.types("priya", "/stage acme renewal")
    story.sees("#customers", "Acme moved")
    story.sees("#marketing", "Story of the year")
    with story.tx() as tx:
        tx.execute(update(Outbox).where(col(Outbox.kind) == "move").values(state="dead"))
        requests = tx.count(Inbox)
        nudges = tx.count(Outbox, col(Outbox.kind) == "nudge")
    assert requests == 3
    before = story.rows()
    assert delete_old(story.engine, story.now + timedelta(days=6)) == 0
    assert delete_old(story.engine, story.now + timedelta(days=8)) == requests
    assert delete_old(story.engine, story.now + timedelta(days=91)) >= 1
    with story.tx() as tx:
        assert tx.count(Outbox, col(Outbox.kind) == "move") == 0
        assert tx.count(Outbox, col(Outbox.kind) == "nudge") == nudges
    after = story.rows()
    assert {table: after[table] for table in FOR_GOOD} == {t: before[t] for t in FOR_GOOD}
