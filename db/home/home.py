"""Which App Homes are to be shown anew, and when that may be.

Slack takes about a hundred views.publish a minute (its tier 4), so one person's Home is built at
most once a second and a workspace's Homes a little slower than Slack takes them. What changes in
between is in the next one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, or_, update
from sqlmodel import col, select

from db.core.all_workspaces import longest_waiting
from db.core.tx import Tx
from db.models import Home

MEMBER_INTERVAL = timedelta(seconds=1)
WORKSPACE_INTERVAL = timedelta(milliseconds=650)
_MOMENTS = (col(Home.due_at), col(Home.later_at))


@dataclass(frozen=True)
class HomeBuild:
    """A Home that this worker builds; `version` is new with each."""

    user_id: str
    version: int
    notice: str | None


def record_opened(tx: Tx, user_id: str, now: datetime) -> None:
    """The person looks at their Home: from now on it is kept up to date."""
    if tx.add_once(Home(user_id=user_id, due_at=now, opened_at=now)) is None:
        own = update(Home).where(col(Home.user_id) == user_id)
        tx.execute(own.values(due_at=now, opened_at=now))


def request_rebuild(tx: Tx, user_id: str, now: datetime, notice: str | None = None) -> None:
    """Lets the person's Home be shown anew, if they ever opened it; `notice` is told there once."""
    values = {"due_at": now} if notice is None else {"due_at": now, "notice": notice}
    tx.execute(update(Home).where(col(Home.user_id) == user_id).values(**values))


def first_to_build(engine: Engine, now: datetime) -> tuple[str, int] | None:
    """(workspace, id) of the Home that may be built now; those of who has just acted first."""
    built = col(Home.built_at)
    # A clock that was set back must not silence anybody.
    rested = or_(built.is_(None), built <= now - MEMBER_INTERVAL, built > now)
    found = (longest_waiting(engine, Home, at, now, rested) for at in _MOMENTS)
    return next((each for each in found if each is not None), None)


def claim_build(tx: Tx, home_id: int, now: datetime) -> HomeBuild | None:
    """Marks the Home as built and says of what; None if another worker, or Slack, is in the way."""
    newest = select(func.max(col(Home.built_at))).correlate(None).scalar_subquery()
    rows = tx.rows(select(Home, newest).where(col(Home.id) == home_id))
    if not rows:
        return None
    home, built_at = rows[0]
    if built_at is not None and now - WORKSPACE_INTERVAL < built_at <= now:
        return None
    build = HomeBuild(home.user_id, home.version + 1, home.notice)
    due = or_(*(at <= now for at in _MOMENTS))
    as_read = update(Home).where(due).filter_by(id=home.id, version=home.version)
    built = as_read.values(
        due_at=None, later_at=None, notice=None, built_at=now, version=build.version
    )
    return build if tx.execute(built) else None


def abandon_build(tx: Tx, home_id: int) -> None:
    """A Home that cannot be built waits for the person's next change."""
    tx.execute(update(Home).where(col(Home.id) == home_id).values(due_at=None, later_at=None))
