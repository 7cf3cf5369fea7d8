"""What every entry point needs: the database, the playbook, Slack, the clock."""

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
from db.core.tx import begin, read
from db.models import Member
from db.workspace import departments


@dataclass(frozen=True)
class Context:
    """Made once by the terminal, handed to handlers and nudges.

    `now` gives an aware UTC time and is called at entry points only. `wake` tells the delivery loop
    of this process that a row was committed. `admins` are Slack users named in the settings,
    `scopes` what the app's manifest asks for, each with its purpose; `heartbeat_url` is the
    dead-man's switch, if there is one. `playbook_file` is the file's playbook; `begin` and `read`
    give the one in force, with the workspace's own hours and zones in it.
    """

    engine: Engine
    playbook_file: Playbook
    slack: Slack
    now: Callable[[], datetime]
    wake: Callable[[], None] = lambda: None
    admins: frozenset[str] = frozenset()
    bot_user: str = ""
    heartbeat_url: str = field(default="", repr=False)
    scopes: Mapping[str, str] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory, repr=False, compare=False)

    @cached_property
    def names(self) -> NameIndexes:
        """The names by which accounts are found."""
        return NameIndexes(self.engine)

    def is_admin(self, person: Member) -> bool:
        """Whether somebody may change departments, playbook and messages. Slack's own admins may,
        and users named in the settings."""
        return person.is_admin or person.user_id in self.admins

    @contextmanager
    def begin(self, now: datetime, by: Actor = CLOCK, workspace: str = "") -> Iterator[Work]:
        """One write transaction; without `workspace`, of the one this program speaks for."""
        with begin(self.engine, workspace or self.workspace) as tx:
            yield Work(tx, departments.in_force(tx, self.playbook_file), now, by)

    @contextmanager
    def read(self, now: datetime, by: Actor = CLOCK, workspace: str = "") -> Iterator[Work]:
        """The same for reading; takes no write lock on SQLite."""
        with read(self.engine, workspace or self.workspace) as tx:
            yield Work(tx, departments.in_force(tx, self.playbook_file), now, by)

    @property
    def workspace(self) -> str:
        """The Slack workspace this program speaks for; asked of Slack once."""
        return self.slack.workspace_id()
