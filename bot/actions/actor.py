"""Who does something, and from where: what the history and the audit remember."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """`user` is a Slack user id, None for the program itself; `source` the surface it came by."""

    user: str | None
    source: str  # slash, button, reaction:<name>, import, clock


CLOCK = Actor(user=None, source="clock")
