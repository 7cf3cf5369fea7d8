"""When a customer was last in touch: interactions, touchpoints, decisions, confirmed value."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bot.rules.playbook.playbook import Playbook

PLAY: Final = "play"
#: Touchpoints without a play that ask something of the customer.
CONTACTING_KINDS: Final = frozenset({"promise", "silence", "gap", "contract"})
#: A gap of this kind is looked up among ourselves.
INTERNAL_GAP: Final = "gap:risk"


@dataclass(frozen=True)
class LastContact:
    """The latest contact: its day, who of us had it, and how ("call", "touchpoint" …)."""

    on: date
    by: str | None
    how: str


def latest(contacts: Iterable[LastContact]) -> LastContact | None:
    """The latest of them; of two on one day the first given."""
    return max(contacts, key=lambda each: each.on, default=None)


def contacts_customer(playbook: Playbook, row: Any) -> bool:
    """Whether a touchpoint, or a row like one, asks something of the customer."""
    if row.kind != PLAY:
        return row.kind in CONTACTING_KINDS and not row.play.startswith(INTERNAL_GAP)
    play = playbook.play(row.stage, row.play)
    return play is None or play.contacts_customer


def internal_plays(playbook: Playbook) -> list[tuple[str, str]]:
    """(stage, play) of the plays that are work among ourselves."""
    return [
        (stage.key, play.key)
        for stage in playbook.stages
        for play in stage.plays
        if not play.contacts_customer
    ]
