"""Cancels touchpoints, moves them to where they belong now, and says when each is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.actions.admins import notify_admins
from bot.actions.touchpoints import cooldown, limits, rendering, routing
from bot.actions.touchpoints.nudge_views import nudge_view
from bot.actions.touchpoints.plays import find_play, is_present
from bot.actions.work import Work
from bot.messages.kit.text import mention
from bot.rules.time.calendar import WorkingCalendar
from bot.rules.time.due import add_duration
from db.models import RENEWAL, Account, Outbox, Touchpoint
from db.touchpoints import touchpoints

# A touchpoint that has no channel to go to, or cannot be posted, is checked again after this.
RECHECK_AFTER = timedelta(hours=1)
# A nudge that could not be delivered for so long is no longer worth posting as it is.
NUDGE_LIFETIME = timedelta(days=14)
# Why a touchpoint was cancelled that is not in the playbook any more.
REMOVED_FROM_PLAYBOOK = "the playbook no longer asks for it"
OTHER_TIER = "it is not for accounts of this tier"


def cancel(work: Work, touchpoint: Touchpoint, reason: str) -> None:
    """Cancels a touchpoint that is no longer needed, and says so on its message."""
    touchpoints.save(work.tx, touchpoint, **_cancelled_values(reason, work.now))
    rendering.refresh_nudge(work, touchpoint.nudge_id)


def cancel_many(work: Work, locked: Sequence[Touchpoint], reason: str) -> None:
    """Cancels locked touchpoints of one account; those without a message in one statement."""
    posted = [t for t in locked if t.nudge_id]
    others = [t for t in locked if t not in posted]
    touchpoints.end_together(work.tx, others, **_cancelled_values(reason, work.now))
    for touchpoint in posted:
        cancel(work, touchpoint, reason)


def _cancelled_values(reason: str, now: datetime) -> dict[str, object]:
    return {
        "state": "cancelled",
        "state_at": now,
        "state_before": None,
        "wake_at": None,
        "asked_at": None,
        "snoozed_until": None,
        "note": reason,
        "source": "clock",
    }


def is_misplaced(work: Work, touchpoint: Touchpoint, account: Account) -> bool:
    """Whether a touchpoint was posted in another place than where it belongs now."""
    nudge = work.tx.get(Outbox, touchpoint.nudge_id)
    if nudge is None:
        return False
    place = routing.find_destination(work.tx, work.playbook, touchpoint, account)
    return place is not None and place.channel != nudge.lane


def repost_elsewhere(work: Work, touchpoint: Touchpoint, account: Account) -> None:
    """Has an open touchpoint posted anew where it belongs now, and closes its old message."""
    old = touchpoint.nudge_id
    view = nudge_view(work, touchpoint, account)
    reset_to_planned(work, touchpoint)
    to = routing.find_addressee(work.tx, touchpoint, account)
    key = routing.fallback_department(work.playbook, touchpoint.owner)
    whose = mention(to) if to is not None else work.playbook.departments[key].name
    rendering.refresh_nudge(work, old, view, f"Now with {whose}")


def reset_to_planned(work: Work, touchpoint: Touchpoint, **values: object) -> None:
    """Has a touchpoint posted anew, as one that was not shown yet; `values` are other columns."""
    planned: dict[str, object] = {
        "state": "planned",
        "state_at": work.now,
        "state_before": None,
        "wake_at": work.now,
        "shown_at": None,
        "nudge_id": None,
        "snoozed_until": None,
    }
    touchpoints.save(work.tx, touchpoint, **{**planned, **values})


def cancel_if_outdated(work: Work, touchpoint: Touchpoint, account: Account) -> bool:
    """Cancels a touchpoint that no longer applies; returns whether it did."""
    reason = None
    if account.archived_at is not None:
        reason = "the account is archived"
    elif not is_present(work.playbook, touchpoint, account):
        reason = "the account has moved on"
    elif (play := find_play(work.playbook, touchpoint)) is None:
        reason = REMOVED_FROM_PLAYBOOK
    elif not play.is_for(account.tier):
        reason = OTHER_TIER
    elif touchpoint.nudged_at is None:
        reason = cooldown.declined_reason(work, touchpoint, account)
    if reason is not None:
        cancel(work, touchpoint, reason)
    return reason is not None


def wait_for_channel(work: Work, touchpoint: Touchpoint) -> None:
    touchpoints.save(work.tx, touchpoint, wake_at=work.now + RECHECK_AFTER, **limits.NOT_POSTPONED)
    key = routing.fallback_department(work.playbook, touchpoint.owner)
    department = work.playbook.departments[key]
    notify_admins(
        work.tx,
        f"I have nudges for {department.name}, but I see no channel called {department.channel}. "
        "Create it or invite me there (`/invite @Linchpin`), or name another one: "
        f"`/linchpin settings {key} channel #name`. The nudges wait, and nothing else does.",
        dedupe_key=f"no-channel:{key}:{work.now:%G-%V}",
        now=work.now,
    )


def next_look(
    work: Work, touchpoint: Touchpoint, account: Account, state: str | None = None
) -> datetime | None:
    """When the clock looks at a shown touchpoint again: its owner's next morning, or the time of
    an escalation that is nearer; None for a renewal that has nothing to wait for. What is claimed
    is looked at when the claim expires. `state` is the one it gets now, if not as it is."""
    if (state or touchpoint.state) == "claimed":
        return touchpoint.wake_at
    calendar = routing.touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
    morning = next_morning(calendar, work.now)
    escalates = escalates_at(work, touchpoint, account)
    if touchpoint.kind == RENEWAL:
        return max(escalates, morning) if escalates is not None else None
    if escalates is None or escalates <= work.now:
        return morning
    return min(escalates, morning)


def next_morning(calendar: WorkingCalendar, now: datetime) -> datetime:
    """The first opening after the day of `now`."""
    return calendar.opening(calendar.add_business_days(calendar.local_date(now), 1))


def escalates_at(work: Work, touchpoint: Touchpoint, account: Account) -> datetime | None:
    """When somebody hears that nobody has taken it; None for never, or if they have heard."""
    play = find_play(work.playbook, touchpoint)
    if play is None or touchpoint.escalated_at is not None or play.escalation == "never":
        return None
    calendar = routing.touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
    shown_at = touchpoint.nudged_at if touchpoint.state == "nudged" else None
    since = max(shown_at or work.now, touchpoint.due_at)
    return add_duration(play.escalate_after, since=since, calendar=calendar)
