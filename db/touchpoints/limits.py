"""What has been asked of whom lately, and what waits because of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlmodel import col

from db.core.tx import Tx, columns
from db.models import Account, ListLine, Outbox, Touchpoint
from db.outbox.states import POST
from db.touchpoints import scope as only
from db.touchpoints.scope import Scope
from db.touchpoints.standing import is_postponed
from db.touchpoints.touchpoints import with_accounts


def list_asked(tx: Tx, account_ids: Sequence[int], since: datetime) -> list[Touchpoint]:
    """What was done or claimed for those accounts since then, and what is shown, unanswered."""
    made = and_(
        col(Touchpoint.state).in_(("claimed", "done")),
        col(Touchpoint.state_at) > since,
        or_(col(Touchpoint.source).is_(None), col(Touchpoint.source) != "import"),
    )
    shown = and_(col(Touchpoint.state) == "nudged", ~_is_unopened())
    asked = select(Touchpoint).where(or_(made, shown))
    return tx.all_among(asked, Touchpoint.account_id, account_ids)


def _is_unopened() -> Any:
    """Whether its line stands behind "Show n more", and nobody has looked."""
    return (
        select(col(ListLine.id))
        .where(
            col(ListLine.workspace_id) == col(Touchpoint.workspace_id),
            col(ListLine.touchpoint_id) == col(Touchpoint.id),
            col(ListLine.nudge_id) == col(Touchpoint.nudge_id),
            col(ListLine.hidden),
            ~col(ListLine.opened),
        )
        .exists()
    )


def list_competing(tx: Tx, account_ids: Sequence[int], now: datetime) -> list[Touchpoint]:
    """What is due for those accounts and was never shown, postponed or not."""
    due = select(Touchpoint).where(
        col(Touchpoint.state) == "planned",
        col(Touchpoint.due_at) <= now,
        col(Touchpoint.nudged_at).is_(None),
        col(Touchpoint.snoozed_until).is_(None),
        or_(col(Touchpoint.wake_at) <= now, col(Touchpoint.postponed_until).is_not(None)),
    )
    return tx.all_among(due, Touchpoint.account_id, account_ids)


def list_postponed_to(
    tx: Tx, because: str, until: datetime, owners: Sequence[str]
) -> list[tuple[Touchpoint, Account]]:
    """What a limit postponed to that time, of those owners or of managers."""
    return tx.pairs(
        with_accounts().where(
            col(Touchpoint.state) == "planned",
            col(Touchpoint.postponed_until) == until,
            col(Touchpoint.postponed_because) == because,
            col(Touchpoint.owner).in_((*owners, "manager")),
        )
    )


def count_sent_since(tx: Tx, lane: str, since: datetime, kind: str) -> int:
    """How many messages of a kind were put on their way to a channel or a person."""
    return tx.cached(Outbox, _sent_since, lane, since, kind)


def _sent_since(tx: Tx, lane: str, since: datetime, kind: str) -> int:
    return tx.count(
        Outbox,
        col(Outbox.lane) == lane,
        col(Outbox.kind) == kind,
        col(Outbox.method) == POST,
        col(Outbox.created_at) >= since,
    )


def recheck_postponed(tx: Tx, account_id: int, now: datetime) -> int:
    """Lets the clock look anew at what is held for an account; returns how many there are."""
    postponed = update(Touchpoint).where(
        col(Touchpoint.account_id) == account_id, is_postponed(now)
    )
    return tx.execute(postponed.values(wake_at=now, postponed_until=None))


def list_postponed(tx: Tx, scope: Scope, now: datetime) -> list[Any]:
    """What is held at `now`, soonest to go first."""
    return tx.rows(
        select(
            col(Account.name).label("account"),
            *columns(Touchpoint, "account_id title owner postponed_until postponed_because"),
            col(Account.manager_id),
        )
        .join(Account, col(Account.id) == col(Touchpoint.account_id))
        .where(is_postponed(now), col(Account.archived_at).is_(None), only.is_in_scope(scope))
        .order_by(col(Touchpoint.postponed_until), col(Touchpoint.id))
    )
