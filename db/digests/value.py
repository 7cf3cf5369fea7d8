"""What the weekly digests tell of value and decisions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, case, func, or_
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Account, Decision, ValueEntry
from db.touchpoints import scope as only
from db.touchpoints.scope import Scope, Span


def list_value_changes(tx: Tx, scope: Scope, span: Span) -> list[Any]:
    """(id, name, confirmed, claimed) of the accounts with entries of the span."""
    confirmed, claimed = _entry_kinds(span)
    sums = select(
        col(Account.id),
        col(Account.name),
        func.sum(case((confirmed, 1), else_=0)).label("confirmed"),
        func.sum(case((claimed, 1), else_=0)).label("claimed"),
    )
    return tx.rows(_entries(sums, scope, span).group_by(col(Account.id), col(Account.name)))


def list_entries(tx: Tx, scope: Scope, span: Span) -> list[Any]:
    """(account, entry) of the entries of the span, newest first."""
    found = _entries(select(col(Account.name), ValueEntry), scope, span)
    return tx.rows(found.order_by(col(ValueEntry.created_at).desc(), col(ValueEntry.id)))


def _entry_kinds(span: Span) -> tuple[Any, Any]:
    """Confirmed in the span; noted in it and not confirmed."""
    fresh = is_in_span(col(ValueEntry.created_at), span)
    confirmed = is_in_span(col(ValueEntry.confirmed_at), span)
    return confirmed, and_(col(ValueEntry.confirmed_at).is_(None), fresh)


def _entries(statement: Any, scope: Scope, span: Span) -> Any:
    joined = statement.join_from(ValueEntry, Account, col(Account.id) == col(ValueEntry.account_id))
    return joined.where(
        only.is_account_in_scope(scope, span),
        col(ValueEntry.undone_at).is_(None),
        or_(*_entry_kinds(span)),
    )


def list_decisions(tx: Tx, scope: Scope, span: Span) -> list[tuple[str, Decision]]:
    """(account, decision) of what was recorded in the span, newest first."""
    rows = tx.rows(
        select(col(Account.name), Decision)
        .join(Decision, col(Decision.account_id) == col(Account.id))
        .where(
            only.is_account_in_scope(scope, span),
            col(Decision.undone_at).is_(None),
            is_in_span(col(Decision.at), span),
        )
        .order_by(col(Decision.at).desc(), col(Decision.id).desc())
    )
    return [(name, decision) for name, decision in rows]


def is_in_span(moment: Any, span: Span) -> Any:
    """The condition that a time lies in the days that a digest looks back at."""
    return and_(moment >= span.since, moment < span.now)
