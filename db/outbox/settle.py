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
from db.outbox.states import BUSY, POST, RESPONSE, SENT
from db.statements import Statement


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
    """Ends plain messages of one batch, each only by who holds its token, and gives their lanes
    back: their second counts from the last of these ends."""
    # In one order: transactions that lock several messages or lanes must not meet crosswise.
    by_id = sorted(taken, key=lambda one: one.claim.id)
    batch = taken[0].claim
    here = {"workspace": batch.workspace}
    ours = {**here, "token_": batch.token}
    free_at = max(one.at for one in taken) + batch.pace.channel
    with engine.begin() as connection:
        _SENT.change_many(connection, [_row_of(one) for one in by_id])
        lanes = sorted(one.claim.lane for one in taken)
        _FREE.change(connection, {**ours, "next_ok": free_at}, lanes)
        # Whatever else is wrong, Slack lets us in.
        _UNPARKED.change(connection, here)


def _row_of(one: Taken) -> dict[str, Any]:
    place = (one.channel, one.ts) if one.claim.method == POST else (None, None)
    return {
        "id_": one.claim.id,
        "token_": one.claim.token,
        "at": one.at,
        "where": place[0],
        "ts": place[1],
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


def _free(lanes: list[Any]) -> Any:
    return (
        update(Lane)
        .where(
            col(Lane.workspace_id) == bindparam("workspace"),
            col(Lane.lane).in_(lanes),
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


_SENT, _FREE, _UNPARKED = Statement(_sent), Statement(_free), Statement(_unparked)
