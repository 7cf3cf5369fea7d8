"""What became of plays and stages: rows to be counted."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import PLAY, Account, Audit, Decision, StageChange, Term, Touchpoint

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


def list_moves(tx: Tx) -> list[Any]:
    """(move, account's name) of every move, account by account, in order."""
    moves = select(StageChange, col(Account.name)).join(
        Account, col(Account.id) == col(StageChange.account_id)
    )
    return tx.rows(moves.order_by(col(StageChange.account_id), col(StageChange.stage_entry)))


def list_decisions(tx: Tx) -> dict[int, list[tuple[datetime, str]]]:
    """By account, when it decided and how, in order; those that stand."""
    statement = (
        select(col(Decision.account_id), col(Decision.at), col(Decision.outcome))
        .where(col(Decision.undone_at).is_(None))
        .order_by(col(Decision.id))
    )
    found = defaultdict(list)
    for account_id, at, outcome in tx.rows(statement):
        found[account_id].append((at, outcome))
    return found


def list_term_starts(tx: Tx) -> dict[int, list[datetime]]:
    """By account, when its terms began."""
    found = defaultdict(list)
    for account_id, began_at in tx.rows(select(col(Term.account_id), col(Term.began_at))):
        found[account_id].append(began_at)
    return found
