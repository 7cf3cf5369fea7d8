"""Goals, risks, alternatives and decision dates: on the card, settled, corrected, added."""

from __future__ import annotations

from collections.abc import Callable

from db.models import Alternative, Learned
from tests.answers.helpers import asked, rows
from tests.forms.helpers import modal, submits
from tests.story import Story

Tell = Callable[..., Story]


def test_a_risk_stands_on_the_card_until_it_is_settled(tell: Tell) -> None:
    story = tell("risk")
    nudge = asked(story, "risk")
    story.clicks("diego", nudge, "Done")
    submits(story, "diego", {"text": "night shift on paper"})
    card = story.types("priya", "/account acme").text
    assert "At risk: Risk recorded on Tue 24 Nov: night shift on paper" in card
    page = story.types("priya", "/account acme risks")
    assert "night shift on paper" in page.text
    (row,) = rows(story, Learned)
    story.clicks("priya", story.private("priya"), f"known:menu:learned:{row.id}", value="Settled")
    assert "Settled: Acme · night shift on paper" in story.private("priya").text
    assert "At risk" not in story.types("priya", "/account acme").text
    story.types("priya", "/account acme risks")
    story.clicks("priya", story.private("priya"), "Add…")
    submits(story, "priya", {"kind": "goal", "text": "Cork site", "due_on": "2027-10-30"})
    assert "Goal: Cork site, by Sat 30 Oct 2027 (<@U0PRIYA>" in story.private("priya").text
    first, second = rows(story, Learned)
    assert (first.settled_by, second.kind) == ("U0PRIYA", "goal")


def test_a_promise_answers_a_risk_until_it_is_taken_back(tell: Tell) -> None:
    story = tell("risk")
    nudge = asked(story, "risk")
    story.clicks("diego", nudge, "Done")
    submits(story, "diego", {"text": "night shift on paper"})
    story.types("priya", "/account acme risks")
    (row,) = rows(story, Learned)
    menu, against = f"known:menu:learned:{row.id}", "Promise something against it…"
    story.clicks("priya", story.private("priya"), menu, value=against)
    submits(story, "priya", {"text": "terminals for the night shift", "due_on": "2027-01-29"})
    made = story.private("priya")
    assert "a promise answers it" in story.types("priya", "/account acme risks").text
    story.clicks("priya", made, "Undo")
    assert rows(story, Learned)[0].answered_by_touchpoint is None


def test_an_alternative_is_corrected_and_settled_with_undo(tell: Tell) -> None:
    story = tell("alternative")
    nudge = asked(story, "alternative")
    story.clicks("diego", nudge, "Done")
    submits(story, "diego", {"text": "Flowdesk"})
    story.types("priya", "/account acme alternatives")
    (row,) = rows(story, Alternative)
    menu = f"known:menu:alternative:{row.id}"
    story.clicks("priya", story.private("priya"), menu, value="Correct…")
    assert "Flowdesk" in str(modal(story, "priya").blocks)
    submits(story, "priya", {"text": "FlowDesk"})
    assert rows(story, Alternative)[0].name == "FlowDesk"
    story.types("priya", "/account acme alternatives")
    story.clicks("priya", story.private("priya"), menu, value="Remove")
    assert rows(story, Alternative)[0].settled_at is not None
    story.clicks("priya", story.private("priya"), "Undo")
    assert "Alternative: FlowDesk" in story.private("priya").text
    assert rows(story, Alternative)[0].settled_at is None
