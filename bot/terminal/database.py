"""The database: `migrate` brings it up to date, `backup` copies it, `restore` puts a copy back, and
`restored` says that its own tools have (PostgreSQL): nothing is sent twice."""

import argparse
from datetime import datetime, timedelta
from pathlib import Path

from alembic.util import CommandError

from bot.rules.errors import UserError
from bot.settings import require_lasting_database
from bot.terminal.process.startup import read_settings, utc_now
from db.core.engine import NO_LIMIT, connect
from db.ops.health import last_beats
from db.ops.restore import set_epoch
from db.upkeep.backup import check_file, copy, replace_database, sqlite_file
from db.upkeep.migrate import upgrade
from db.upkeep.process_lock import hold_process_lock

# A process whose heartbeat is younger than this is at work.
RECENT_BEAT = timedelta(seconds=60)


def migrate(_arguments: argparse.Namespace) -> int:
    """Applies every migration that is missing."""
    settings = read_settings()
    require_lasting_database(settings)
    # A SQLite file in use by a running version is not changed; a server's database may be.
    with hold_process_lock(settings.database_url):
        engine = connect(settings.database_url, statement_seconds=NO_LIMIT)
        upgrade(engine)
        engine.dispose()
    print("The database is up to date.")
    return 0


def backup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--force", action="store_true", help="overwrite the file if it exists")


def backup(arguments: argparse.Namespace) -> int:
    """Writes a copy of one moment, and checks it."""
    database = sqlite_file(read_settings().database_url)
    copy(database, arguments.file, overwrite=arguments.force)
    size = arguments.file.stat().st_size
    print(f"{arguments.file} is a whole copy of {database} ({size / 1e6:,.1f} MB).")
    return 0


def restore_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)


def restore(arguments: argparse.Namespace) -> int:
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


def restored(_arguments: argparse.Namespace) -> int:
    """Run after pg_restore, before `web` and `worker` start again."""
    url = read_settings().database_url
    with hold_process_lock(url):
        engine = connect(url)
        upgrade(engine)
        now = utc_now()
        if any(now - at < RECENT_BEAT for at in last_beats(engine).values()):
            raise UserError(
                "Linchpin was at work on this database within the last minute. Stop every `web` "
                "and `worker`, wait a minute, then try again."
            )
        copied_at = set_epoch(engine, now)
        engine.dispose()
    print(f"The copy is of {copied_at:%Y-%m-%d %H:%M} UTC. Start Linchpin: it first reads in Slack")
    print("what it has said since then.")
    return 0
