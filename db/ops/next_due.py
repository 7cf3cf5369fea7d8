"""When the clock and delivery next have something to do: one statement for all kinds of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Select, func, select
from sqlmodel import col

from db.core.all_workspaces import reading
from db.models import Absence, Handoff, Home, Lane, Member, Outbox, Touchpoint, Workspace
from db.outbox.states import PENDING, UNKNOWN

#: What delivery looks for. A message that is due may still have to wait for its lane.
HOME = frozenset({"home", "later_home"})
MESSAGE = frozenset({"message"})
IN_DOUBT = frozenset({"unknown", "lease"})


def _first(at: Any, *where: Any) -> Any:
    return select(func.min(at)).where(*where).scalar_subquery()


# A tick asks nothing else where there is nothing to do.
_FIRSTS: Select[Any] = select(
    _first(col(Workspace.restored_at)).label("restored"),
    _first(col(Member.leaving_since)).label("leaver"),
    _first(col(Absence.wake_at)).label("absence"),
    _first(col(Touchpoint.wake_at)).label("touchpoint"),
    _first(col(Handoff.wake_at)).label("handoff"),
    _first(col(Home.due_at)).label("home"),
    _first(col(Home.later_at)).label("later_home"),
    _first(col(Outbox.due_at), col(Outbox.state) == PENDING).label("message"),
    _first(col(Outbox.check_at), col(Outbox.state) == UNKNOWN).label("unknown"),
    _first(col(Lane.lease_until)).label("lease"),
)


def read_first_times(engine: Engine) -> dict[str, datetime]:
    """Of each kind the earliest time in all workspaces, where there is one."""
    with reading(engine) as connection:
        firsts = connection.execute(_FIRSTS).one()
    return {kind: at for kind, at in firsts._asdict().items() if at is not None}


def list_due(engine: Engine, now: datetime) -> set[str]:
    """The kinds whose time has come; a restored copy waits also where the clock was set back."""
    firsts = read_first_times(engine)
    return {kind for kind, at in firsts.items() if at <= now or kind == "restored"}
