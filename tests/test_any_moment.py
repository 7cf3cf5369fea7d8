"""The suite begins at any moment: parts of it at three, and what `--now` promises."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from freezegun import api

from bench import data, scale
from tests.databases import sqlite_file
from tests.nudges.test_clock import Office, snoozed_until_now
from tests.waiting import wait_for
from tools import clock_shift
from tools.child_processes import child_command

ROOT = Path(__file__).resolve().parent.parent
RUN = "tests/ops/test_processes.py::test_run_answers_and_announces_through_socket_mode"
MONDAY_MORNING = "2026-11-30T09:30"  # in office hours, when messages are due

not_moved_yet = pytest.mark.skipif("config.getoption('now') != 0", reason="moves the clock itself")


@pytest.mark.timeout(400)  # a busy machine takes its time
@not_moved_yet
def test_a_part_of_the_suite_at_another_moment() -> None:
    options = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--now", MONDAY_MORNING)
    environment = {name: each for name, each in os.environ.items() if not name.startswith("PYTEST")}
    ended = subprocess.run(
        child_command("pytest", *options, "tests/test_any_moment.py", RUN),
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.fixture(params=[MONDAY_MORNING, "2026-12-31T23:55", "2028-02-29T23:55"])
def moment(request: pytest.FixtureRequest) -> Iterator[None]:
    """The clock of this process is moved there meanwhile."""
    clock_shift.move(clock_shift.seconds_to(request.param))
    yield
    clock_shift.move_back()


@not_moved_yet
def test_the_tick_that_the_bench_measures_has_nothing_to_do(moment: None, tmp_path: Path) -> None:
    context = scale.context_of(sqlite_file(tmp_path))
    data.fill(context.engine, data.Size(20, 1, scale.NOW))
    scale.tick(context)
    context.engine.dispose()


@not_moved_yet
def test_the_clock_sends_what_is_due(moment: None, tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.clock.start()
    try:
        snoozed_until_now(office)
        wait_for(lambda: office.slack.messages("#operations"))
    finally:
        office.clock.stop()
        office.close()


def test_the_clock_is_as_far_ahead_as_it_was_moved_and_goes_on() -> None:
    ahead = datetime.now(UTC).timestamp() - api.real_time()
    assert ahead == pytest.approx(clock_shift.shift(), abs=5)
    began, ticked = datetime.now(UTC), time.monotonic()
    time.sleep(0.05)
    assert datetime.now(UTC) > began
    assert time.monotonic() > ticked


def test_a_process_that_a_test_starts_has_the_same_clock() -> None:
    asked = child_command("calendar")  # without a year it shows the present one
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert int(said.split()[0]) - datetime.now(UTC).year in (0, 1)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2028-02-29T23:55", datetime(2028, 2, 29, 23, 55, tzinfo=UTC)),
        ("2028-02-29T23:55+01:00", datetime(2028, 2, 29, 22, 55, tzinfo=UTC)),
        ("2026-11-30", datetime(2026, 11, 30, tzinfo=UTC)),
    ],
)
def test_a_moment_without_a_zone_is_in_utc(said: str, meant: datetime) -> None:
    assert clock_shift.seconds_to(said) == pytest.approx(meant.timestamp() - api.real_time(), abs=5)
