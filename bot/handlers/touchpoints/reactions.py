"""Reactions on a nudge: the same verbs as the buttons, undone when taken back."""

from __future__ import annotations

from slack_bolt import App

from bot.actions.responses.reactions import ReactionEvent, apply_reaction
from bot.context import Context
from bot.handlers.base.clicks import Body
from bot.handlers.base.idempotency import effect_once


def register(app: App, linchpin: Context) -> None:
    """Listens to reactions being added and removed."""

    def listen(event: Body, body: Body) -> None:
        _apply_event(linchpin, body, event)

    app.event("reaction_added")(listen)
    app.event("reaction_removed")(listen)


def _apply_event(context: Context, body: Body, event: Body) -> None:
    item = event.get("item", {})
    if item.get("type") != "message":
        return
    with effect_once(context, body) as work:
        if work is None:
            return
        apply_reaction(
            work,
            ReactionEvent(
                channel=item["channel"],
                ts=item["ts"],
                user=event["user"],
                name=event["reaction"],
                present=event["type"] == "reaction_added",
                event_ts=event["event_ts"],
            ),
        )
    context.wake()
