"""Once each working day, when managers begin work: which accounts fell behind or got stuck, and
which department has had no contact with whom for too long.

What was reported is in `ReasonTold`, written with the message, and what a department is asked in a
touchpoint: another worker or a restart reports nothing twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.actions.advocacy import first_week
from bot.actions.members import inactivity
from bot.actions.touchpoints import neglect, pace
from bot.actions.work import Work
from bot.context import Context
from bot.memory import Memory
from bot.nudges.set_aside import read_work
from bot.rules.playbook.playbook import MANAGER
from bot.rules.time.calendar import WorkingCalendar
from db.core import advisory_locks, workspaces
from db.core.transient_errors import is_transient

log = logging.getLogger(__name__)

#: Working hours that were changed in Slack are noticed after this at the latest.
RECHECK_AFTER = timedelta(minutes=30)

_DUTY = "pace"


def report_pace(context: Context, now: datetime) -> bool:
    """Checks one workspace whose working day has begun; False if there is none to check."""
    if context.memory.is_idle(_DUTY, now):
        return False
    checked, next_at = context.memory.pace_days, now + RECHECK_AFTER
    for workspace, calendar in _calendars(context, now):
        today = calendar.local_date(now)
        if calendar.is_open(now) and checked.get(workspace) != today:
            checked[workspace] = today
            _check_workspace(context, workspace, now)
            return True
        next_at = min(next_at, _next_check(calendar, checked.get(workspace), now))
    context.memory.rest(_DUTY, now, next_at)
    return False


def next_pace_at(work: Work, memory: Memory) -> datetime:
    """When this workspace is next to be checked."""
    checked = memory.pace_days.get(work.tx.workspace)
    return _next_check(work.playbook.calendar(MANAGER), checked, work.now)


def _next_check(calendar: WorkingCalendar, checked: date | None, now: datetime) -> datetime:
    today = calendar.local_date(now)
    if checked != today:
        return calendar.next_open(now)
    return calendar.opening(calendar.on_or_after(today + timedelta(days=1)))


def _calendars(context: Context, now: datetime) -> Iterator[tuple[str, WorkingCalendar]]:
    """The managers' working time of each workspace."""
    for workspace in workspaces.all_ids(context.engine):
        with read_work(context, workspace, now) as work:
            yield workspace, work.playbook.calendar(MANAGER)


def _check_workspace(context: Context, workspace: str, now: datetime) -> None:
    """Reports what there is to report; after a failure the next attempt is tomorrow."""
    for report in (_report_pace, _ask_silent_departments, _ask_managers):
        try:
            reported = report(context, workspace, now)
        except Exception as error:
            if is_transient(error):
                context.memory.pace_days.pop(workspace, None)
                raise  # the database is busy or away: the next tick tries again
            log.exception("%s failed for %s", report.__name__, workspace)
            continue
        if reported:
            context.wake()


def _report_pace(context: Context, workspace: str, now: datetime) -> int:
    with context.begin(now, workspace=workspace) as work:
        advisory_locks.take_lock(work.tx, advisory_locks.CLOCK_LOCK)
        return pace.notify_pace_changes(work)


def _ask_managers(context: Context, workspace: str, now: datetime) -> int:
    with context.begin(now, workspace=workspace) as work:
        advisory_locks.take_lock(work.tx, advisory_locks.CLOCK_LOCK)
        return inactivity.ask_inactive(work) + first_week.ask_managers(work)


def _ask_silent_departments(context: Context, workspace: str, now: datetime) -> int:
    """Reads first, then writes: among very many accounts the search takes seconds, in which
    nobody else could write to a SQLite file."""
    with read_work(context, workspace, now) as work:
        neglected = neglect.find_neglected(work)
    if not neglected:
        return 0
    with context.begin(now, workspace=workspace) as work:
        advisory_locks.take_lock(work.tx, advisory_locks.CLOCK_LOCK)
        return neglect.ask_departments(work, neglected)
