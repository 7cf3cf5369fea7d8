"""Reactions on a nudge come in: the same verbs as the buttons, undone when taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from slack_bolt import App

from bot.actions.actor import CLOCK
from bot.actions.responses import reactions
from bot.actions.work import Work
from bot.context import Context
from bot.handlers.base.idempotency import effect_once
from db.workspace import departments


def register(app: App, linchpin: Context) -> None:
    """Listens to reactions being added and removed."""

    @app.event("reaction_added")
    def added(event: dict[str, Any], body: dict[str, Any]) -> None:
        _apply_event(linchpin, body, event, present=True)

    @app.event("reaction_removed")
    def removed(event: dict[str, Any], body: dict[str, Any]) -> None:
        _apply_event(linchpin, body, event, present=False)


def _apply_event(
    context: Context, body: dict[str, Any], event: dict[str, Any], *, present: bool
) -> None:
    item = event.get("item", {})
    if item.get("type") != "message":
        return
    now: datetime = context.now()
    with effect_once(context, body, now) as tx:
        if tx is None:
            return
        reactions.apply_reaction(
            Work(tx, departments.in_force(tx, context.playbook_file), now, CLOCK),
            reactions.ReactionEvent(
                channel=item["channel"],
                ts=item["ts"],
                user=event["user"],
                name=event["reaction"],
                present=present,
                event_ts=event["event_ts"],
            ),
        )
    context.wake()
