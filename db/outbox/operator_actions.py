"""What a person decides about a message that is held or dead: resend, mark sent, drop."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Outbox
from db.outbox.enqueue import cancel_followers
from db.outbox.states import CANCELLED, DEAD, HELD, PENDING, POST, SENT, UPDATE

# A person wants it sent, so it does not expire any more.
_AGAIN: dict[str, Any] = {
    "state": PENDING,
    "token": None,
    "rounds": 0,
    "attempt": 0,
    "absent_once": False,
    "expires_at": None,
}


def list_held(tx: Tx) -> list[Outbox]:
    """The messages that wait for a person, oldest first."""
    return tx.all(select(Outbox).where(col(Outbox.state) == HELD).order_by(col(Outbox.id)))


def resend_held(tx: Tx, outbox_id: int) -> bool:
    """Sends a held message again: it is not in Slack. False if it is not held any more."""
    return _change(tx, outbox_id, (HELD,), **_AGAIN)


def mark_held_sent(tx: Tx, outbox_id: int, now: datetime) -> bool:
    """Notes that a person sees it in Slack. Its place is not known, so it cannot be updated."""
    seen = {"state": SENT, "sent_at": now, "last_error": "seen by a person"}
    return _change(tx, outbox_id, (HELD,), **seen)


def list_dead(tx: Tx, since: datetime) -> list[Outbox]:
    """The messages put in since then that Slack refused for good and people miss, newest first."""
    lately = (col(Outbox.state) == DEAD, col(Outbox.created_at) >= since)
    missed = col(Outbox.method).in_((POST, UPDATE))  # private answers are stale by now
    return tx.all(select(Outbox).where(*lately, missed).order_by(col(Outbox.id).desc()))


def retry_dead(tx: Tx, outbox_id: int, now: datetime) -> bool:
    """Sends a dead message again. False if it is not dead any more."""
    return _change(tx, outbox_id, (DEAD,), **_AGAIN, due_at=now)


def drop(tx: Tx, outbox_id: int) -> bool:
    """Cancels a held or dead message."""
    return _change(tx, outbox_id, (HELD, DEAD), state=CANCELLED)


def _change(tx: Tx, outbox_id: int, states: tuple[str, ...], **values: Any) -> bool:
    """Changes a message that is in one of the states; what waits for it goes on or ends with it."""
    known = update(Outbox).where(col(Outbox.id) == outbox_id, col(Outbox.state).in_(states))
    changed = bool(tx.execute(known.values(**values)))
    if changed and values["state"] != PENDING:
        cancel_followers(tx, outbox_id)
    return changed
