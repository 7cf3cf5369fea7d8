"""What the company's picture shows: where accounts stood, and what they got, week by week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from db.core.tx import Tx, columns
from db.facts.live import is_live
from db.models import Account, Contract, StageChange, ValueEntry


def list_renewing(tx: Tx, exits: Sequence[str], first: date, last: date) -> list[Account]:
    """The live accounts that renew, or one of whose contracts does, from `first` to `last`."""
    running = (col(Contract.ended_at).is_(None), col(Contract.renews_on).between(first, last))
    ids = set(tx.all(select(col(Contract.account_id)).where(*running)))
    live = select(Account).where(is_live(exits))
    renewing = tx.all(live.where(col(Account.renews_on).between(first, last)))
    rest = ids - {account.id for account in renewing}
    return renewing + tx.all_among(live, Account.id, sorted(rest))


def list_moves(tx: Tx) -> list[Any]:
    """(account, stage it came into, when, when the account was archived), in order of time."""
    return tx.rows(
        select(*columns(StageChange, "account_id to_stage at"), *columns(Account, "archived_at"))
        .join(Account, col(Account.id) == col(StageChange.account_id))
        .order_by(col(StageChange.at), col(StageChange.id))
    )


def list_value(tx: Tx, since: datetime) -> list[Any]:
    """(when it was noted, when it was confirmed, hundredths, currency) of the value that stands."""
    noted = select(*columns(ValueEntry, "created_at confirmed_at hundredths currency"))
    fresh = col(ValueEntry.created_at) >= since
    return tx.rows(noted.where(col(ValueEntry.undone_at).is_(None), fresh))
