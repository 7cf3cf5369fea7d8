"""What the weekly digests tell: a handful of statements, however many accounts there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlmodel import col

from db.core.tx import Tx, columns
from db.digests.value import is_in_span
from db.models import Account, Interaction, StageChange, Touchpoint
from db.touchpoints import scope as only
from db.touchpoints import standing
from db.touchpoints.scope import DONE, Scope, Span
from db.touchpoints.touchpoints import NUDGED_STATES


def list_most_urgent(
    tx: Tx, scope: Scope, span: Span, exits: Sequence[str], limit: int
) -> list[tuple[Touchpoint, Account]]:
    """What matters most of what is open or due: unclaimed, then claimed, then what is to come;
    among these where a renewal is near, then the longest due."""
    urgency = case(
        (standing.is_unclaimed(span.now), 0), (standing.is_claimed(span.now), 1), else_=2
    )
    order = (urgency, only.renewal_nearness(span.today, exits), col(Touchpoint.due_at))
    mine = only.is_in_scope(scope)
    return standing.list_pairs(
        tx, order, limit, mine, standing.is_any(standing.THIS_WEEK, span.now)
    )


def list_renewals(
    tx: Tx, scope: Scope, span: Span, first: date, last: date, gone: Sequence[str]
) -> list[Any]:
    """Accounts that renew from `first` to `last`, soonest first; not those in stages `gone`."""
    fields = "id name renews_on manager_id hundredths currency stage archived_at created_at"
    renewing = select(*columns(Account, fields)).where(
        only.is_account_in_scope(scope, span),
        col(Account.renews_on).between(first, last),
        col(Account.stage).not_in(gone),
    )
    return tx.rows(renewing.order_by(col(Account.renews_on), col(Account.name_key)))


def list_moves(tx: Tx, scope: Scope, span: Span) -> list[Any]:
    """The moves that people made since the span's start, newest first."""
    return tx.rows(
        select(col(Account.name), *columns(StageChange, "from_stage to_stage reason by_user"))
        .join(Account, col(Account.id) == col(StageChange.account_id))
        .where(
            only.is_account_in_scope(scope, span),
            is_in_span(col(StageChange.at), span),
            col(StageChange.source) != "import",
            col(StageChange.from_stage) != col(StageChange.to_stage),
        )
        .order_by(col(StageChange.at).desc(), col(StageChange.id).desc())
    )


def count_ended(tx: Tx, scope: Scope, span: Span) -> list[Any]:
    """(state, by_user, count) of what people did and skipped since the span's start."""
    counts = select(col(Touchpoint.state), col(Touchpoint.by_user), func.count().label("count"))
    ended = _ended(counts, scope, span)
    return tx.rows(ended.group_by(col(Touchpoint.state), col(Touchpoint.by_user)))


def list_done(tx: Tx, scope: Scope, span: Span, *, answered: bool = False) -> list[Any]:
    """(account, title, by_user, state_at, records, answer, answered_by) of what people did since
    the span's start, newest first; `answered` only where a line was written down."""
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
    return joined.where(only.is_in_scope(scope, about=True), only.is_ended_in_span(span))


def count_logged(tx: Tx, scope: Scope, span: Span) -> dict[str, int]:
    """How many interactions each person logged since the span's start; none for a department's
    digest, since interactions belong to no department."""
    if scope.department is not None:
        return {}
    counts = _logged(select(col(Interaction.by_user), func.count()), scope, span)
    return dict(map(tuple, tx.rows(counts.group_by(col(Interaction.by_user)))))


def list_logged(tx: Tx, scope: Scope, span: Span) -> list[Any]:
    """(account, kind, text, by_user) of the interactions that people logged, newest first."""
    fields = columns(Interaction, "kind text by_user")
    logged = _logged(select(col(Account.name).label("account"), *fields), scope, span)
    return tx.rows(logged.order_by(col(Interaction.created_at).desc(), col(Interaction.id)))


def _logged(statement: Any, scope: Scope, span: Span) -> Any:
    joined = statement.join_from(
        Interaction, Account, col(Account.id) == col(Interaction.account_id)
    )
    return joined.where(
        only.is_account_in_scope(scope, span),
        is_in_span(col(Interaction.created_at), span),
        col(Interaction.undone_at).is_(None),
        col(Interaction.touchpoint_id).is_(None),
        col(Interaction.by_user).is_not(None),
        col(Interaction.source) != "import",
    )


def count_without_manager(tx: Tx, span: Span) -> int:
    """How many accounts without a manager had a manager's play said to the department that
    stands in, this week or still open."""
    statement = (
        select(func.count(col(Touchpoint.account_id).distinct()))
        .join(Account, col(Account.id) == col(Touchpoint.account_id))
        .where(
            col(Touchpoint.owner) == "manager",
            col(Account.manager_id).is_(None),
            col(Account.archived_at).is_(None),
            or_(col(Touchpoint.state).in_(NUDGED_STATES), col(Touchpoint.nudged_at) >= span.since),
        )
    )
    return int(tx.first(statement) or 0)


def count_done_by_owner(tx: Tx, span: Span, stand_in: str) -> dict[str, int]:
    """How much was done for each department and "manager"; what an account without a manager would
    ask of one is `stand_in`'s."""
    done = and_(only.is_ended_in_span(span), col(Touchpoint.state) == DONE)
    rows = tx.rows(
        select(standing.whose_work(stand_in), func.count())
        .select_from(Touchpoint)
        .join(Account, col(Account.id) == col(Touchpoint.account_id))
        .where(done)
        .group_by("whose")
    )
    return dict(map(tuple, rows))
