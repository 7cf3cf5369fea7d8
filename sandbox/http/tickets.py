"""Tickets that come with a request: trigger ids (3 s, once), response urls (30 min, 5 uses)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.errors import SlackError

TRIGGER_LIFE = timedelta(seconds=3)
RESPONSE_LIFE = timedelta(minutes=30)
RESPONSE_USES = 5


@dataclass
class Trigger:
    """The right to open one modal for `user`."""

    user: str
    since: datetime
    used: bool = False


@dataclass
class ResponseTicket:
    """The right to answer in `channel` as a reply to what `user` did; `on_*` name the source."""

    user: str
    channel: str
    since: datetime
    on_ts: str = ""
    on_ephemeral: bool = False
    thread_ts: str | None = None
    uses: int = 0


class Tickets:
    """Hands tickets out and takes them back. The caller holds the workspace's lock."""

    def __init__(self) -> None:
        self._triggers: dict[str, Trigger] = {}
        self._responses: dict[str, ResponseTicket] = {}

    def trigger(self, user: str, now: datetime) -> str:
        """A new trigger_id for something this user just did."""
        name = f"{len(self._triggers) + 1}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        self._triggers[name] = Trigger(user, now)
        return name

    def use_trigger(self, name: str, now: datetime) -> str:
        """The user behind it. SlackError when it is unknown, used or older than 3 s."""
        found = self._triggers.get(name)
        if found is None:
            raise SlackError("invalid_trigger_id")
        if found.used:
            raise SlackError("exchanged_trigger_id")
        if now - found.since > TRIGGER_LIFE:
            raise SlackError("expired_trigger_id")
        found.used = True
        return found.user

    def response(self, ticket: ResponseTicket) -> str:
        """The last part of a new response_url."""
        name = secrets.token_urlsafe(18)
        self._responses[name] = ticket
        return name

    def use_response(self, name: str, now: datetime) -> ResponseTicket:
        """Take one of the five uses. SlackError when it is unknown, used up or too old."""
        found = self._responses.get(name)
        if found is None:
            raise SlackError("invalid_url", status=404)
        if now - found.since > RESPONSE_LIFE:
            raise SlackError("expired_url", status=404)
        if found.uses >= RESPONSE_USES:
            raise SlackError("used_url", status=404)
        found.uses += 1
        return found
