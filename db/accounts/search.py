"""Accounts for the menus that are typed into."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import col

from db.accounts import accounts
from db.accounts.name_indexes import Names
from db.core.tx import Tx
from db.models import Account


@dataclass(frozen=True)
class Found:
    """An account that may be meant; `alias` is the other name it was found by."""

    id: int
    name: str
    stage: str
    alias: str | None = None


def suggest(tx: Tx, names: Names, typed: str, limit: int = 20) -> list[Found]:
    """Live accounts that hold the words somewhere; if none does, those that are spelled nearly so.
    The likeliest come first."""
    meant = names.live.holding(typed)
    meant = meant or [(found.id, found.name) for found in names.live.match(typed)]
    unique: dict[int, str] = {}
    for account_id, name in meant:
        unique.setdefault(account_id, name)
    by_name = dict([*unique.items()][:limit])
    known = accounts.by_ids(tx, list(by_name))
    live = [known[each] for each in by_name if each in known and known[each].archived_at is None]
    return [_found(account, by_name[account.id]) for account in live]


def first(tx: Tx, limit: int = 20) -> list[Found]:
    """The live accounts that come first in alphabetical order."""
    return _shown(tx.all(_in_order(limit)))


def list_of_manager(tx: Tx, user_id: str, limit: int = 20) -> list[Found]:
    """A manager's live accounts, in alphabetical order."""
    return _shown(tx.all(_in_order(limit).where(col(Account.manager_id) == user_id)))


def _in_order(limit: int) -> Select[Any]:
    live = select(Account).where(col(Account.archived_at).is_(None))
    return live.order_by(col(Account.name_key)).limit(limit)


def _shown(found: Iterable[Account]) -> list[Found]:
    return [_found(account, account.name) for account in found]


def _found(account: Account, by: str) -> Found:
    alias = by if by != account.name else None
    return Found(account.id, account.name, account.stage, alias)
