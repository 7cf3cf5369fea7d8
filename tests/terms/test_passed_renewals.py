"""Renewal dates that passed without a decision."""

from __future__ import annotations

from sqlmodel import col, select

from db.models import Touchpoint
from sandbox import SlackMessage
from tests.commands.helpers import account
from tests.forms.helpers import modal, submits
from tests.story import Story
from tests.terms.test_term_plays import told

__all__ = ["told"]


def passed(story: Story) -> list[str]:
    """The states of what is asked about dates that passed."""
    with story.tx() as tx:
        asked = select(Touchpoint).where(col(Touchpoint.kind) == "renewal")
        return [row.state for row in tx.all(asked.order_by(col(Touchpoint.id)))]


def of_outcome(story: Story, who: str) -> list[SlackMessage]:
    about = [m for m in story.slack.messages(who) if "Record the outcome" in m.text]
    return [m for m in about if "Your week" not in m.text]


def test_one_message_stands_until_it_is_decided_and_the_lead_hears_once(told: Story) -> None:
    told.types("priya", "/linchpin settings sales lead @sam")
    told.types("priya", "/account add Acme stage growth manager @priya renews 2026-11-24")
    told.until("2026-11-25 09:02")
    (asked,) = of_outcome(told, "@priya")
    assert asked.text == (
        "Acme · Record the outcome · due today\nRenewal date passed on Tue 24 Nov\n"
        "No contact recorded since it was added on Mon 23 Nov · goes to Sam Carter, Sales lead, "
        "on Wed 2 Dec"
    )
    assert all(each in str(asked.blocks) for each in ("Renewed…", "Reduced…", "Left…", "New date…"))
    told.reacts("priya", asked, "white_check_mark")
    assert passed(told) == ["nudged"]
    told.until("2026-12-03 09:02")
    assert len(of_outcome(told, "@priya")) == 1
    heard = [m for m in told.slack.messages("@sam") if "Record the outcome" in m.text]
    assert len(heard) == 1
    told.clicks("priya", asked, "Renewed…")
    assert "renewed" in str(modal(told, "priya").blocks)
    submits(told, "priya", {"outcome": "renewed"})
    assert "they renewed" in told.again(asked).text
    assert passed(told) == ["done"]
    told.until("2026-12-10 09:02")
    assert passed(told) == ["done"]


def test_a_new_date_ends_it_and_three_of_a_morning_are_one_message(told: Story) -> None:
    for name in ("Acme", "Bolt", "Cog"):
        told.types("priya", f"/account add {name} stage growth manager @priya renews 2026-11-24")
    told.until("2026-11-25 09:02")
    (asked,) = of_outcome(told, "@priya")
    assert all(name in asked.text for name in ("Acme", "Bolt", "Cog"))
    told.types("priya", "/account acme renews 2027-11-24")
    assert passed(told) == ["cancelled", "nudged", "nudged"]
    told.types("priya", "/decision bolt chose other because it is cheaper")
    assert passed(told) == ["cancelled", "done", "nudged"]
    assert account(told, "Bolt").stage == "churned"
