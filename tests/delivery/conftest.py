"""A database and a post office for each story."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.databases import hasty
from tests.delivery.helpers import Clock, FakeSlack, Post, settle_in


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = hasty(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def slack() -> FakeSlack:
    return FakeSlack()


@pytest.fixture
def post(engine: Engine, slack: FakeSlack, clock: Clock) -> Post:
    settle_in(engine, clock.now)
    return Post(engine, slack, clock)
