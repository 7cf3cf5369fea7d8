"""What every door needs: the database, the playbook, Slack, the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from sqlalchemy import Engine

from bot.actions.actor import CLOCK, Actor
from bot.actions.work import Work
from bot.memory import Memory
from bot.rules.playbook.playbook import Playbook
from bot.slack import Slack
from db.accounts.name_indexes import NameIndexes
from db.core.tx import begin
from db.models import Person
from db.workspace import departments


def _no_wake() -> None:
    """A process without a delivery loop has nobody to wake."""


@dataclass(frozen=True)
class Context:
    """Made once by the terminal, handed to handlers and nudges.

    `now` is read at the doors only and gives an aware UTC time. `wake` tells the delivery loop of
    this process that a row was committed. `admins` are Slack users named in the settings, `scopes`
    what the app's manifest asks for, each with its purpose; `heartbeat_url` is the dead-man's
    switch, if there is one.

    `playbook_file` is the file's playbook; `begin` gives the one in force, with the workspace's own
    hours and zones in it.
    """

    engine: Engine
    playbook_file: Playbook
    slack: Slack
    now: Callable[[], datetime]
    wake: Callable[[], None] = field(default=_no_wake)
    admins: frozenset[str] = frozenset()
    bot_user: str = ""
    heartbeat_url: str = field(default="", repr=False)
    scopes: Mapping[str, str] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory, repr=False, compare=False)

    @cached_property
    def names(self) -> NameIndexes:
        """What accounts are found by."""
        return NameIndexes(self.engine)

    def is_admin(self, person: Person) -> bool:
        """Whether somebody may change departments, playbook and messages: Slack's own admins, and
        whoever the settings name."""
        return person.is_admin or person.user_id in self.admins

    @contextmanager
    def begin(self, now: datetime, by: Actor = CLOCK, workspace: str = "") -> Iterator[Work]:
        """One write transaction: of this program's workspace, if none is named."""
        with begin(self.engine, workspace or self.workspace) as tx:
            yield Work(tx, departments.in_force(tx, self.playbook_file), now, by)

    @property
    def workspace(self) -> str:
        """The Slack workspace this program speaks for; asked of Slack once."""
        return self.slack.workspace_id()
