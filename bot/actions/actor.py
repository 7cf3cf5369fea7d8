"""Who does something, and from where: what the history and the audit remember."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """`user` is a Slack user id, None for the program itself; `source` the surface it came by."""

    user: str | None
    source: str  # slash, button, reaction:<name>, import, clock


REACTION_PREFIX = "reaction:"  # begins the source of what a reaction did


def is_reaction(source: str | None) -> bool:
    """Whether what has this source was done by a reaction."""
    return (source or "").startswith(REACTION_PREFIX)


CLOCK = Actor(user=None, source="clock")
IMPORT = Actor(user=None, source="import")
