"""The audit row of an action."""

from collections.abc import Mapping

from bot.actions.work import Work
from db.models import (
    Account,
    Audit,
    Contact,
    Contract,
    Decision,
    Handoff,
    Interaction,
    Promise,
    Touchpoint,
)
from db.ops import audit

Row = Account | Contact | Contract | Decision | Handoff | Interaction | Promise | Touchpoint
Detail = Mapping[str, object]


def audit_action(work: Work, subject: Row | str, verb: str, detail: Detail | None = None) -> Audit:
    """Writes and returns an audit row: `subject` is a row or a text like "person:U1", `verb` is
    like "account.moved"."""
    if not isinstance(subject, str):
        subject = f"{type(subject).__name__.lower()}:{subject.id}"
    return audit.record(
        work.tx,
        now=work.now,
        by=work.by.user,
        source=work.by.source,
        verb=verb,
        subject=subject,
        detail=dict(detail or {}),
    )
