"""What was done in a digest's week, and the thanks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.messages.kit.text import short

MAX_THANKED = 5
_MAX_NAME_LENGTH = 60


@dataclass(frozen=True)
class Done:
    """What was done and skipped in the week `when`; `thanks` are (name, how many)."""

    count: int = 0
    skipped: int = 0
    thanks: Sequence[tuple[str, int]] = ()
    when: str = "last week"


def done_text(done: Done, most: int = MAX_THANKED) -> str:
    """ "*Done last week: 24* · thanks to Maya Lindqvist (6), Aiko Tanaka (5) and others (13)"."""
    if not done.count:
        return ""
    thanks = thanks_to(done, most)
    return f"*Done {done.when}: {done.count:,}*" + (f" · thanks to {thanks}" if thanks else "")


def thanks_to(done: Done, most: int = MAX_THANKED) -> str:
    """ "Maya Lindqvist (6), Aiko Tanaka (5) and others (13)": adds up to what was done."""
    shown = done.thanks[:most]
    named = [f"{short(who, _MAX_NAME_LENGTH)} ({count:,})" for who, count in shown]
    rest = done.count - sum(count for _, count in shown)
    named += [f"others ({rest:,})"] if rest and named else []
    return " and ".join(filter(None, [", ".join(named[:-1]), *named[-1:]]))
