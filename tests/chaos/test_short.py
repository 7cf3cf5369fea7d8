"""Each scenario of `make chaos` in its short form; what they promise is docs/reliability.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos import (
    boundaries,
    firing,
    lanes,
    late,
    machine,
    migrating,
    outage,
    planning,
    reactions,
    years,
)
from tests.chaos.databases import POSTGRES, SQLITE
from tests.chaos.figures import Figure

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.timeout(400),
    # slack_sdk does not close a response that broke off.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
both = pytest.mark.parametrize("database", [SQLITE, POSTGRES])

QUICK = 60.0  # how many times faster than the machine's clock


def reached(figure: Figure) -> None:
    assert figure.passed, f"{figure.what}: {figure.measured}; wanted: {figure.goal}"


@both
def test_workers_killed_at_any_moment_lose_and_double_nothing(
    database: str, tmp_path: Path
) -> None:
    reached(firing.killed(tmp_path, database, posts=24, nudges=8, kills=3, speed=QUICK))


def test_the_judge_sees_what_doubles_without_the_state_unknown(tmp_path: Path) -> None:
    reached(
        firing.without_unknown(tmp_path, SQLITE, posts=80, nudges=0, kills=2, least=0, speed=QUICK)
    )


def test_the_judge_sees_what_is_lost_when_sent_is_written_first(tmp_path: Path) -> None:
    reached(firing.sent_first(tmp_path, SQLITE, posts=80, nudges=0, kills=2, least=0, speed=QUICK))


@both
def test_a_crash_at_a_statement_boundary_is_recovered_from(database: str, tmp_path: Path) -> None:
    reached(boundaries.crash_everywhere(tmp_path, database, every=110))


def test_a_worker_that_sleeps_through_its_lease_doubles_nothing(tmp_path: Path) -> None:
    reached(firing.stopped(tmp_path, POSTGRES, posts=40, nudges=0, stops=2, speed=QUICK))


def test_what_slack_shows_late_is_not_said_again(tmp_path: Path) -> None:
    reached(late.within_the_window(tmp_path, SQLITE, posts=10))


def test_what_slack_shows_after_the_settle_window_is_said_twice(tmp_path: Path) -> None:
    reached(late.beyond_it(tmp_path, SQLITE, posts=5))


def test_several_processes_plan_each_digest_once(tmp_path: Path) -> None:
    reached(planning.a_year(tmp_path, POSTGRES, workspaces=2, days=8))


@both
def test_reactions_have_one_effect_however_they_come(database: str, tmp_path: Path) -> None:
    reached(reactions.shuffled(tmp_path, database, messages=12, kills=2))


@both
def test_a_failing_listener_leaves_nothing_and_the_redelivery_succeeds(
    database: str, tmp_path: Path
) -> None:
    reached(outage.failing(tmp_path, database, every=20))


def test_a_channel_that_refuses_is_asked_twice_an_hour_and_holds_up_nobody(tmp_path: Path) -> None:
    reached(lanes.refusing(tmp_path, SQLITE, channels=4, minutes=65, every=1300))


def test_no_channel_gets_more_than_a_message_a_second(tmp_path: Path) -> None:
    reached(lanes.paced(tmp_path, POSTGRES, posts=20, channels=2, speed=15, limited=1))


def test_a_message_without_sense_ends_alone(tmp_path: Path) -> None:
    reached(lanes.poisoned(tmp_path, POSTGRES, posts=24, bad=6))


@both
def test_a_migration_killed_half_way_leaves_the_old_or_the_new(
    database: str, tmp_path: Path
) -> None:
    reached(migrating.killed(tmp_path, database, accounts=50, kills=2, versions=1))


@pytest.mark.parametrize("mutant", [migrating.FOREIGN_KEYS_ON, migrating.EACH_BY_ITSELF])
def test_a_migration_that_loses_rows_or_stops_half_way_is_seen(mutant: str, tmp_path: Path) -> None:
    reached(migrating.killed(tmp_path, SQLITE, accounts=50, kills=9, versions=1, mutant=mutant))


def test_no_order_of_troubles_breaks_an_invariant(tmp_path: Path) -> None:
    reached(machine.explored(tmp_path, SQLITE, runs=3, steps=25))


def test_summer_time_leap_days_and_ends_of_months(tmp_path: Path) -> None:
    reached(years.calendars(tmp_path, "none", zones=4, years=2, until=2032))
