"""Nobody is flooded: what is planned is spread over working days."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.rules.time.calendar import WorkingCalendar
from bot.rules.time.spread import spread_rows
from bot.rules.time.working_hours import parse_calendar

CALENDAR: WorkingCalendar = parse_calendar("Europe/Dublin", "09:00-17:00", "mon-fri", ())
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def _rows(count: int, due_at: datetime = MONDAY, **more: Any) -> list[dict[str, Any]]:
    return [
        {"n": n, "due_at": due_at, "wake_at": due_at, "owner": "ops", **more} for n in range(count)
    ]


def _spread(rows: list[dict[str, Any]], per_day: int = 5) -> list[dict[str, Any]]:
    return spread_rows(
        rows,
        calendar_of=lambda owner: CALENDAR,
        owner_of=lambda row: row["owner"],
        latest_of=lambda row: row.get("latest"),
        per_day=per_day,
    )


def test_at_most_five_a_day_and_the_rest_on_the_next_working_days() -> None:
    placed = _spread(_rows(12, MONDAY + timedelta(days=3)))
    days = Counter(row["due_at"].date() for row in placed)
    assert days == {date(2026, 11, 26): 5, date(2026, 11, 27): 5, date(2026, 11, 30): 2}
    assert all(row["wake_at"] == row["due_at"] for row in placed)


def test_each_owner_has_days_of_their_own() -> None:
    placed = _spread(_rows(5) + _rows(5, owner="sales"))
    assert {row["due_at"] for row in placed} == {MONDAY}


def test_what_is_due_first_comes_first() -> None:
    placed = _spread([*_rows(6, MONDAY + timedelta(hours=2)), *_rows(5)])
    assert [row["due_at"].date().day for row in placed] == [23] * 5 + [24] * 5 + [25]


def test_a_play_before_a_renewal_is_never_pushed_past_it() -> None:
    late = _rows(8, latest=date(2026, 11, 24))
    placed = _spread([*_rows(20), *late])
    assert max(row["due_at"].date() for row in placed if "latest" in row) <= date(2026, 11, 24)


def test_no_room_before_the_renewal_makes_a_day_too_full_rather_than_too_late() -> None:
    placed = _spread(_rows(9, latest=date(2026, 11, 23)))
    assert {row["due_at"] for row in placed} == {MONDAY}


def test_a_big_import_ends_within_sixty_working_days() -> None:
    placed = _spread(_rows(1000))
    days = Counter(row["due_at"].date() for row in placed)
    assert len(days) <= 61
    assert max(days.values()) == 17


def test_nobody_waits_longer_than_sixty_days_and_no_day_is_fuller_than_that_takes() -> None:
    assert max(_by_day(_spread(_rows(305))).values()) == 5  # today, and sixty days more
    assert max(_by_day(_spread(_rows(306))).values()) == 6


def test_days_that_come_due_one_after_the_other_are_counted_together() -> None:
    tuesday = MONDAY + timedelta(days=1)
    days = _by_day(_spread([*_rows(300), *_rows(300, tuesday)]))
    assert sum(days.values()) == 600
    assert max(days.values()) == 10
    assert len(days) == 60


def test_what_stays_on_its_day_keeps_its_hour() -> None:
    at_eleven = MONDAY + timedelta(hours=2)
    placed = _spread(_rows(6, at_eleven))
    assert [row["due_at"] for row in placed] == [at_eleven] * 5 + [MONDAY + timedelta(days=1)]


def test_the_last_day_before_a_renewal_is_still_before_it() -> None:
    days = _by_day(_spread(_rows(6, latest=date(2026, 11, 24))))
    assert days == {date(2026, 11, 23): 5, date(2026, 11, 24): 1}


def test_each_owner_has_a_calendar_of_their_own_and_nothing_is_left_out() -> None:
    calendars = {
        "ops": CALENDAR,
        "sales": parse_calendar("Asia/Tokyo", "10:00-18:00", "tue-sat", ()),
    }
    placed = spread_rows(
        [*_rows(6), *_rows(6, owner="sales")],
        calendar_of=lambda owner: calendars[str(owner)],
        owner_of=lambda row: row["owner"],
    )
    assert [(row["owner"], row["due_at"].isoformat()[5:16]) for row in placed[4:]] == [
        ("ops", "11-23T09:00"),
        ("ops", "11-24T09:00"),
        *[("sales", "11-23T09:00")] * 5,  # for Tuesday, their first day of work
        ("sales", "11-25T01:00"),  # Wednesday 10:00 in Tokyo
    ]


def test_what_was_placed_before_keeps_its_room() -> None:
    placed = spread_rows(
        _rows(4),
        calendar_of=lambda owner: CALENDAR,
        owner_of=lambda row: row["owner"],
        placed_before=[*_rows(3), *_rows(4, MONDAY + timedelta(days=1)), *_rows(9, owner="sales")],
    )
    assert _by_day(placed) == {date(2026, 11, 23): 2, date(2026, 11, 24): 1, date(2026, 11, 25): 1}


def _by_day(placed: list[dict[str, Any]]) -> Counter[date]:
    return Counter(row["due_at"].date() for row in placed)
