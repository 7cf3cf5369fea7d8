"""Brings accounts and deals in from files: one command, one run to take back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot.actions.actor import CLOCK
from bot.actions.imports.accounts import (
    AccountsFile,
    parse_accounts,
    report_missing_stages,
    write_accounts,
)
from bot.actions.imports.batches import SingleTransaction, StepRunner
from bot.actions.imports.change_log import ChangeLog, Progress, resume_log
from bot.actions.imports.deals import DealsFile, parse_deals, report_added_from_deals, write_deals
from bot.actions.imports.process import ImportJob, ImportProcess
from bot.actions.work import Work
from bot.rules.errors import UserError
from bot.rules.imports.headings import ACCOUNT_HEADINGS, DEAL_HEADINGS, find_columns
from bot.rules.imports.result import PlannedCounts, Result
from bot.rules.imports.stages import StageWords
from bot.rules.playbook.playbook import Playbook
from bot.rules.text.words import plural
from db.core.tx import Tx
from db.imports import runs

__all__ = ["ImportJob", "ImportOutcome", "import_at_once", "import_in_batches"]


@dataclass(frozen=True)
class ImportOutcome:
    """What an import did; `run` is empty when there was nothing to do."""

    accounts: Result | None
    deals: Result | None
    planned: PlannedCounts
    run: int | None = None
    notes: Sequence[str] = field(default_factory=tuple)


def import_at_once(work: Work, job: ImportJob, progress: Progress) -> ImportOutcome:
    """Brings the files of a job in, all at once; the caller rolls back for a dry run.

    UserError when a file cannot be understood: then nothing was written.
    """
    return import_in_batches(SingleTransaction(work.tx), work.playbook, job, work.now, progress)


def import_in_batches(
    turns: StepRunner, playbook: Playbook, job: ImportJob, now: datetime, progress: Progress
) -> ImportOutcome:
    """Brings the files of a job in, a piece at a time.

    Each piece is whole by itself. An import that was broken off goes on where it was when the
    same files come again; until then others are refused with UserError, as is a file that cannot
    be understood, of which nothing is written.
    """
    progress("Reading", 0, 1)
    accounts, deals, ledger, run = turns.read(
        lambda tx: _parse_files(Work(tx, playbook, now, CLOCK), job)
    )
    process = ImportProcess(job, playbook, ledger, run, turns, now, progress)
    if accounts is not None:
        step = partial(write_accounts, accounts)
        process.write("Writing accounts", accounts.lines, step, accounts.result)
        report_missing_stages(accounts)
    if deals is not None:
        step = partial(write_deals, playbook, deals)
        process.write("Writing deals", list(deals.groups), step, deals.result)
        report_added_from_deals(deals)
    planned = process.plan()
    if deals is not None and process.ledger.derived:
        told = plural(process.ledger.derived, "account")
        deals.result.notes.append(f"{told} got the terms that won deals tell of.")
    results = [part.result if part is not None else None for part in (accounts, deals)]
    process.finish([result for result in results if result is not None])
    return ImportOutcome(results[0], results[1], planned, process.run)


def _parse_files(
    work: Work, job: ImportJob
) -> tuple[AccountsFile | None, DealsFile | None, ChangeLog, int | None]:
    """Reads everything before anything is written; takes up a run of the same files."""
    run = runs.unfinished_run(work.tx)
    if run is not None and run.digest != job.digest:
        raise UserError(
            f"The import of {run.source}, begun {run.at:%Y-%m-%d %H:%M} UTC, has not come to its "
            "end. Run it again with the same file to finish it, or take back what it wrote: "
            "import --undo"
        )
    words = StageWords(work.playbook, job.stages)
    accounts = deals = None
    if job.accounts is not None:
        columns = find_columns(
            job.accounts.headings, ACCOUNT_HEADINGS, _maps_for(job, 0), needed="name"
        )
        accounts = parse_accounts(work.tx, work.playbook, job.accounts, columns, words, job.dates)
    if job.deals is not None:
        columns = find_columns(
            job.deals.headings, DEAL_HEADINGS, _maps_for(job, 1), needed="account"
        )
        deals = parse_deals(work.tx, job.deals, columns, words, job.dates, work.now)
    if run is None:
        return accounts, deals, ChangeLog(at=_unique_time(work.tx, work.now)), None
    return accounts, deals, resume_log(work.tx, run), run.id


def _maps_for(job: ImportJob, which: int) -> Sequence[str]:
    """The `--map` values of one of the two files. With both, each goes where its field is known."""
    if job.accounts is None or job.deals is None:
        return job.maps
    mine, other = (ACCOUNT_HEADINGS, DEAL_HEADINGS)[:: 1 if which == 0 else -1]
    here = (job.accounts, job.deals)[which].headings
    return [
        one
        for one in job.maps
        if (name := one.rpartition("=")[2].strip()) in mine
        or (name not in other and one.rpartition("=")[0].strip() in here)
    ]


def _unique_time(tx: Tx, now: datetime) -> datetime:
    """`now`, or a moment later: no two imports share an instant, so that it tells their rows."""
    newest = runs.last_run_time(tx)
    return now if newest is None or now > newest else newest + timedelta(microseconds=1)
