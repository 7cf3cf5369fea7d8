"""Who goes first when a customer was asked enough, and when the others may go."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.rules.contact_limits import (
    MIN_GAP,
    WEEK,
    WaitingTouchpoint,
    kept_until,
    latest_time,
    priority_key,
    release_times,
)
from bot.rules.time.calendar import WorkingCalendar
from tests.rules.samples import utc

NOW = utc("2026-11-26 09:00")  # a Thursday
DAY = timedelta(days=1)
FAR = NOW + 60 * DAY


def waiting(number: int, **values: object) -> WaitingTouchpoint:
    return WaitingTouchpoint(**{"id": number, "due_at": NOW, "latest": FAR, **values})  # type: ignore[arg-type]


def _times(asked: list[datetime], ranked: list[WaitingTouchpoint], limit: int) -> list[datetime]:
    """Where everything that was asked was done, and will be."""
    taken = [(at, at + WEEK) for at in asked]
    return release_times(taken, ranked, limit, NOW, lambda at: at + WEEK)


def test_what_is_shown_keeps_a_place_until_its_second_working_day_ends() -> None:
    sales = WorkingCalendar(ZoneInfo("UTC"), time(9), time(17), frozenset(range(5)), ())
    assert kept_until(sales, NOW) == utc("2026-11-27 17:00")
    assert kept_until(sales, NOW + DAY) == utc("2026-11-30 17:00")  # Monday
    taken = [(NOW, kept_until(sales, NOW)), (NOW - DAY, NOW - DAY + WEEK)]
    found = release_times(taken, [waiting(1), waiting(2)], 2, NOW, partial(kept_until, sales))
    assert found == [utc("2026-11-27 17:00"), utc("2026-11-30 17:00")]


def test_in_any_seven_days_a_customer_is_asked_no_more_than_the_limit() -> None:
    ranked = [waiting(n) for n in range(6)]
    found = _times([NOW - 3 * DAY, NOW - DAY], ranked, 2)
    assert found == [NOW + d * DAY for d in (4, 6, 11, 13, 18, 20)]
    assert _times([], ranked[:3], 2) == [NOW, NOW, NOW + WEEK]


def test_more_asked_than_the_limit_waits_until_enough_is_a_week_old() -> None:
    asked = [NOW - 6 * DAY, NOW - 5 * DAY, NOW - 2 * DAY]  # one of them was a promise
    assert _times(asked, [waiting(1)], 2) == [NOW + 2 * DAY]


def test_nothing_waits_beyond_its_longest_wait_and_then_one_goes_a_day() -> None:
    over = [waiting(n, latest=NOW - DAY) for n in range(3)]
    asked = [NOW - 2 * DAY, NOW - 2 * DAY]
    assert _times(asked, over, 2) == [NOW, NOW + MIN_GAP, NOW + 2 * MIN_GAP]
    assert _times([NOW, NOW], over[:1], 2) == [NOW + MIN_GAP]
    # A day after the last one, not after an earlier one of that week.
    assert _times([NOW - 2 * DAY, NOW - DAY, NOW], over[:1], 3) == [NOW + MIN_GAP]
    soon = [waiting(1, latest=NOW + 3 * DAY)]
    assert _times([NOW - DAY], soon, 1) == [NOW + 3 * DAY]


def test_the_most_consequential_goes_first() -> None:
    told = {
        "renews in ten days, weighs more": waiting(8, renews_in=10, weight=3),
        "renews in ten days, hangs on it": waiting(9, renews_in=10, hangs_on_renewal=True),
        "renews in ten days": waiting(0, renews_in=10, pace="stuck"),
        "renews in fifty days": waiting(7, renews_in=50, weight=3),
        "weighs more": waiting(6, renews_in=200, weight=3),
        "stuck": waiting(5, pace="stuck"),
        "behind": waiting(4, pace="behind", renews_in=-3),
        "waits longest": waiting(3, due_at=NOW - DAY),
        "first": waiting(1),
        "second": waiting(2),
        "weighs less": waiting(0, weight=1, pace="stuck"),
    }
    assert sorted(told, key=lambda words: priority_key(told[words])) == list(told)


def test_what_hangs_on_a_renewal_does_not_wait_for_more_than_half_the_way() -> None:
    longest: datetime = NOW + 21 * DAY
    assert latest_time(NOW, longest, None) == longest
    assert latest_time(NOW, longest, NOW + 100 * DAY) == longest
    assert latest_time(NOW, longest, NOW + 20 * DAY) == NOW + 10 * DAY
    assert latest_time(NOW, longest, NOW - DAY) == NOW
