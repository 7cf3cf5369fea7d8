"""What a person decides about a message that was held: Resend, Mark sent, Drop."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select

from db.models import Outbox
from db.outbox.enqueue import cancel_followers
from db.outbox.states import CANCELLED, HELD, PENDING, SENT
from db.tx import Tx


def held(tx: Tx) -> list[Outbox]:
    """The messages that wait for a person, oldest first."""
    return tx.all(select(Outbox).where(col(Outbox.state) == HELD).order_by(col(Outbox.id)))


def resend(tx: Tx, outbox_id: int) -> bool:
    """The person looked, and it is not there: it goes again. False if it is not held any more."""
    again = {"state": PENDING, "token": None, "rounds": 0, "attempt": 0}
    return bool(tx.update(Outbox, *_held(outbox_id), **again))


def mark_sent(tx: Tx, outbox_id: int, now: datetime) -> bool:
    """The person sees it in Slack. Where it stands we do not know, so it cannot be updated."""
    done = bool(tx.update(Outbox, *_held(outbox_id), state=SENT, sent_at=now))
    if done:
        cancel_followers(tx, outbox_id)
    return done


def drop(tx: Tx, outbox_id: int) -> bool:
    """Nobody needs it any more."""
    done = bool(tx.update(Outbox, *_held(outbox_id), state=CANCELLED))
    if done:
        cancel_followers(tx, outbox_id)
    return done


def _held(outbox_id: int) -> tuple[object, object]:
    return col(Outbox.id) == outbox_id, col(Outbox.state) == HELD
