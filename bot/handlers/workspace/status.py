"""What `/linchpin status` shows."""

from __future__ import annotations

from datetime import timedelta

from bot.actions.workspace import health
from bot.handlers.base.request import Request
from bot.messages.kit.message import Message
from bot.messages.workspace import status as messages
from db import outbox
from db.core import workspaces
from db.models import Outbox
from db.ops import audit_checks, heartbeat
from db.outbox import operator_actions
from db.outbox.states import base_lane

#: A message refused longer ago than this is only counted.
RECENT_WINDOW = timedelta(days=7)


def status_answer(request: Request) -> Message:
    """Whether nudges go out; for admins with buttons on what waits for a person."""
    tx, now = request.tx, request.now
    delivery = outbox.status(tx, now)
    workspace = workspaces.current(tx)
    return messages.status(
        messages.DeliveryStatus(
            counts=delivery.counts,
            oldest_due_age=delivery.oldest_due_age,
            parked=tuple((lane.lane, lane.reason, lane.waiting) for lane in delivery.parked),
            workspace_parked=delivery.workspace_parked,
            beats=heartbeat.last_beats(request.context.engine),
            gaps=tuple(_find_gaps(request, {lane.lane for lane in delivery.parked})),
            last_event=workspace.last_event_at if workspace else None,
            restoring=workspace is not None and workspace.restored_at is not None,
            held=tuple(map(_undelivered_view, operator_actions.list_held(tx))),
            dead=tuple(map(_undelivered_view, operator_actions.list_dead(tx, now - RECENT_WINDOW))),
            findings=tuple(
                (row.check, row.count, row.since) for row in audit_checks.list_findings(tx)
            ),
            for_admin=request.is_admin,
        ),
        now,
    )


def _undelivered_view(row: Outbox) -> messages.UndeliveredMessage:
    return messages.UndeliveredMessage(
        id=row.id,
        kind=row.kind,
        place=base_lane(row.lane),
        since=row.started_at or row.created_at,
        why=row.last_error or "",
        text=str(row.payload.get("text", "")),
    )


def _find_gaps(request: Request, parked: set[str]) -> list[str]:
    """Missing scopes, and channels that cannot be written to and that nothing told of yet."""
    mend = health.broken_channels(request.tx, request.playbook).values()
    scopes = health.missing_scopes(request.tx, request.context.scopes)
    return [*scopes, *(sentence for channel, sentence in mend if channel not in parked)]
