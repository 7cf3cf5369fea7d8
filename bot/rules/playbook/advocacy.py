"""Whom to ask for a favour, and who rests from being asked.

In any 90 days a customer is asked a limited number of times, and not at all while a complaint of
the last weeks is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
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
    """What was noted of one act."""

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
    """The rest of a customer who was asked on these days and whose open complaints are of those;
    None for one who may be asked today."""
    found = []
    recent = sorted(day for day in asked if day + QUARTER > today)
    if len(recent) >= asks_a_quarter:
        found.append(Cooldown(recent[-asks_a_quarter] + QUARTER, "asked"))
    if complaints and max(complaints) + after_complaint > today:
        found.append(Cooldown(max(complaints) + after_complaint, "complaint", max(complaints)))
    return max(found, key=lambda each: each.until, default=None)


def latest_entries(entries: Sequence[Entry]) -> dict[str, Entry]:
    """The last word on each act, what was given back left out; `entries` are the oldest first."""
    return {entry.act: entry for entry in entries if entry.verb != "gave"}


def find_act(words: str, acts: Sequence[str]) -> tuple[str, str] | None:
    """The act that the first words name, and the words that follow; None when they name none.

    "reference they were glad" is a reference call when no act is called "reference" alone.
    """
    said = words.split()
    for named in (_exact_act, _misspelled_act, _act_beginning_with):
        for count in range(min(4, len(said)), 0, -1):
            act = named(" ".join(said[:count]), acts)
            if act is not None:
                return act, " ".join(said[count:]).lstrip(":,; ").strip()
    return None


def _exact_act(words: str, acts: Sequence[str]) -> str | None:
    wanted = _words_key(words)
    return next((act for act in acts if _words_key(act) == wanted), None)


def _act_beginning_with(words: str, acts: Sequence[str]) -> str | None:
    """The only act that begins with these words."""
    wanted = _words_key(words)
    begins = [act for act in acts if _words_key(act).startswith(f"{wanted} ")]
    return begins[0] if len(begins) == 1 else None


def _misspelled_act(words: str, acts: Sequence[str]) -> str | None:
    """The act that is misspelled, with as many words."""
    wanted = _words_key(words)
    keys = {
        _words_key(act): act for act in acts if len(_words_key(act).split()) == len(wanted.split())
    }
    near = get_close_matches(wanted, keys, 1, 0.8)
    return keys[near[0]] if near else None


def _words_key(words: str) -> str:
    bare = " ".join(words.casefold().replace("-", " ").strip(":,;.!?").split())
    return bare.removesuffix("s") if len(bare) > 4 else bare


def same_sector(known: str | None, wanted: str) -> bool:
    """Whether a sector is the one asked for: the same, one within the other, or misspelled."""
    if not known:
        return False
    ours, theirs = _words_key(known).replace(" ", ""), _words_key(wanted).replace(" ", "")
    within = theirs in ours or ours in theirs
    return bool(theirs) and (within or bool(get_close_matches(theirs, [ours], 1, 0.9)))
