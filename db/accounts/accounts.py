"""Queries for accounts, their names and their moves."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import func, update
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Account, Alias, StageChange


def by_id(tx: Tx, account_id: int | None) -> Account | None:
    return tx.get(Account, account_id)


def by_name_key(tx: Tx, key: str) -> Account | None:
    """The account whose name or alias has that comparison key (`rules.names.key`)."""
    return tx.first(select(Account).where(col(Account.name_key) == key)) or tx.first(
        select(Account)
        .join(Alias, col(Alias.account_id) == col(Account.id))
        .where(col(Alias.alias_key) == key)
    )


def by_slug(tx: Tx, slug: str) -> list[Account]:
    """The accounts of that slug: two names can share one."""
    return tx.all(select(Account).where(col(Account.slug) == slug).limit(5))


def by_channel(tx: Tx, channel_id: str) -> Account | None:
    """The one account whose own channel that is; None when there are several."""
    own = select(Account).where(col(Account.channel_id) == channel_id).limit(2)
    accounts = tx.all(own) if channel_id else []
    return accounts[0] if len(accounts) == 1 else None


def existing_keys(tx: Tx, keys: Sequence[str]) -> set[str]:
    """Which of the comparison keys are names or aliases."""
    return {
        *tx.all(select(col(Account.name_key)).where(col(Account.name_key).in_(keys))),
        *tx.all(select(col(Alias.alias_key)).where(col(Alias.alias_key).in_(keys))),
    }


def iterate_names(tx: Tx) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """(account id, name or alias) of every live account, and of every archived one."""
    is_archived = col(Account.archived_at).is_not(None)
    named = select(col(Account.id), col(Account.name), is_archived)
    aliased = select(col(Alias.account_id), col(Alias.alias), is_archived).join(
        Account, col(Alias.account_id) == col(Account.id)
    )
    live: list[tuple[int, str]] = []
    archived: list[tuple[int, str]] = []
    for account_id, name, is_gone in chain(tx.each(named), tx.each(aliased)):
        (archived if is_gone else live).append((account_id, name))
    return live, archived


def list_aliases(tx: Tx, account_id: int) -> list[Alias]:
    return tx.all(select(Alias).where(col(Alias.account_id) == account_id).order_by(col(Alias.id)))


def count_by_stage(tx: Tx) -> dict[str, int]:
    """How many live accounts are in each stage."""
    by_stage = select(col(Account.stage), func.count()).group_by(col(Account.stage))
    return dict(tx.rows(by_stage.where(col(Account.archived_at).is_(None))))


def list_longest_in_stage(tx: Tx, stage: str, limit: int) -> list[Account]:
    """The live accounts that have been in a stage longest, the longest first."""
    in_stage = select(Account).filter_by(stage=stage, archived_at=None)
    longest = in_stage.order_by(col(Account.stage_entered_at), col(Account.id))
    return tx.all(longest.limit(limit))


def list_live(tx: Tx, *, manager: str | None = None) -> list[Account]:
    """Every account that is not archived, or those of one manager, longest in stage first."""
    statement = select(Account).where(col(Account.archived_at).is_(None))
    if manager is not None:
        statement = statement.where(col(Account.manager_id) == manager)
    return tx.all(statement.order_by(col(Account.stage_entered_at), col(Account.id)))


def save(tx: Tx, account: Account, **values: Any) -> bool:
    """Changes an account if nobody else has since it was read; says whether it did."""
    as_read = update(Account).where(
        col(Account.id) == account.id, col(Account.version) == account.version
    )
    if values.get("manager_id", account.manager_id) != account.manager_id:
        tx.concerns(account.manager_id)
    if not {"name", "archived_at"}.isdisjoint(values):
        tx.names_changed()
    return tx.execute(as_read.values(**values, version=account.version + 1)) == 1


def last_stage_change(tx: Tx, account_id: int) -> StageChange | None:
    """The newest move of an account."""
    moves = select(StageChange).where(col(StageChange.account_id) == account_id)
    return tx.first(moves.order_by(col(StageChange.stage_entry).desc()))


def list_moves_between(tx: Tx, start: datetime, end: datetime) -> list[StageChange]:
    """Moves people made in a span of time, oldest first; imports and restores are left out."""
    return tx.all(
        select(StageChange)
        .where(
            col(StageChange.at) >= start,
            col(StageChange.at) < end,
            col(StageChange.source) != "import",
            # A first move has no stage that it came from, and meets this neither.
            col(StageChange.from_stage) != col(StageChange.to_stage),
        )
        .order_by(col(StageChange.at))
    )


def by_ids(tx: Tx, ids: Sequence[int]) -> dict[int, Account]:
    """The accounts of those ids, by id."""
    rows = tx.all(select(Account).where(col(Account.id).in_(ids))) if ids else []
    return {row.id: row for row in rows}
