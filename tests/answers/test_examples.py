"""Examples of the default playbook: a value that is confirmed, and one that is not known."""

from __future__ import annotations

from datetime import date

from sqlmodel import col, select

from bot.actions.facts import gap_lines
from db.models import Account, Touchpoint, ValueEntry
from sandbox import SlackMessage
from tests.answers.helpers import rows
from tests.forms.helpers import submits
from tests.story import Story
from tests.terms.test_term_plays import chose_us, done_until, open_plays, told

__all__ = ["told"]


def value_check(story: Story) -> SlackMessage:
    """The nudge of 8 March, everything before it done."""
    chose_us(story)
    done_until(story, "2027-03-08 08:00")
    story.until("2027-03-08 09:05")
    with story.tx() as tx:
        play = select(Touchpoint).where(col(Touchpoint.play) == "value-check")
        title = tx.one(play).title
    return next(m for m in story.slack.messages("#marketing") if title in m.text)


def test_a_confirmed_value_is_an_entry_and_the_next_check_is_planned(told: Story) -> None:
    nudge = value_check(told)
    told.clicks("maya", nudge, "Done")
    submits(told, "maya", {"text": "4 hours a week, Jane said so"})
    (entry,) = rows(told, ValueEntry)
    assert (entry.text, entry.confirmed_by, entry.confirmed_on) == (
        "4 hours a week", "Jane", date(2027, 3, 8),
    )  # fmt: skip
    assert open_plays(told)["value-check"] == "21 Jun 2027"
    assert "value: 4 hours a week (confirmed by Jane)" in told.again(nudge).text


def test_a_reaction_alone_leaves_the_gap_and_nothing_new_is_told_with_its_day(told: Story) -> None:
    nudge = value_check(told)
    told.reacts("maya", nudge, "white_check_mark")
    question = told.private("maya")
    assert "What did it give them, in their numbers?" in question.text
    card = told.types("priya", "/account acme").text
    assert "done, nothing written down (Maya Lindqvist)" in card
    told.clicks("maya", question, "Nothing new")
    assert told.slack.modal("maya") is None
    assert "nothing new (Maya Lindqvist)" in told.types("priya", "/account acme").text
    with told.context.read(told.now) as work:
        gaps = gap_lines.list_lines(work, work.tx.one(select(Account)))
    assert "asked Mon 8 Mar: nothing new" in next(g.line() for g in gaps if g.key == "value")
    assert "Asked: nothing new" in told.private("maya").text
