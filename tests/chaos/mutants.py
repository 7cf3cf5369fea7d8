"""Two designs that most programs have instead of ours, as variants of the sending code.

They are there to be caught: a test that cannot tell them from the real thing is no test.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, update

from bot.nudges import rounds
from bot.slack import Slack
from db.core.tx import Tx, begin
from db.models import Outbox
from db.outbox import outcomes, readback
from db.outbox.claim import Claim
from db.outbox.states import PENDING, RATE_LIMIT


def without_unknown() -> None:
    """Lease, then resend: what ended in doubt, or whose lease ran out, goes again."""

    def unknown(tx: Tx, claim: Claim, why: str, at: datetime, settle: timedelta) -> None:
        outcomes.return_claim(tx, claim, at + RATE_LIMIT.channel, why)

    def to_pending(now: datetime, settle: timedelta, which: Any) -> Any:
        return update(Outbox).where(which).values(state=PENDING, token=None)

    outcomes.mark_unknown = unknown
    readback._mark_unknown = to_pending


def sent_first() -> None:
    """Mark it as sent, then send it: what fails after that is never looked at again."""

    def send(
        engine: Engine, slack: Slack, claims: Sequence[Claim], clock: Callable[[], datetime]
    ) -> None:
        for mine in claims:
            with begin(engine, mine.workspace) as tx:
                outcomes.mark_sent(tx, mine, None, None, clock())
        for mine in claims:
            slack.send(mine.method, mine.args)

    rounds.send = send  # type: ignore[attr-defined]


MUTANTS = {"no unknown": without_unknown, "sent first": sent_first}
