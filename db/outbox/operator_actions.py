"""What a person decides about a message that is held or dead: resend, mark sent, drop."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Outbox
from db.outbox.enqueue import cancel_followers
from db.outbox.states import CANCELLED, DEAD, HELD, PENDING, POST, SENT, UPDATE

# A person wants it to go, so it does not expire any more.
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
    """The person looked, and it is not there: it goes again. False if it is not held any more."""
    return bool(tx.execute(update(Outbox).where(*_held(outbox_id)).values(**_AGAIN)))


def mark_held_sent(tx: Tx, outbox_id: int, now: datetime) -> bool:
    """The person sees it in Slack. Where it stands we do not know, so it cannot be updated."""
    seen = {"state": SENT, "sent_at": now, "last_error": "seen by a person"}
    done = bool(tx.execute(update(Outbox).where(*_held(outbox_id)).values(**seen)))
    if done:
        cancel_followers(tx, outbox_id)
    return done


def list_dead(tx: Tx, since: datetime) -> list[Outbox]:
    """The messages put in since then that Slack refused for good and people miss, newest first."""
    lately = (col(Outbox.state) == DEAD, col(Outbox.created_at) >= since)
    missed = col(Outbox.method).in_((POST, UPDATE))  # private answers are stale by now
    return tx.all(select(Outbox).where(*lately, missed).order_by(col(Outbox.id).desc()))


def retry_dead(tx: Tx, outbox_id: int, now: datetime) -> bool:
    """Somebody mended what was wrong with it. False if it is not dead any more."""
    mine = (col(Outbox.id) == outbox_id, col(Outbox.state) == DEAD)
    return bool(tx.execute(update(Outbox).where(*mine).values(**_AGAIN, due_at=now)))


def drop(tx: Tx, outbox_id: int) -> bool:
    """Nobody needs it any more, be it held or dead."""
    mine = (col(Outbox.id) == outbox_id, col(Outbox.state).in_((HELD, DEAD)))
    done = bool(tx.execute(update(Outbox).where(*mine).values(state=CANCELLED)))
    if done:
        cancel_followers(tx, outbox_id)
    return done


def _held(outbox_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(Outbox.id) == outbox_id, col(Outbox.state) == HELD
