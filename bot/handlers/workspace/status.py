"""What `/linchpin status` shows, and its buttons for admins on undelivered messages."""

import re
from datetime import timedelta
from functools import partial

from slack_bolt import App

from bot.actions.workspace import dead_letters, health
from bot.context import Context
from bot.handlers.base import clicks
from bot.handlers.base.request import Request
from bot.messages.kit.message import Message
from bot.messages.workspace import status as messages
from bot.rules.errors import UserError
from db import outbox
from db.core import workspaces
from db.models import Member, Outbox
from db.ops import audit_checks
from db.ops.health import last_beats
from db.outbox import operator_actions
from db.outbox.states import base_lane

#: A message refused longer ago than this is only counted.
RECENT_WINDOW = timedelta(days=7)


def register(app: App, linchpin: Context) -> None:
    """Listens to `stuck:<verb>`, whose value is the message's outbox id."""
    app.action(re.compile(r"^stuck:"))(clicks.listener(linchpin, _on_click))


def status_answer(request: Request) -> Message:
    """Whether nudges go out; for admins with buttons on what waits for a person."""
    tx, now = request.tx, request.now
    delivery = outbox.status(tx, now)
    workspace, parked = workspaces.current(tx), {lane.lane for lane in delivery.parked}
    return messages.status(
        messages.DeliveryStatus(
            counts=delivery.counts,
            oldest_due_age=delivery.oldest_due_age,
            parked=tuple((lane.lane, lane.reason, lane.waiting) for lane in delivery.parked),
            workspace_parked=delivery.workspace_parked,
            beats=last_beats(request.context.engine),
            obstacles=tuple(
                each
                for each in health.find_obstacles(request.work, request.context.scopes)
                if each.channel not in parked
            ),
            gaps=tuple(health.find_gaps(request.work)),
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


def _on_click(context: Context, speaker: Member, body: clicks.Body) -> None:
    verb = body["actions"][0]["action_id"].partition(":")[2]
    clicks.run_action(context, speaker, body, partial(_decide, verb))


def _decide(verb: str, request: Request, outbox_id: int) -> Message:
    if verb not in dead_letters.VERBS:
        raise UserError("This button is of an older version: `/linchpin status` has the right one.")
    request.require_admin("decide about messages")
    dead_letters.apply_decision(request.work, verb, outbox_id)
    return status_answer(request)
