"""When something snoozed may come back, and what is offered for it."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.rules.time.snooze import later_today, snooze_choices
from tests.rules.samples import DUBLIN, NEW_YORK, utc

ZONE = ZoneInfo("Europe/Dublin")


@pytest.mark.parametrize(
    ("now", "at"),
    [
        ("2026-11-23 09:00", "2026-11-23 11:00"),
        ("2026-11-23 09:01", "2026-11-23 11:15"),
        ("2026-11-23 14:45", "2026-11-23 16:45"),
        ("2026-11-23 14:46", None),  # 17:00: they have gone home
        ("2026-11-23 23:30", None),
        ("2026-11-22 10:00", None),  # a Sunday
    ],
)
def test_later_today_is_two_hours_on_at_a_full_quarter_while_they_work(
    now: str, at: str | None
) -> None:
    assert later_today(DUBLIN, utc(now)) == (utc(at) if at else None)


def test_seconds_do_not_shift_the_quarter() -> None:
    now = utc("2026-11-23 09:14") + timedelta(seconds=59, microseconds=5)
    assert later_today(DUBLIN, now) == utc("2026-11-23 11:15")
    assert later_today(DUBLIN, utc("2026-11-23 09:15") + timedelta(microseconds=1)) == utc(
        "2026-11-23 11:30"
    )


def test_two_hours_on_another_day_are_not_later_today() -> None:
    always = DUBLIN.__class__(
        ZONE,
        utc("2026-11-23 00:00").time(),
        utc("2026-11-23 23:59").time(),
        frozenset(range(7)),
        (),
    )
    assert later_today(always, utc("2026-11-23 21:30")) == utc("2026-11-23 23:30")
    assert later_today(always, utc("2026-11-23 22:30")) is None


@pytest.mark.parametrize(
    ("now", "offered"),
    [
        (
            "2026-11-24 09:00",  # a Tuesday
            [
                ("later", "Later today, at 11:00"),
                ("2026-11-25", "Tomorrow, Wed 25 Nov"),
                ("2026-11-30", "Next week, Mon 30 Nov"),
            ],
        ),
        (
            "2026-11-27 16:00",  # a Friday afternoon: the next day of work is next week's Monday
            [("2026-11-30", "Next working day, Mon 30 Nov")],
        ),
        (
            "2026-11-29 12:00",  # a Sunday
            [("2026-11-30", "Tomorrow, Mon 30 Nov")],
        ),
        (
            "2026-12-24 16:00",  # Christmas and the weekend; Monday is free for St Stephen's
            [("2026-12-28", "Next working day, Mon 28 Dec")],
        ),
    ],
)
def test_what_is_offered(now: str, offered: list[tuple[str, str]]) -> None:
    assert snooze_choices(DUBLIN, utc(now), ZONE) == offered


def test_the_hour_is_the_reader_s_and_the_days_are_the_department_s() -> None:
    offered = snooze_choices(NEW_YORK, utc("2026-11-24 15:00"), ZONE)  # 10:00 there
    assert offered[0] == ("later", "Later today, at 17:00")
