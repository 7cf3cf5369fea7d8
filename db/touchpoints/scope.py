"""What belongs to whose digest, as conditions on touchpoints and accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlmodel import col, select

from db.models import Account, Touchpoint
from db.touchpoints.touchpoints import OPEN_STATES

DONE = "done"
SKIPPED = "skipped"


@dataclass(frozen=True)
class Scope:
    """Whose digest it is: a manager's, a department's, a team's, or (all empty) everybody's.

    A department that `stands_in` also has the managers' plays of accounts without a manager; a
    manager also has those of the absent colleagues `also`, for whom they stand in. A `team` are the
    managers whose accounts a lead looks at.
    """

    manager: str | None = None
    department: str | None = None
    stands_in: bool = False
    also: tuple[str, ...] = ()
    team: tuple[str, ...] = ()


@dataclass(frozen=True)
class Span:
    """The days a digest looks at: back to `since`, on to `until`; `today` is its reader's date."""

    since: datetime
    now: datetime
    until: datetime
    today: date


def is_ended_in_span(span: Span) -> ColumnElement[bool]:
    return and_(
        col(Touchpoint.state).in_((DONE, SKIPPED)),
        col(Touchpoint.state_at) >= span.since,
        col(Touchpoint.state_at) < span.now,
        col(Touchpoint.by_user).is_not(None),
        or_(col(Touchpoint.source).is_(None), col(Touchpoint.source) != "import"),
    )


def is_in_scope(scope: Scope, *, about: bool = False) -> ColumnElement[bool]:
    """Touchpoints that the reader of the digest is to do; for a manager `about` all of theirs'."""
    if scope.manager is not None:
        own_account = col(Account.manager_id).in_((scope.manager, *scope.also))
        if about:
            return own_account
        has_it = and_(col(Touchpoint.state) == "claimed", col(Touchpoint.by_user) == scope.manager)
        took_it_on = col(Touchpoint.person_id).in_((scope.manager, *scope.also))
        managers = and_(col(Touchpoint.owner) == "manager", own_account)
        return or_(managers, took_it_on, has_it)
    if scope.department is None:
        return true()
    nobodys = and_(col(Touchpoint.owner) == "manager", col(Account.manager_id).is_(None))
    own = col(Touchpoint.owner) == scope.department
    return or_(own, nobodys) if scope.stands_in else own


def is_in_any(scopes: Sequence[Scope]) -> ColumnElement[bool]:
    return or_(*map(is_in_scope, scopes))


def is_account_in_scope(scope: Scope, span: Span) -> ColumnElement[bool]:
    """Accounts the digest tells of: a department's have open or just ended work of its own."""
    live = col(Account.archived_at).is_(None)
    if scope.team:
        return and_(live, col(Account.manager_id).in_(scope.team))
    if scope.manager is not None:
        return and_(live, col(Account.manager_id) == scope.manager)
    if scope.department is None:
        return live
    active = or_(col(Touchpoint.state).in_(OPEN_STATES), is_ended_in_span(span))
    own = select(col(Touchpoint.account_id)).where(
        active, col(Touchpoint.owner) == scope.department
    )
    nobodys = select(col(Touchpoint.account_id)).where(active, col(Touchpoint.owner) == "manager")
    stands_in = (
        and_(col(Account.manager_id).is_(None), col(Account.id).in_(nobodys))
        if scope.stands_in
        else false()
    )
    return and_(live, or_(col(Account.id).in_(own), stands_in))
