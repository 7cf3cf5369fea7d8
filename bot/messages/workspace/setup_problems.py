"""What keeps Linchpin from its work, each as one sentence with what to do about it."""

from __future__ import annotations

from bot.messages.kit.text import plain


def scope_missing(scope: str, purpose: str) -> str:
    return (
        f"I may not use the scope `{scope}` ({purpose}): add it at https://api.slack.com/apps → "
        "your app → OAuth & Permissions → Scopes, and install the app again."
    )


def channel_missing(whose: str, named: str) -> str:
    return (
        f"{plain(whose)} has no channel: I see none called {plain(named)}. Make it and invite me "
        "there, or name another one: `/linchpin setup`."
    )


def bot_not_in_channel(whose: str, where: str) -> str:
    """`where` is a mention, or a name with its #."""
    return f"I am not in {where}, the channel of {plain(whose)}: `/invite @Linchpin` there."


def channel_archived(whose: str, where: str) -> str:
    return (
        f"{where}, the channel of {plain(whose)}, is archived: unarchive it, or name another one: "
        "`/linchpin setup`."
    )


def channel_shared_outside(whose: str, where: str) -> str:
    return (
        f"People outside read {where}, the channel of {plain(whose)}, so nothing is posted there: "
        "name another one: `/linchpin setup`."
    )


def route_missing(whose: str, tier: str, named: str) -> str:
    return (
        f"Nudges for {plain(whose)} about tier {plain(tier)} go to its own channel: I cannot write "
        f"in {plain(named)}. Make it and invite me there."
    )
