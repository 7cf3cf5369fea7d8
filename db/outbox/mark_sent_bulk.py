"""The end of messages that Slack took, many in one transaction.

Thousands of messages a second may pass, so these are Core statements of many rows. What is not
plain (a parked lane, an answer to a response_url, a refusal) ends one by one in outcomes.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, String, bindparam, func, or_, update
from sqlmodel import col

from db.models import Lane, Outbox, Workspace
from db.outbox.claim import Claim
from db.outbox.states import BUSY_STATES, POST, RESPONSE, SENT


@dataclass(frozen=True)
class SentMessage:
    """A message that Slack took: where it stands, and when the call ended."""

    claim: Claim
    channel: str | None
    ts: str | None
    at: datetime


def is_plain(claim: Claim) -> bool:
    """Whether nothing else than the row and its lane changes when Slack takes the message."""
    return not claim.probing and claim.method != RESPONSE


def mark_sent_bulk(engine: Engine, taken: Sequence[SentMessage]) -> None:
    """Ends plain messages of one batch, if its token still holds them, and gives their lanes back;
    the pause of the lanes counts from the last of these ends."""
    # In one order: transactions that lock several messages or lanes must not meet crosswise.
    by_id = sorted(taken, key=lambda one: one.claim.id)
    batch = taken[0].claim
    free_at = max(one.at for one in taken) + batch.pace.channel
    lanes = {
        "workspace": batch.workspace,
        "token_": batch.token,
        "lanes": sorted(one.claim.lane for one in taken),
        "next_ok": free_at,
    }
    with engine.begin() as connection:
        connection.execute(_SENT, [_row_of(one) for one in by_id])
        connection.execute(_FREE, lanes)
        # Whatever else is wrong, Slack lets us in.
        connection.execute(_UNPARKED, {"workspace": batch.workspace})


def _row_of(one: SentMessage) -> dict[str, Any]:
    where, ts = (one.channel, one.ts) if one.claim.method == POST else (None, None)
    return {"id_": one.claim.id, "token_": one.claim.token, "at": one.at, "where": where, "ts": ts}


# -- statements: of many rows at once, built once, since thousands of messages may pass

_WORKSPACE: Any = bindparam("workspace")

_SENT = (
    update(Outbox)
    .where(
        col(Outbox.id) == bindparam("id_"),
        col(Outbox.token) == bindparam("token_"),
        or_(*(col(Outbox.state) == state for state in BUSY_STATES)),  # `in_` is not for many rows
    )
    .values(
        state=SENT,
        sent_at=bindparam("at"),
        last_error=None,
        channel=func.coalesce(bindparam("where", type_=String), col(Outbox.channel)),
        slack_ts=func.coalesce(bindparam("ts", type_=String), col(Outbox.slack_ts)),
    )
)
_FREE = (
    update(Lane)
    .where(
        col(Lane.workspace_id) == _WORKSPACE,
        col(Lane.lane).in_(bindparam("lanes", expanding=True)),
        col(Lane.token) == bindparam("token_"),
    )
    .values(lease_until=None, token=None, next_ok_at=bindparam("next_ok"))
)
_UNPARKED = (
    update(Workspace)
    .where(col(Workspace.id) == _WORKSPACE, col(Workspace.parked_reason).is_not(None))
    .values(parked_reason=None, parked_until=None)
)
