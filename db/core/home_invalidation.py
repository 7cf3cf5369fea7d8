"""Marks the App Homes that show what a transaction has changed. The Home of the person who changed
something is built anew at once. Those of others follow later and seldom, and only if they were
opened lately: one click can change a whole department's Homes."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, event, or_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from db.core.session import OwnSession
from db.models import Account, Audit, Home, Member, Touchpoint

OPENED_WINDOW = timedelta(hours=12)
REBUILD_DELAY = timedelta(seconds=15)
REBUILD_INTERVAL = timedelta(seconds=60)


@event.listens_for(OwnSession, "after_flush")
def _note(session: Any, _context: Any) -> None:
    session.acts += [row for row in session.new if isinstance(row, Audit)]


def invalidate_homes(session: OwnSession) -> None:
    """Marks the Homes that show what the transaction has changed, as its audit rows name it."""
    if not session.acts:
        return
    now = max(act.at for act in session.acts)
    doers = {act.by_user for act in session.acts if act.by_user is not None}
    for home in session.scalars(_shown(session, doers, now)):
        if home.user_id in doers:
            home.due_at = now
        elif home.later_at is None:
            home.later_at = max(now + REBUILD_DELAY, (home.built_at or now) + REBUILD_INTERVAL)


def _shown(session: OwnSession, doers: set[str], now: datetime) -> SelectOfScalar[Home]:
    """The Homes of the people who changed something, and the lately opened ones that show it."""
    touched = select(col(Touchpoint.account_id)).where(
        col(Touchpoint.id).in_(_ids(session, "touchpoint"))
    )
    account = or_(col(Account.id).in_(_ids(session, "account")), col(Account.id).in_(touched))
    theirs = col(Touchpoint.account_id) == col(Account.id)
    concerned = (
        select(col(Account.manager_id)).where(account),
        select(col(Touchpoint.by_user)).join(Account, theirs).where(account),
        select(col(Touchpoint.person_id)).join(Account, theirs).where(account),
        select(col(Member.user_id))
        .join(Touchpoint, col(Touchpoint.owner) == col(Member.department))
        .join(Account, theirs)
        .where(account),
    )
    may_look = col(Home.opened_at) > now - OPENED_WINDOW
    shows_it = or_(
        col(Home.user_id).in_(session.concerned),
        *(col(Home.user_id).in_(users) for users in concerned),
    )
    return select(Home).where(or_(col(Home.user_id).in_(doers), and_(may_look, shows_it)))


def _ids(session: OwnSession, kind: str) -> list[int]:
    """Of rows that were changed, or (an account) whose entries were."""
    subjects = {act.subject.partition(":")[::2] for act in session.acts}
    ids = {int(number) for known, number in subjects if known == kind}
    return sorted(ids | {act.detail[kind] for act in session.acts if _names(act, kind)})


def _names(act: Audit, kind: str) -> bool:
    return isinstance((act.detail or {}).get(kind), int)
