"""What is asked for by other means than the playbook: in its own words, and it outlives moves."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.actions.touchpoints.plays import plan_custom
from db.accounts.accounts import by_name_key
from db.models import Touchpoint
from tests.nudges.helpers import touchpoint
from tests.story import DUBLIN, Story

KEY = "step:1"
DUE = datetime(2026, 11, 25, 9, 0, tzinfo=DUBLIN)


@pytest.fixture
def asked(story: Story) -> Story:
    """Operations are to send Acme's new admin a link; Acme is a prospect."""
    story.types("priya", "/account add Acme")
    with story.context.begin(story.now) as work:
        acme = by_name_key(work.tx, "acme")
        assert acme is not None
        plan_custom(
            work,
            acme,
            kind="step",
            key=KEY,
            owner="operations",
            title="Link for the new admin",
            ask="Send {account}'s new admin the link.",
            helps="They get in on the first day.",
            due_at=DUE,
        )
    return story


def test_it_is_nudged_in_its_own_words_and_done(asked: Story) -> None:
    asked.until("2026-11-25 09:00")
    asked.settle()
    asked.sees("#sales", "First question")
    nudge = asked.sees("#operations", "Link for the new admin", "Send Acme's new admin the link.")
    asked.clicks("diego", nudge, "Done")
    assert touchpoint(asked, KEY).state == "done"
    assert "Done by" in asked.again(nudge).text


def test_a_move_leaves_it_and_an_archived_account_ends_it(asked: Story) -> None:
    asked.types("priya", "/stage acme onboarding")
    asked.sees("#customers", "Acme")
    assert touchpoint(asked, KEY).state == "planned"
    asked.types("priya", "/account acme archive")
    ended: Touchpoint = touchpoint(asked, KEY)
    assert (ended.state, ended.note) == ("cancelled", "the account is archived")


def test_it_can_be_undone_after_a_move(asked: Story) -> None:
    asked.until("2026-11-25 09:00")
    asked.settle()
    asked.sees("#sales", "First question")
    nudge = asked.sees("#operations", "Link for the new admin")
    asked.clicks("diego", nudge, "Done")
    asked.types("priya", "/stage acme onboarding")
    asked.sees("#customers", "Acme")
    asked.clicks("diego", asked.again(nudge), "Undo")
    assert touchpoint(asked, KEY).state == "nudged"
