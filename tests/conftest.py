"""What every test may ask for."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import freezegun
import hypothesis
import pytest
from freezegun.api import FrozenDateTimeFactory

from bot.messages.kit.text import DAYS, NO_DAYS
from tests.databases import database_url, postgresql, pytest_generate_tests
from tests.story import MONDAY, Story
from tools import clock_shift

__all__ = ["database_url", "postgresql", "pytest_generate_tests", "story"]

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")

# A busy machine says nothing about what is tested; each run tries other examples.
hypothesis.settings.register_profile(
    "linchpin",
    deadline=None,
    max_examples=40,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("linchpin")


def pytest_addoption(parser: pytest.Parser) -> None:
    told = "begin at this moment, in UTC where it names no zone: 2028-02-29T23:55"
    parser.addoption("--now", type=clock_shift.seconds_to, default=0.0, metavar="MOMENT", help=told)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """The tests run at the moment of `--now`; those that stop the clock, at their own."""
    clock_shift.move(session.config.getoption("now"))
    try:
        return (yield)
    finally:
        clock_shift.move_back()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than processors: some tests wait for processes, a browser or seconds to go by."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(autouse=True)
def no_work_before() -> None:
    """Messages tell days as of the latest work; what another test did does not count."""
    DAYS.set(NO_DAYS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What may take longest goes first: at the end it would keep one worker busy and no other."""
    items.sort(key=_longest_first)


def _longest_first(item: pytest.Item) -> float:
    marked = item.get_closest_marker("timeout")
    return -float(marked.args[0]) if marked else 0


def pytest_collection_finish() -> None:
    """What is there now stays: the collector need not look at it again, nor so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def _is_story(item: pytest.Item | None) -> bool:
    return isinstance(item, pytest.Function) and "story" in item.fixturenames


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Iterator[None]:
    """From one story to the next the clock stays stopped: stopping it takes freezegun a walk
    through every module, and to stop it once more takes nothing."""
    yield
    if _stopped and not _is_story(nextitem):
        _stopped.pop().stop()


_stopped: list[Any] = []


@pytest.fixture
def story(tmp_path: Path, database_url: str) -> Iterator[Story]:
    """A workspace with Linchpin in it, on a Monday morning; ends red on an unexpected message."""
    if not _stopped:
        _stopped.append(freezegun.freeze_time(MONDAY))
        _stopped[0].start()
    with freezegun.freeze_time(MONDAY) as frozen:
        assert isinstance(frozen, FrozenDateTimeFactory)
        told = Story(tmp_path, frozen, url=database_url)
        try:
            yield told
            told.ended()
        finally:
            told.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless Chromium, shared by the tests of one process: Playwright runs once in each."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    playwright.expect.set_options(timeout=60_000)  # a busy machine takes its time
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no Chromium on this machine: apt install chromium")
    options = ["--no-sandbox", "--disable-background-networking"]
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=path, args=options)
        yield running
        running.close()
