"""Claims messages to be sent: leases free lanes, and takes the oldest due row of each. One
transaction takes as many lanes as one sender calls Slack for at once. It commits before the calls
begin, so that a process that dies in a call leaves its rows as "sending"."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from sqlalchemy import Connection, Engine, bindparam, select, update
from sqlmodel import col

from db.core.all_workspaces import reading
from db.models import Lane, Outbox
from db.outbox import rate_limit, select_due
from db.outbox.states import (
    DELETE,
    LEASE,
    POST,
    PROBE_INTERVAL,
    RATE_LIMIT,
    SENDING,
    UPDATE,
    RateLimit,
    base_lane,
)


@dataclass(frozen=True)
class Claim:
    """One message that this process may send now, until `lease_until`. The `token` is that of its
    batch: only its holder may change the row and the lane."""

    id: int
    workspace: str
    lane: str
    method: str
    row: Any  # what the call's arguments are made of
    token: str
    attempt: int  # definite failures so far
    started_at: datetime
    lease_until: datetime
    probing: bool  # the lane is parked: this call finds out whether it still has to be
    shared_outside: bool  # outsiders read that channel: this must not be sent
    pace: RateLimit = RATE_LIMIT
    root: Any = None  # where the message stands that it answers or changes

    @property
    def args(self) -> dict[str, Any]:
        """The call's arguments; raises as `arguments` does if none can be made."""
        return call_arguments(self.row, self.root)

    @property
    def has_picture(self) -> bool:
        """Whether a picture has to be drawn and uploaded before the message is posted."""
        return self.method == POST and '"picture":' in self.row.payload

    @property
    def channel(self) -> str:
        """The channel or user that the lane belongs to."""
        return base_lane(self.lane)


def claim_batch(
    engine: Engine, workspace: str, now: datetime, most: int, pace: RateLimit = RATE_LIMIT
) -> list[Claim]:
    """The next messages of a workspace that may be sent now, each of another lane, up to `most`.
    All are marked `sending`. Rows past their `expires_at` end on the way."""
    # Most rounds find nothing, and must not take the write lock for that.
    with reading(engine) as connection:
        if not select_due.has_due_message(connection, workspace, now):
            return []
    with engine.begin() as connection:
        allowed = rate_limit.allowance(connection, workspace, now, pace)
        rows = _lock_sendable(connection, workspace, now, min(most, allowed.messages))
        if not rows:
            return []
        rate_limit.take_tokens(connection, workspace, allowed, len(rows), pace)
        if allowed.probing:
            rate_limit.postpone_probe(connection, workspace, now)
        return _mark_sending(connection, workspace, rows, now, pace)


# -- the rows


def _lock_sendable(connection: Connection, workspace: str, now: datetime, most: int) -> list[Any]:
    """The messages that may go; those past their time are ended here."""
    while most > 0:
        found = select_due.select_due(connection, workspace, now, most)
        stale = [row.id for row in found if row.stale]
        ended = bool(stale) and select_due.expire_messages(connection, stale)
        if len(stale) < len(found) or not ended:
            return [row for row in found if not row.stale]
    return []


def _roots(connection: Connection, ids: list[int]) -> dict[int, Any]:
    """Where the messages are that others answer or change."""
    if not ids:
        return {}
    return {root.id: root for root in connection.execute(_PLACES, {"ids": ids})}


def _mark_sending(
    connection: Connection, workspace: str, rows: Sequence[Any], now: datetime, pace: RateLimit
) -> list[Claim]:
    token, until = uuid4().hex, now + LEASE
    begun = {"token_": token, "now": now, "ids": [row.id for row in rows]}
    connection.execute(_SENDING, begun)
    held = {"token_": token, "until": until, "next_ok": now + pace.channel}
    connection.execute(_LEASED, {**held, "ids": [row.lane_id for row in rows]})
    if parked := [row.lane_id for row in rows if row.parked_reason]:
        probed = update(Lane).where(col(Lane.id).in_(parked)).values(probe_at=now + PROBE_INTERVAL)
        connection.execute(probed)
    roots = _roots(connection, [row.root_id for row in rows if row.root_id is not None])
    return [
        Claim(
            id=row.id,
            workspace=workspace,
            lane=row.lane,
            method=row.method,
            row=row,
            token=token,
            attempt=row.attempt,
            started_at=now,
            lease_until=until,
            probing=bool(row.parked_reason),
            shared_outside=bool(row.read_outside) and row.method in _SEEN_BY_MANY,
            pace=pace,
            root=roots.get(row.root_id),
        )
        for row in rows
    ]


_SEEN_BY_MANY = (POST, UPDATE)  # the others are seen by one person


# -- statements: of many rows at once, built once, since thousands of messages may pass

_IDS: Any = bindparam("ids", expanding=True)

_PLACES = select(col(Outbox.id), col(Outbox.channel), col(Outbox.slack_ts)).where(
    col(Outbox.id).in_(_IDS)
)
_SENDING = (
    update(Outbox)
    .where(col(Outbox.id).in_(_IDS))
    .values(state=SENDING, token=bindparam("token_"), started_at=bindparam("now"))
)
_LEASED = (
    update(Lane)
    .where(col(Lane.id).in_(_IDS))
    .values(
        lease_until=bindparam("until"), token=bindparam("token_"), next_ok_at=bindparam("next_ok")
    )
)


def call_arguments(row: Any, root: Any) -> dict[str, Any]:
    """What to call Slack with for a row, whose payload and marks are JSON's text. `root` is where
    the message stands (channel, slack_ts) that it answers in a thread or changes; None if there is
    none. Raises TypeError, ValueError, AttributeError or KeyError for a row of which no call can be
    made."""
    if row.method == DELETE:
        return {"channel": root.channel, "ts": root.slack_ts}
    payload = json.loads(row.payload)
    if row.method == UPDATE:
        return {**payload, "channel": root.channel, "ts": root.slack_ts}
    if row.method != POST:
        return {**payload}
    if root is None:
        return {**payload, "channel": row.lane, **_message_marks(row)}
    return {**payload, "channel": root.channel, "thread_ts": root.slack_ts, **_message_marks(row)}


def _message_marks(row: Any) -> dict[str, Any]:
    """What the message is found again by; anyone in the workspace can read it: opaque."""
    marks = json.loads(row.marks) if row.marks else None
    return {
        "metadata": {
            "event_type": "linchpin_message",
            "event_payload": {"id": str(row.id), **({"marks": " ".join(marks)} if marks else {})},
        },
        # Whether Slack dedupes by it is not documented: a bonus, nothing relies on it.
        "client_msg_id": str(uuid5(NAMESPACE_URL, _name(row))),
    }


def _name(row: Any) -> str:
    # With the key: after a restore an id is given to another message.
    return f"linchpin:{row.workspace_id}:{row.id}:{row.dedupe_key}"
