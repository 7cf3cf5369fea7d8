"""On the last working day of a week a person is asked once for the lines that are missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from bot.rules.answers import Answer, is_last_of_week, read_answer
from bot.rules.playbook.sections import Records
from bot.rules.time.working_hours import parse_calendar
from db.models import Learned
from tests.answers.helpers import asked, rows, touchpoint
from tests.forms.helpers import modal, submits
from tests.story import Story

Tell = Callable[..., Story]


def test_friday_asks_once_for_what_has_no_answer(tell: Tell) -> None:
    story = tell("risk")
    nudge = asked(story, "risk")
    story.clicks("diego", nudge, "Done")
    story.slack.dismiss("diego")
    story.until("2026-11-27 09:01")
    asked_for = story.sees("@diego", "1 of your 1 done this week has no answer yet", "Acme")
    story.clicks("diego", asked_for, "Add answers…")
    assert "Acme: What could make them say no?" in str(modal(story, "diego").blocks)
    submits(story, "diego", {str(touchpoint(story).id): "night shift on paper"})
    assert [row.text for row in rows(story, Learned)] == ["night shift on paper"]
    assert "night shift on paper" in story.again(nudge).text
    story.clicks("diego", asked_for, "Add answers…")
    assert "All of them have an answer now" in story.private("diego").text


def test_nobody_is_asked_twice_nor_for_nothing_new(tell: Tell) -> None:
    story = tell("risk")
    nudge = asked(story, "risk")
    story.clicks("diego", nudge, "Done")
    story.clicks("diego", modal(story, "diego"), "Nothing new")
    story.until("2026-12-05 09:00")
    assert not [m for m in story.slack.unexpected() if "no answer yet" in m.text]
    for message in story.slack.unexpected():
        story.sees(message.channel, "")


@pytest.mark.parametrize(
    ("days", "holidays", "last"),
    [
        ("mon-fri", (), "2026-11-27"),
        ("sun-thu", (), "2026-11-26"),
        ("mon-fri", ("2026-11-27",), "2026-11-26"),
        ("mon, wed", (), "2026-11-25"),
    ],
)
def test_the_last_working_day(days: str, holidays: tuple[str, ...], last: str) -> None:
    calendar = parse_calendar("Europe/Dublin", "09:00-17:00", days, holidays)
    week = [date(2026, 11, day) for day in range(23, 29)]
    assert [str(day) for day in week if is_last_of_week(calendar, day)][-1:] == [last]


@pytest.mark.parametrize(
    ("kind", "words", "answer"),
    [
        ("goal", "Cork site, 12 people, by 30 Oct", Answer("Cork site, 12 people",
                                                           due_on=date(2027, 10, 30))),
        ("goal", "20 people by Christmas", Answer("20 people by Christmas")),
        ("decision date", "15 Nov, Jane and Tom", Answer("Jane and Tom",
                                                         due_on=date(2027, 11, 15))),
        ("promise", "SSO by 2027-01-31", Answer("SSO", due_on=date(2027, 1, 31))),
        ("value", "2 hours a week, Jane said so", Answer("2 hours a week", confirmed=True,
                                                        who="Jane")),
        ("risk", "night shift by hand", Answer("night shift by hand")),
    ],
)  # fmt: skip
def test_a_line_is_read_by_its_kind(kind: Records, words: str, answer: Answer) -> None:
    assert read_answer(kind, words, date(2026, 11, 24), None) == answer


def test_after_nothing_new_a_rhythm_waits_thirty_days(tell: Tell) -> None:
    story = tell("risk", every="every 10 days")
    nudge = asked(story, "risk", day="2026-12-03")
    story.clicks("diego", nudge, "Done")
    story.clicks("diego", modal(story, "diego"), "Nothing new")
    story.until("2026-12-20 09:00")
    listed = story.types("diego", "/next operations").text
    assert "asked less than 30 days ago: nothing new" in listed
    story.until("2027-01-04 09:05")
    assert story.sees("#operations", "Ask about the risk")
    for message in story.slack.unexpected():
        story.sees(message.channel, "")
