"""Large data sets, made by bulk inserts: a workspace, its channels and people, accounts, plans."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import Any

import psycopg

from bot.actions.planning import AccountFacts, rows_for
from bot.rules import names
from bot.rules.playbook import Playbook, load
from bot.settings import ROOT
from db.engine import connect
from db.migrate import upgrade

WORKSPACE = "T0SANDBOX"  # the sandbox's, for the line that starts the whole program
BOT, SPEAKER = "U0BOT", "U0PRIYA"
CHANNELS = ("sales", "marketing", "operations", "customers", "general")
MANAGERS = 50
# Where an account stands, and how long a move to `renewal` is on from there.
STAGES = ("onboarding", "adoption", "growth")

_FIRST = ("Bal", "Cor", "Del", "Fer", "Gan", "Hol", "Mar", "Nor", "Pel", "Vas")
_LAST = ("ado", "enta", "ico", "iva", "ona", "ura", "ex", "is", "or", "um")
_TRADES = "Foods Logistics Energy Health Media Motors Paper Steel Tea Toys".split()
_FORMS = "Group Partners Works Trading Holding Systems Labs Brothers Union House".split()

Row = dict[str, Any]
Moment = Callable[[datetime], Any]


@dataclass(frozen=True)
class Size:
    """How many accounts, and how many of their stage's touchpoints each has planned at most."""

    accounts: int
    plays: int = 100

    @property
    def file(self) -> str:
        return f"{self.accounts}x{self.plays}.db"


@cache
def playbook() -> Playbook:
    """The playbook that Linchpin comes with."""
    return load(ROOT / "playbooks" / "default.yaml")


def name(number: int) -> str:
    """The name of account `number`; a million are different."""
    mixed = number * 7919 % 1_000_000
    one, two, three = mixed // 10_000, mixed // 100 % 100, mixed % 100
    words = (
        _FIRST[one // 10] + _LAST[one % 10],
        _FIRST[two // 10] + _LAST[two % 10],
        _TRADES[three // 10],
        _FORMS[three % 10],
    )
    return " ".join(words)


class Store:
    """Makes each data set once, as a SQLite file, and hands out copies."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.folder, self.now = folder, now
        self._copies = 0

    def original(self, size: Size) -> Path:
        """The file of that size; not to be written to."""
        path = self.folder / size.file
        if not path.exists():
            made = self.empty(path.with_suffix(".new"))
            _fill_sqlite(made, tables(size, self.now, as_text))
            made.rename(path)
        return path

    def copy(self, size: Size) -> str:
        """The URL of a copy of one's own."""
        return self.copy_of(self.original(size))

    def copy_of(self, path: Path | str) -> str:
        self._copies += 1
        return f"sqlite:///{shutil.copy(path, self._own(self._copies))}"

    def empty(self, path: Path | None = None) -> Path:
        """A file with the newest schema and no rows."""
        if path is None:
            self._copies += 1
            path = self._own(self._copies)
        schema = self.folder / "schema.db"
        if not schema.exists():
            engine = connect(f"sqlite:///{schema}")
            upgrade(engine)
            engine.dispose()
        return Path(shutil.copy(schema, path))

    def discard(self, url: str) -> None:
        """Takes a copy away again: the large ones are half a gigabyte."""
        path = url.removeprefix("sqlite:///")
        for ending in ("", "-wal", "-shm", ".lock"):
            Path(path + ending).unlink(missing_ok=True)

    def _own(self, number: int) -> Path:
        return self.folder / f"copy-{number}.db"


def tables(size: Size, now: datetime, at: Moment) -> Iterator[tuple[str, Iterable[Row]]]:
    """(table, rows) of a whole data set; `at` writes a time as the database has it."""
    began = at(now)
    yield "workspace", [_workspace(began)]
    yield "channel", [_channel(named, began) for named in CHANNELS]
    yield "person", [_person(user, began) for user in (SPEAKER, *managers())]
    numbers = range(1, size.accounts + 1)
    yield "account", (_account(n, now, began) for n in numbers)
    yield "stage_change", (_change(n, began) for n in numbers)
    # Without it the first start would give one to each: that is not what is measured.
    yield "cycle", (_cycle(n, began) for n in numbers)
    yield "touchpoint", _touchpoints(size, now, at)


def managers() -> list[str]:
    return [f"U0M{number:04}" for number in range(MANAGERS)]


def channel_id(named: str) -> str:
    return f"C0{named.upper()}"


def stage_of(number: int) -> str:
    return STAGES[number % len(STAGES)]


def _workspace(began: Any) -> Row:
    return {
        "id": WORKSPACE,
        "name": "Bench",
        "bot_user_id": BOT,
        "created_at": began,
        "greeted_at": began,
        "names_version": 1,
    }


def _channel(named: str, began: Any) -> Row:
    return {
        "workspace_id": WORKSPACE,
        "channel_id": channel_id(named),
        "name": named,
        "is_member": True,
        "is_shared_outside": False,
        "is_archived": False,
        "fetched_at": began,
    }


def _person(user: str, began: Any) -> Row:
    flags = ("is_admin", "is_guest", "is_bot", "is_deleted", "digest_off")
    words = {"name": user.lower(), "real_name": user.title(), "handle": user.lower(), "email": ""}
    return {
        "workspace_id": WORKSPACE,
        "user_id": user,
        "team_id": WORKSPACE,
        **words,
        "tz": "Europe/Dublin",
        "fetched_at": began,
        **dict.fromkeys(flags, False),
        "digest_weekday": 0,
        "digest_hour": 9,
    }


def _account(number: int, now: datetime, began: Any) -> Row:
    called = name(number)
    renews = date(now.year + 1, number % 12 + 1, number % 28 + 1)
    return {
        "workspace_id": WORKSPACE,
        "id": number,
        "name": called,
        "name_key": names.key(called),
        "slug": names.slug(called),
        "stage": stage_of(number),
        "stage_entered_at": began,
        "stage_entry": 1,
        "cycle": 1,
        "manager_id": f"U0M{number % MANAGERS:04}",
        "renews_on": renews.isoformat(),
        "created_at": began,
        "version": 1,
    }


def _change(number: int, began: Any) -> Row:
    return {
        "workspace_id": WORKSPACE,
        "account_id": number,
        "stage_entry": 1,
        "cycle": 1,
        "to_stage": stage_of(number),
        "source": "import",
        "at": began,
    }


def _cycle(number: int, began: Any) -> Row:
    return {
        "workspace_id": WORKSPACE,
        "account_id": number,
        "number": 1,
        "began_at": began,
        "source": "import",
    }


def _touchpoints(size: Size, now: datetime, at: Moment) -> Iterator[Row]:
    """The plays of each account's stage, planned as a move would plan them, from tomorrow on."""
    plans = {stage: list(_plan(stage, size.plays, now, at)) for stage in STAGES}
    for number in range(1, size.accounts + 1):
        for planned in plans[stage_of(number)]:
            yield {**planned, "account_id": number}


def _plan(stage: str, most: int, now: datetime, at: Moment) -> Iterator[Row]:
    facts = AccountFacts(0, stage, 1, now, date(now.year + 1, 6, 1))
    for row in islice(rows_for(playbook(), facts, now), most):
        due = at(max(row["due_at"], now + timedelta(days=1)))
        times = {"state_at": at(now), "due_at": due, "wake_at": due}
        yield {"workspace_id": WORKSPACE, **row, **times}


def fill(connection: sqlite3.Connection, table: str, rows: Iterable[Row]) -> int:
    """Inserts rows of equal columns, in batches; returns how many."""
    inserted, more = 0, iter(rows)
    while some := list(islice(more, 50_000)):
        columns = list(some[0])
        marks = ", ".join("?" * len(columns))
        statement = f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES ({marks})'
        connection.executemany(statement, [tuple(row.values()) for row in some])
        inserted += len(some)
    return inserted


def fill_postgresql(url: str, size: Size, now: datetime) -> None:
    """The same data set in an empty database of PostgreSQL, by COPY."""
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        for table, rows in tables(size, now, lambda moment: moment):
            copy_into(cursor, table, rows)
        cursor.execute("SELECT setval('account_id_seq', (SELECT max(id) FROM account))")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")


def copy_into(cursor: psycopg.Cursor[Any], table: str, rows: Iterable[Row]) -> None:
    more = iter(rows)
    first = next(more, None)
    if first is None:
        return
    statement = f'COPY "{table}" ({", ".join(first)}) FROM STDIN'
    with cursor.copy(statement.encode()) as copy:
        for row in chain((first,), more):
            copy.write_row(tuple(row.values()))


def _fill_sqlite(path: Path, found: Iterable[tuple[str, Iterable[Row]]]) -> None:
    """Without the indexes, which are made at the end: that is four times as fast."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("synchronous=OFF", "journal_mode=OFF", "cache_size=-200000"):
        connection.execute(f"PRAGMA {pragma}")
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    expected = connection.execute("SELECT tbl, idx, stat FROM sqlite_stat1").fetchall()
    for index, _ in indexes:
        connection.execute(f'DROP INDEX "{index}"')
    connection.execute("BEGIN")
    for table, rows in found:
        fill(connection, table, rows)
    for _, sql in indexes:
        connection.execute(sql)
    # What a migration says of the indexes went with them.
    connection.execute("DELETE FROM sqlite_stat1")
    connection.executemany("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", expected)
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def as_text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
