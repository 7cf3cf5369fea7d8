"""How touchpoints stand, as conditions and counts: see bot/rules/facts/standing.py."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select
from sqlmodel import col

from bot.rules.facts.standing import AHEAD
from db.core.tx import Tx
from db.models import RENEWAL, Account, Touchpoint

Condition = ColumnElement[bool]


def is_unclaimed(_now: datetime) -> Condition:
    """Shown to its owner, and nobody has it."""
    return col(Touchpoint.state) == "nudged"


def is_claimed(_now: datetime) -> Condition:
    return col(Touchpoint.state) == "claimed"


def is_postponed(now: datetime) -> Condition:
    """Moved to a later time by a limit."""
    return and_(col(Touchpoint.state) == "planned", col(Touchpoint.postponed_until) > now)


def is_later(now: datetime) -> Condition:
    """Neither shown nor postponed, and due within seven days."""
    return and_(_is_waiting(now), _comes_at() <= now + AHEAD)


def is_planned(now: datetime) -> Condition:
    """Neither shown nor postponed, and due after that."""
    return and_(_is_waiting(now), _comes_at() > now + AHEAD)


KINDS: Final[Mapping[str, Callable[[datetime], Condition]]] = {
    "unclaimed": is_unclaimed,
    "claimed": is_claimed,
    "later": is_later,
    "postponed": is_postponed,
    "planned": is_planned,
}
OPEN, THIS_WEEK = ("unclaimed", "claimed"), ("unclaimed", "claimed", "later")


def is_any(kinds: tuple[str, ...], now: datetime) -> Condition:
    return or_(*(KINDS[kind](now) for kind in kinds))


def is_carried_over(now: datetime, week: datetime) -> Condition:
    """Open, and shown before that week began."""
    return and_(is_any(OPEN, now), col(Touchpoint.shown_at) < week)


def was_postponed(now: datetime, week: datetime) -> Condition:
    """Postponed before that week began, and still to come."""
    return and_(is_postponed(now), col(Touchpoint.postponed_since) < week)


def is_of_account(account_id: int) -> Condition:
    return col(Touchpoint.account_id) == account_id


def comes_before(until: datetime, now: datetime) -> Condition:
    """Comes, or came, before then."""
    return _when(now) < until


def is_late(now: datetime, mornings: Mapping[str, datetime]) -> Condition:
    """Open, and shown and due before the morning that counts for its owner."""
    morning = case(mornings, value=col(Touchpoint.owner))
    return and_(is_any(OPEN, now), _late_since() < morning)


def whose_work(stand_in: str) -> Any:
    """The owner, labelled `whose`; for a manager's of an account that has none, who stands in."""
    nobodys = and_(col(Touchpoint.owner) == "manager", col(Account.manager_id).is_(None))
    return case((nobodys, stand_in), else_=col(Touchpoint.owner)).label("whose")


def count_by_owner(tx: Tx, now: datetime, stand_in: str, *where: Condition) -> list[Any]:
    """(whose, owner, a count for each kind, since when the oldest unclaimed one is late)."""
    counts = [
        func.coalesce(func.sum(case((is_kind(now), 1), else_=0)), 0).label(kind)
        for kind, is_kind in KINDS.items()
    ]
    oldest = func.min(case((is_unclaimed(now), _late_since()))).label("oldest")
    # Grouped by the label: PostgreSQL does not see that two equal expressions with parameters are.
    grouped = select(whose_work(stand_in), col(Touchpoint.owner), *counts, oldest)
    return tx.rows(_of_live(grouped, *where).group_by("whose", col(Touchpoint.owner)))


def list_pairs(
    tx: Tx, order: tuple[Any, ...], limit: int, *where: Condition, offset: int = 0
) -> list[tuple[Touchpoint, Account]]:
    """Open and planned touchpoints with their accounts."""
    found = _of_live(select(Touchpoint, Account), *where)
    return tx.pairs(found.order_by(*order, col(Touchpoint.id)).limit(limit).offset(offset))


#: The groups of a list, in its order: the reader's own, what nobody has, what others have, later.
OWN, UNCLAIMED, CLAIMED, LATER = range(4)


def group_of(own: Condition | None, now: datetime) -> ColumnElement[int]:
    """Which group of a list a touchpoint stands in; `own` are the reader's, if there are any."""
    return case(
        (and_(own if own is not None else false(), is_any(OPEN, now)), OWN),
        (is_unclaimed(now), UNCLAIMED),
        (is_claimed(now), CLAIMED),
        else_=LATER,
    )


def list_in_groups(
    tx: Tx, now: datetime, group: ColumnElement[int], limit: int, *where: Condition, offset: int = 0
) -> list[tuple[Touchpoint, Account, int]]:
    """(touchpoint, account, group), by group and in each the soonest first."""
    found = _of_live(select(Touchpoint, Account, group.label("in_group")), *where)
    order = (group, *soonest(now), col(Touchpoint.id))
    return [tuple(row) for row in tx.rows(found.order_by(*order).limit(limit).offset(offset))]


def soonest(now: datetime) -> tuple[Any, ...]:
    """The order: when each comes or came, renewals that passed without a decision first."""
    return col(Touchpoint.kind) != RENEWAL, _when(now)


def _late_since() -> ColumnElement[datetime]:
    shown, due = col(Touchpoint.nudged_at), col(Touchpoint.due_at)
    return case((shown > due, shown), else_=due)


def _when(now: datetime) -> ColumnElement[datetime]:
    return case((is_postponed(now), col(Touchpoint.postponed_until)), else_=_comes_at())


def _comes_at() -> ColumnElement[datetime]:
    return func.coalesce(col(Touchpoint.snoozed_until), col(Touchpoint.due_at))


def _is_waiting(now: datetime) -> Condition:
    held = col(Touchpoint.postponed_until)
    return and_(col(Touchpoint.state) == "planned", or_(held.is_(None), held <= now))


def _of_live(statement: Any, *where: Condition) -> Any:
    return (
        statement.select_from(Touchpoint)
        .join(Account, col(Account.id) == col(Touchpoint.account_id))
        .where(
            col(Touchpoint.state).in_(("planned", "nudged", "claimed")),
            col(Account.archived_at).is_(None),
            *where,
        )
    )
