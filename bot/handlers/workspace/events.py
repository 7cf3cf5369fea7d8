"""Events of the workspace itself: channels and people that change."""

from collections.abc import Callable
from functools import partial

from slack_bolt import App

from bot.actions.members.returning import offer_accounts
from bot.actions.work import Work
from bot.context import Context
from bot.handlers.base.clicks import Body
from bot.handlers.base.idempotency import effect_once
from bot.slack import CouldNotRead
from db.home import home
from db.members import members
from db.outbox import lanes
from db.touchpoints import touchpoints
from db.workspace import channels

Event = Body
Effect = Callable[[Work, Event], None]


def register(app: App, linchpin: Context) -> None:
    """Listens to what changes channels and people."""
    for name, effect in EFFECTS.items():
        _listen(app, linchpin, name, partial(_apply, effect))
    _listen(app, linchpin, "member_joined_channel", _on_bot_joined)
    _listen(app, linchpin, "user_change", _on_member_change)
    _listen(app, linchpin, "team_join", _on_member_change)


def _listen(
    app: App, linchpin: Context, name: str, react: Callable[[Context, Event, Body], None]
) -> None:
    @app.event(name)
    def listen(event: Event, body: Body) -> None:
        react(linchpin, event, body)
        linchpin.wake()


def _apply(effect: Effect, linchpin: Context, event: Event, body: Body) -> None:
    with effect_once(linchpin, body) as work:
        if work is not None:
            effect(work, event)


def _on_bot_joined(linchpin: Context, event: Event, body: Body) -> None:
    """The bot was invited: what waited for that channel goes out."""
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
            channels.save(work.tx, facts, work.playbook, work.now)
        channels.mark_member(work.tx, event["channel"], True, work.now)
        _release_channel(work, event["channel"])


def _release_channel(work: Work, channel: str) -> None:
    """Sends what waited for a channel: its parked messages, and nudges without a channel."""
    lanes.open_lane(work.tx, channel)
    touchpoints.wake_overdue(work.tx, work.now)


def _on_member_change(linchpin: Context, event: Event, body: Body) -> None:
    user = event["user"]
    user_id = user["id"] if isinstance(user, dict) else user
    # When Slack cannot say who this is now, the event fails, and Slack sends it again.
    facts = linchpin.slack.person(user_id)
    with effect_once(linchpin, body) as work:
        if work is not None and facts is not None:
            member = members.save(work.tx, facts, work.now)
            if not (member.is_deleted or member.is_guest):
                offer_accounts(work, user_id)
            # Somebody who became a guest must not go on reading their Home.
            home.request_rebuild(work.tx, user_id, work.now)


def _on_archived(work: Work, event: Event) -> None:
    channels.mark_archived(work.tx, event["channel"], True, work.now)


def _on_unarchived(work: Work, event: Event) -> None:
    channels.mark_archived(work.tx, event["channel"], False, work.now)
    _release_channel(work, event["channel"])


def _on_renamed(work: Work, event: Event) -> None:
    channel = event["channel"]
    channels.mark_renamed(work.tx, channel["id"], channel["name"], work.playbook, work.now)
    touchpoints.wake_overdue(work.tx, work.now)


def _on_shared(work: Work, event: Event) -> None:
    channels.mark_shared(work.tx, event["channel"], True, work.now)


def _on_unshared(work: Work, event: Event) -> None:
    channels.mark_shared(work.tx, event["channel"], bool(event.get("is_ext_shared")), work.now)
    lanes.open_lane(work.tx, event["channel"])


def _on_bot_left(work: Work, event: Event) -> None:
    channels.mark_member(work.tx, event["channel"], False, work.now)


_OF_ANY_CHANNEL = {
    "archive": _on_archived,
    "unarchive": _on_unarchived,
    "rename": _on_renamed,
    "left": _on_bot_left,
}
#: Slack calls a private channel a group.
EFFECTS: dict[str, Effect] = {
    **{
        f"{noun}_{what}": do
        for noun in ("channel", "group")
        for what, do in _OF_ANY_CHANNEL.items()
    },
    "channel_shared": _on_shared,
    "channel_unshared": _on_unshared,
}
