"""Events of the workspace itself: channels and people that change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import App

from bot.context import Context
from bot.handlers.base.idempotency import effect_once
from bot.slack import CouldNotRead
from db.core.tx import Tx
from db.home import home
from db.members import members
from db.outbox import lanes
from db.touchpoints import touchpoints
from db.workspace import channels

Event = dict[str, Any]
Effect = Callable[[Tx, Event, datetime], None]


def register(app: App, linchpin: Context) -> None:
    """Listens to what changes channels and people."""
    for name, effect in EFFECTS.items():
        app.event(name)(_build_listener(linchpin, effect))
    app.event("member_joined_channel")(_on_bot_joined(linchpin))
    app.event("user_change")(_on_member_change(linchpin))
    app.event("team_join")(_on_member_change(linchpin))


def _build_listener(linchpin: Context, effect: Effect) -> Callable[..., None]:
    def listen(event: Event, body: dict[str, Any]) -> None:
        with effect_once(linchpin, body) as work:
            if work is not None:
                effect(work.tx, event, work.now)
        linchpin.wake()

    return listen


def _on_bot_joined(linchpin: Context) -> Callable[..., None]:
    """A listener for the bot's being invited: what waited for that channel goes out."""

    def listen(event: Event, body: dict[str, Any]) -> None:
        if event["user"] != linchpin.bot_user:
            return
        try:
            facts = linchpin.slack.channel(event["channel"])
        except CouldNotRead:
            facts = None
        with effect_once(linchpin, body) as work:
            if work is None:
                return
            if facts is not None:
                channels.save(work.tx, facts, work.now)
            channels.mark_member(work.tx, event["channel"], True, work.now)
            _release_channel(work.tx, event["channel"], work.now)
        linchpin.wake()

    return listen


def _release_channel(tx: Tx, channel: str, now: datetime) -> None:
    """Sends what waited for a channel: its parked messages, and nudges without a channel."""
    lanes.open_lane(tx, channel)
    touchpoints.wake_overdue(tx, now)


def _on_member_change(linchpin: Context) -> Callable[..., None]:
    def listen(event: Event, body: dict[str, Any]) -> None:
        user = event["user"]
        user_id = user["id"] if isinstance(user, dict) else user
        # When Slack cannot say who this is now, the event fails, and Slack sends it again.
        facts = linchpin.slack.person(user_id)
        with effect_once(linchpin, body) as work:
            if work is not None and facts is not None:
                members.save(work.tx, facts, work.now)
                # Somebody who became a guest must not go on reading their Home.
                home.request_rebuild(work.tx, user_id, work.now)

    return listen


def _on_unarchived(tx: Tx, event: Event, now: datetime) -> None:
    channels.mark_archived(tx, event["channel"], False, now)
    _release_channel(tx, event["channel"], now)


def _on_renamed(tx: Tx, event: Event, now: datetime) -> None:
    channel = event["channel"]
    channels.mark_renamed(tx, channel["id"], channel["name"], now)
    touchpoints.wake_overdue(tx, now)


def _on_unshared(tx: Tx, event: Event, now: datetime) -> None:
    channels.mark_shared(tx, event["channel"], bool(event.get("is_ext_shared")), now)
    lanes.open_lane(tx, event["channel"])


def _on_bot_left(tx: Tx, event: Event, now: datetime) -> None:
    channels.mark_member(tx, event["channel"], False, now)


EFFECTS: dict[str, Effect] = {
    "channel_archive": lambda tx, event, now: channels.mark_archived(
        tx, event["channel"], True, now
    ),
    "channel_unarchive": _on_unarchived,
    "channel_rename": _on_renamed,
    "channel_shared": lambda tx, event, now: channels.mark_shared(tx, event["channel"], True, now),
    "channel_unshared": _on_unshared,
    "channel_left": _on_bot_left,
    "group_left": _on_bot_left,
}
