"""Reactions on a nudge: the same verbs as the buttons, undone when taken back."""

from __future__ import annotations

from typing import Any

from slack_bolt import App

from bot.actions.responses import reactions
from bot.context import Context
from bot.handlers.base.idempotency import effect_once


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
    with effect_once(context, body) as work:
        if work is None:
            return
        reactions.apply_reaction(
            work,
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
