"""The suite begins at any moment: parts of it at three, and what `--now` promises."""

from __future__ import annotations

import os
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from freezegun import api

from tools import clock_shift
from tools.child_processes import child_command

ROOT = Path(__file__).resolve().parent.parent

# What has most to do with the present: the bench's idle tick, the clock in real time, `--now`.
PARTS = (
    "tests/test_any_moment.py",
    "tests/tools/test_bench.py::test_lines_are_measured_and_written_between_the_markers",
    "tests/nudges/test_clock.py::test_it_stops_between_two_messages",
)
RUN = "tests/ops/test_processes.py::test_run_answers_and_announces_through_socket_mode"


@pytest.mark.timeout(400)  # a busy machine takes its time
@pytest.mark.skipif("config.getoption('now') != 0", reason="these are the parts")
@pytest.mark.parametrize(
    ("moment", "parts"),
    [
        ("2026-11-30T09:30", (*PARTS, RUN)),  # a Monday in office hours
        ("2026-12-31T23:55", PARTS),
        ("2028-02-29T23:55", PARTS),
    ],
)
def test_parts_of_the_suite_at_another_moment(moment: str, parts: tuple[str, ...]) -> None:
    words = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--now", moment, *parts)
    environment = {name: told for name, told in os.environ.items() if not name.startswith("PYTEST")}
    ended = subprocess.run(
        child_command("pytest", *words),
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


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
