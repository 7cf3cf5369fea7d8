"""What became of plays and stages: rows to be counted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import PLAY, Account, Audit, Decision, StageChange, Touchpoint

_SNOOZE = "touchpoint.snooze"


def list_ended(tx: Tx, since: datetime, place: tuple[str, str] | None = None) -> list[Any]:
    """(touchpoint, account's name) of the plays that people did or skipped, oldest first."""
    statement = (
        select(Touchpoint, col(Account.name))
        .join(Account, col(Account.id) == col(Touchpoint.account_id))
        .where(
            col(Touchpoint.kind) == PLAY,
            col(Touchpoint.state).in_(("done", "skipped")),
            col(Touchpoint.state_at) >= since,
            or_(col(Touchpoint.source).is_(None), col(Touchpoint.source) != "import"),
        )
    )
    if place is not None:
        stage, play = place
        statement = statement.where(col(Touchpoint.stage) == stage, col(Touchpoint.play) == play)
    return tx.rows(statement.order_by(col(Touchpoint.state_at), col(Touchpoint.id)))


def snoozed_subjects(tx: Tx, since: datetime) -> set[str]:
    """Subjects ("touchpoint:7") of what was snoozed at least once."""
    subjects = select(col(Audit.subject)).where(col(Audit.verb) == _SNOOZE, col(Audit.at) >= since)
    return set(tx.all(subjects.distinct()))


def list_moves(tx: Tx, accounts: Sequence[int] | None = None) -> list[StageChange]:
    """Every move, account by account, in order; of some accounts or of all."""
    statement = select(StageChange)
    if accounts is not None:
        statement = statement.where(col(StageChange.account_id).in_(accounts))
    return tx.all(statement.order_by(col(StageChange.account_id), col(StageChange.stage_entry)))


def account_names(tx: Tx, ids: Collection[int]) -> dict[int, str]:
    """Account id -> name."""
    return dict(tx.rows_among(select(col(Account.id), col(Account.name)), Account.id, sorted(ids)))


def outcomes_by_entry(tx: Tx) -> dict[tuple[int, int], str]:
    """The outcome of the last decision that stands, by account and entry into a stage."""
    rows = tx.rows(
        select(col(Decision.account_id), col(Decision.stage_entry), col(Decision.outcome))
        .where(col(Decision.undone_at).is_(None))
        .order_by(col(Decision.id))
    )
    return {(row.account_id, row.stage_entry): row.outcome for row in rows}
