"""Queries for handoffs and their questions."""

from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import col, select

from db.core.all_workspaces import longest_waiting
from db.core.row_locks import lock_rows
from db.core.tx import Tx
from db.models import Handoff, HandoffQuestion


def next_due_workspace(engine: Engine, now: datetime) -> str | None:
    """The workspace of a handoff that the clock has to look at; None if none is due."""
    first = longest_waiting(engine, Handoff, col(Handoff.wake_at), now)
    return first and first[0]


def lock_next_due(tx: Tx, now: datetime) -> Handoff | None:
    """The handoff that is due first, locked; None if another worker has it."""
    due = select(Handoff).where(col(Handoff.wake_at) <= now).order_by(col(Handoff.wake_at))
    return tx.first(lock_rows(due, skip=True))


def lock_open_handoffs(tx: Tx, account_id: int) -> list[Handoff]:
    """An account's handoffs that are neither accepted nor closed, locked."""
    waiting = select(Handoff).filter_by(account_id=account_id, accepted_at=None, closed_at=None)
    return tx.all(lock_rows(waiting))


def list_newest(tx: Tx, account_id: int, limit: int) -> list[Handoff]:
    """An account's handoffs, the last first."""
    mine = select(Handoff).where(col(Handoff.account_id) == account_id)
    return tx.all(mine.order_by(col(Handoff.at).desc(), col(Handoff.id).desc()).limit(limit))


def list_questions(tx: Tx, handoff_id: int) -> list[HandoffQuestion]:
    """What was asked about a handoff, oldest first."""
    questions = select(HandoffQuestion).where(col(HandoffQuestion.handoff_id) == handoff_id)
    return tx.all(questions.order_by(col(HandoffQuestion.id)))
