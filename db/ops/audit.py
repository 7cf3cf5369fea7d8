"""Who changed what, when, from where. Written in the transaction of the change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from db.core.tx import Tx
from db.models import Audit


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
    """Leaves one line: `by` a Slack user or None for the clock, `subject` like "account:12"."""
    row = Audit(at=now, by_user=by, source=source, verb=verb, subject=subject, detail=detail or {})
    tx.add(row)
