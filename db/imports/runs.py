"""The imports that ran: which is at work, what it has noted and planned, how it ended."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from db.core.tx import Tx, columns
from db.models import ImportChange, ImportRun, Touchpoint


def last_run(tx: Tx) -> ImportRun | None:
    """The newest import that was not taken back."""
    kept = select(ImportRun).where(col(ImportRun.undone_at).is_(None))
    return tx.first(kept.order_by(col(ImportRun.id).desc()))


def unfinished_run(tx: Tx) -> ImportRun | None:
    """The import that was broken off, or is at work now."""
    return tx.first(select(ImportRun).filter_by(undone_at=None, finished_at=None))


def add_counts(tx: Tx, run_id: int, **more: int) -> bool:
    """Adds to a run's counts; False if it was taken back meanwhile."""
    counts = {name: col(getattr(ImportRun, name)) + number for name, number in more.items()}
    mine = (col(ImportRun.id) == run_id, col(ImportRun.undone_at).is_(None))
    return tx.execute(update(ImportRun).where(*mine).values(**counts)) == 1


def finish_run(tx: Tx, run_id: int, now: datetime) -> tuple[int, int]:
    """Says that a run has come to its end; returns how many accounts it added and updated."""
    tx.execute(update(ImportRun).where(col(ImportRun.id) == run_id).values(finished_at=now))
    counts = select(col(ImportRun.added), col(ImportRun.updated))
    (found,) = tx.rows(counts.where(col(ImportRun.id) == run_id))
    return found.added, found.updated


def list_account_changes(tx: Tx, run_id: int) -> list[Any]:
    """(account id, before, after) of what a run has noted of accounts, oldest first."""
    changes = select(*columns(ImportChange, "row_id before after"))
    of_run = changes.filter_by(run_id=run_id, table="account")
    return tx.rows(of_run.order_by(col(ImportChange.id)))


def list_planned_at(tx: Tx, account_ids: Sequence[int], at: datetime) -> list[Any]:
    """(account id, owner, due time) of what the import of the instant `at` has planned."""
    planned: Any = select(*columns(Touchpoint, "account_id owner due_at")).where(
        col(Touchpoint.source) == "import", col(Touchpoint.state_at) == at
    )
    return tx.rows_among(planned, Touchpoint.account_id, account_ids)


def last_run_time(tx: Tx) -> datetime | None:
    """When the last import ran, taken back or not."""
    return tx.first(select(col(ImportRun.at)).order_by(col(ImportRun.at).desc()))
