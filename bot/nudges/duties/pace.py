"""Once each working day, when managers begin work: who fell behind, who got stuck, and which
department has not touched whom for too long.

What was told stands in `PaceTold`, written with the message, and what a department is asked in a
touchpoint: another worker or a restart looks again and finds nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.actions.actor import CLOCK
from bot.actions.touchpoints import neglect, pace
from bot.actions.work import Work
from bot.context import Context
from bot.memory import Memory
from bot.rules.playbook.playbook import MANAGER
from bot.rules.time.calendar import WorkingCalendar
from db.core import advisory_locks, workspaces
from db.core.transient_errors import is_transient
from db.core.tx import begin, read
from db.workspace import departments

log = logging.getLogger(__name__)

#: Working hours that were changed in Slack are noticed after this at the latest.
RECHECK_AFTER = timedelta(minutes=30)

_DUTY = "pace"


def report_pace(context: Context, now: datetime) -> bool:
    """Looks at one workspace whose day has begun; says whether there was one."""
    if context.memory.is_idle(_DUTY, now):
        return False
    looked, ahead = context.memory.pace_days, now + RECHECK_AFTER
    for workspace, calendar in _calendars(context):
        today = calendar.local_date(now)
        if calendar.is_open(now) and looked.get(workspace) != today:
            looked[workspace] = today
            _check_workspace(context, workspace, now)
            return True
        ahead = min(ahead, _next_check(calendar, looked.get(workspace), now))
    context.memory.rest(_DUTY, now, ahead)
    return False


def next_pace_at(work: Work, memory: Memory) -> datetime:
    """When this workspace is next to be looked at."""
    return _next_check(
        work.playbook.calendar(MANAGER), memory.pace_days.get(work.tx.workspace), work.now
    )


def _next_check(calendar: WorkingCalendar, looked: date | None, now: datetime) -> datetime:
    today = calendar.local_date(now)
    if looked != today:
        return calendar.next_open(now)
    return calendar.opening(calendar.on_or_after(today + timedelta(days=1)))


def _calendars(context: Context) -> Iterator[tuple[str, WorkingCalendar]]:
    """The managers' working time of each workspace."""
    for workspace in workspaces.all_ids(context.engine):
        with read(context.engine, workspace) as tx:
            yield workspace, departments.in_force(tx, context.playbook_file).calendar(MANAGER)


def _check_workspace(context: Context, workspace: str, now: datetime) -> None:
    """Tells what there is to tell; a failure waits for tomorrow and stops nothing else."""
    for tell in (_report_pace, _ask_silent_departments):
        try:
            told = tell(context, workspace, now)
        except Exception as error:
            if is_transient(error):
                context.memory.pace_days.pop(workspace, None)
                raise  # the database is busy or away: the next tick tries again
            log.exception("%s failed for %s", tell.__name__, workspace)
            continue
        if told:
            context.wake()


def _report_pace(context: Context, workspace: str, now: datetime) -> int:
    with begin(context.engine, workspace) as tx:
        advisory_locks.take_lock(tx, advisory_locks.CLOCK_LOCK)
        return pace.notify_pace_changes(
            Work(tx, departments.in_force(tx, context.playbook_file), now, CLOCK)
        )


def _ask_silent_departments(context: Context, workspace: str, now: datetime) -> int:
    """Looks first and writes after: among very many accounts the look takes seconds, in which
    nobody else could write to a SQLite file."""
    with read(context.engine, workspace) as tx:
        found = neglect.find_neglected(
            Work(tx, departments.in_force(tx, context.playbook_file), now, CLOCK)
        )
    if not found:
        return 0
    with begin(context.engine, workspace) as tx:
        advisory_locks.take_lock(tx, advisory_locks.CLOCK_LOCK)
        return neglect.ask_departments(
            Work(tx, departments.in_force(tx, context.playbook_file), now, CLOCK), found
        )
