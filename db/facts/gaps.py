"""What is missing of accounts, and what is planned about it: see bot/rules/facts/gaps.py."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import case, func, select
from sqlmodel import col

from bot.rules.contacts import DECISION_MAKER
from db.core.tx import Tx
from db.models import DECISION_DATE, Account, Alternative, Contact, Learned, Touchpoint, ValueEntry


class Recorded(NamedTuple):
    """What is recorded of accounts, by account id; value, alternatives and dates of this term."""

    value: set[int]
    deciders: set[int]
    contacts: set[int]
    alternatives: set[int]
    decision_dates: set[int]


def recorded(tx: Tx, account_ids: Sequence[int]) -> Recorded:
    """The accounts of these, as many as one statement takes, of which each is recorded."""
    by_role = select(
        col(Contact.account_id),
        func.max(case((col(Contact.role).contains(DECISION_MAKER), 1), else_=0)),
    )
    here = (col(Contact.account_id).in_(account_ids), col(Contact.left_on).is_(None))
    standing = tx.rows(by_role.where(*here).group_by(col(Contact.account_id)))
    contacts: dict[int, int] = dict(map(tuple, standing))
    return Recorded(
        value=_of_this_term(
            tx,
            ValueEntry,
            account_ids,
            col(ValueEntry.confirmed_at).is_not(None),
            col(ValueEntry.undone_at).is_(None),
        ),
        deciders={key for key, decides in contacts.items() if decides},
        contacts={*contacts},
        alternatives=_of_this_term(tx, Alternative, account_ids),
        decision_dates=_of_this_term(
            tx,
            Learned,
            account_ids,
            col(Learned.kind) == DECISION_DATE,
            col(Learned.undone_at).is_(None),
        ),
    )


def last_nothing_new(tx: Tx, account_id: int, since: datetime) -> dict[str | None, datetime]:
    """By what a play records, when "nothing new" was last said of it since then."""
    said: Any = select(col(Touchpoint.records), func.max(col(Touchpoint.answered_at))).where(
        col(Touchpoint.account_id) == account_id,
        col(Touchpoint.state) == "done",
        col(Touchpoint.answer).is_(None),
        col(Touchpoint.answered_at) >= since,
    )
    return dict(tx.pairs(said.group_by(col(Touchpoint.records))))


def _of_this_term(tx: Tx, model: Any, account_ids: Sequence[int], *where: Any) -> set[int]:
    found: Any = (
        select(col(model.account_id))
        .join(Account, col(Account.id) == col(model.account_id))
        .where(col(model.account_id).in_(account_ids), col(model.term) == col(Account.term), *where)
        .distinct()
    )
    return {row[0] for row in tx.rows(found)}
