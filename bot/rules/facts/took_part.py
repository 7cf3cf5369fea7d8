"""Took part: a person of a department did a touchpoint or logged an interaction in this term.
Each touch counts once: a touchpoint for the department that owns it, an interaction for that of
the person; what the manager does counts for the manager, and lets their department take part."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.rules.playbook.playbook import MANAGER

#: What people did who are in no department and manage nothing here.
OTHERS: Final = "others"


@dataclass(frozen=True)
class Touch:
    """What one of us did for an account: a touchpoint of an owner, or (no owner) an interaction."""

    owner: str | None
    by: str | None
    department: str | None  # of the person
    on: date


@dataclass(frozen=True)
class Involvement:
    """How much each of us did: by department in the playbook's order, then the manager, others."""

    counts: Mapping[str, int]
    took_part: frozenset[str]
    manager_in: str | None = None  # the department of whoever did the manager's part

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def whose(touch: Touch, manager_id: str | None) -> str:
    """For whom a touch counts: a department's key, "manager" or "others"."""
    if touch.owner is not None:
        return touch.owner
    if touch.by is not None and touch.by == manager_id:
        return MANAGER
    return touch.department or OTHERS


def involvement(
    touches: Iterable[Touch], departments: Iterable[str], manager_id: str | None
) -> Involvement:
    """What everybody did, with the departments that did nothing."""
    counted: Counter[str] = Counter()
    manager_in = None
    for touch in touches:
        key = whose(touch, manager_id)
        counted[key] += 1
        if key == MANAGER and touch.department:
            manager_in = touch.department
    known = [*departments]
    counts = {key: counted[key] for key in known}
    counts |= {key: counted[key] for key in (MANAGER, OTHERS) if counted[key]}
    took_part = {key for key in known if counted[key] or key == manager_in}
    return Involvement(counts, frozenset(took_part), manager_in)


def by_month(touches: Iterable[Touch]) -> dict[tuple[int, int], list[Touch]]:
    """(year, month) -> what was done in it, the newest month first."""
    months: dict[tuple[int, int], list[Touch]] = {}
    for touch in sorted(touches, key=lambda touch: touch.on, reverse=True):
        months.setdefault((touch.on.year, touch.on.month), []).append(touch)
    return months
