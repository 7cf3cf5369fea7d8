"""Messages that may still be changed where they wait, and what follows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Outbox
from db.outbox.states import CANCELLED, ENDED_UNSENT_STATES, PENDING, POST, SENT

Follower = tuple[int, str, str, str]  # outbox id, dedupe key, method, state


def find_by_key(tx: Tx, dedupe_key: str) -> int | None:
    """The outbox id of the message that was put in under that key."""
    return tx.first(select(col(Outbox.id)).where(col(Outbox.dedupe_key) == dedupe_key))


def lock_message(tx: Tx, outbox_id: int | None) -> Outbox | None:
    """The message, locked until the transaction ends and read anew. To be called before its new
    content is made, since several people may be acting on its touchpoints at once, and before
    something is to follow it, since it may be ending unsent."""
    return tx.lock(Outbox, outbox_id)


def rewrite_pending(tx: Tx, outbox_id: int, payload: dict[str, Any]) -> bool:
    """Changes a message that has not been begun; False if it has, or has ended."""
    mine = (col(Outbox.id) == outbox_id, col(Outbox.state) == PENDING)
    return bool(tx.execute(update(Outbox).where(*mine).values(payload=payload)))


def list_waiting(tx: Tx, lane: str, kind: str, due_at: datetime) -> list[Outbox]:
    """The messages of a kind that wait for that time, the first put in first."""
    of_lane = (col(Outbox.lane) == lane, col(Outbox.kind) == kind, col(Outbox.method) == POST)
    waiting = (col(Outbox.state) == PENDING, col(Outbox.due_at) == due_at)
    return tx.all(select(Outbox).where(*of_lane, *waiting).order_by(col(Outbox.id)))


def cancel(tx: Tx, ids: Sequence[int]) -> None:
    """Cancels those of the messages that have not been begun."""
    theirs = (col(Outbox.id).in_(ids), col(Outbox.state) == PENDING)
    tx.execute(update(Outbox).where(*theirs).values(state=CANCELLED))


def followers(tx: Tx, root_id: int) -> Sequence[Follower]:
    """What answers or changes a message, sent or not."""
    return tx.cached(Outbox, _read_followers, root_id)


def _read_followers(tx: Tx, root_id: int) -> Sequence[Follower]:
    columns = (col(Outbox.id), col(Outbox.dedupe_key), col(Outbox.method), col(Outbox.state))
    return tx.rows(select(*columns).where(col(Outbox.root_id) == root_id))


def cancel_replies(tx: Tx, root_id: int) -> None:
    """Cancels what waits to be said in a message's thread."""
    cancel_waiting(tx, root_id, POST)


def cancel_waiting(tx: Tx, root_id: int, method: str) -> None:
    """Cancels the pending calls of a method that answer or change a message."""
    waiting = [
        row_id
        for row_id, _, of_method, state in followers(tx, root_id)
        if of_method == method and state == PENDING
    ]
    if waiting:
        cancel(tx, waiting)


def is_waiting(tx: Tx, outbox_id: int | None) -> bool:
    """Whether nobody can have seen the message yet, but will."""
    state = _state(tx, outbox_id)
    return state not in (None, SENT, *ENDED_UNSENT_STATES)


def was_lost(tx: Tx, outbox_id: int | None) -> bool:
    """Whether the message ended without anybody seeing it: expired, refused, taken back."""
    return _state(tx, outbox_id) in ENDED_UNSENT_STATES


def was_deleted(tx: Tx, outbox_id: int | None) -> bool:
    """Whether somebody deleted the message after it stood in Slack."""
    row = tx.get(Outbox, outbox_id)
    return row is not None and row.sent_at is not None and row.state in ENDED_UNSENT_STATES


def may_be_in_slack(tx: Tx, outbox_id: int) -> bool:
    """Whether the message stands in Slack or may still come to stand there."""
    state = _state(tx, outbox_id)
    return state not in (None, *ENDED_UNSENT_STATES)


def next_version(tx: Tx, root_id: int) -> int:
    """A number greater than that of each update of this message before: ids only grow."""
    return max([root_id, *(follower[0] for follower in followers(tx, root_id))])


def _state(tx: Tx, outbox_id: int | None) -> str | None:
    row = tx.get(Outbox, outbox_id)
    return row.state if row is not None else None
