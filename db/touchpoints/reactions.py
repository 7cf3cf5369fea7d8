"""Reactions as levels: those on a message count, in whatever order Slack reports them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select

from db.core.row_locks import lock_rows
from db.core.tx import Tx
from db.models import Outbox, Reaction, Touchpoint
from db.touchpoints.touchpoints import NUDGED_STATES


def record_reaction(
    tx: Tx,
    channel: str,
    ts: str,
    user_id: str,
    name: str,
    *,
    present: bool,
    event_ts: str,
    now: datetime,
) -> bool:
    """Remembers what an event says of a reaction, unless a newer one spoke; says if it changed."""
    key: Any = {"channel": channel, "ts": ts, "user_id": user_id, "name": name}
    if tx.add_once(Reaction(**key, present=present, event_ts=event_ts, at=now)) is not None:
        return present
    # Locked: of two events that are handled at once, the newer one stands, whoever comes second.
    known = tx.one(lock_rows(select(Reaction).filter_by(**key)))
    if float(event_ts) <= float(known.event_ts):
        return False
    changed = known.present != present
    known.present, known.ignored, known.event_ts, known.at = present, False, event_ts, now
    tx.flush()
    return changed


def list_active(tx: Tx, nudge_id: int) -> list[Reaction]:
    """The reactions that count on a nudge and on the answers in its thread, oldest first."""
    return _reactions_on(tx, nudge_id, is_ignored=False)


def list_ignored(tx: Tx, nudge_id: int) -> list[Reaction]:
    """The reactions there that no longer count, oldest first."""
    return _reactions_on(tx, nudge_id, is_ignored=True)


def ignore_reactions(tx: Tx, reactions: Sequence[Reaction]) -> None:
    """Notes that what they did was undone by other means."""
    for each in reactions:
        each.ignored = True
    tx.flush()


def is_ignored(tx: Tx, channel: str, ts: str, user_id: str, name: str) -> bool:
    key = {"channel": channel, "ts": ts, "user_id": user_id, "name": name}
    return tx.first(select(Reaction).filter_by(**key, ignored=True)) is not None


def _reactions_on(tx: Tx, nudge_id: int, *, is_ignored: bool) -> list[Reaction]:
    here = or_(col(Outbox.id) == nudge_id, col(Outbox.root_id) == nudge_id)
    statement = (
        select(Reaction)
        .join(
            Outbox,
            (col(Outbox.channel) == col(Reaction.channel))
            & (col(Outbox.slack_ts) == col(Reaction.ts)),
        )
        .where(here, col(Reaction.present), col(Reaction.ignored).is_(is_ignored))
    )
    found = tx.all(statement)
    return sorted(found, key=lambda reaction: float(reaction.event_ts))


Place = tuple[str, str]  # channel, ts

_UNDO_WINDOW = timedelta(days=1)  # how long after a reaction we look whether it was taken back


def messages_to_sweep(tx: Tx, now: datetime) -> list[Place]:
    """The messages of open nudges, and those where somebody reacted within a day."""
    open_nudges: Any = (
        select(col(Outbox.channel), col(Outbox.slack_ts))
        .join(Touchpoint, col(Touchpoint.nudge_id) == col(Outbox.id))
        .where(col(Touchpoint.state).in_(NUDGED_STATES), col(Outbox.slack_ts).is_not(None))
    )
    lately: Any = select(col(Reaction.channel), col(Reaction.ts)).where(
        col(Reaction.present), col(Reaction.at) > now - _UNDO_WINDOW
    )
    places = [*tx.rows(open_nudges), *tx.rows(lately)]
    return sorted({(channel, ts) for channel, ts in places})


def present_reactions(tx: Tx, places: Sequence[Place]) -> dict[Place, set[tuple[str, str]]]:
    """(user, name) of every reaction remembered as present, by message."""
    found: dict[Place, set[tuple[str, str]]] = {place: set() for place in places}
    stamps = {ts for _, ts in places}
    rows = tx.all(select(Reaction).where(col(Reaction.present), col(Reaction.ts).in_(stamps)))
    for row in rows:
        if (row.channel, row.ts) in found:
            found[row.channel, row.ts].add((row.user_id, row.name))
    return found
