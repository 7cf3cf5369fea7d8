"""What every test may ask for."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import freezegun
import hypothesis
import pytest
from freezegun.api import FrozenDateTimeFactory

from sandbox import FREEZE_IGNORE
from tests.databases import database_url, postgresql, pytest_generate_tests
from tests.story import MONDAY, Story

__all__ = ["database_url", "postgresql", "pytest_generate_tests", "story"]

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")

# A frozen pool time-out hangs for ever, and a frozen event loop never wakes (both measured).
_OWN_TIME = ("sqlalchemy", "psycopg", "psycopg_pool", "_pytest.timing", *FREEZE_IGNORE)
# freezegun looks through every module whenever it stops the clock; these hardly look at one.
_NO_TIME = ("alembic", "holidays", "mako", "pygments", "rapidfuzz", "yaml")
freezegun.configure(extend_ignore_list=[*_OWN_TIME, *_NO_TIME])


# A busy machine says nothing about what is tested.
hypothesis.settings.register_profile(
    "busy", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("busy")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than processors: some tests wait for processes, a browser or seconds to go by."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What may take long goes first: at the end it would keep one worker busy and no other."""
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)


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
    playwright.expect.set_options(timeout=30_000)  # a busy machine takes its time
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no Chromium on this machine: apt install chromium")
    options = ["--no-sandbox", "--disable-background-networking"]
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=path, args=options)
        yield running
        running.close()
