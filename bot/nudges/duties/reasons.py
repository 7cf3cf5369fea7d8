"""Once each working day, when managers begin work: which reasons to look at an account began, and
what managers are asked. What was told is in `ReasonTold`, written with the message: another worker
or a restart tells nothing twice."""

import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.actions.advocacy import first_week
from bot.actions.members import inactivity
from bot.actions.reasons import telling
from bot.actions.work import Work
from bot.context import Context
from bot.memory import Memory
from bot.rules.playbook.playbook import MANAGER
from bot.rules.time.calendar import WorkingCalendar
from db.core import advisory_locks, workspaces
from db.core.transient_errors import is_transient

log = logging.getLogger(__name__)

#: Working hours that were changed in Slack are noticed after this at the latest.
RECHECK_AFTER = timedelta(minutes=30)

_DUTY = "reasons"


def tell_reasons(context: Context, now: datetime) -> bool:
    """Looks at one workspace whose working day has begun; False if there is none to look at."""
    if context.memory.is_idle(_DUTY, now):
        return False
    looked, next_at = context.memory.reasons_days, now + RECHECK_AFTER
    for workspace, calendar in _calendars(context, now):
        today = calendar.local_date(now)
        if calendar.is_open(now) and looked.get(workspace) != today:
            looked[workspace] = today
            _look_at_workspace(context, workspace, now)
            return True
        next_at = min(next_at, _next_look(calendar, looked.get(workspace), now))
    context.memory.rest(_DUTY, now, next_at)
    return False


def next_reasons_at(work: Work, memory: Memory) -> datetime:
    """When this workspace is next to be looked at."""
    looked = memory.reasons_days.get(work.tx.workspace)
    return _next_look(work.playbook.calendar(MANAGER), looked, work.now)


def _next_look(calendar: WorkingCalendar, looked: date | None, now: datetime) -> datetime:
    today = calendar.local_date(now)
    if looked != today:
        return calendar.next_open(now)
    return calendar.opening(calendar.on_or_after(today + timedelta(days=1)))


def _calendars(context: Context, now: datetime) -> Iterator[tuple[str, WorkingCalendar]]:
    """The managers' working time of each workspace."""
    for workspace in workspaces.all_ids(context.engine):
        with context.read(now, workspace=workspace) as work:
            yield workspace, work.playbook.calendar(MANAGER)


def _look_at_workspace(context: Context, workspace: str, now: datetime) -> None:
    """Tells what there is to tell; after a failure the next attempt is tomorrow."""
    for report in (_tell_reasons, _ask_managers):
        try:
            if report(context, workspace, now):
                context.wake()
        except Exception as error:
            if is_transient(error):
                context.memory.reasons_days.pop(workspace, None)
                raise  # the database is busy or away: the next tick tries again
            log.exception("%s failed for %s", report.__name__, workspace)


def _tell_reasons(context: Context, workspace: str, now: datetime) -> int:
    """Reads first, then writes: among very many accounts the look takes seconds, in which nobody
    else could write to a SQLite file."""
    with context.read(now, workspace=workspace) as work:
        news = telling.find_news(work)
    if not news:
        return 0
    with context.begin(now, workspace=workspace) as work:
        advisory_locks.take_lock(work.tx, advisory_locks.CLOCK_LOCK)
        return telling.tell(work, news)


def _ask_managers(context: Context, workspace: str, now: datetime) -> int:
    with context.begin(now, workspace=workspace) as work:
        advisory_locks.take_lock(work.tx, advisory_locks.CLOCK_LOCK)
        return inactivity.ask_inactive(work) + first_week.ask_managers(work)
