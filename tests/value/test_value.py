"""`/value`: what a customer got, as we estimate it or as they confirmed it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from db.models import ValueEntry
from tests.commands.helpers import account, buttons, lasting, verbs
from tests.forms.helpers import modal, names, picks, submits
from tests.story import Story


def entries(story: Story) -> list[ValueEntry]:
    with story.tx() as tx:
        return tx.all(select(ValueEntry).order_by(col(ValueEntry.id)))


@pytest.fixture
def acme(story: Story) -> None:
    story.types("priya", "/account add Acme stage advocacy renews 2027-11-23")


def test_what_they_got_is_noted_with_its_worth_and_who_says_so(story: Story, acme: None) -> None:
    told = story.types(
        "priya", "/value acme cut onboarding from 4 weeks to 2 worth 12000 EUR they said so"
    )
    for words in (
        "Recorded for Acme, term 1",
        "cut onboarding from 4 weeks to 2 · worth EUR 12,000 a year",
        "Confirmed by the customer, Mon 23 Nov",
    ):
        assert words in told.text
    (row,) = entries(story)
    assert (row.text, row.hundredths, row.currency, row.term, row.confirmed_on) == (
        "cut onboarding from 4 weeks to 2", 1_200_000, "EUR", 1, date(2026, 11, 23),
    )  # fmt: skip
    assert buttons(told) == ["Undo"]
    assert verbs(story)[-1] == "value.confirmed"


def test_an_amount_in_the_text_is_read_back_before_it_counts(story: Story, acme: None) -> None:
    told = story.types("priya", "/value acme US$ 15k saved")
    assert "Is it worth USD 15,000 a year? It counts when you say so." in told.text
    assert [row.hundredths for row in entries(story)] == [None]
    story.clicks("priya", story.private("priya"), "USD 15,000 a year")
    assert "US$ 15k saved · worth USD 15,000 a year" in story.private("priya").text
    told = story.types("priya", "/value acme rent went from 12k EUR to 8k EUR")
    assert {"EUR 12,000 a year", "EUR 8,000 a year"} < set(buttons(told))
    story.types("priya", "/value acme kr 500 saved a month")
    assert '"kr 500" does not count yet' in story.private("priya").text
    story.clicks("priya", story.private("priya"), "Add the amount…")
    submits(story, "priya", {"worth": "kr 6000"})
    submits(story, "priya", {"worth": "500 SEK a month"})
    assert [row.hundredths for row in entries(story)] == [1_500_000, None, 600_000]


def test_a_form_reads_an_amount_back(story: Story, acme: None) -> None:
    story.types("priya", "/value")
    values = {"account": picks(story, "priya", "acme"), "text": "6 hours a week, £18,000 a year"}
    submits(story, "priya", values)
    assert "GBP 18,000 a year? Correct it, or save again" in str(modal(story, "priya").blocks)
    assert not entries(story)
    submits(story, "priya")
    (row,) = entries(story)
    assert (row.text, row.hundredths, row.currency) == ("6 hours a week", 1_800_000, "GBP")


def test_a_claim_is_confirmed_later_by_whom(story: Story, acme: None) -> None:
    story.types("priya", "/value acme saved a day a month")
    assert "Our estimate by" in story.private("priya").text
    story.after(days=1)
    story.types("sam", "/value acme")
    story.clicks("sam", story.private("sam"), "Confirm…")
    assert "saved a day a month" in str(modal(story, "sam").blocks)
    submits(story, "sam", {"contact": names(story, "sam", "Jane Doe, COO")})
    assert "✓ Confirmed by Jane Doe, COO, Tue 24 Nov (told <@U0SAM>)" in (story.private("sam").text)
    before = lasting(story)
    (row,) = entries(story)
    assert (row.confirmed_by, row.confirmed_by_user, row.by_user) == (
        "Jane Doe, COO", "U0SAM", "U0PRIYA",
    )  # fmt: skip
    ledger = story.types("priya", "/value acme")
    assert "Confirm…" not in str(ledger.blocks)
    assert "Term 1  ▓▓▓▓▓▓▓▓▓▓▓▓  1 entry confirmed" in ledger.text
    assert "Counted in entries" in ledger.text
    assert lasting(story) == before


def test_undo_takes_an_entry_back_once(story: Story, acme: None) -> None:
    story.types("priya", "/value acme saved a day a month")
    told = story.private("priya")
    story.clicks("priya", told, "Undo")
    assert "no longer counts for Acme" in story.private("priya").text
    assert "None recorded yet" in story.types("priya", "/value acme").text
    assert [row.undone_at is None for row in entries(story)] == [False]


def test_different_currencies_are_never_added_up(story: Story, acme: None) -> None:
    story.types("priya", "/value acme saved a day worth 500 EUR")
    told = story.types("priya", "/value acme saved two days worth 1k EUR they said so")
    told = story.types("priya", "/value acme")
    assert "EUR 1,000 confirmed, EUR 500 estimated" in told.text
    assert "Counted in EUR" in told.text
    story.types("priya", "/value acme saved a week worth $900")
    told = story.types("priya", "/value acme")
    assert "1 entry confirmed, 2 entries estimated" in told.text
    assert "not all of them have an amount in one currency" in told.text
    assert "1 entry confirmed, 2 entries estimated" in story.types("priya", "/value acme").text


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("saved a day worth 500", "Name the currency"),
        ("saved a day worth 0 EUR", "no amount that can be meant"),
        ("worth 500 EUR", "cut onboarding from 4 weeks to 2"),
        ("x" * 1001, "the limit is 1,000"),
        ("term 7", "has no term 7 yet"),
    ],
)
def test_a_mistake_changes_nothing_and_is_answered_with_a_way_on(
    story: Story, acme: None, line: str, answer: str
) -> None:
    before = lasting(story)
    assert answer in story.types("priya", f"/value acme {line}").text
    assert lasting(story) == before


def test_a_long_ledger_turns_its_pages(story: Story, acme: None) -> None:
    acme_id = account(story, "Acme").id
    with story.tx() as tx:
        for number in range(25):
            at = story.now + timedelta(seconds=number)
            tx.add(
                ValueEntry(
                    account_id=acme_id or 0, term=1, text=f"thing {number}.", source="slash",
                    created_at=at,
                )
            )  # fmt: skip
    told = story.types("priya", "/value acme")
    assert "Page 1 of 3" in told.text
    assert "thing 24." in told.text
    story.clicks("priya", story.private("priya"), "Older")
    assert "thing 14." in story.private("priya").text
    assert "Page 3 of 3" in story.types("priya", "/value acme page 9").text


def test_the_form_notes_an_entry(story: Story, acme: None) -> None:
    story.types("priya", "/value")
    picked = picks(story, "priya", "acme")
    answer = submits(story, "priya", {"account": picked, "text": "a day saved", "worth": "much"})
    assert "like EUR 12,000" in str(answer.errors)
    who = names(story, "priya", "Jane")
    submits(story, "priya", {"worth": "€12k", "says": "confirmed", "contact": who})
    (row,) = entries(story)
    assert (row.hundredths, row.confirmed_by, row.source) == (1_200_000, "Jane", "form")
