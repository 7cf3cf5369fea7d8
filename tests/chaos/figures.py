"""What a scenario has to say at its end: one row of the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of docs/reliability.md."""

    scenario: str  # its number in the list, and a letter for its variants
    what: str
    database: str
    sizes: str
    measured: str
    goal: str
    passed: bool
