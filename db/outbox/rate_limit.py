"""What a workspace may send now: its breaker, and the bucket that paces all its channels."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select, update
from sqlmodel import col

from db.core.engine import dialect_insert
from db.models import Lane, Workspace
from db.outbox.states import PROBE_INTERVAL, WORKSPACE_LANE, RateLimit


@dataclass(frozen=True)
class Allowance:
    """How many messages may go now, and when the next would be due at an even pace."""

    messages: int
    even: datetime
    probing: bool  # the workspace is parked: its one call finds out whether it still has to be


def allowance(connection: Connection, workspace: str, now: datetime, pace: RateLimit) -> Allowance:
    """What the workspace's breaker and bucket let through now; the bucket's row stays locked."""
    # The bucket first: claims of a workspace come one after the other, and see what the last did.
    even = max(_lock_bucket(connection, workspace, now), now)
    known = connection.execute(_BREAKER, {"workspace": workspace}).first()
    if known is None or known.restored_at is not None:
        return Allowance(0, even, probing=False)
    if known.parked_reason is None:
        return Allowance(_in_bucket(even, now, pace), even, probing=False)
    waits = known.parked_until is not None and known.parked_until > now
    return Allowance(0 if waits else min(1, _in_bucket(even, now, pace)), even, probing=True)


def take_tokens(
    connection: Connection, workspace: str, found: Allowance, messages: int, pace: RateLimit
) -> None:
    """Takes so many messages out of the bucket."""
    here = {"workspace": workspace, "even": found.even + messages * pace.workspace}
    connection.execute(_SPEND, here)


def postpone_probe(connection: Connection, workspace: str, now: datetime) -> None:
    """The one call of a parked workspace is begun; the next one half an hour later."""
    parked = (col(Workspace.id) == workspace, col(Workspace.parked_reason).is_not(None))
    connection.execute(update(Workspace).where(*parked).values(parked_until=now + PROBE_INTERVAL))


def next_allowed_at(connection: Connection, workspace: str, pace: RateLimit) -> datetime | None:
    """From when on the bucket lets a message through; None if it was never used."""
    at = connection.scalar(_NEXT_OK, {"workspace": workspace})
    return at and at - pace.slack


def _in_bucket(even: datetime, now: datetime, pace: RateLimit) -> int:
    if even > now + pace.slack:
        return 0
    return 1 + (now + pace.slack - even) // pace.workspace if pace.workspace else _NO_LIMIT


_NO_LIMIT = 1_000_000


def _lock_bucket(connection: Connection, workspace: str, now: datetime) -> datetime:
    here = {"workspace": workspace}
    at = connection.scalar(_NEXT_OK_LOCKED, here)
    if at is None:
        first = {"workspace_id": workspace, "lane": WORKSPACE_LANE, "next_ok_at": now}
        connection.execute(dialect_insert(connection, Lane).on_conflict_do_nothing(), first)
        at = connection.scalar(_NEXT_OK_LOCKED, here)  # another worker may have put it there
    return at or now


# -- statements of every claim, built once

_WORKSPACE: Any = bindparam("workspace")
_IS_BUCKET = and_(col(Lane.workspace_id) == _WORKSPACE, col(Lane.lane) == WORKSPACE_LANE)

_NEXT_OK = select(col(Lane.next_ok_at)).where(_IS_BUCKET)
_NEXT_OK_LOCKED = _NEXT_OK.with_for_update()
_SPEND = update(Lane).where(_IS_BUCKET).values(next_ok_at=bindparam("even"))
_BREAKER = select(
    col(Workspace.parked_reason), col(Workspace.parked_until), col(Workspace.restored_at)
).where(col(Workspace.id) == _WORKSPACE)
