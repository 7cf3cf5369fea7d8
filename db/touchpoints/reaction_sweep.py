"""Which messages' reactions are worth re-reading, and what we remember of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Outbox, Reaction, Touchpoint
from db.touchpoints.touchpoints import NUDGED_STATES

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
