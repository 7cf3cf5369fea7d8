"""Touchpoints by the play that asked for them, for changes of the playbook."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, func, or_, update
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import PLAY, Account, Touchpoint
from db.touchpoints.touchpoints import OPEN_STATES, with_accounts


def list_open(tx: Tx) -> list[tuple[Touchpoint, Account]]:
    """Everything open that the playbook asked for, with its account."""
    of_plays = (col(Touchpoint.kind) == PLAY, col(Touchpoint.state).in_(OPEN_STATES))
    return tx.pairs(with_accounts().where(*of_plays).order_by(col(Touchpoint.id)))


def list_present(tx: Tx, plays: Sequence[str]) -> list[Touchpoint]:
    """Touchpoints of these plays of their account's stage entry or term, whatever their state."""
    current = or_(
        col(Touchpoint.stage_entry) == col(Account.stage_entry),
        and_(col(Touchpoint.term) > 0, col(Touchpoint.term) == col(Account.term)),
    )
    statement = select(Touchpoint).join(Account, col(Account.id) == col(Touchpoint.account_id))
    return tx.all(statement.where(col(Touchpoint.play).in_(plays), current))


def rename_stage(tx: Tx, before: str, after: str) -> None:
    """Puts all accounts of a stage, and what was asked there, in the one that takes its place."""
    here = col(Account.stage) == before
    tx.execute(update(Account).where(here).values(stage=after, version=Account.version + 1))
    tx.execute(update(Touchpoint).where(col(Touchpoint.stage) == before).values(stage=after))


def last_numbers(tx: Tx, plays: Sequence[str]) -> dict[tuple[int, int, str], int]:
    """By (account id, stage entry, play) the highest number of an occurrence of these plays."""
    key = (col(Touchpoint.account_id), col(Touchpoint.stage_entry), col(Touchpoint.play))
    numbers: Any = select(*key, func.max(col(Touchpoint.occurrence)))
    rows = tx.rows(numbers.where(col(Touchpoint.play).in_(plays)).group_by(*key))
    return {(account_id, entry, play): last for account_id, entry, play, last in rows}
