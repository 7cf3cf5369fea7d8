"""Who wrote a line down hears once that a brief or a decision used it."""

from __future__ import annotations

from collections.abc import Callable

from tests.answers.helpers import asked, touchpoint
from tests.forms.helpers import submits
from tests.story import Story

Tell = Callable[..., Story]


def test_a_brief_that_uses_a_line_tells_its_author_once(tell: Tell) -> None:
    story = tell("risk", head="renewals: {brief: [60, 30]}\n")
    nudge = asked(story, "risk")
    story.clicks("diego", nudge, "Done")
    submits(story, "diego", {"text": "night shift on paper"})
    story.types("priya", "/account acme renews 2027-01-20")
    story.until("2026-11-25 09:05")
    brief = story.sees("@priya", "night shift on paper", "Diego")
    assert brief
    told = story.sees("@diego", "is in the brief on Acme", "night shift on paper")
    assert "Your line of" in told.text
    assert touchpoint(story).quoted_at is not None
    story.until("2026-12-22 09:05")
    assert not [m for m in story.slack.unexpected() if "Your line" in m.text]
    for message in story.slack.unexpected():
        story.sees(message.channel, "")


def test_a_decision_against_an_alternative_tells_who_heard_of_it(tell: Tell) -> None:
    story = tell("alternative")
    nudge = asked(story, "alternative")
    story.clicks("diego", nudge, "Done")
    submits(story, "diego", {"text": "FlowDesk, cheaper per head"})
    story.types("priya", "/decision acme adopted over FlowDesk because it is quicker")
    story.until("2026-11-25 09:06")
    assert story.sees("@diego", "is in the decision of Acme", "FlowDesk, cheaper per head")
