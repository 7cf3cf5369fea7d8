"""A workspace in a file of its own, and the `import` command as a person types it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import Engine, select
from sqlmodel import col

from bot.__main__ import build_parser
from bot.actions.actor import Actor
from bot.actions.work import Work
from bot.rules.playbook.load import load
from bot.rules.slack_facts import PersonFacts, WorkspaceFacts
from bot.settings import Settings
from bot.terminal.imports import command
from bot.terminal.imports.command import run
from db.core import workspaces
from db.core.tx import Tx, begin, read
from db.members import members
from db.models import Account, Row
from tests.databases import hasty

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TEAM = "T1"
PLAYBOOK = load(Settings().playbook)
PEOPLE = (("U1", "Priya Raman", "priya"), ("U2", "Tom Okafor", "tom"), ("U3", "Sam Carter", "sam"))


@dataclass
class Desk:
    """Where the import is typed: files beside it, a clock, what it printed last."""

    folder: Path
    url: str
    engine: Engine
    now: datetime = MONDAY
    printed: str = field(default="")

    def file(self, name: str, content: str | bytes) -> str:
        """Writes a file and gives its path."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def work(self, tx: Tx, by: Actor) -> Work:
        """What an action of that person works with."""
        return Work(tx, PLAYBOOK, self.now, by)

    def typed(self, *words: str) -> str:
        """Types `import …`; what it prints, spaces put together."""
        arguments = build_parser(["import"]).parse_args(["import", *words])
        out = io.StringIO()
        console = Console(file=out, width=220)
        settings = Settings(database_url=self.url)
        try:
            run(arguments, settings=settings, now=lambda: self.now, console=console)
        finally:
            self.printed = re.sub(" +", " ", out.getvalue())
        return self.printed

    def bring(self, content: str | bytes, *words: str) -> str:
        """Imports a list of accounts with this content."""
        return self.typed(self.file("accounts.csv", content), *words)

    def deals(self, content: str | bytes, *words: str) -> str:
        """Imports a list of deals with this content."""
        return self.typed("--deals", self.file("deals.csv", content), *words)

    def all(self, model: type[Row], *where: Any) -> list[Any]:
        with read(self.engine, TEAM) as tx:
            return tx.all(select(model).where(*where).order_by(col(model.id)))

    def account(self, name: str) -> Account:
        """The one account of that name."""
        (found,) = [one for one in self.all(Account) if one.name == name]
        return found

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def desk(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(command, "_pause_between", lambda: None)  # nobody else is there
    engine = hasty(database_url)
    workspaces.save_installation(engine, WorkspaceFacts(TEAM, "Fairweather", "UBOT"), MONDAY)
    with begin(engine, TEAM) as tx:
        members.save_all(tx, [_person(*one) for one in PEOPLE], MONDAY)
    yield Desk(tmp_path, database_url, engine)
    engine.dispose()


def _person(user_id: str, name: str, handle: str) -> PersonFacts:
    return PersonFacts(
        user_id, TEAM, name, real_name=name, handle=handle, email=f"{handle}@fairweather.example"
    )
