"""Brings accounts and deals in from files: one command, one transaction, one run to take back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.actions.imports_accounts import bring_in_accounts
from bot.actions.imports_cycles import keep_cycles
from bot.actions.imports_deals import bring_in_deals
from bot.actions.imports_ledger import Ledger, Progress
from bot.actions.imports_planning import plan_imported
from bot.rules.headings import ACCOUNT_HEADINGS, DEAL_HEADINGS, recognise
from bot.rules.import_dates import Order
from bot.rules.import_file import Sheet
from bot.rules.import_result import Planned, Result
from bot.rules.import_stages import StageWords
from bot.rules.playbook import Playbook
from bot.rules.words import plural
from db import audit, imports
from db.models import ImportRun
from db.tx import Tx


@dataclass(frozen=True)
class Job:
    """What is to be brought in. `digest` is the sha256 of the files' bytes."""

    source: str
    digest: str
    accounts: Sheet | None = None
    deals: Sheet | None = None
    maps: Sequence[str] = ()
    stages: Sequence[str] = ()
    dates: Order | None = None


@dataclass(frozen=True)
class Brought:
    """What an import did; `run` is empty when there was nothing to do."""

    accounts: Result | None
    deals: Result | None
    planned: Planned
    run: int | None = None
    notes: Sequence[str] = field(default_factory=tuple)


def bring_in(tx: Tx, playbook: Playbook, job: Job, now: datetime, progress: Progress) -> Brought:
    """Brings the files of a job in; the caller rolls back for a dry run.

    UserError when a file cannot be understood: then nothing was written.
    """
    ledger = Ledger(at=_own_instant(tx, now))
    words = StageWords(playbook, job.stages)
    accounts = deals = None
    if job.accounts is not None:
        columns = recognise(job.accounts.headings, ACCOUNT_HEADINGS, _maps(job, 0), needed="name")
        accounts = bring_in_accounts(
            tx, playbook, job.accounts, columns, words, job.dates, ledger, progress
        )
    if job.deals is not None:
        columns = recognise(job.deals.headings, DEAL_HEADINGS, _maps(job, 1), needed="account")
        deals = bring_in_deals(
            tx, playbook, job.deals, columns, words, job.dates, ledger, now, progress
        )
    derived = keep_cycles(tx, playbook, ledger)
    if derived and deals is not None:
        deals.notes.append(f"{plural(derived, 'account')} got the cycles that won deals tell of.")
    planned = plan_imported(tx, playbook, ledger, now, progress)
    run = _write_run(tx, job, ledger, accounts, deals, now)
    return Brought(accounts, deals, planned, run)


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
    newest = imports.newest_time(tx)
    return now if newest is None or now > newest else newest + timedelta(microseconds=1)


def _write_run(
    tx: Tx,
    job: Job,
    ledger: Ledger,
    accounts: Result | None,
    deals: Result | None,
    now: datetime,
) -> int | None:
    """Notes the run and what it changed, when it changed anything."""
    if ledger.is_empty:
        return None
    parts = [part for part in (accounts, deals) if part is not None]
    run = tx.add(
        ImportRun(
            at=ledger.at,
            source=job.source,
            digest=job.digest,
            kind="both" if len(parts) == 2 else "accounts" if accounts else "deals",
            added=sum(part.added for part in parts),
            updated=sum(part.updated for part in parts),
            unchanged=sum(part.unchanged for part in parts),
            rejected=sum(part.rejected for part in parts),
        )
    )
    assert run.id is not None
    ledger.write(tx, run.id)
    audit.record(
        tx,
        now=now,
        by=None,
        source="import",
        verb="import.done",
        subject=f"import:{run.id}",
        detail={"file": job.source, "added": run.added, "updated": run.updated},
    )
    return run.id
