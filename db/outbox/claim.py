"""Takes messages to be sent: lanes that nobody holds, leased, and of each its oldest due row.

One transaction takes several lanes, as many as one sender calls Slack for at once. It commits
before the calls begin, so that a process that dies in a call leaves rows that say «sending», and
never a row that looks as if it had not been tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, and_, bindparam, or_, select, update
from sqlmodel import col

from db.models import Channel, Lane, Outbox
from db.outbox import bucket, ready
from db.outbox.arguments import arguments
from db.outbox.statements import Statement
from db.outbox.states import (
    DEAD,
    FILE,
    LEASE,
    PACE,
    PENDING,
    POST,
    PROBE,
    SENDING,
    UPDATE,
    Pace,
    base_lane,
)


@dataclass(frozen=True)
class Claim:
    """One message that this process may send now, until `lease_until`.

    The `token` is that of its batch: together with the row's id, or the lane's name, it says whose
    the row or the lane is.
    """

    id: int
    workspace: str
    lane: str
    method: str
    args: dict[str, Any]  # the call's arguments
    token: str
    attempt: int  # definite failures so far
    started_at: datetime
    lease_until: datetime
    probing: bool  # the lane is parked: this call finds out whether it still has to be
    shared_outside: bool  # outsiders read that channel: this must not be sent
    pace: Pace = PACE

    @property
    def channel(self) -> str:
        """The channel or user that the lane belongs to."""
        return base_lane(self.lane)


def claim(engine: Engine, workspace: str, now: datetime, pace: Pace = PACE) -> Claim | None:
    """The next message of a workspace that may be sent now, marked `sending`; None if none may."""
    return next(iter(claim_batch(engine, workspace, now, 1, pace)), None)


def claim_batch(
    engine: Engine, workspace: str, now: datetime, most: int, pace: Pace = PACE
) -> list[Claim]:
    """The next messages of a workspace that may be sent now, each of another lane, up to `most`.

    All are marked `sending`. Rows past their `expires_at` end on the way.
    """
    with engine.execution_options(linchpin_read=True).begin() as connection:
        # Most rounds find nothing: that must not cost the handlers their turn at the write lock.
        if not ready.any_lane(connection, workspace, now):
            return []
    with engine.begin() as connection:
        allowed = bucket.allowance(connection, workspace, now, pace)
        most = min(most, allowed.messages)
        while most > 0 and (found := ready.take_lanes(connection, workspace, now, most)):
            lanes = {lane.lane: lane for lane in found}
            expired = ready.expire(connection, workspace, list(lanes), now)
            rows = ready.first_rows(connection, workspace, list(lanes), now)
            sendable = _with_arguments(connection, rows)
            if sendable:
                bucket.spend(connection, workspace, allowed, len(sendable), pace)
                if allowed.probing:
                    bucket.hold_probe(connection, workspace, now)
                return _begin(connection, workspace, lanes, sendable, now, pace)
            if not rows and not expired:
                break  # somebody is changing them at this moment
    return []


# -- the rows


def _with_arguments(
    connection: Connection, rows: Sequence[Any]
) -> list[tuple[Any, dict[str, Any]]]:
    """The rows with their calls' arguments. One of which no call can be made ends here, alone."""
    roots = _roots(connection, [row.root_id for row in rows if row.root_id is not None])
    sendable = []
    for row in rows:
        try:
            sendable.append((row, arguments(row, roots.get(row.root_id))))
        except (TypeError, ValueError, AttributeError, KeyError) as error:
            _kill(connection, row, f"it cannot be rendered: {type(error).__name__}")
    return sendable


def _roots(connection: Connection, ids: list[int]) -> dict[int, Any]:
    """Where the messages stand that others answer or change."""
    if not ids:
        return {}
    return {root.id: root for root in _PLACES.rows(connection, {}, ids)}


def _kill(connection: Connection, row: Any, why: str) -> None:
    followers = and_(col(Outbox.root_id) == row.id, col(Outbox.state) == PENDING)
    mine = or_(col(Outbox.id) == row.id, followers)
    connection.execute(update(Outbox).where(mine).values(state=DEAD, last_error=why))


def _begin(
    connection: Connection,
    workspace: str,
    lanes: Mapping[str, Any],
    sendable: Sequence[tuple[Any, dict[str, Any]]],
    now: datetime,
    pace: Pace,
) -> list[Claim]:
    token, until = uuid4().hex, now + LEASE
    mine = [lanes[row.lane] for row, _ in sendable]
    ids = [row.id for row, _ in sendable]
    _SENDING.change(connection, {"token_": token, "now": now}, ids)
    held = {"token_": token, "until": until, "next_ok": now + pace.channel}
    _LEASED.change(connection, held, [lane.id for lane in mine])
    if parked := [lane.id for lane in mine if lane.parked_reason]:
        _PROBED.change(connection, {"next_probe": now + PROBE}, parked)
    outside = _read_outside(connection, workspace, [row for row, _ in sendable])
    return [
        Claim(
            id=row.id,
            workspace=workspace,
            lane=row.lane,
            method=row.method,
            args=args,
            token=token,
            attempt=row.attempt,
            started_at=now,
            lease_until=until,
            probing=bool(lanes[row.lane].parked_reason),
            shared_outside=row.method in _SEEN_BY_MANY and base_lane(row.lane) in outside,
            pace=pace,
        )
        for row, args in sendable
    ]


_SEEN_BY_MANY = (POST, UPDATE, FILE)  # the others are seen by one person


def _read_outside(connection: Connection, workspace: str, rows: Sequence[Any]) -> set[str]:
    """Asked at the last moment: a channel can be shared after the message was put in."""
    channels = {base_lane(row.lane) for row in rows}
    found = _SHARED.rows(connection, {"workspace": workspace}, list(channels))
    return {row.channel_id for row in found}


# -- statements


def _places(ids: list[Any]) -> Any:
    columns = (col(Outbox.id), col(Outbox.channel), col(Outbox.slack_ts))
    return select(*columns).where(col(Outbox.id).in_(ids))


def _sending(ids: list[Any]) -> Any:
    values: dict[str, Any] = {"token": bindparam("token_"), "started_at": bindparam("now")}
    return update(Outbox).where(col(Outbox.id).in_(ids)).values(state=SENDING, **values)


def _leased(ids: list[Any]) -> Any:
    values: dict[str, Any] = {
        "lease_until": bindparam("until"),
        "token": bindparam("token_"),
        "next_ok_at": bindparam("next_ok"),
    }
    return update(Lane).where(col(Lane.id).in_(ids)).values(**values)


def _probed(ids: list[Any]) -> Any:
    return update(Lane).where(col(Lane.id).in_(ids)).values(probe_at=bindparam("next_probe"))


def _shared(channels: list[Any]) -> Any:
    return select(col(Channel.channel_id)).where(
        col(Channel.workspace_id) == bindparam("workspace"),
        col(Channel.channel_id).in_(channels),
        col(Channel.is_shared_outside),
    )


_PLACES, _SHARED = Statement(_places), Statement(_shared)
_SENDING, _LEASED, _PROBED = Statement(_sending), Statement(_leased), Statement(_probed)
