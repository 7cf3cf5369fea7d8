"""Scenario 12: the database is brought up to date, and that is killed half-way, again and again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine
from sqlalchemy.exc import NoSuchTableError

from db.core.engine import NO_LIMIT, connect
from db.upkeep import migrate
from tests.chaos import older
from tests.chaos.databases import copied, empty
from tests.chaos.figures import Figure
from tests.chaos.migration import KILLED, Migration, Took
from tests.upgrade import first_schema

#: Tables whose rows a later version keeps in one, `absence`.
_MERGED = ("away", "away_plan")
FOREIGN_KEYS_ON, EACH_BY_ITSELF = "foreign keys on", "each statement by itself"
# What a version may do one day that hurts most: on SQLite it makes the table of accounts anew.
_REBUILD = '''"""a test's own: the accounts, which most tables refer to, get another shape"""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{newest}"


def upgrade() -> None:
    with op.batch_alter_table("account") as batch:
        batch.add_column(sa.Column("nickname", sa.String(), server_default="", nullable=False))
        batch.alter_column("owner_name", type_=sa.Text())
    op.execute("UPDATE account SET nickname = name")
'''


def killed(
    folder: Path, database: str, *, accounts: int, kills: int, versions: int = 99, mutant: str = ""
) -> Figure:
    """From every released version (or so many, the newest) and on, under `kills` each.

    The last step is a test's own, which rebuilds the accounts. `mutant`: one that must be seen.
    """
    scripts = _scripts(folder, mutant)
    with _open("sqlite://") as engine, _using(scripts):
        starts = older.revisions(engine)[:-1][-versions:]
    hits, wrong, rows = 0, [], 0
    for start in starts:
        original = _Original(folder, database, scripts, start, accounts)
        rows += sum(count for count, _ in original.rows.values())
        hit, problem = _under_fire(original, kills, mutant == EACH_BY_ITSELF)
        hits += hit
        wrong += [f"from {start}: {problem}"] if problem else []
    what = "from each older version to the newest and one that rebuilds accounts, killed half-way"
    return Figure(
        "12b" if mutant else "12",
        f'mutant with "{mutant}", as 12: must be seen' if mutant else what,
        database,
        f"{accounts} accounts, {rows} rows, {hits} kills, {len(starts)} older versions",
        f"{len(wrong)} wrong" + (f": {'; '.join(wrong)}" if wrong else ""),
        "seen" if mutant else "rows equal, no reference to nothing, always wholly old or new",
        bool(wrong) if mutant else not wrong and hits == kills * len(starts),
    )


class _Original:
    """A database as an older version left it, and all that it says."""

    def __init__(
        self, folder: Path, database: str, scripts: Path, version: str, accounts: int
    ) -> None:
        self.folder, self.database, self.scripts, self.version = folder, database, scripts, version
        self.url = empty(database, folder)
        with _open(self.url) as engine, _using(scripts):
            first_schema.create(engine)
            migrate.upgrade(engine, version)
        with _open(self.url) as engine:
            contents = older.Contents(engine)
            contents.fill(accounts)
            assert not contents.orphans(), "what was put in refers to nothing"
            self.columns = contents.columns
            self.rows = contents.rows(self.columns)

    def copy(self) -> str:
        return copied(self.database, self.url, self.folder)

    def differs(self, url: str) -> str:
        """What is wrong with a copy that is brought up to date, or still as it was; "" if nothing.

        It must not be anything between.
        """
        with _open(url) as engine, _using(self.scripts):
            try:
                contents = older.Contents(engine)
            except NoSuchTableError as missing:
                return f"the table {missing} is gone, and others refer to it"
            orphans, now = contents.orphans(), contents.rows(self.columns)
            absences = contents.rows({"absence": ["id"]}).get("absence", (0, ""))[0]
            is_new, is_old = migrate.is_current(engine), contents.columns == self.columns
        if orphans:
            return f"{orphans} rows refer to nothing"
        if not is_new and not is_old:
            return "half of it is new"
        lost = [
            name
            for name, rows in self.rows.items()
            if now.get(name) != rows and not (is_new and name in _MERGED)
        ]
        before = sum(self.rows.get(name, (0, ""))[0] for name in _MERGED)
        if is_new and "absence" not in self.rows and absences != before:
            lost.append("absence")
        return f"other rows than before in {', '.join(lost)}" if lost else ""


def _under_fire(original: _Original, kills: int, each_by_itself: bool) -> tuple[int, str]:
    """(how often it was hit, what was wrong): killed, at last left alone, compared each time."""
    notes = original.folder / "took"
    made = Migration(original.copy(), original.scripts, notes, each_by_itself=each_by_itself)
    if problem := _to_its_end(made, original):
        return 0, problem
    took, chance, hits = made.took(), Random(12), 0
    made = replace(made, url=original.copy())
    while hits < kills:
        if replace(made, **_death(took, hits, chance)).run() != KILLED:
            made = replace(made, url=original.copy())  # it was quicker this time
            continue
        hits += 1
        if problem := original.differs(made.url):
            return hits, problem
    return hits, _to_its_end(made, original)


def _death(took: Took, number: int, chance: Random) -> dict[str, Any]:
    """By turns at a statement and at any moment."""
    if number % 2:
        return {"die_before": chance.randint(2, took.statements)}
    return {"die_after": chance.uniform(0, took.seconds)}


def _to_its_end(made: Migration, original: _Original) -> str:
    if made.run() != 0:
        return "it does not come to its end"
    return original.differs(made.url)


def _scripts(folder: Path, mutant: str) -> Path:
    """The migrations with the test's own as the newest."""
    scripts = folder / "migrations"
    shutil.copytree(migrate.MIGRATIONS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    with _open("sqlite://") as engine:
        newest = older.revisions(engine)[-1]
    (scripts / "versions" / "9999_rebuild.py").write_text(_REBUILD.format(newest=newest))
    if mutant == FOREIGN_KEYS_ON:
        env = scripts / "env.py"
        off, on = "PRAGMA foreign_keys=OFF", "PRAGMA foreign_keys=ON"
        assert off in env.read_text()
        env.write_text(env.read_text().replace(off, on))
    return scripts


def _using(scripts: Path) -> Any:
    return patch.object(migrate, "MIGRATIONS", scripts)


@contextmanager
def _open(url: str) -> Iterator[Engine]:
    engine = connect(url, statement_seconds=NO_LIMIT)
    try:
        yield engine
    finally:
        engine.dispose()
