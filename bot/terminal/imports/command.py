"""`python -m bot import`: what a CRM exports, and taking it back."""

import argparse
import hashlib
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from sqlalchemy import Engine

from bot.actions.actor import IMPORT
from bot.actions.imports.change_log import Progress
from bot.actions.imports.imports import import_at_once, import_in_batches
from bot.actions.imports.process import ImportJob, TransactionPerStep
from bot.actions.imports.undo import undo_last_import
from bot.actions.work import Work
from bot.rules.errors import UserError
from bot.rules.imports.result import Outcome, answers_of_flags
from bot.rules.imports.sheet import read_sheet
from bot.rules.playbook.playbook import Playbook
from bot.settings import Settings, load
from bot.terminal.imports import tables
from bot.terminal.process.startup import open_workspace, read_playbook, utc_now
from db.core.engine import NO_LIMIT, connect, is_sqlite
from db.core.tx import begin, read, try_out
from db.imports.imports import ConcurrentChange
from db.upkeep.backup import copy, sqlite_file
from db.workspace import departments

_EXAMPLES = """examples:
  python -m bot import accounts.csv --dry-run
  python -m bot import accounts.csv --map "Firm=name" --stage "Closed Won=onboarding"
  python -m bot import --deals sales-pipeline.csv
  python -m bot import --contacts people.csv
  python -m bot import --undo
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Brings accounts, deals and contacts in from CSV files of HubSpot, Salesforce, Pipedrive "
        "or a spreadsheet. The same file twice changes nothing."
    )
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("file", nargs="?", metavar="FILE.csv", help="a list of accounts")
    parser.add_argument("--deals", metavar="FILE.csv", help="a list of deals (opportunities)")
    parser.add_argument("--contacts", metavar="FILE.csv", help="a list of people at customers")
    parser.add_argument(
        "--map", action="append", default=[], metavar="COLUMN=FIELD", help="which column is what"
    )
    parser.add_argument(
        "--stage", action="append", default=[], metavar="WORD=STAGE", help="which stage is meant"
    )
    parser.add_argument("--dates", choices=("dmy", "mdy"), help="what 03/04/2027 means")
    parser.add_argument(
        "--answer", action="append", default=[], metavar="QUESTION=VALUE", help="as it is asked"
    )
    parser.add_argument("--dry-run", action="store_true", help="show it, change nothing")
    parser.add_argument("--rejects", metavar="FILE.csv", help="write all rejected rows there")
    parser.add_argument("--undo", action="store_true", help="take the last import back")
    parser.add_argument("--workspace", metavar="T…", help="which one, if there are several")
    parser.add_argument("--playbook", metavar="FILE", help="instead of LINCHPIN_PLAYBOOK")


def run(
    arguments: argparse.Namespace,
    *,
    settings: Settings | None = None,
    now: Callable[[], datetime] | None = None,
    console: Console | None = None,
) -> int:
    """Does what the arguments say; raises UserError for what a person can put right."""
    console, settings, moment = console or Console(), settings or load(), (now or utc_now)()
    job = read_job(arguments)
    with open_workspace(settings.database_url, arguments.workspace, moment) as (engine, workspace):
        if job is None:
            with begin(engine, workspace) as tx:
                undone = undo_last_import(tx, moment)
            tables.show_undone(console, undone)
            return 0
        file = read_playbook(Path(arguments.playbook or settings.playbook))
        with read(engine, workspace) as tx:
            playbook = departments.in_force(tx, file)
        bring = _dry_run if arguments.dry_run else _import
        try:
            with tables.progress_bar(console) as progress:
                outcome = bring(engine, workspace, playbook, job, moment, progress)
        except ConcurrentChange:
            raise UserError(
                "Somebody changed accounts while the import was at work, and it could not go on. "
                "Run it again: it goes on where it was."
            ) from None
    tables.show_outcome(console, outcome, dry_run=arguments.dry_run)
    if arguments.rejects:
        tables.write_rejects(arguments.rejects, outcome)
        console.print(f"The rejected rows are in {arguments.rejects}.")
    return 0


def _import(
    engine: Engine,
    workspace: str,
    playbook: Playbook,
    job: ImportJob,
    now: datetime,
    progress: Progress,
) -> Outcome:
    steps = TransactionPerStep(engine, workspace, _pause_between)
    return import_in_batches(steps, playbook, job, now, progress)


def _pause_between() -> None:
    """Those who wait for SQLite's lock look again after a tenth of a second at the latest."""
    time.sleep(0.12)


def _dry_run(
    engine: Engine,
    workspace: str,
    playbook: Playbook,
    job: ImportJob,
    now: datetime,
    progress: Progress,
) -> Outcome:
    """What an import would do: it is done, and taken back. With SQLite, which lets one writer in
    at a time, that happens in a copy, so that nobody waits for it."""
    with ExitStack() as stack:
        if is_sqlite(engine):
            folder = stack.enter_context(TemporaryDirectory(prefix="linchpin-"))
            file = Path(folder) / "copy.db"
            copy(sqlite_file(str(engine.url)), file)
            engine = connect(f"sqlite:///{file}", statement_seconds=NO_LIMIT)
            stack.callback(engine.dispose)
        with try_out(engine, workspace) as tx:
            return import_at_once(Work(tx, playbook, now, IMPORT), job, progress)


def read_job(arguments: argparse.Namespace) -> ImportJob | None:
    """The files of the arguments, read; None to take the last import back."""
    named = arguments.file or arguments.deals or arguments.contacts
    if arguments.undo and (named or arguments.dry_run):
        raise UserError("--undo takes the last import back and goes with no file: import --undo")
    if arguments.undo:
        return None
    if arguments.rejects and not Path(arguments.rejects).parent.is_dir():
        raise UserError(
            f"There is no folder {Path(arguments.rejects).parent} for the rejected rows."
        )
    if not named:
        raise UserError(
            "Say which file: python -m bot import accounts.csv, or import --deals deals.csv"
        )
    lists = {"accounts": "file", "deals": "deals", "contacts": "contacts"}
    files = {kind: Path(name) for kind, at in lists.items() if (name := getattr(arguments, at))}
    contents = {kind: _read_bytes(file) for kind, file in files.items()}
    return ImportJob(
        source=" and ".join(file.name for file in files.values()),
        digest=hashlib.sha256(b"".join(contents.values())).hexdigest(),
        sheets={kind: read_sheet(contents[kind], file.name) for kind, file in files.items()},
        answers=answers_of_flags(arguments.map, arguments.stage, arguments.dates, arguments.answer),
    )


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"I cannot read {path}: {error.strerror}.") from error
