"""What every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import freezegun
import pytest
from freezegun.api import FrozenDateTimeFactory

from sandbox import FREEZE_IGNORE
from tests.databases import database_url, postgresql, pytest_generate_tests
from tests.story import MONDAY, Story

__all__ = ["database_url", "postgresql", "pytest_generate_tests", "story"]

# A frozen pool time-out hangs for ever, and a frozen event loop never wakes (both measured).
freezegun.configure(
    extend_ignore_list=["sqlalchemy", "psycopg", "psycopg_pool", "_pytest.timing", *FREEZE_IGNORE]
)


@pytest.fixture
def story(tmp_path: Path, database_url: str) -> Iterator[Story]:
    """A workspace with Linchpin in it, on a Monday morning; ends red on an unexpected message."""
    with freezegun.freeze_time(MONDAY) as frozen:
        assert isinstance(frozen, FrozenDateTimeFactory)
        told = Story(tmp_path, frozen, url=database_url)
        try:
            yield told
            told.ended()
        finally:
            told.close()
