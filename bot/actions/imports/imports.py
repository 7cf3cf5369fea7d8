"""Brings accounts and deals in from files: one command, one run to take back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot.actions.actor import CLOCK
from bot.actions.imports.accounts import (
    AccountsFile,
    tell_silent,
    understand_accounts,
    write_accounts,
)
from bot.actions.imports.batches import InOne, Turns
from bot.actions.imports.change_log import Ledger, Progress, resumed
from bot.actions.imports.deals import DealsFile, tell_from_deals, understand_deals, write_deals
from bot.actions.imports.process import ImportProcess, Job
from bot.actions.work import Work
from bot.rules.errors import UserError
from bot.rules.imports.headings import ACCOUNT_HEADINGS, DEAL_HEADINGS, recognise
from bot.rules.imports.result import Planned, Result
from bot.rules.imports.stages import StageWords
from bot.rules.playbook.playbook import Playbook
from bot.rules.text.words import plural
from db.core.tx import Tx
from db.imports import runs

__all__ = ["Brought", "Job", "bring_in", "bring_in_by_turns"]


@dataclass(frozen=True)
class Brought:
    """What an import did; `run` is empty when there was nothing to do."""

    accounts: Result | None
    deals: Result | None
    planned: Planned
    run: int | None = None
    notes: Sequence[str] = field(default_factory=tuple)


def bring_in(work: Work, job: Job, progress: Progress) -> Brought:
    """Brings the files of a job in, all at once; the caller rolls back for a dry run.

    UserError when a file cannot be understood: then nothing was written.
    """
    return bring_in_by_turns(InOne(work.tx), work.playbook, job, work.now, progress)


def bring_in_by_turns(
    turns: Turns, playbook: Playbook, job: Job, now: datetime, progress: Progress
) -> Brought:
    """Brings the files of a job in, a piece at a time.

    Each piece is whole by itself. An import that was broken off goes on where it was when the
    same files come again; until then others are refused with UserError, as is a file that cannot
    be understood, of which nothing is written.
    """
    progress("Reading", 0, 1)
    accounts, deals, ledger, run = turns.read(
        lambda tx: _understand(Work(tx, playbook, now, CLOCK), job)
    )
    process = ImportProcess(job, playbook, ledger, run, turns, now, progress)
    if accounts is not None:
        step = partial(write_accounts, accounts)
        process.write("Writing accounts", accounts.lines, step, accounts.result)
        tell_silent(accounts)
    if deals is not None:
        step = partial(write_deals, playbook, deals)
        process.write("Writing deals", list(deals.groups), step, deals.result)
        tell_from_deals(deals)
    planned = process.plan()
    if deals is not None and process.ledger.derived:
        told = plural(process.ledger.derived, "account")
        deals.result.notes.append(f"{told} got the terms that won deals tell of.")
    results = [part.result if part is not None else None for part in (accounts, deals)]
    process.finish([result for result in results if result is not None])
    return Brought(results[0], results[1], planned, process.run)


def _understand(
    work: Work, job: Job
) -> tuple[AccountsFile | None, DealsFile | None, Ledger, int | None]:
    """Reads everything before anything is written; takes up a run of the same files."""
    run = runs.unfinished(work.tx)
    if run is not None and run.digest != job.digest:
        raise UserError(
            f"The import of {run.source}, begun {run.at:%Y-%m-%d %H:%M} UTC, has not come to its "
            "end. Run it again with the same file to finish it, or take back what it wrote: "
            "import --undo"
        )
    words = StageWords(work.playbook, job.stages)
    accounts = deals = None
    if job.accounts is not None:
        columns = recognise(job.accounts.headings, ACCOUNT_HEADINGS, _maps(job, 0), needed="name")
        accounts = understand_accounts(
            work.tx, work.playbook, job.accounts, columns, words, job.dates
        )
    if job.deals is not None:
        columns = recognise(job.deals.headings, DEAL_HEADINGS, _maps(job, 1), needed="account")
        deals = understand_deals(work.tx, job.deals, columns, words, job.dates, work.now)
    if run is None:
        return accounts, deals, Ledger(at=_own_instant(work.tx, work.now)), None
    return accounts, deals, resumed(work.tx, run), run.id


def _maps(job: Job, which: int) -> Sequence[str]:
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


def _own_instant(tx: Tx, now: datetime) -> datetime:
    """`now`, or a moment later: no two imports share an instant, so that it tells their rows."""
    newest = runs.newest_time(tx)
    return now if newest is None or now > newest else newest + timedelta(microseconds=1)
