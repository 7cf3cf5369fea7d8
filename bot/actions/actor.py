"""Who does something and from where, for the history and the audit."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """`user` is a Slack user id, None for the program itself; `source` is where it came from."""

    user: str | None
    source: str  # slash, button, reaction:<name>, import, clock


REACTION_PREFIX = "reaction:"  # begins the source of what a reaction did


def is_reaction(source: str | None) -> bool:
    """Whether the source of an action is a reaction."""
    return (source or "").startswith(REACTION_PREFIX)


CLOCK = Actor(user=None, source="clock")
IMPORT = Actor(user=None, source="import")
