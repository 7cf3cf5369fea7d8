"""`backup`: a copy of the SQLite database, also while Linchpin runs."""

import argparse
from pathlib import Path

from bot.terminal.process.startup import read_settings
from db.upkeep.backup import copy, sqlite_file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--force", action="store_true", help="overwrite the file if it exists")


def run(arguments: argparse.Namespace) -> int:
    """Writes a copy of one moment, and checks it."""
    database = sqlite_file(read_settings().database_url)
    copy(database, arguments.file, overwrite=arguments.force)
    size = arguments.file.stat().st_size
    print(f"{arguments.file} is a whole copy of {database} ({size / 1e6:,.1f} MB).")
    return 0
