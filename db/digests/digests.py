"""What the weekly digests tell: a handful of statements, however many accounts there are."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from db.core.tx import Tx, columns
from db.facts.live import is_live
from db.models import Account, Contract, Touchpoint
from db.touchpoints.scope import DONE, Scope, Span, is_ended_in_span, is_in_scope


def list_renewing(tx: Tx, exits: Sequence[str], first: date, last: date) -> list[Account]:
    """The live accounts that renew, or one of whose contracts does, from `first` to `last`."""
    running = (col(Contract.ended_at).is_(None), col(Contract.renews_on).between(first, last))
    ids = set(tx.all(select(col(Contract.account_id)).where(*running)))
    live = select(Account).where(is_live(exits))
    renewing = tx.all(live.where(col(Account.renews_on).between(first, last)))
    rest = ids - {account.id for account in renewing}
    return renewing + tx.all_among(live, Account.id, sorted(rest))


def count_ended(tx: Tx, scope: Scope, span: Span) -> list[Any]:
    """(state, by_user, count) of what people did and skipped in the span."""
    counts = select(col(Touchpoint.state), col(Touchpoint.by_user), func.count().label("count"))
    ended = _ended(counts, scope, span)
    return tx.rows(ended.group_by(col(Touchpoint.state), col(Touchpoint.by_user)))


def list_done(tx: Tx, scope: Scope, span: Span, *, answered: bool = False) -> list[Any]:
    """(account, title, by_user, state_at, records, answer, answered_by) of what people did in the
    span, newest first; `answered` only where a line was written down."""
    fields = columns(Touchpoint, "title by_user state_at records answer answered_by")
    done = _ended(select(col(Account.name).label("account"), *fields), scope, span)
    done = done.where(col(Touchpoint.answer).is_not(None)) if answered else done
    return tx.rows(
        done.where(col(Touchpoint.state) == DONE).order_by(
            col(Touchpoint.state_at).desc(), col(Touchpoint.id)
        )
    )


def _ended(statement: Any, scope: Scope, span: Span) -> Any:
    joined = statement.join_from(Touchpoint, Account, col(Account.id) == col(Touchpoint.account_id))
    return joined.where(is_in_scope(scope, about=True), is_ended_in_span(span))
