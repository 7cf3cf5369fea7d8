"""From the bot's ack to what the person sees."""

from __future__ import annotations

import copy

from sandbox.errors import SlackError
from sandbox.http import replies
from sandbox.http.replies import Shown
from sandbox.http.tickets import ResponseTicket
from sandbox.http.transport import Ack
from sandbox.model import Answer, Ephemeral
from sandbox.state import Workspace


def unknown_command(ws: Workspace, ticket: ResponseTicket, name: str) -> Answer:
    """What Slack itself says to a command no app has."""
    words = (
        f'{name} is not a valid command. In Slack, all messages that start with the "/" command '
        "are interpreted as a command. If you are trying to send a message and not run a command, "
        'try preceding the "/" with an empty space.'
    )
    return _seen(0, replies.whisper(ws, ticket, words), "unknown_command")


def to_command(ws: Workspace, ticket: ResponseTicket, name: str, ack: Ack, since: str) -> Answer:
    """Show a command's ack, or Slack's own line when it failed."""
    if not ack.ok:
        words = f'{name} failed with the error "{ack.error}"'
        return _seen(ack.status, replies.whisper(ws, ticket, words), ack.error)
    if ack.body in ("", {}, None):
        return _meanwhile(ws, ticket.user, ack, since)
    body = {"text": ack.body} if isinstance(ack.body, str) else ack.body
    try:
        with ws.lock:
            return _seen(ack.status, replies.show(ws, ticket, body))
    except SlackError as error:
        ws.complain(f"ack of {name}: {error}")
        return Answer(ack.status, error=error.error)


def to_click(ws: Workspace, user: str, ack: Ack, since: str) -> Answer:
    """A click's ack carries nothing; the person sees what came in another way meanwhile."""
    return _meanwhile(ws, user, ack, since)


def _meanwhile(ws: Workspace, user: str, ack: Ack, since: str) -> Answer:
    """The last private message this person got during the request."""
    with ws.lock:
        new = [w for w in ws.whispers if w.viewer == user and _later(w, since)]
        last = max(new, key=lambda w: w.shown_at, default=None)
        return _seen(ack.status, last, ack.error)


def _later(whisper: Ephemeral, since: str) -> bool:
    return whisper.shown_at > since


def _seen(status: int, shown: Shown | None, error: str = "") -> Answer:
    if shown is None:
        return Answer(status, error=error)
    kept = copy.deepcopy(shown)
    return Answer(status, kept.text, kept.blocks, kept, error)
