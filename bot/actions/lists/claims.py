"""Claims in their holder's morning: moved there, asked about when they last, then released."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.actions.actor import CLOCK
from bot.actions.audit import audit_action
from bot.actions.touchpoints import nudging, routing
from bot.actions.touchpoints.nudge_views import nudge_view
from bot.actions.touchpoints.rendering import refresh_nudge
from bot.actions.work import Work
from bot.messages.lists.person import Row, Rows, released_row
from bot.rules.time.calendar import WorkingCalendar
from db.lists import people
from db.models import Account, Touchpoint
from db.touchpoints import touchpoints

Pair = tuple[Touchpoint, Account]


@dataclass
class Claims:
    """What moves into the holder's DM, and the rows of what was released."""

    moved: list[Pair] = field(default_factory=list)
    released: list[Row] = field(default_factory=list)


def settle(work: Work, user: str, calendar: WorkingCalendar, *, morning: bool) -> Claims:
    """Takes over what the person claimed elsewhere; in the morning asks, or releases."""
    found = Claims()
    for touchpoint, account in people.lock_claimed(work.tx, user, work.now, morning=morning):
        if touchpoint.wake_at is None or touchpoint.wake_at > work.now or not morning:
            found.moved.append((touchpoint, account))
        elif touchpoint.asked_at is None:
            until = nudging.next_morning(calendar, work.now)
            touchpoints.save(work.tx, touchpoint, asked_at=work.now, wake_at=until)
            found.moved.append((touchpoint, account))
        else:
            found.released += _release(work, touchpoint, account, calendar)
    return found


def release(work: Work, touchpoint: Touchpoint) -> None:
    """Ends a claim: the touchpoint is shown anew where it belongs."""
    old = touchpoint.nudge_id
    is_shown = {"shown_at": touchpoint.shown_at}
    nobodys = {"by_user": None, "source": CLOCK.source, "asked_at": None}
    nudging.reset_to_planned(work, touchpoint, **is_shown, **nobodys)
    audit_action(replace(work, by=CLOCK), touchpoint, "touchpoint.release", {"state": "planned"})
    refresh_nudge(work, old)


def _release(
    work: Work, touchpoint: Touchpoint, account: Account, calendar: WorkingCalendar
) -> Rows:
    """Releases it; the row that says so, unless it stays the holder's own."""
    holder, claimed_at = touchpoint.by_user, touchpoint.state_at
    release(work, touchpoint)
    if routing.find_addressee(work.tx, touchpoint, account) == holder:
        return ()
    days = calendar.working_days_after(
        calendar.local_date(claimed_at), calendar.local_date(work.now)
    )
    key = routing.fallback_department(work.playbook, touchpoint.owner)
    view = nudge_view(work, touchpoint, account)
    return (released_row(view, work.playbook.departments[key].name, days),)
