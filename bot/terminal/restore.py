"""`restore`: puts a copy of the SQLite database back; what was sent since is not sent again."""

import argparse
from datetime import datetime
from pathlib import Path

from alembic.util import CommandError

from bot.rules.errors import UserError
from bot.terminal.process.startup import read_settings, utc_now
from db.core.engine import connect
from db.ops.restore import set_epoch
from db.upkeep.backup import check_file, copy, replace_database, sqlite_file
from db.upkeep.migrate import upgrade
from db.upkeep.process_lock import hold_process_lock


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)


def run(arguments: argparse.Namespace) -> int:
    """Refused while Linchpin runs. The database that was there is kept beside the new one."""
    url = read_settings().database_url
    copied_at, aside = restore_backup(url, arguments.file, utc_now())
    print(f"Restored from a copy of {copied_at:%Y-%m-%d %H:%M} UTC.")
    if aside is not None:
        print(f"The database that was there is kept as {aside}.")
    print("Start Linchpin: it first reads in Slack what it has said since then.")
    return 0


def restore_backup(url: str, file: Path, now: datetime) -> tuple[datetime, Path | None]:
    """Puts a checked copy in the database's place; returns its time, and where the old one is."""
    database = sqlite_file(url)
    check_file(file)
    prepared = database.with_name(f"{database.name}.restoring")
    with hold_process_lock(url):
        copy(file, prepared, overwrite=True)
        try:
            copied_at = _prepare_copy(prepared, now)
            return copied_at, replace_database(prepared, database, now)
        finally:
            prepared.unlink(missing_ok=True)


def _prepare_copy(copied: Path, now: datetime) -> datetime:
    engine = connect(f"sqlite:///{copied}")
    try:
        upgrade(engine)
        return set_epoch(engine, now)
    except CommandError:
        raise UserError(
            "That copy is of a newer Linchpin than this one. Install that version, then restore."
        ) from None
    finally:
        engine.dispose()
