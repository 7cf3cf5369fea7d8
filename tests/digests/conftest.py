"""A database for each story."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.databases import hasty
from tests.digests.world import World


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = hasty(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def world(engine: Engine) -> World:
    world = World(engine)
    world.settle()
    return world
