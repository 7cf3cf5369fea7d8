"""Who does something, and from where: what the history and the audit remember."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from db.core.tx import Tx
from db.models import Account, Decision, Handoff, Interaction, Promise, Touchpoint
from db.ops import audit

Row = Account | Decision | Handoff | Interaction | Promise | Touchpoint
Detail = Mapping[str, object]
NOTHING: Detail = MappingProxyType({})


@dataclass(frozen=True)
class Actor:
    """`user` is a Slack user id, None for the program itself; `source` the surface it came by."""

    user: str | None
    source: str  # slash, button, reaction:<name>, import, clock


REACTION = "reaction:"  # begins the source of what a reaction did


def is_reaction(source: str | None) -> bool:
    """Whether what has this source was done by a reaction."""
    return (source or "").startswith(REACTION)


CLOCK = Actor(user=None, source="clock")
IMPORT = Actor(user=None, source="import")


def audit_action(
    tx: Tx, subject: Row | str, verb: str, by: Actor, now: datetime, detail: Detail = NOTHING
) -> None:
    """Leaves an audit row of what was done to a row, or to a `subject` like "person:U1".

    `verb` is like "account.moved".
    """
    if not isinstance(subject, str):
        subject = f"{type(subject).__name__.lower()}:{subject.id}"
    audit.record(
        tx,
        now=now,
        by=by.user,
        source=by.source,
        verb=verb,
        subject=subject,
        detail=dict(detail),
    )
