"""`migrate`: brings the database up to date (the Procfile's `release`)."""

from __future__ import annotations

import argparse
from typing import Any


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("migrate", help="bring the database up to date")
    parser.set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    """Applies every migration that is missing."""
    from bot.terminal.start import read_settings
    from db.engine import connect
    from db.migrate import upgrade

    upgrade(connect(read_settings().database_url))
    print("The database is up to date.")
    return 0
