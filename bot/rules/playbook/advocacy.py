"""When a customer may be asked for a favour, and which favour is meant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from functools import partial
from typing import Final, Literal

Verb = Literal["asked", "agreed", "did", "declined", "gave"]

VERBS: Final[tuple[Verb, ...]] = ("asked", "agreed", "did", "declined", "gave")
QUARTER: Final = timedelta(days=90)
CooldownReason = Literal["asked", "complaint"]


@dataclass(frozen=True)
class Cooldown:
    """Until when (that day it may be asked again) and why; `since` is the complaint's day."""

    until: date
    why: CooldownReason
    since: date | None = None


@dataclass(frozen=True)
class Entry:
    """One record of an act: that the customer was asked, agreed, did it …"""

    act: str
    verb: Verb
    on: date
    note: str | None = None
    by: str | None = None


def find_cooldown(
    asked: Sequence[date],
    complaints: Sequence[date],
    *,
    asks_a_quarter: int,
    after_complaint: timedelta,
    today: date,
) -> Cooldown | None:
    """Until when a customer is not asked, by earlier asks and open complaints; None for now."""
    cooldowns = []
    recent = sorted(day for day in asked if day + QUARTER > today)
    if len(recent) >= asks_a_quarter:
        cooldowns.append(Cooldown(recent[-asks_a_quarter] + QUARTER, "asked"))
    if complaints and max(complaints) + after_complaint > today:
        latest = max(complaints)
        cooldowns.append(Cooldown(latest + after_complaint, "complaint", latest))
    return max(cooldowns, key=lambda cooldown: cooldown.until, default=None)


def latest_entries(entries: Sequence[Entry]) -> dict[str, Entry]:
    """The last entry of each act, without "gave"; `entries` are the oldest first."""
    return {entry.act: entry for entry in entries if entry.verb != "gave"}


def find_act(words: str, acts: Sequence[str], likeness: float = 0.8) -> tuple[str, str] | None:
    """The act that the first words name, and the words that follow; None when they name none.
    "reference they were glad" is a reference call when no act is called "reference" alone.
    `likeness` is how near a misspelled name has to be."""
    tokens = words.split()
    by_key = {_words_key(act): act for act in reversed(acts)}
    misspelled = partial(_misspelled_key, likeness=likeness)
    for match in (_exact_key, misspelled, _unfinished_key):
        for count in range(min(4, len(tokens)), 0, -1):
            key = match(_words_key(" ".join(tokens[:count])), by_key)
            if key is not None:
                return by_key[key], " ".join(tokens[count:]).lstrip(":,; ").strip()
    return None


def _exact_key(wanted: str, keys: Iterable[str]) -> str | None:
    return wanted if wanted in keys else None


def _misspelled_key(wanted: str, keys: Iterable[str], likeness: float) -> str | None:
    same_length = [key for key in keys if len(key.split()) == len(wanted.split())]
    return next(iter(get_close_matches(wanted, same_length, 1, likeness)), None)


def _unfinished_key(wanted: str, keys: Iterable[str]) -> str | None:
    longer = [key for key in keys if key.startswith(f"{wanted} ")]
    return longer[0] if len(longer) == 1 else None


def _words_key(words: str) -> str:
    bare = " ".join(words.casefold().replace("-", " ").strip(":,;.!?").split())
    return bare.removesuffix("s") if len(bare) > 4 else bare
