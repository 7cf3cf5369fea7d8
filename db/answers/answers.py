"""Queries for what was written down when touchpoints were done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func
from sqlmodel import col, select

from bot.rules.playbook.sections import Records
from db.core.tx import Tx
from db.models import (
    DECISION_DATE,
    GOAL,
    RISK,
    Account,
    Alternative,
    Contact,
    Interaction,
    Learned,
    Promise,
    Row,
    Touchpoint,
    ValueEntry,
)

#: What a row of the answer is known by: "value_entry:7".
ANSWER_MODELS: dict[str, type[Any]] = {
    str(model.__tablename__): model
    for model in (ValueEntry, Contact, Alternative, Learned, Promise, Interaction)
}


class LastLine(NamedTuple):
    """The line that was written down last of a kind: what, who, when."""

    text: str
    by: str | None
    at: datetime


class Unanswered(NamedTuple):
    """A touchpoint that is done, with nothing written down."""

    id: int
    account: str
    title: str
    records: Records
    by_user: str


def row_key(row: Row) -> str:
    """What a row is called in `Touchpoint.answer_row`."""
    return f"{row.__tablename__}:{row.id}"


def row_of(tx: Tx, key: str | None) -> Any:
    """The row that an answer made, locked; None if there is none."""
    table, _, number = (key or "").partition(":")
    model = ANSWER_MODELS.get(table)
    return tx.lock(model, int(number)) if model is not None else None


def last_line(tx: Tx, account_id: int, kind: Records) -> LastLine | None:
    """The newest line of a kind that an account has, wherever it was written."""
    model, text, by, at, *where = _LINES[kind]
    newest = select(col(text), col(by), col(at)).where(col(model.account_id) == account_id, *where)
    found = tx.rows(newest.order_by(col(at).desc(), col(model.id).desc()).limit(1))
    return LastLine(*found[0]) if found else None


def list_unanswered(tx: Tx, since: datetime, user: str | None = None) -> list[Unanswered]:
    """What was done since then with nothing written down, the oldest first; `user` of one."""
    done: Any = (
        select(
            Touchpoint.id,  # type: ignore[call-overload]
            Account.name,
            Touchpoint.title,
            Touchpoint.records,
            Touchpoint.by_user,
        )
        .join(Account, col(Account.id) == col(Touchpoint.account_id))
        .where(
            *_done_since(since),
            col(Touchpoint.records).is_not(None),
            col(Touchpoint.answered_at).is_(None),
            col(Touchpoint.by_user).is_not(None) if user is None else _is_of(user),
            col(Account.archived_at).is_(None),
        )
        .order_by(col(Touchpoint.state_at), col(Touchpoint.id))
    )
    return [Unanswered(*row) for row in tx.rows(done)]


def count_done(tx: Tx, user: str, since: datetime) -> int:
    """How many touchpoints a person has done since then."""
    return tx.count(Touchpoint, *_done_since(since), _is_of(user))


def list_unquoted(tx: Tx, account_id: int) -> list[Touchpoint]:
    """Touchpoints whose line was written down, and whose author has not heard that it was used."""
    return tx.all(
        select(Touchpoint).where(
            col(Touchpoint.account_id) == account_id,
            col(Touchpoint.state) == "done",
            col(Touchpoint.answer_row).is_not(None),
            col(Touchpoint.answered_by).is_not(None),
            col(Touchpoint.quoted_at).is_(None),
        )
    )


def last_nothing_new(tx: Tx, account_id: int, records: str, since: datetime) -> datetime | None:
    """When "nothing new" was last said of that since then."""
    latest: Any = select(func.max(col(Touchpoint.answered_at))).where(
        col(Touchpoint.account_id) == account_id,
        col(Touchpoint.records) == records,
        col(Touchpoint.answer).is_(None),
        col(Touchpoint.answered_at) >= since,
    )
    found: datetime | None = tx.first(latest)
    return found


def _done_since(since: datetime) -> Sequence[Any]:
    return col(Touchpoint.state) == "done", col(Touchpoint.state_at) >= since


def _is_of(user: str) -> Any:
    return col(Touchpoint.by_user) == user


def _learned(kind: str) -> tuple[Any, ...]:
    where = (col(Learned.kind) == kind, col(Learned.undone_at).is_(None))
    return (Learned, Learned.text, Learned.by_user, Learned.created_at, *where)


#: By kind: the table, its text, who wrote it, when, and which rows count.
_LINES: dict[Records, tuple[Any, ...]] = {
    "value": (
        ValueEntry,
        ValueEntry.text,
        ValueEntry.by_user,
        ValueEntry.created_at,
        col(ValueEntry.undone_at).is_(None),
    ),
    "person": (
        Contact,
        Contact.name,
        Contact.by_user,
        Contact.created_at,
        col(Contact.left_on).is_(None),
    ),
    "alternative": (
        Alternative,
        Alternative.name,
        Alternative.by_user,
        Alternative.at,
        col(Alternative.settled_at).is_(None),
    ),
    "decision date": _learned(DECISION_DATE),
    "goal": _learned(GOAL),
    "risk": _learned(RISK),
    "promise": (Promise, Promise.text, Promise.made_by, Promise.made_at),
    "note": (
        Interaction,
        Interaction.text,
        Interaction.by_user,
        Interaction.created_at,
        col(Interaction.undone_at).is_(None),
    ),
}
