"""Done asks for the one line that its play brings back, once and never as a condition."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from bot.rules.answers import Answer
from db.models import Alternative, Contact, Interaction, Learned, Promise, ValueEntry
from tests.answers.helpers import asked, rows, touchpoint
from tests.forms.helpers import modal, names, submits
from tests.story import Story

Tell = Callable[..., Story]


def test_done_counts_at_once_and_its_form_keeps_the_line(tell: Tell) -> None:
    story = tell("value")
    nudge = asked(story, "value")
    story.clicks("diego", nudge, "Done")
    assert "nothing written down" in story.again(nudge).text
    form = str(modal(story, "diego").blocks)
    assert "What did it give them, in their numbers?" in form
    contact = names(story, "diego", "Jane Doe, COO")
    submits(story, "diego", {"text": "6 hours a week, £18,000 a year", "contact": contact})
    submits(story, "diego")  # the amount is read back first
    (entry,) = rows(story, ValueEntry)
    assert (entry.text, entry.hundredths, entry.confirmed_by) == (
        "6 hours a week", 1_800_000, "Jane Doe, COO",
    )  # fmt: skip
    assert entry.touchpoint_id == touchpoint(story).id
    done = story.again(nudge).text
    assert "Value: 6 hours a week, GBP 18,000 a year (confirmed by Jane Doe, COO)" in done
    assert "confirmed this term: GBP 18,000" in done
    card = story.types("priya", "/account acme").text
    assert "worth GBP 18,000, confirmed by Jane Doe, COO (Diego Santos)" in card
    assert card.count("6 hours") == 1


def test_a_second_save_changes_and_undo_takes_the_line_back(tell: Tell) -> None:
    story = tell("goal")
    nudge = asked(story, "goal")
    story.clicks("diego", nudge, "Done")
    spoke_with = names(story, "diego", "Jane Doe")
    values = {"text": "20 people plan shifts", "due_on": "2026-12-18", "contact": spoke_with}
    submits(story, "diego", values)
    (jane,) = rows(story, Contact)
    assert touchpoint(story).contact_id == jane.id
    story.clicks("diego", story.again(nudge), "Correct it…")
    submits(story, "diego", {"text": "30 people plan shifts"})
    first, second = rows(story, Learned)
    assert first.undone_at is not None
    assert second.contact_id == jane.id
    assert (second.text, second.due_on, second.undone_at) == (
        "30 people plan shifts", date(2026, 12, 18), None,
    )  # fmt: skip
    story.clicks("diego", story.again(nudge), "Undo")
    assert "taken back too" in story.private("diego").text
    assert rows(story, Learned)[1].undone_at is not None
    assert touchpoint(story).answer is None


@pytest.mark.parametrize(
    ("kind", "values", "model", "row", "shown"),
    [
        ("person", {"text": "Tom Reed, CFO"}, Contact, {"name": "Tom Reed", "role": "CFO"},
         "Contact: Tom Reed, CFO"),
        ("alternative", {"text": "FlowDesk, cheaper per head"}, Alternative, {"name": "FlowDesk"},
         "Alternatives: FlowDesk, cheaper per head"),
        ("decision date", {"text": "Jane and Tom", "due_on": "2027-11-15"}, Learned,
         {"text": "Jane and Tom", "kind": "decision date", "due_on": date(2027, 11, 15)},
         "They decide: by Mon 15 Nov 2027: Jane and Tom"),
        ("risk", {"text": "night shift on paper"}, Learned,
         {"text": "night shift on paper", "kind": "risk"}, "Risk: night shift on paper"),
        ("promise", {"text": "SSO", "due_on": "2027-01-29"}, Promise,
         {"text": "SSO", "due_on": date(2027, 1, 29)}, "Promise: SSO, by Fri 29 Jan 2027"),
        ("note", {"text": "it is how we work now"}, Interaction,
         {"text": "Ask about the note: it is how we work now"}, "Note: it is how we work now"),
    ],
)  # fmt: skip
def test_each_kind_makes_the_row_it_is_about(
    tell: Tell, kind: str, values: dict[str, Any], model: Any, row: dict[str, Any], shown: str
) -> None:
    story = tell(kind)
    nudge = asked(story, kind)
    story.clicks("diego", nudge, "Done")
    assert not submits(story, "diego", values).errors
    (made,) = rows(story, model)
    assert {key: getattr(made, key) for key in row} == row
    assert shown in story.again(nudge).text
    story.clicks("diego", story.again(nudge), "Undo")
    story.private("diego")
    left = [each for each in rows(story, model) if getattr(each, "undone_at", None) is None]
    assert left == []


def test_nothing_new_is_an_answer_and_closing_the_form_is_none(tell: Tell) -> None:
    story = tell("risk")
    nudge = asked(story, "risk")
    story.clicks("diego", nudge, "Done")
    story.slack.dismiss("diego")
    assert "nothing written down" in story.again(nudge).text
    assert "nothing written down" in story.types("priya", "/account acme").text
    story.clicks("diego", story.again(nudge), "Add their answer…")
    story.clicks("diego", modal(story, "diego"), "Nothing new")
    assert "Asked: nothing new" in str(modal(story, "diego").blocks)
    assert "asked Tue 24 Nov: nothing new" in story.again(nudge).text
    row = touchpoint(story)
    assert (row.answer, row.answered_by) == (None, "U0DIEGO")
    assert row.answered_at is not None


def test_a_reaction_asks_privately(tell: Tell) -> None:
    story = tell("alternative")
    nudge = asked(story, "alternative")
    story.reacts("diego", nudge, "white_check_mark")
    question = story.private("diego")
    assert "Done: Acme. What else are they looking at?" in question.text
    story.clicks("diego", question, "Add their answer…")
    submits(story, "diego", {"text": "FlowDesk"})
    assert [row.name for row in rows(story, Alternative)] == ["FlowDesk"]
    story.unreacts("diego", nudge, "white_check_mark")
    assert rows(story, Alternative) == []
    assert touchpoint(story).state == "nudged"


def test_doing_nothing_is_an_alternative_with_a_name() -> None:
    assert Answer("doing nothing").line("alternative") == "doing nothing"
    assert Answer("two rivals").line("alternative") == "two rivals (not named)"
