"""Who changed what, when, from where. Written in the transaction of the change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from db import homes, homes_concerned
from db.models import Audit
from db.tx import Tx


def record(
    tx: Tx,
    *,
    now: datetime,
    by: str | None,
    source: str,
    verb: str,
    subject: str,
    detail: dict[str, Any] | None = None,
) -> None:
    """Leaves one line: `by` a Slack user or None for the clock, `subject` like "account:12".

    Whoever changed something sees it in their App Home at once, and those whom it concerns a
    little later: that is why Homes are marked from here.
    """
    row = {"at": now, "by_user": by, "source": source, "verb": verb, "subject": subject}
    tx.add_all(Audit, [{**row, "detail": detail or {}}])
    if by is not None:
        homes.mark(tx, by, now)
    before = (detail or {}).get("from") if verb == "account.manager" else None
    homes_concerned.mark(tx, subject, by, now, before)
