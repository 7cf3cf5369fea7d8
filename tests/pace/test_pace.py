"""On track, behind, stuck: said in the same words everywhere, and told once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import select

from bot.messages.lifecycle import pace as messages
from db.models import Account, ReasonTold, Touchpoint
from tests.databases import BOTH
from tests.nudges.helpers import many, writing
from tests.story import Story

pytestmark = BOTH


def quiet(story: Story) -> None:
    """The plays of the stage are another story."""
    with writing(story) as tx:
        tx.delete(Touchpoint)


def days_pass(story: Story, days: int) -> None:
    """As if the accounts had been made and moved so much earlier: weeks of a story take seconds."""
    earlier = timedelta(days=days)
    with writing(story) as tx:
        for account in tx.all(select(Account)):
            account.stage_entered_at -= earlier
            account.created_at -= earlier


def test_told_once_at_each_crossing_to_the_manager_then_to_the_lead_too(story: Story) -> None:
    story.types("priya", "/account add Acme stage onboarding manager @priya")
    story.types("priya", "/account add Borea stage onboarding manager @priya")
    quiet(story)
    days_pass(story, 29)
    story.until("2026-11-24 17:00")  # thirty days
    story.until("2026-11-25 09:01")
    told = story.sees("@priya", "2 accounts of yours lost pace", "Behind · Acme: 31 days")
    assert '30 expected. They decide: "Did we choose well?"' in told.text
    assert "🟡 Behind" in story.types("priya", "/account acme").text
    assert "Acme (31 days, 🟡 Behind)" in story.types("priya", "/stage").text
    assert "*Pace*" in str(story.types("priya", "/linchpin digest").blocks)
    days_pass(story, 13)
    story.until("2026-11-26 17:00")
    story.until("2026-11-27 09:01")  # forty-six
    story.sees("@priya", "2 accounts of yours lost pace", "🔴 Stuck · Acme: 46 days")
    story.sees("@diego", "2 accounts lost pace", "Stuck · Acme · <@U0PRIYA>")
    story.types("priya", "/stage acme advocacy")
    story.sees("#customers", "Acme")
    quiet(story)
    assert "Stuck" not in story.types("priya", "/account acme").text
    story.after(days=2)


def test_an_import_of_old_accounts_tells_nobody(story: Story) -> None:
    many(story, 30, story.now)
    quiet(story)
    with writing(story) as tx:
        tx.execute(update(Account).values(stage_entered_at=story.now - timedelta(days=400)))
    story.after(days=1)
    with writing(story) as tx:
        assert tx.count(ReasonTold) == 0
    days_pass(story, 29)
    story.until("2026-11-25 09:01")
    story.sees("#sales", "30 accounts lost pace", "… and 15 more")  # they have no manager
    with writing(story) as tx:
        assert tx.count(ReasonTold) == 30


def test_one_account_is_told_in_one_line_and_not_twice() -> None:
    one = messages.PaceChange("Acme", "stuck", "Onboarding", 46, 30, "Did we choose well?", "U0TOM")
    told = messages.pace_message([one], 1, own=False)
    assert told.text.startswith("🔴 Acme (<@U0TOM>) is stuck in Onboarding: 46 days, 30 expected.")
    assert str(told.blocks[0].to_dict()).count("Acme") == 1
