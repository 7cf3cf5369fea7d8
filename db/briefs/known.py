"""What is known of a customer, as a brief tells it."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import or_
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import (
    DECISION_DATE,
    Account,
    Alternative,
    Contact,
    Learned,
    Promise,
    Touchpoint,
    ValueEntry,
)


class Recorded(NamedTuple):
    """What was recorded of an account in a span of time, each kind the newest first."""

    confirmed: list[ValueEntry]
    contacts: list[Contact]
    alternatives: list[Alternative]
    learned: list[Learned]
    promised: list[Promise]
    kept: list[tuple[Promise, datetime]]


def list_learned(tx: Tx, account: Account) -> list[Learned]:
    """The goals and risks that stand, and the decision dates of this term, the newest first."""
    of_now = or_(col(Learned.kind) != DECISION_DATE, col(Learned.term) == account.term)
    return tx.all(
        select(Learned)
        .where(
            col(Learned.account_id) == account.id,
            col(Learned.settled_at).is_(None),
            col(Learned.undone_at).is_(None),
            of_now,
        )
        .order_by(col(Learned.created_at).desc(), col(Learned.id).desc())
    )


def list_recorded(tx: Tx, account: Account, since: datetime) -> Recorded:
    """What was recorded of an account since then and stands."""
    confirmed = select(ValueEntry).where(
        col(ValueEntry.account_id) == account.id,
        col(ValueEntry.term) == account.term,
        col(ValueEntry.confirmed_at) > since,
        col(ValueEntry.undone_at).is_(None),
    )
    contacts = select(Contact).where(
        col(Contact.account_id) == account.id,
        col(Contact.created_at) > since,
        col(Contact.left_on).is_(None),
    )
    alternatives = select(Alternative).where(
        col(Alternative.account_id) == account.id,
        col(Alternative.at) > since,
        col(Alternative.settled_at).is_(None),
    )
    promised = select(Promise).where(
        col(Promise.account_id) == account.id, col(Promise.made_at) > since
    )
    kept = (
        select(Promise, col(Touchpoint.state_at))
        .join(Touchpoint, col(Touchpoint.id) == col(Promise.touchpoint_id))
        .where(
            col(Promise.account_id) == account.id,
            col(Touchpoint.state) == "done",
            col(Touchpoint.state_at) > since,
        )
    )
    return Recorded(
        confirmed=tx.all(confirmed.order_by(col(ValueEntry.id).desc())),
        contacts=tx.all(contacts.order_by(col(Contact.id))),
        alternatives=tx.all(alternatives.order_by(col(Alternative.id).desc())),
        learned=[row for row in list_learned(tx, account) if row.created_at > since],
        promised=tx.all(promised.order_by(col(Promise.id).desc())),
        kept=tx.pairs(kept.order_by(col(Promise.id).desc())),
    )
