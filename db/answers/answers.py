"""Queries for what was written down when touchpoints were done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from bot.rules.playbook.sections import Records
from db.core.tx import Tx, columns
from db.models import (
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


def row_key(row: Row) -> str:
    """What a row is called in `Touchpoint.answer_row`."""
    return f"{row.__tablename__}:{row.id}"


def row_of(tx: Tx, key: str | None) -> Any:
    """The row that an answer made, locked; None if there is none."""
    table, _, number = (key or "").partition(":")
    model = ANSWER_MODELS.get(table)
    return tx.lock(model, int(number)) if model is not None else None


def last_line(tx: Tx, account_id: int, kind: Records) -> tuple[str, str | None, datetime] | None:
    """The newest line of a kind that an account has: what, who, when."""
    model, names, empty = _LINES[kind]
    text, by, at = columns(model, names)
    line = select(text, by, at).filter_by(account_id=account_id, **({empty: None} if empty else {}))
    line = line.filter_by(kind=kind) if model is Learned else line
    found = tx.rows(line.order_by(at.desc(), col(model.id).desc()).limit(1))
    return tuple(found[0]) if found else None


def list_unanswered(tx: Tx, since: datetime, user: str | None = None) -> list[Any]:
    """(id, account, title, records, by_user) of what was done since then, by that `user`, with
    nothing written down, the oldest first."""
    shown = columns(Touchpoint, "id title records by_user")
    return tx.rows(
        select(*shown, col(Account.name).label("account"))
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


def count_done(tx: Tx, user: str, since: datetime) -> int:
    """How many touchpoints a person has done since then."""
    return tx.count(Touchpoint, *_done_since(since), _is_of(user))


def list_unquoted(tx: Tx, account_id: int) -> list[Touchpoint]:
    """Touchpoints whose line was written down, and whose author has not heard that it was used."""
    return tx.all(
        select(Touchpoint)
        .filter_by(account_id=account_id, state="done", quoted_at=None)
        .where(col(Touchpoint.answer_row).is_not(None), col(Touchpoint.answered_by).is_not(None))
    )


def _done_since(since: datetime) -> Sequence[Any]:
    return col(Touchpoint.state) == "done", col(Touchpoint.state_at) >= since


def _is_of(user: str) -> Any:
    return col(Touchpoint.by_user) == user


#: By kind: the table, its text, who wrote it, when, and what is empty where a row counts.
_LINES: dict[Records, tuple[type[Any], str, str | None]] = {
    "value": (ValueEntry, "text by_user created_at", "undone_at"),
    "person": (Contact, "name by_user created_at", "left_on"),
    "alternative": (Alternative, "name by_user at", "settled_at"),
    "decision date": (Learned, "text by_user created_at", "undone_at"),
    "goal": (Learned, "text by_user created_at", "undone_at"),
    "risk": (Learned, "text by_user created_at", "undone_at"),
    "promise": (Promise, "text made_by made_at", None),
    "note": (Interaction, "text by_user created_at", "undone_at"),
}
