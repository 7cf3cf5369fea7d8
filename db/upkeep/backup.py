"""Copies of a SQLite database: made while the program runs, and put back."""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.rules.errors import UserError


def sqlite_file(url: str) -> Path:
    """The file that `url` names. Raises UserError for any other database."""
    parsed = make_url(url)
    database = parsed.database or ":memory:"
    if parsed.get_backend_name() != "sqlite" or database == ":memory:":
        raise UserError(
            "DATABASE_URL names no SQLite file. PostgreSQL is copied with its own tools: "
            "docs/backup.md shows how."
        )
    return Path(database)


def copy(database: Path, to: Path, *, overwrite: bool = False) -> None:
    """Copies the database as it is at one moment, also while others write; checks the copy."""
    if not database.exists():
        raise UserError(f"There is no database at {database} yet, so nothing to copy.")
    if to.exists() and (to.is_dir() or to.samefile(database)):
        raise UserError(f"{to} is no place for a copy: name a file of its own.")
    if to.exists() and not overwrite:
        raise UserError(f"{to} exists. Name another file, or add --force to overwrite it.")
    if not to.parent.is_dir():
        raise UserError(f"There is no folder {to.parent}: make it first.")
    unfinished = to.with_name(f"{to.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    # It holds what customers said: for the owner's eyes only, from the first byte on.
    os.close(os.open(unfinished, os.O_CREAT | os.O_WRONLY, 0o600))
    try:
        _copy(database, unfinished)
        check_file(unfinished)
        _flush(unfinished)
        unfinished.replace(to)
        _flush(to.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def check_file(file: Path) -> None:
    """Raises UserError unless the file is a whole database of this program."""
    broken = UserError(f"{file} is no whole copy of a Linchpin database. Take another one.")
    if not file.is_file():
        raise UserError(f"There is no file {file}.")
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as opened:
            whole = opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            ours = opened.execute("SELECT count(*) FROM alembic_version").fetchone()[0] == 1
    except sqlite3.DatabaseError as error:
        raise broken from error
    if not (whole and ours):
        raise broken


def replace_database(copied: Path, database: Path, now: datetime) -> Path | None:
    """Puts a prepared copy in the database's place; returns where the old one is kept, if any. The
    old one is not opened, as it may be broken. It keeps its place until the copy takes it, and its
    journal goes with it: beside another database it would spoil that."""
    aside = None
    if database.exists():
        aside = database.with_name(f"{database.name}.before-restore-{now:%Y%m%dT%H%M%S}")
        _second_name(database, aside)
    for ending in ("-wal", "-shm"):
        beside = database.with_name(database.name + ending)
        if beside.exists():
            beside.replace(f"{aside or beside}{ending}")
    _flush(copied)
    copied.replace(database)
    _flush(database.parent)
    return aside


def _second_name(file: Path, name: Path) -> None:
    try:
        name.hardlink_to(file)
    except OSError:  # a file system without hard links
        shutil.copy2(file, name)


def _copy(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=rw", uri=True)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        # In one step: the copy is of one moment, and in WAL mode nobody waits for it.
        reading.backup(writing)
        # One file, without a journal beside it.
        writing.execute("PRAGMA journal_mode=DELETE")


def _flush(path: Path) -> None:
    """Lets a file or a folder reach the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
