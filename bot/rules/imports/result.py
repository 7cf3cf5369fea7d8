"""What an import did or would do, as plain values for the terminal's tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.rules.imports.csv_file import Reject


class Change(NamedTuple):
    """One account that comes in or changes; `what` is a few words for each field."""

    account: str
    added: bool
    what: str


class KeptValue(NamedTuple):
    """A value of the file that was not taken, because of what people said in Slack."""

    account: str
    why: str  # "moved in Slack", "changed in Slack", "archived"
    what: str


@dataclass
class Result:
    """The outcome of one part of an import, row by row; `planned` counts touchpoints."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejects: list[Reject] = field(default_factory=list)
    kept: list[KeptValue] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    interactions: int = 0
    skipped: dict[str, list[int]] = field(default_factory=dict)  # reason -> rows, one line each
    silent: int = 0  # new accounts of which the file names no stage
    noun: str = "account"  # of what `added` and `updated` count

    @property
    def rejected(self) -> int:
        return len(self.rejects) + sum(map(len, self.skipped.values()))

    def take(self, piece: "Result") -> None:
        """Adds the result of a piece of the file."""
        self.added += piece.added
        self.updated += piece.updated
        self.unchanged += piece.unchanged
        self.interactions += piece.interactions
        self.silent += piece.silent
        self.rejects = sorted(self.rejects + piece.rejects)
        self.kept += piece.kept
        self.notes += piece.notes
        self.changes += piece.changes
        for reason, rows in piece.skipped.items():
            self.skipped.setdefault(reason, []).extend(rows)


class PlannedCounts(NamedTuple):
    """Numbers of touchpoints: planned, on the fullest day of one owner, cancelled."""

    touchpoints: int
    fullest_day: int
    cancelled: int


class UndoResult(NamedTuple):
    """What undoing an import did; `left` are (account, reason) of those that were not restored."""

    source: str
    deleted: int
    restored: int
    touchpoints: int
    interactions: int
    left: Sequence[tuple[str, str]]
