"""Who changed what, when, from where. Written in the transaction of the change."""

from datetime import datetime
from typing import Any

from sqlmodel import col, select

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
) -> Audit:
    """Leaves one line: `by` a Slack user or None for the clock, `subject` like "account:12"."""
    row = Audit(at=now, by_user=by, source=source, verb=verb, subject=subject, detail=detail or {})
    return tx.add(row)


def newest_change(tx: Tx, since: Audit) -> Audit:
    """The last row of the same verb and subject as `since`, which may be itself."""
    same = (col(Audit.verb) == since.verb, col(Audit.subject) == since.subject)
    later = select(Audit).where(col(Audit.id) > since.id, *same)
    return tx.first(later.order_by(col(Audit.id).desc())) or since


def list_of_person(tx: Tx, user_id: str, since: datetime) -> list[Audit]:
    """What a person did from then on, the newest first; at most fifty rows."""
    mine = select(Audit).where(col(Audit.at) >= since, Audit.by_user == user_id)
    return tx.all(mine.order_by(col(Audit.at).desc(), col(Audit.id).desc()).limit(50))
