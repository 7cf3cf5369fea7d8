"""What stands in Slack and is not known here: for after a restore, so that nothing is said twice.

Every message the clock says carries a mark for each thing it tells: opaque, and the same whenever
the same thing is told of the same account. Ids and versions would not do: what was added after the
copy was made had ids that are given anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Account, Said, Touchpoint

#: After so long a message that nobody came to say again is no longer looked for.
KEEP_TIME = timedelta(days=28)


@dataclass(frozen=True)
class MessagePlace:
    """Where a message stands: a channel (or a DM, `D…`) and Slack's ts."""

    channel: str
    ts: str


def fingerprint(tx: Tx, *words: str) -> str:
    """The mark of something told; anyone in the workspace can read it, so it tells nothing."""
    return sha256("\x1f".join((tx.workspace, *words)).encode()).hexdigest()[:16]


def touchpoint_mark(tx: Tx, what: str, touchpoint: Touchpoint, account: Account) -> str:
    """The mark of a nudge, reminder, escalation … about a touchpoint."""
    play = (str(touchpoint.stage_entry), touchpoint.play, str(touchpoint.occurrence))
    return fingerprint(tx, what, account.name_key, *play)


def pop(tx: Tx, mark: str) -> MessagePlace | None:
    """Where it was told already, or None. It is answered once: later it may be told anew."""
    # Only a database that was restored has any.
    row = tx.cached(Said, _any) and tx.first(select(Said).where(col(Said.mark) == mark))
    if row is None:
        return None
    tx.delete(Said, col(Said.id) == row.id)
    return MessagePlace(row.channel, row.slack_ts)


def _any(tx: Tx) -> Said | None:
    return tx.first(select(Said))


def is_already_sent(tx: Tx, marks: Iterable[str]) -> bool:
    """Whether one of these was told already; for what has its time in its mark, for good."""
    return tx.first(select(col(Said.id)).where(col(Said.mark).in_(list(marks)))) is not None


def save_marks(tx: Tx, found: Mapping[str, MessagePlace], now: datetime) -> None:
    """Remembers what was found, by mark."""
    for each, place in found.items():
        tx.add_once(Said(mark=each, channel=place.channel, slack_ts=place.ts, found_at=now))


def delete_old(tx: Tx, now: datetime) -> int:
    """Forgets what was found long ago; returns how many."""
    return tx.delete(Said, col(Said.found_at) < now - KEEP_TIME)
