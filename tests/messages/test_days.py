"""The one form in which messages tell days and times."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.messages.kit.text import day, on, tell_days, when
from bot.rules.playbook.playbook import parse
from tests.story import PLAYBOOK

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LATE = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # the next day in Dublin already


def test_the_year_is_told_when_it_is_another_one() -> None:
    tell_days(parse(PLAYBOOK, "ours.yaml"), NOW)
    assert day(date(2026, 12, 18)) == "Fri 18 Dec"
    assert day(date(2027, 1, 29)) == "Fri 29 Jan 2027"


def test_a_time_is_told_in_the_zone_of_the_company_or_of_whoever_does_it() -> None:
    tell_days(parse(PLAYBOOK, "ours.yaml"), NOW)
    assert (on(LATE), when(LATE)) == ("Thu 2 Jul", "Thu 2 Jul 00:30")
    assert on(LATE, ZoneInfo("America/New_York")) == "Wed 1 Jul"


def test_a_time_names_its_zone_where_departments_work_in_several() -> None:
    text = PLAYBOOK.replace(
        'marketing", timezone: Europe/Dublin', 'marketing", timezone: Asia/Tokyo'
    )
    tell_days(parse(text, "ours.yaml"), NOW)
    assert when(LATE) == "Thu 2 Jul 00:30 IST"
    assert when(LATE, ZoneInfo("Asia/Tokyo")) == "Thu 2 Jul 08:30 JST"
