"""What a person types, as Slack hands it on: escaped, people, channels and addresses as links."""

from __future__ import annotations

import re

from sandbox.model import Person
from sandbox.state import Workspace

_MENTION = re.compile(r"(?<![\w<])@([a-z0-9._-]*[a-z0-9_-])", re.I)
_ADDRESS = re.compile(
    r"(?P<url>https?://(?:(?!&[lg]t;)[^\s|])+)|(?P<mail>(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,})"
    r"|(?P<name>(?<![\w@./-])(?:[\w-]+\.)+(?:com|org|net|io|dev|app|ai|co|de|uk|ie|eu|example)\b"
    r"(?:/(?:(?!&[lg]t;)[^\s|])*)?)",
    re.I,
)
_CHANNEL = re.compile(r"(?<![\w<&])#([a-z0-9_-]+)")


def escape(text: str) -> str:
    """& < > as Slack sends them."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def in_command(ws: Workspace, text: str) -> str:
    """A command's text under should_escape: <@U0PRIYA|priya>, <#C0SALES|sales> and
    <http://booking.com|booking.com>."""
    return _link(ws, text, named=True)


def in_message(ws: Workspace, text: str) -> str:
    """A message's text: <@U0PRIYA>, <#C0SALES|sales> and the same links."""
    return _link(ws, text, named=False)


def _link(ws: Workspace, text: str, named: bool) -> str:
    handles = {person.handle: person for person in ws.people.values()}

    def person(found: re.Match[str]) -> str:
        who = handles.get(found[1].lower())
        return _mention(who, named) if who else found[0]

    def channel(found: re.Match[str]) -> str:
        place = ws.channel_named(found[1])
        return f"<#{place.id}|{place.name}>" if place else found[0]

    parts, end = [], 0
    text = escape(text)
    for found in _ADDRESS.finditer(text):
        parts += [_CHANNEL.sub(channel, _MENTION.sub(person, text[end : found.start()]))]
        parts += [_address(found)]
        end = found.end()
    return "".join([*parts, _CHANNEL.sub(channel, _MENTION.sub(person, text[end:]))])


def _address(found: re.Match[str]) -> str:
    typed = found[0].rstrip(".,;:!?)'\"")
    rest = found[0][len(typed) :]
    if found["url"]:
        return f"<{typed}>{rest}"
    scheme = "mailto:" if found["mail"] else "http://"
    return f"<{scheme}{typed}|{typed}>{rest}"


def _mention(who: Person, named: bool) -> str:
    return f"<@{who.id}|{who.handle}>" if named else f"<@{who.id}>"
