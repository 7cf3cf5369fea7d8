"""On which list of a week a department's digest stands."""

from __future__ import annotations

from datetime import date, timedelta

from bot.actions.touchpoints.routing import Destination
from bot.actions.work import Work
from bot.rules.digests import schedule_name
from bot.rules.time.calendar import WorkingCalendar
from db.core import workspaces
from db.ops import occurrences
from db.workspace import departments


def take_due(work: Work, place: Destination, calendar: WorkingCalendar) -> list[str]:
    """The departments whose digest heads the list that a place gets now; noted as posted.

    It is the first list of a week in the department's own channel. The week in which a workspace
    began has none: there is nothing to look back on.
    """
    today = calendar.local_date(work.now)
    monday = today - timedelta(days=today.weekday())
    if calendar.on_or_after(monday) > today:
        return []
    return [
        key
        for key in place.departments
        if departments.channel(work.tx, work.playbook, key) == place.channel
        and _last_run(work, key, calendar) < monday
        and occurrences.record_run(
            work.tx, schedule_name(key), monday, work.now, occurrences.POSTED
        )
    ]


def _last_run(work: Work, key: str, calendar: WorkingCalendar) -> date:
    """The Monday of the last digest, or the day on which the workspace began."""
    workspace = workspaces.current(work.tx)
    began = calendar.local_date(workspace.created_at) if workspace else date.max
    return max(began, occurrences.last_run_dates(work.tx).get(schedule_name(key), began))
