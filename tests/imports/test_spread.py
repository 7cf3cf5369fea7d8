"""Nobody is flooded: what is planned is spread over working days."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.rules.calendar import WorkingCalendar
from bot.rules.spread import spread
from bot.rules.working import calendar_of

CALENDAR: WorkingCalendar = calendar_of("Europe/Dublin", "09:00-17:00", "mon-fri", ())
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def _rows(count: int, due_at: datetime = MONDAY, **more: Any) -> list[dict[str, Any]]:
    return [
        {"n": n, "due_at": due_at, "wake_at": due_at, "owner": "ops", **more} for n in range(count)
    ]


def _spread(rows: list[dict[str, Any]], per_day: int = 5) -> list[dict[str, Any]]:
    return spread(
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
