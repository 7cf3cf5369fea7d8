"""`migrate`: brings the database up to date (the Procfile's `release`)."""

import argparse

from bot.settings import require_lasting_database
from bot.terminal.process.startup import read_settings
from db.core.engine import NO_LIMIT, connect
from db.upkeep.migrate import upgrade
from db.upkeep.process_lock import hold_process_lock


def run(_arguments: argparse.Namespace) -> int:
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
