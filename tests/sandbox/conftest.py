"""A sandbox with a clock in the test's hand, a client for its Web API, and a little bot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk import WebClient

from sandbox import Sandbox
from tests.sandbox.little_bot import LittleBot


@dataclass
class Clock:
    """Stands still until it is told to move."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))


@pytest.fixture
def sb(clock: Clock) -> Iterator[Sandbox]:
    with Sandbox(now=clock) as sandbox:
        sandbox.switches.patience = 30  # a busy machine is not what is tried here
        yield sandbox


@pytest.fixture
def api(sb: Sandbox) -> WebClient:
    return WebClient(token=sb.bot_token, base_url=sb.api_url, retry_handlers=[])


@pytest.fixture
def bot(sb: Sandbox) -> Iterator[LittleBot]:
    little = LittleBot(sb)
    sb.bot_url = little.url
    yield little
    little.close()
