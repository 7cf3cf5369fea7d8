"""Holds each claim against the ledger, as of the moment at which it was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tests.quarter import of_accounts, of_work
from tests.quarter.ledger import Ledger
from tests.quarter.surfaces import Claim

_CHECKS = of_accounts.CHECKS | of_work.CHECKS


@dataclass(frozen=True)
class Contradiction:
    """What a surface said, and what the ledger knows."""

    kind: str
    surface: str
    at: datetime
    account: str
    sentence: str
    known: str

    def __str__(self) -> str:
        what = f"{self.account}: " if self.account else ""
        where = f"[{self.kind}] {self.surface}, {self.at:%d %b %H:%M}"
        return f"{where}: {what}{self.sentence!r}; {self.known}"


def contradictions(claims: Sequence[Claim], ledger: Ledger) -> list[Contradiction]:
    """Every claim that does not agree."""
    found = []
    for claim in claims:
        check = _CHECKS.get(claim.kind)
        known = check(claim, ledger) if check else ""
        if known:
            page = claim.page
            place = f"{page.surface} of {page.reader}" if page.reader else page.surface
            found.append(
                Contradiction(claim.kind, place, page.at, claim.account, claim.sentence, known)
            )
    return found
