"""What a person's App Home shows: one statement a list, however much there is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import col

from bot.rules.playbook.playbook import MANAGER
from db.core.tx import Tx, columns
from db.facts.live import is_live
from db.models import Account, Audit, Member, Touchpoint, ValueEntry
from db.touchpoints import scope as only
from db.touchpoints.touchpoints import NUDGED_STATES


def last_ended(tx: Tx, user_id: str, since: datetime) -> Any:
    """What the person did or skipped last, since then; None if nothing."""
    rows: list[Any] = tx.rows(
        select(*columns(Touchpoint, "id title state"), col(Account.name).label("account"))
        .join(Account, col(Account.id) == col(Touchpoint.account_id))
        .where(
            col(Touchpoint.state).in_((only.DONE, only.SKIPPED)),
            col(Touchpoint.state_at) >= since,
            col(Touchpoint.by_user) == user_id,
        )
        .order_by(col(Touchpoint.state_at).desc(), col(Touchpoint.id).desc())
        .limit(1)
    )
    return rows[0] if rows else None


def list_team(tx: Tx, led: Sequence[str]) -> list[str]:
    """The people of these departments."""
    ours = col(Member.department).in_(led)
    return [user for (user,) in tx.rows(select(col(Member.user_id)).where(ours))]


def count_accounts(tx: Tx, team: Sequence[str], gone: Sequence[str]) -> list[Any]:
    """(manager_id, tier, count) of the live accounts of these managers."""
    keys = col(Account.manager_id), col(Account.tier)
    counts = select(*keys, func.count().label("count")).where(keys[0].in_(team), is_live(gone))
    return tx.rows(counts.group_by(*keys))


def list_open_of_managers(tx: Tx, team: Sequence[str]) -> list[Any]:
    """(manager_id, owner, state, nudged_at, due_at) of what is open for these managers."""
    shown = columns(Touchpoint, "owner state nudged_at due_at")
    return tx.rows(
        select(col(Account.manager_id), *shown)
        .join_from(Touchpoint, Account, col(Account.id) == col(Touchpoint.account_id))
        .where(
            col(Touchpoint.state).in_(NUDGED_STATES),
            col(Touchpoint.owner) == MANAGER,
            col(Account.manager_id).in_(team),
            col(Account.archived_at).is_(None),
        )
    )


def count_done(tx: Tx, team: Sequence[str], since: datetime, until: datetime) -> dict[str, int]:
    """How many touchpoints each of these people did in that span."""
    done = select(col(Touchpoint.by_user), func.count()).where(
        *_is_done(since, until), col(Touchpoint.by_user).in_(team)
    )
    return {str(user): count for user, count in tx.rows(done.group_by(col(Touchpoint.by_user)))}


def list_done(tx: Tx, user_id: str, since: datetime, until: datetime) -> list[Any]:
    """(account, answer, confirmed value) of what a person did in that span, the last first."""
    confirmed = and_(
        col(ValueEntry.touchpoint_id) == col(Touchpoint.id),
        col(ValueEntry.confirmed_at).is_not(None),
        col(ValueEntry.undone_at).is_(None),
    )
    return tx.rows(
        select(
            col(Account.name).label("account"),
            col(Touchpoint.answer),
            col(ValueEntry.text).label("confirmed"),
        )
        .select_from(Touchpoint)
        .join(Account, col(Account.id) == col(Touchpoint.account_id))
        .outerjoin(ValueEntry, confirmed)
        .where(*_is_done(since, until), col(Touchpoint.by_user) == user_id)
        .order_by(col(Touchpoint.state_at).desc(), col(Touchpoint.id).desc())
    )


def list_last_acts(tx: Tx, users: Sequence[str]) -> dict[str, datetime]:
    """When each of these people last changed anything."""
    acts = select(col(Audit.by_user), func.max(col(Audit.at))).where(col(Audit.by_user).in_(users))
    return {str(user): at for user, at in tx.rows(acts.group_by(col(Audit.by_user)))}


def _is_done(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Touchpoint.state) == only.DONE,
        col(Touchpoint.state_at) >= since,
        col(Touchpoint.state_at) < until,
    )
