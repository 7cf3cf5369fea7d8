"""The messages in which touchpoints stand: which of them stand in a lane, and their lines."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import col, func, select

from db.core.tx import Tx
from db.models import Account, ListLine, Touchpoint, TouchpointList
from db.touchpoints.touchpoints import NUDGED_STATES, list_pairs, lock_with_accounts

_LOOKED_AT = (
    select(col(TouchpointList.id))
    .where(
        col(TouchpointList.lane) == bindparam("lane"),
        col(TouchpointList.looked_on) >= bindparam("day"),
    )
    .limit(1)
)


def of_nudge(tx: Tx, nudge_id: int) -> TouchpointList | None:
    """The list that this message is; None for a message of another kind."""
    return tx.first(select(TouchpointList).where(col(TouchpointList.nudge_id) == nudge_id))


def of_nudges(tx: Tx, nudge_ids: Sequence[int]) -> list[TouchpointList]:
    """The lists that these messages are."""
    return tx.all_among(select(TouchpointList), TouchpointList.nudge_id, nudge_ids)


def standing(tx: Tx, lane: str) -> list[TouchpointList]:
    """The lane's messages that are not folded, oldest first."""
    unfolded = select(TouchpointList).filter_by(lane=lane, folded_at=None)
    return tx.all(unfolded.order_by(col(TouchpointList.id)))


def lines(tx: Tx, nudge_id: int) -> list[tuple[ListLine, Touchpoint, Account]]:
    """All lines of a message in their order, those that stand elsewhere by now included."""
    rows = tx.rows(
        select(ListLine, Touchpoint, Account)
        .join(Touchpoint, col(Touchpoint.id) == col(ListLine.touchpoint_id))
        .join(Account, col(Account.id) == col(Touchpoint.account_id))
        .where(col(ListLine.nudge_id) == nudge_id)
        .order_by(col(ListLine.number))
    )
    return [(line, touchpoint, account) for line, touchpoint, account in rows]


def lock_open(tx: Tx, nudge_ids: Sequence[int]) -> list[tuple[Touchpoint, Account]]:
    """What stands open in these messages, locked, with the accounts, in their order."""
    if not nudge_ids:
        return []
    here = (col(Touchpoint.nudge_id).in_(nudge_ids), col(Touchpoint.state).in_(NUDGED_STATES))
    return list_pairs(tx, lock_with_accounts().where(*here))


def count_new_since(tx: Tx, lane: str, since: datetime) -> int:
    """How many touchpoints were shown in a lane for the first time since then."""
    return tx.count(
        Touchpoint,
        col(Touchpoint.shown_at) >= since,
        col(Touchpoint.nudge_id).in_(
            select(col(TouchpointList.nudge_id)).where(
                col(TouchpointList.workspace_id) == tx.workspace, col(TouchpointList.lane) == lane
            )
        ),
    )


def was_posted_on(tx: Tx, lane: str, day: date) -> bool:
    """Whether a lane had its morning on that day: a message was posted or looked at."""
    return tx.cached(TouchpointList, _read_posted_on, lane, day)


def _read_posted_on(tx: Tx, lane: str, day: date) -> bool:
    return bool(tx.all(_LOOKED_AT, lane=lane, day=day))


def next_number(tx: Tx, nudge_id: int) -> int:
    """The number of the next line of a message."""
    last = select(func.max(col(ListLine.number))).where(col(ListLine.nudge_id) == nudge_id)
    return (tx.first(last) or 0) + 1


def move_to(tx: Tx, moved: Sequence[Touchpoint], nudge_id: int, **values: Any) -> None:
    """Lets open touchpoints stand in another message."""
    if moved:
        those = update(Touchpoint).where(col(Touchpoint.id).in_([each.id for each in moved]))
        values |= {"nudge_id": nudge_id, "version": col(Touchpoint.version) + 1}
        tx.execute(those.values(**values))


def lose(tx: Tx, nudge_id: int | None, now: datetime) -> None:
    """A message was deleted: what stands open in it is looked at now."""
    here = (col(Touchpoint.nudge_id) == nudge_id, col(Touchpoint.state) == "nudged")
    if not tx.execute(update(Touchpoint).where(*here).values(wake_at=now)):
        those = update(TouchpointList).where(col(TouchpointList.nudge_id) == nudge_id)
        tx.execute(those.values(folded_at=now))


def open_hidden(tx: Tx, nudge_id: int) -> None:
    """Somebody opened what is behind "Show n more": it counts as shown to the customers."""
    some = update(ListLine).where(col(ListLine.nudge_id) == nudge_id, col(ListLine.hidden))
    tx.execute(some.values(opened=True))
