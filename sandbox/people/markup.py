"""What a person types, as Slack hands it on: escaped, with people and channels as links."""

from __future__ import annotations

import re

from sandbox.model import Person
from sandbox.state import Workspace

_MENTION = re.compile(r"(?<![\w<])@([a-z0-9._-]*[a-z0-9_-])", re.I)
_CHANNEL = re.compile(r"(?<![\w<&])#([a-z0-9_-]+)")


def escape(text: str) -> str:
    """& < > as Slack sends them."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def in_command(ws: Workspace, text: str) -> str:
    """A command's text under should_escape: <@U0PRIYA|priya> and <#C0SALES|sales>."""
    return _link(ws, escape(text), named=True)


def in_message(ws: Workspace, text: str) -> str:
    """A message's text: <@U0PRIYA> and <#C0SALES|sales>."""
    return _link(ws, escape(text), named=False)


def _link(ws: Workspace, text: str, named: bool) -> str:
    handles = {person.handle: person for person in ws.people.values()}

    def person(found: re.Match[str]) -> str:
        who = handles.get(found[1].lower())
        return _mention(who, named) if who else found[0]

    def channel(found: re.Match[str]) -> str:
        place = ws.channel_named(found[1])
        return f"<#{place.id}|{place.name}>" if place else found[0]

    return _CHANNEL.sub(channel, _MENTION.sub(person, text))


def _mention(who: Person, named: bool) -> str:
    return f"<@{who.id}|{who.handle}>" if named else f"<@{who.id}>"
