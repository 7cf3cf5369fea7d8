"""A reply in a nudge's thread that mentions Linchpin counts, and the rest is the answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.rules.language.replies import ThreadReply, read_reply
from db.models import Alternative, ValueEntry
from sandbox import SlackMessage
from tests.answers.helpers import asked, rows, touchpoint
from tests.forms.helpers import modal, submits
from tests.nudges.helpers import kickoff
from tests.story import Story

Tell = Callable[..., Story]


def says(story: Story, who: str, nudge: SlackMessage, words: str) -> str:
    story.slack.say(who, "#operations", f"@linchpin {words}", nudge.ts)
    story.settle()
    return story.private(who).text


def test_done_counts_and_the_rest_is_kept_as_the_answer(tell: Tell) -> None:
    story = tell("alternative")
    nudge = asked(story, "alternative")
    told = says(story, "diego", nudge, "done, they look at two rivals")
    assert 'Done: Acme. Written down as alternatives: "they look at two rivals (not named)"' in told
    assert "Which ones?" in told
    assert "they look at two rivals (not named)" in story.again(nudge).text
    story.clicks("diego", story.private("diego"), "Name them…")
    assert "they look at two rivals" in str(modal(story, "diego").blocks)
    submits(story, "diego", {"text": "FlowDesk and Rota"})
    assert [row.name for row in rows(story, Alternative)] == ["FlowDesk and Rota"]
    story.clicks("diego", story.again(nudge), "Undo")
    story.private("diego")
    assert rows(story, Alternative) == []


def test_under_several_touchpoints_the_line_is_named(tell: Tell) -> None:
    story = tell("risk")
    names = [f"Firm{number}" for number in range(1, 7)]
    for name in names:
        story.types("priya", f"/account add {name} stage onboarding manager @priya")
    story.until("2026-11-24 09:00")
    story.settle()
    several = story.sees("#operations", "6 touchpoints", *names)
    told = says(story, "diego", several, "done, night shift on paper")
    assert 'Say its number first, like "2 done, …": 1 Firm1, 2 Firm2' in told
    assert "Done: Firm2." in says(story, "diego", several, "2 done, night shift on paper")
    assert touchpoint(story, "Firm2").answer == "night shift on paper"
    assert "risk: night shift on paper" in str(story.again(several).blocks).replace("*", "")


def test_a_play_that_brings_nothing_back_keeps_the_rest_as_a_note(story: Story) -> None:
    nudge = kickoff(story)
    assert "Done: Acme" in says(story, "diego", nudge, "done, they want weekly calls")
    assert "Done by <@U0DIEGO>" in story.again(nudge).text
    assert "they want weekly calls" in story.again(nudge).text
    assert "note: Kick-off call: they want weekly calls" in story.types("tom", "/account acme").text


def test_an_amount_in_a_reply_is_read_back(tell: Tell) -> None:
    story = tell("value")
    nudge = asked(story, "value")
    told = says(story, "diego", nudge, "done: $15k saved, Jane said so")
    assert "Is it worth USD 15,000 a year?" in told
    story.clicks("diego", story.private("diego"), "USD 15,000 a year")
    (entry,) = rows(story, ValueEntry)
    assert (entry.text, entry.hundredths, entry.confirmed_by) == ("$15k saved", 1_500_000, "Jane")


def test_done_alone_asks_and_other_verbs_answer_as_buttons_do(tell: Tell) -> None:
    story = tell("risk")
    nudge = asked(story, "risk")
    assert "You have it" in says(story, "diego", nudge, "I'll take it")
    assert touchpoint(story).state == "claimed"
    assert "What could make them say no?" in says(story, "diego", nudge, "done")
    story.clicks("diego", story.private("diego"), "Undo")
    assert "Undone" in story.private("diego").text
    assert "Snoozed until Fri 27 Nov:" in says(story, "diego", nudge, "snooze till friday")
    assert touchpoint(story).state == "planned"
    assert "Until when?" in says(story, "diego", nudge, "snooze till the cows come home")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("done", ThreadReply("done", "")),
        ("It's done. They look at two", ThreadReply("done", "They look at two")),
        ("2 done, FlowDesk", ThreadReply("done", "FlowDesk", 2)),
        ("skip: not the moment", ThreadReply("skip", "not the moment")),
        ("snooze till Friday", ThreadReply("snooze", "Friday")),
        ("nothing new", ThreadReply("nothing-new", "")),
        ("donebox is slow", None),
        ("where does acme stand", None),
    ],
)
def test_replies_as_they_are_typed(words: str, said: ThreadReply | None) -> None:
    assert read_reply(words) == said
