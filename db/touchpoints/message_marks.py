"""Marks of messages that are in Slack but not in a restored database, so that none is sent twice.
Every message of the clock carries an opaque mark for each thing it tells, which is always the same
for the same thing of the same account. Ids would not do: after a restore they are given again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Account, Said, Touchpoint

#: How long a message that was not sent again is remembered.
KEEP_TIME = timedelta(days=28)


@dataclass(frozen=True)
class MessagePlace:
    """Where a message is: a channel (or a DM, `D…`) and Slack's ts."""

    channel: str
    ts: str


def fingerprint(tx: Tx, *words: str) -> str:
    """The mark of something said; anyone in the workspace can read it, so it is a hash."""
    return sha256("\x1f".join((tx.workspace, *words)).encode()).hexdigest()[:16]


def touchpoint_mark(tx: Tx, what: str, touchpoint: Touchpoint, account: Account) -> str:
    """The mark of a nudge or an escalation about a touchpoint."""
    play = (str(touchpoint.stage_entry), touchpoint.play, str(touchpoint.occurrence))
    return fingerprint(tx, what, account.name_key, *play)


def pop(tx: Tx, mark: str) -> MessagePlace | None:
    """Where something was said already, or None; forgets it, since it may be said again later."""
    # Only a database that was restored has any.
    row = tx.cached(Said, _any) and tx.first(select(Said).where(col(Said.mark) == mark))
    if row is None:
        return None
    tx.delete(Said, col(Said.id) == row.id)
    return MessagePlace(row.channel, row.slack_ts)


def _any(tx: Tx) -> Said | None:
    return tx.first(select(Said))


def is_already_sent(tx: Tx, marks: Iterable[str]) -> bool:
    """Whether one of these was said already; nothing is forgotten."""
    return tx.first(select(col(Said.id)).where(col(Said.mark).in_(list(marks)))) is not None


def save_marks(tx: Tx, found: Mapping[str, MessagePlace], now: datetime) -> None:
    """Remembers what was found, by mark."""
    for each, place in found.items():
        tx.add_once(Said(mark=each, channel=place.channel, slack_ts=place.ts, found_at=now))


def delete_old(tx: Tx, now: datetime) -> int:
    """Forgets what was found long ago; returns how many."""
    return tx.delete(Said, col(Said.found_at) < now - KEEP_TIME)
