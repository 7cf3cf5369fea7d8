"""`python -m bot import`: accounts and deals from a CRM's export, and taking them back."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from rich.console import Console
    from sqlalchemy import Engine

    from bot.actions.imports.change_log import Progress
    from bot.actions.imports.imports import ImportJob, ImportOutcome
    from bot.rules.playbook.playbook import Playbook
    from bot.settings import Settings

_EXAMPLES = """examples:
  python -m bot import accounts.csv --dry-run
  python -m bot import accounts.csv --map "Firm=name" --stage "Closed Won=onboarding"
  python -m bot import --deals sales-pipeline.csv
  python -m bot import --undo
"""


def add_parser(subparsers: Any) -> None:
    """Registers `import`."""
    parser = subparsers.add_parser(
        "import",
        help="bring accounts and deals in from a CRM's export",
        description="Brings accounts and deals in from CSV files of HubSpot, Salesforce, "
        "Pipedrive or a spreadsheet. The same file twice changes nothing.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", nargs="?", metavar="FILE.csv", help="a list of accounts")
    parser.add_argument("--deals", metavar="FILE.csv", help="a list of deals (opportunities)")
    parser.add_argument(
        "--map", action="append", default=[], metavar="COLUMN=FIELD", help="which column is what"
    )
    parser.add_argument(
        "--stage", action="append", default=[], metavar="WORD=STAGE", help="which stage is meant"
    )
    parser.add_argument("--dates", choices=("dmy", "mdy"), help="what 03/04/2027 means")
    parser.add_argument("--dry-run", action="store_true", help="show it, change nothing")
    parser.add_argument("--rejects", metavar="FILE.csv", help="write all rejected rows there")
    parser.add_argument("--undo", action="store_true", help="take the last import back")
    parser.add_argument("--workspace", metavar="T…", help="which one, if there are several")
    parser.add_argument("--playbook", metavar="FILE", help="instead of LINCHPIN_PLAYBOOK")
    parser.set_defaults(run=run)


def run(
    arguments: argparse.Namespace,
    *,
    settings: Settings | None = None,
    now: Callable[[], datetime] | None = None,
    console: Console | None = None,
) -> int:
    """Does what the arguments say; raises UserError for what a person can put right."""
    from rich.console import Console

    from bot.settings import load
    from db.core.engine import NO_LIMIT, connect

    console = console or Console()
    settings = settings or load()
    job = None if arguments.undo else read_job(arguments)
    engine = connect(settings.database_url, statement_seconds=NO_LIMIT)
    try:
        moment = (now or _utc_now)()
        workspace = choose_workspace(engine, arguments.workspace, moment)
        if job is None:
            return _run_undo(arguments, engine, workspace, moment, console)
        what = (_playbook(arguments, settings), job)
        return _run_import(arguments, engine, workspace, moment, console, what)
    finally:
        engine.dispose()


def _run_import(
    arguments: argparse.Namespace,
    engine: Engine,
    workspace: str,
    now: datetime,
    console: Console,
    what: tuple[Playbook, ImportJob],
) -> int:
    from bot.terminal.imports import tables as tables

    brought = _bring_in(arguments, engine, workspace, now, console, what)
    tables.show_outcome(console, brought, dry_run=arguments.dry_run)
    if arguments.rejects:
        tables.write_rejects(arguments.rejects, brought)
        console.print(f"The rejected rows are in {arguments.rejects}.")
    return 0


def _playbook(arguments: argparse.Namespace, settings: Settings) -> Playbook:
    from bot.rules.errors import UserError
    from bot.rules.playbook.playbook import PlaybookError, load

    try:
        return load(arguments.playbook or settings.playbook)
    except PlaybookError as error:
        problems = "\n".join(map(str, error.problems))
        raise UserError(
            f"The playbook has mistakes, so nothing was imported:\n{problems}"
        ) from None


def _bring_in(
    arguments: argparse.Namespace,
    engine: Engine,
    workspace: str,
    now: datetime,
    console: Console,
    what: tuple[Playbook, ImportJob],
) -> ImportOutcome:
    """Runs the import a piece at a time, with a progress bar; a dry run writes nothing."""
    from bot.actions.imports.batches import TransactionPerStep
    from bot.actions.imports.imports import import_in_batches
    from bot.rules.errors import UserError
    from bot.terminal.imports.tables import progress_bar
    from db.core.tx import read
    from db.imports.imports import ConcurrentChange
    from db.workspace import departments

    playbook, job = what
    with read(engine, workspace) as tx:
        own = departments.in_force(tx, playbook)
    try:
        with progress_bar(console) as progress:
            if arguments.dry_run:
                return _dry_run(engine, workspace, own, job, now, progress)
            turns = TransactionPerStep(engine, workspace, _pause_between)
            return import_in_batches(turns, own, job, now, progress)
    except ConcurrentChange:
        raise UserError(
            "Somebody changed accounts while the import was at work, and it could not go on. "
            "Run it again: it goes on where it was."
        ) from None


def _pause_between() -> None:
    """Those who wait for SQLite's lock look again after a tenth of a second at the latest."""
    import time

    time.sleep(0.12)


def _dry_run(
    engine: Engine,
    workspace: str,
    playbook: Playbook,
    job: ImportJob,
    now: datetime,
    progress: Progress,
) -> ImportOutcome:
    """What an import would do: it is done, and taken back. With SQLite, which lets one writer in
    at a time, that happens to a copy, so that nobody waits for it."""
    from contextlib import ExitStack
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from bot.actions.actor import IMPORT
    from bot.actions.imports.imports import import_at_once
    from bot.actions.work import Work
    from db.core.engine import NO_LIMIT, connect, is_sqlite
    from db.core.tx import begin
    from db.upkeep.backup import copy, sqlite_file

    found = []
    with ExitStack() as stack:
        if is_sqlite(engine):
            folder = stack.enter_context(TemporaryDirectory(prefix="linchpin-"))
            file = Path(folder) / "copy.db"
            copy(sqlite_file(str(engine.url)), file)
            engine = connect(f"sqlite:///{file}", statement_seconds=NO_LIMIT)
            stack.callback(engine.dispose)
        try:
            with begin(engine, workspace) as tx:
                found.append(import_at_once(Work(tx, playbook, now, IMPORT), job, progress))
                raise _RollBack
        except _RollBack:
            return found[0]


class _RollBack(Exception):
    """Takes a dry run's transaction back: what it shows is exactly what would be."""


def _run_undo(
    arguments: argparse.Namespace, engine: Engine, workspace: str, now: datetime, console: Console
) -> int:
    from bot.actions.imports.undo import undo_last_import
    from bot.rules.errors import UserError
    from bot.terminal.imports import tables as tables
    from db.core.tx import begin

    if arguments.file or arguments.deals or arguments.dry_run:
        raise UserError("--undo takes the last import back and goes with no file: import --undo")
    with begin(engine, workspace) as tx:
        undone = undo_last_import(tx, now)
    tables.show_undone(console, undone)
    return 0


def choose_workspace(engine: Engine, asked: str | None, now: datetime) -> str:
    """The workspace to import into; UserError when it cannot be told.

    A database that has none yet takes the one asked for: the bot fills in the rest at its start.
    """
    from sqlalchemy import inspect

    from bot.rules.errors import UserError
    from bot.rules.slack_facts import WorkspaceFacts
    from db.core import workspaces

    ready = inspect(engine).has_table("workspace")
    known = workspaces.all_ids(engine) if ready else []
    if ready and asked and not known:
        workspaces.save_installation(engine, WorkspaceFacts(asked, asked, ""), now)
        return asked
    if not known:
        raise UserError(
            "There is no workspace in the database yet: start the bot once (python -m bot run), "
            "or name yours with --workspace T…, then import."
        )
    if asked in known or (asked is None and len(known) == 1):
        return asked or known[0]
    told = f"There is no workspace {asked}." if asked else "There are several workspaces."
    raise UserError(f"{told} Say which one: --workspace {' or --workspace '.join(known)}")


def read_job(arguments: argparse.Namespace) -> ImportJob:
    """The files of the arguments, read; UserError when there are none or they are no CSV."""
    import hashlib
    from pathlib import Path

    from bot.actions.imports.imports import ImportJob
    from bot.rules.errors import UserError
    from bot.rules.imports.csv_file import read_sheet

    paths = [Path(name) if name else None for name in (arguments.file, arguments.deals)]
    if not any(paths):
        raise UserError(
            "Say which file: python -m bot import accounts.csv, or import --deals deals.csv"
        )
    data = [_read_bytes(path) if path else None for path in paths]
    sheets = [
        read_sheet(held, path.name) if path and held is not None else None
        for path, held in zip(paths, data, strict=True)
    ]
    return ImportJob(
        source=" and ".join(path.name for path in paths if path),
        digest=hashlib.sha256(b"".join(held or b"" for held in data)).hexdigest(),
        accounts=sheets[0],
        deals=sheets[1],
        maps=arguments.map,
        stages=arguments.stage,
        dates=arguments.dates,
    )


def _read_bytes(path: Path) -> bytes:
    from bot.rules.errors import UserError

    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"I cannot read {path}: {error.strerror}.") from error


def _utc_now() -> datetime:
    from datetime import UTC, datetime

    return datetime.now(UTC)
