"""An account's terms: compared with each other, and how they end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from db.models import Term
from db.ops import next_due
from tests.commands.helpers import account, buttons, lasting
from tests.story import Story


@pytest.fixture
def acme(story: Story) -> None:
    """Acme in its second term, which ends in thirty days; the first gave two things."""
    story.types("priya", "/account add Acme stage advocacy renews 2027-01-23")
    for what in ("a day", "a week"):
        story.types("priya", f"/value acme saved {what}, they said so")
    story.until("2026-11-26 12:00")
    thanks = story.sees("#marketing", "A thank-you")
    story.clicks("maya", thanks, "Done")
    story.types("priya", "/decision acme renewed until 2026-12-26")


def test_two_terms_stand_beside_each_other_with_the_rows_behind_each_number(
    story: Story, acme: None
) -> None:
    before = lasting(story)
    told = story.types("priya", "/account acme terms")
    for words in (
        "Acme: term 2 against term 1",
        "Term 1: Mon 23 Nov to Thu 26 Nov, 3 days, renewed",
        "Term 2: since Thu 26 Nov, 0 days so far",
        "Days in each stage: Advocacy 3\n",
        "Touchpoints done: 1",
        "Value: 2 entries confirmed",
        "Value: none recorded",
        "Our involvement: Marketing: <@U0MAYA>",
    ):
        assert words in told.text, words
    assert buttons(told) == ["Stages", "Touchpoints", "Value", "People"] * 2
    rows = {
        "terms 1 stages": "Advocacy: Mon 23 Nov to Thu 26 Nov, 3 days",
        "terms 1 touchpoints": "Thu 26 Nov: A thank-you · Marketing (<@U0MAYA>)",
        "terms 1 people": "<@U0MAYA>: 1",
        "terms 2 touchpoints": "Nothing yet.",
        "terms 1": "Acme: term 1\n",
    }
    for line, words in rows.items():
        assert words in story.types("priya", f"/account acme {line}").text, line
    assert "saved a week" in story.types("priya", "/value acme term 1").text
    assert "saved a week" not in story.types("priya", "/value acme term 2").text
    assert "has no term 9" in story.types("priya", "/account acme terms 9 people").text
    assert lasting(story) == before


def test_who_has_no_term_yet_is_told_how_one_begins(story: Story) -> None:
    story.types("priya", "/account add Acme")
    told = story.types("priya", "/account acme terms").text
    assert "`/decision Acme chose us`" in told


def test_leaving_ends_a_term_with_its_reason(story: Story) -> None:
    story.types("priya", "/account add Acme stage onboarding")
    story.types("priya", "/stage acme lost because their budget was cut")
    story.sees("#customers", "Acme", "Lost")
    with story.tx() as tx:
        (only,) = tx.all(select(Term))
        assert "term" not in next_due.read_first_times(story.engine)
    assert (only.outcome, only.reason) == ("lost", "their budget was cut")
    assert only.ended_at is not None
    assert only.ended_at - only.began_at < timedelta(minutes=1)
    assert account(story, "Acme").term == 1


def test_the_older_word_still_asks_for_terms(story: Story, acme: None) -> None:
    said = story.types("priya", "/account acme terms").text
    assert "Term 2" in said
    assert story.types("priya", "/account acme cycles").text == said
    assert "Term 1" in story.types("priya", "/value acme cycle 1").text
