"""A database and a post office for each story."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel

from db.engine import connect
from tests.delivery.helpers import Clock, FakeSlack, Post, settle_in


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = connect(f"sqlite:///{tmp_path}/outbox.db")
    SQLModel.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def slack() -> FakeSlack:
    return FakeSlack()


@pytest.fixture
def post(engine: Engine, slack: FakeSlack, clock: Clock) -> Post:
    settle_in(engine, clock.now)
    return Post(engine, slack, clock)
