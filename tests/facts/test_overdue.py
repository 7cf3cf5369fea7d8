"""Since when a touchpoint is overdue, and the words for it."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from bot.messages.facts.known import overdue_text
from bot.rules.facts.standing import overdue_days
from bot.rules.playbook.playbook import parse
from tests.story import PLAYBOOK

FRIDAY, MONDAY = datetime(2026, 11, 27, 10, tzinfo=UTC), datetime(2026, 11, 30, 10, tzinfo=UTC)
WEDNESDAY = datetime(2026, 12, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "due_at", "nudged_at", "days"),
    [
        ("nudged", FRIDAY, FRIDAY, 3),
        ("claimed", FRIDAY, FRIDAY, 3),
        ("nudged", FRIDAY, MONDAY, 2),  # Linchpin showed it late
        ("nudged", WEDNESDAY, WEDNESDAY, 0),
        ("planned", FRIDAY, FRIDAY, 0),  # snoozed
    ],
)
def test_overdue_are_the_working_days_since_it_was_shown_and_due(
    state: str, due_at: datetime, nudged_at: datetime, days: int
) -> None:
    touchpoint = SimpleNamespace(state=state, owner="sales", due_at=due_at, nudged_at=nudged_at)
    assert overdue_days(parse(PLAYBOOK, "story.yaml"), touchpoint, WEDNESDAY) == days


def test_what_is_overdue_says_so_instead_of_its_day() -> None:
    today = date(2026, 12, 2)
    assert overdue_text(3, date(2026, 11, 27), today) == "*3 days overdue*"
    assert overdue_text(1, date(2026, 12, 1), today) == "*1 day overdue*"
    assert overdue_text(0, date(2026, 11, 29), today) == "due today"
    assert overdue_text(0, date(2026, 12, 3), today) == "due Thu 3 Dec"
