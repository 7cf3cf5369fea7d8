"""What the quarter measures: contradictions, gaps in briefs, words typed, asks of a customer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

from tests.quarter.compare import Contradiction, contradictions
from tests.quarter.exported import export_contradictions
from tests.quarter.run import Quarter
from tests.quarter.surfaces import Claim, claims, gaps_of, is_brief

#: Before it, what a brief needs cannot have been asked: the accounts came in on the first day.
SETTLED = timedelta(weeks=4)


@dataclass(frozen=True)
class Figures:
    """What a quarter showed; `briefs` are (account, gaps) of the diligent manager's."""

    contradictions: Sequence[Contradiction]
    claims: Counter[str]
    briefs: Sequence[tuple[str, int]]
    first_briefs: int
    words: float
    asks_a_month: float
    refused: Sequence[str]

    def __str__(self) -> str:
        full = sum(gaps <= 1 for _, gaps in self.briefs)
        counts = Counter(one.kind for one in self.contradictions).most_common()
        kinds = ", ".join(f"{count} {kind}" for kind, count in counts)
        lines = [
            f"{sum(self.claims.values()):,} claims of {len(self.claims)} kinds read",
            f"contradictions: {len(self.contradictions)} ({kinds or 'none'})",
            f"briefs of the diligent manager with at most one gap: {full} of {len(self.briefs)}"
            f" (and {self.first_briefs} in the first four weeks, not counted)",
            f"words typed a touchpoint, median: {self.words:g}",
            f"touchpoints a customer a month: {self.asks_a_month:.1f}",
        ]
        lines += [f"refused: {one}" for one in self.refused]
        return "\n".join(lines)


def figures(quarter: Quarter, exported: dict[str, list[dict[str, Any]]]) -> Figures:
    """Reads all pages, holds them against the ledger, and counts."""
    read: list[Claim] = []
    for page in quarter.pages:
        read += claims(page, quarter.deeds.names)
    found = contradictions(read, quarter.ledger)
    found += export_contradictions(exported, quarter.ledger, quarter.office.now)
    start = min(page.at for page in quarter.pages)
    briefs = [page for page in quarter.pages if page.reader == "@priya" and is_brief(page)]
    later = [page for page in briefs if page.at >= start + SETTLED]
    return Figures(
        found,
        Counter(claim.kind for claim in read),
        [(is_brief(page), len(gaps_of(page))) for page in later],
        len(briefs) - len(later),
        median(quarter.office.words.values() or [0]),
        _asks_a_month(quarter),
        quarter.deeds.refused,
    )


def _asks_a_month(quarter: Quarter) -> float:
    ledger = quarter.ledger
    asks = [one for one in ledger.shown.values() if ledger.process.contacts(one.title)]
    return len(asks) / len(ledger.customers) / (quarter.weeks * 7 / 30.4)
