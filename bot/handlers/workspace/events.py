"""Events of the workspace itself: channels and people that change."""

from collections.abc import Callable
from functools import partial

from slack_bolt import App

from bot.actions.members.offboarding import offer_accounts
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
Reaction = Callable[[Context, Event, Body], None]


def register(app: App, linchpin: Context) -> None:
    """Listens to what changes channels and people."""
    for name, react in REACTIONS.items():
        app.event(name)(_listener(linchpin, react))


def _listener(linchpin: Context, react: Reaction) -> Callable[..., None]:
    def listen(event: Event, body: Body) -> None:
        react(linchpin, event, body)
        linchpin.wake()

    return listen


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
        channels.mark(work.tx, event["channel"], work.now, is_member=True)
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


def _on_channel_change(linchpin: Context, event: Event, body: Body, **facts: bool) -> None:
    """What an event says of a channel; what waited for one that is usable again goes out."""
    with effect_once(linchpin, body) as work:
        if work is not None:
            channels.mark(work.tx, event["channel"], work.now, **facts)
            if not any(facts.values()):
                _release_channel(work, event["channel"])


def _on_bot_left(linchpin: Context, event: Event, body: Body) -> None:
    with effect_once(linchpin, body) as work:
        if work is not None:
            channels.mark(work.tx, event["channel"], work.now, is_member=False)


def _on_unshared(linchpin: Context, event: Event, body: Body) -> None:
    shared = bool(event.get("is_ext_shared"))
    _on_channel_change(linchpin, event, body, is_shared_outside=shared)


def _on_renamed(linchpin: Context, event: Event, body: Body) -> None:
    channel = event["channel"]
    with effect_once(linchpin, body) as work:
        if work is not None:
            channels.rename(work.tx, channel["id"], channel["name"], work.playbook, work.now)
            touchpoints.wake_overdue(work.tx, work.now)


_OF_ANY_CHANNEL: dict[str, Reaction] = {
    "archive": partial(_on_channel_change, is_archived=True),
    "unarchive": partial(_on_channel_change, is_archived=False),
    "rename": _on_renamed,
    "left": _on_bot_left,
}
REACTIONS: dict[str, Reaction] = {
    **{f"channel_{what}": react for what, react in _OF_ANY_CHANNEL.items()},
    # Slack calls a private channel a group.
    **{f"group_{what}": react for what, react in _OF_ANY_CHANNEL.items()},
    "channel_shared": partial(_on_channel_change, is_shared_outside=True),
    "channel_unshared": _on_unshared,
    "member_joined_channel": _on_bot_joined,
    "user_change": _on_member_change,
    "team_join": _on_member_change,
}
