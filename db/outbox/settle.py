"""The end of messages that Slack took, many in one transaction.

Only what is plain ends here. A message of a parked lane, an answer whose lane goes with it, and
whatever Slack did not take, end one by one: db/outbox/finish.py, which says the same of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, String, bindparam, func, or_, update
from sqlmodel import col

from db.models import Lane, Outbox, Workspace
from db.outbox.claim import Claim
from db.outbox.statements import Statement
from db.outbox.states import BUSY, POST, RESPONSE, SENT


@dataclass(frozen=True)
class Taken:
    """A message that Slack took: where it stands, and when the call ended."""

    claim: Claim
    channel: str | None
    ts: str | None
    at: datetime


def is_plain(claim: Claim) -> bool:
    """Whether nothing else than the row and its lane changes when Slack takes the message."""
    return not claim.probing and claim.method != RESPONSE


def sent_together(engine: Engine, taken: Sequence[Taken]) -> None:
    """Ends plain messages of one workspace, each only by who holds its token, and gives their
    lanes back."""
    # In one order: transactions that lock several messages or lanes must not meet crosswise.
    by_id = sorted(taken, key=lambda one: one.claim.id)
    by_lane = sorted(taken, key=lambda one: one.claim.lane)
    with engine.begin() as connection:
        _SENT.change_many(connection, [_row_of(one) for one in by_id])
        _FREE.change_many(connection, [_lane_of(one) for one in by_lane])
        # Whatever else is wrong, Slack lets us in.
        _UNPARKED.change(connection, {"workspace": taken[0].claim.workspace})


def _row_of(one: Taken) -> dict[str, Any]:
    place = (one.channel, one.ts) if one.claim.method == POST else (None, None)
    return {
        "id_": one.claim.id,
        "token_": one.claim.token,
        "at": one.at,
        "where": place[0],
        "ts": place[1],
    }


def _lane_of(one: Taken) -> dict[str, Any]:
    return {
        "workspace": one.claim.workspace,
        "lane_": one.claim.lane,
        "token_": one.claim.token,
        "next_ok": one.at + one.claim.pace.channel,
    }


def _sent() -> Any:
    return (
        update(Outbox.__table__)  # type: ignore[attr-defined]
        .where(
            col(Outbox.id) == bindparam("id_"),
            col(Outbox.token) == bindparam("token_"),
            or_(*(col(Outbox.state) == state for state in BUSY)),  # IN is not for many rows
        )
        .values(
            state=SENT,
            sent_at=bindparam("at"),
            last_error=None,
            channel=func.coalesce(bindparam("where", type_=String), col(Outbox.channel)),
            slack_ts=func.coalesce(bindparam("ts", type_=String), col(Outbox.slack_ts)),
        )
    )


def _free() -> Any:
    return (
        update(Lane.__table__)  # type: ignore[attr-defined]
        .where(
            col(Lane.workspace_id) == bindparam("workspace"),
            col(Lane.lane) == bindparam("lane_"),
            col(Lane.token) == bindparam("token_"),
        )
        .values(lease_until=None, token=None, next_ok_at=bindparam("next_ok"))
    )


def _unparked() -> Any:
    parked = (
        col(Workspace.id) == bindparam("workspace"),
        col(Workspace.parked_reason).is_not(None),
    )
    return update(Workspace).where(*parked).values(parked_reason=None, parked_until=None)


_SENT, _FREE, _UNPARKED = map(Statement, (_sent, _free, _unparked))
