"""One run's world: a database, the sandbox's Slack in this process, touchpoints that come due."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import col, select

from bot.context import Context
from bot.slack import Slack
from bot.terminal.process.startup import learn_workspace
from db.core.tx import begin
from db.models import Account, Touchpoint
from db.outbox import enqueue_post
from sandbox import Sandbox
from tests.chaos.clocks import Clock
from tests.chaos.databases import fresh
from tests.chaos.judge import Verdict, judge, left
from tests.chaos.playbook import DEPARTMENTS, playbook
from tests.chaos.storm import Storm, Weather
from tests.databases import hasty

DEADLINE = 15.0
CHANNELS = 40  # the first ones are the departments'
MANAGERS = 36


class World:
    """Everything a scenario needs. `database` is "sqlite" or "postgres"."""

    def __init__(self, folder: Path, database: str, clock: Clock) -> None:
        self.folder, self.clock = folder, clock
        self.url = fresh(database, folder)
        self.engine: Engine = hasty(self.url)
        self.sandbox = Sandbox(now=clock)
        for number in range(CHANNELS):
            self.sandbox.add_channel(f"d{number:02}", ["priya", "linchpin"])
        for number in range(MANAGERS):
            self.sandbox.add_person(f"m{number:02}", f"Manager {number:02}")
        self.managers = [self.sandbox.person(f"m{n:02}").id for n in range(MANAGERS)]
        self.sandbox.serve()
        self.context: Context = learn_workspace(
            self.engine, playbook(), self.slack(), frozenset(), clock
        )

    @property
    def workspace(self) -> str:
        return self.context.workspace

    def slack(self) -> Slack:
        """A client with the program's own deadline, in the scenario's time."""
        return client(self.sandbox.bot_token, self.sandbox.api_url, self.clock)

    def storm(self, weather: Weather, seed: int) -> Storm:
        """From now on posts go wrong by chance."""
        storm = Storm(weather, seed, self.clock.speed)
        self.sandbox.workspace.faults = storm
        return storm

    def plan(self, count: int, per_second: float) -> None:
        """So many touchpoints, one account each, due one after the other from now on.

        They take turns among the departments and the managers: forty lanes.
        """
        start = self.clock() + timedelta(seconds=1)
        owners = [*(f"d{n:02}" for n in range(DEPARTMENTS)), *self.managers]
        with begin(self.engine, self.workspace) as tx:
            tx.add_all(Account, [_account(n, start, owners[n % len(owners)]) for n in range(count)])
            accounts = tx.all(select(col(Account.id)).order_by(col(Account.id)))
            rows = [
                _touchpoint(
                    account, owners[n % len(owners)], start + timedelta(seconds=n / per_second)
                )
                for n, account in enumerate(accounts)
            ]
            tx.add_all(Touchpoint, rows)

    def say(self, count: int, channels: int = CHANNELS, **more: Any) -> None:
        """So many plain posts, taking turns among channels."""
        with begin(self.engine, self.workspace) as tx:
            for n in range(count):
                enqueue_post(
                    tx,
                    dedupe_key=f"said:{n}",
                    kind="nudge",
                    channel=f"C0D{n % channels:02}",
                    payload={"text": f"message {n}", "blocks": []},
                    now=self.clock(),
                    **more,
                )

    def settled(self) -> bool:
        return not any(self.left())

    def left(self) -> tuple[int, int]:
        """Rows that have not ended, touchpoints that were not told of."""
        return left(self.engine, self.workspace)

    def verdict(self) -> Verdict:
        with self.sandbox.workspace.lock:
            return judge(self.engine, self.workspace, self.sandbox)

    def close(self) -> None:
        self.sandbox.close()
        self.engine.dispose()


@contextmanager
def world(folder: Path, database: str, clock: Clock) -> Iterator[World]:
    """A world that is closed at the end."""
    made = World(folder, database, clock)
    try:
        yield made
    finally:
        made.close()


def client(token: str, api_url: str, clock: Clock) -> Slack:
    """Slack's client; its deadline is the program's, as long as the clock runs faster."""
    return Slack(token, api_url, deadline=DEADLINE / clock.speed)


def _account(number: int, at: datetime, owner: str) -> dict[str, Any]:
    name = f"Firm {number:06}"
    return {
        "name": name,
        "name_key": name.casefold(),
        "slug": name.casefold().replace(" ", "-"),
        "stage": "onboarding",
        "stage_entered_at": at,
        "manager_id": owner if owner.startswith("U") else None,
        "created_at": at,
    }


def _touchpoint(account: int, owner: str, due: datetime) -> dict[str, Any]:
    play = "manager" if owner.startswith("U") else owner
    return {
        "account_id": account,
        "stage": "onboarding",
        "stage_entry": 1,
        "play": play,
        "owner": play,
        "title": "Kick-off call",
        "state_at": due,
        "due_at": due,
        "wake_at": due,
        "snoozed_until": due,  # what was snoozed comes at once, also during the day
    }
