"""The auditor's questions: does every occurrence that was due have an end?

Apart from the code that plans and sends, on purpose: nothing here calls it, so that its mistakes
are not made twice. Each check selects what should not be there; none is an answer. The times are
far beyond what a crash, a slow Slack or a night's closing needs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Finding, Heartbeat, Lane, Occurrence, Outbox, Touchpoint, Workspace

_WAKE_GRACE = timedelta(hours=1)  # a round comes every few seconds
_LEASE_GRACE = timedelta(minutes=10)  # a lease is 60 s
_UNKNOWN_GRACE = timedelta(hours=1)  # a doubt ends within minutes of Slack being readable
_DAY = timedelta(days=1)
_BEAT_GRACE = timedelta(seconds=90)
_MAX_WAIT = timedelta(days=10)  # the longest a department is closed, with room
_WEEK = timedelta(days=7)
_LATEST_DIGEST = timedelta(days=10)  # Monday's digest waits for a working day

_ENDED_UNSENT = ("dead", "expired", "cancelled")


@dataclass(frozen=True)
class CheckResult:
    """How many rows fail a check, and one of them by name."""

    check: str
    count: int
    example: str


def run_checks(tx: Tx, schedules: tuple[str, ...], now: datetime) -> list[CheckResult]:
    """Every check that found something; `schedules` are the digests that must come each week."""
    found = [_count(tx, check, where(now)) for check, where in _ROW_CHECKS.items()]
    found += [_check_heartbeats(tx, now), _check_weeks(tx), _check_digests(tx, schedules, now)]
    return [each for each in found if each is not None]


def save_findings(tx: Tx, found: list[CheckResult], now: datetime) -> None:
    """Keeps what was found, with since when; forgets what is found no more."""
    known = {row.check: row for row in list_findings(tx)}
    for each in found:
        row = known.pop(each.check, None) or tx.add(
            Finding(check=each.check, count=0, example="", since=now, at=now)
        )
        row.count, row.example, row.at = each.count, each.example, now
    for row in known.values():
        tx.delete(Finding, col(Finding.id) == row.id)


def list_findings(tx: Tx) -> list[Finding]:
    """What the auditor found when it last looked, the oldest first."""
    return tx.all(select(Finding).order_by(col(Finding.since), col(Finding.id)))


# -- rows that should not be there


def _overdue_wake_times(now: datetime) -> Any:
    return Touchpoint, (col(Touchpoint.wake_at) < now - _WAKE_GRACE,)


def _without_wake_time(_now: datetime) -> Any:
    return Touchpoint, (col(Touchpoint.state) == "planned", col(Touchpoint.wake_at).is_(None))


def _planned_too_long(now: datetime) -> Any:
    snoozed = col(Touchpoint.snoozed_until) >= now - _MAX_WAIT
    old = col(Touchpoint.due_at) < now - _MAX_WAIT
    # One that was put back (undone, handed over) counts from then.
    settled = col(Touchpoint.state_at) < now - _MAX_WAIT
    known = col(Touchpoint.snoozed_until).is_(None) | ~snoozed
    # What is held says so, and has a check of its own.
    free = col(Touchpoint.held_latest).is_(None)
    return Touchpoint, (col(Touchpoint.state) == "planned", old, settled, known, free)


def _postponed_too_long(now: datetime) -> Any:
    # After its longest wait one goes a day, and a department may be closed then.
    return Touchpoint, (
        col(Touchpoint.state) == "planned",
        col(Touchpoint.held_latest) < now - _MAX_WAIT,
        col(Touchpoint.snoozed_until).is_(None),
    )


def _nudged_without_message(_now: datetime) -> Any:
    message = and_(
        col(Outbox.id) == col(Touchpoint.nudge_id),
        col(Outbox.workspace_id) == col(Touchpoint.workspace_id),
    )
    # One whose message was lost is said again when the clock next looks, if it does.
    lost = and_(
        exists().where(message, col(Outbox.state).in_(_ENDED_UNSENT)),
        col(Touchpoint.wake_at).is_(None),
    )
    return Touchpoint, (col(Touchpoint.state) == "nudged", or_(~exists().where(message), lost))


def _pending_too_long(now: datetime) -> Any:
    parked = exists().where(
        col(Lane.workspace_id) == col(Outbox.workspace_id),
        col(Lane.lane) == col(Outbox.lane),
        col(Lane.parked_reason).is_not(None),
    )
    shut = exists().where(
        col(Workspace.id) == col(Outbox.workspace_id), col(Workspace.parked_reason).is_not(None)
    )
    root = aliased(Outbox)
    root_sent = exists().where(col(root.id) == col(Outbox.root_id), col(root.state) == "sent")
    may_go = or_(col(Outbox.root_id).is_(None), root_sent)
    due = (col(Outbox.state) == "pending", col(Outbox.due_at) < now - _WAKE_GRACE)
    return Outbox, (*due, may_go, ~parked, ~shut)


def _waiting_for_unsent_root(_now: datetime) -> Any:
    root = aliased(Outbox)
    alive = exists().where(
        col(root.id) == col(Outbox.root_id), col(root.state).not_in(_ENDED_UNSENT)
    )
    return Outbox, (col(Outbox.state) == "pending", col(Outbox.root_id).is_not(None), ~alive)


def _sending_too_long(now: datetime) -> Any:
    return Outbox, (
        col(Outbox.state) == "sending",
        or_(col(Outbox.started_at).is_(None), col(Outbox.started_at) < now - _LEASE_GRACE),
    )


def _in_doubt_too_long(now: datetime) -> Any:
    return Outbox, (
        col(Outbox.state) == "unknown",
        or_(
            col(Outbox.check_at).is_(None),
            func.coalesce(col(Outbox.settles_at), col(Outbox.check_at)) < now - _UNKNOWN_GRACE,
        ),
    )


def _held_too_long(now: datetime) -> Any:
    return Outbox, (col(Outbox.state) == "held", col(Outbox.started_at) < now - _DAY)


def _sent_without_place(_now: datetime) -> Any:
    # A message that a person has seen in Slack ("It is there") carries that as its last error.
    return Outbox, (
        col(Outbox.state) == "sent",
        col(Outbox.method) == "chat.postMessage",
        col(Outbox.slack_ts).is_(None),
        col(Outbox.last_error).is_(None),
    )


def _lease_too_long(now: datetime) -> Any:
    return Lane, (col(Lane.lease_until) < now - _LEASE_GRACE,)


_ROW_CHECKS: dict[str, Callable[[datetime], Any]] = {
    "not looked at": _overdue_wake_times,
    "never to be said": _without_wake_time,
    "due for days": _planned_too_long,
    "held for ever": _postponed_too_long,
    "nudged without a message": _nudged_without_message,
    "overdue": _pending_too_long,
    "waits for nothing": _waiting_for_unsent_root,
    "sending too long": _sending_too_long,
    "in doubt too long": _in_doubt_too_long,
    "held too long": _held_too_long,
    "sent nowhere": _sent_without_place,
    "lane never given back": _lease_too_long,
}
CHECKS = (*_ROW_CHECKS, "standing still", "week missing", "digest missing")


def _count(tx: Tx, check: str, asked: Any) -> CheckResult | None:
    model, where = asked
    first = tx.first(select(col(model.id)).where(*where).order_by(col(model.id)))
    if first is None:
        return None
    return CheckResult(check, tx.count(model, *where), f"{model.__tablename__}:{first}")


# -- parts and schedules


def _check_heartbeats(tx: Tx, now: datetime) -> CheckResult | None:
    """The auditor runs with the clock; whether messages go out is another thread's doing."""
    # The clock's own row is written after its round, so that this look may be late in its eyes.
    late: Select[Any] = select(col(Heartbeat.name)).where(
        col(Heartbeat.name) == "delivery", col(Heartbeat.at) < now - _BEAT_GRACE
    )
    names = tx.all(late)
    return CheckResult("standing still", len(names), f"part:{names[0]}") if names else None


def _check_weeks(tx: Tx) -> CheckResult | None:
    """A schedule's local dates are a week apart, without a gap."""
    day = col(Occurrence.local_date)
    spans = tx.rows(
        select(col(Occurrence.schedule), func.min(day), func.max(day), func.count()).group_by(
            col(Occurrence.schedule)
        )
    )
    gaps = [
        (schedule, (last - first) // _WEEK + 1 - count) for schedule, first, last, count in spans
    ]
    broken = [(schedule, missing) for schedule, missing in gaps if missing != 0]
    if not broken:
        return None
    return CheckResult("week missing", sum(abs(missing) for _, missing in broken), broken[0][0])


def _check_digests(tx: Tx, schedules: tuple[str, ...], now: datetime) -> CheckResult | None:
    """Each schedule that must come was dealt with this week, or it has only just begun."""
    began = tx.first(select(col(Workspace.created_at)).where(col(Workspace.id) == tx.workspace))
    if began is None or now - began < _LATEST_DIGEST + _WEEK:
        return None
    since = (now - _LATEST_DIGEST).date()
    recent = set(
        tx.all(select(col(Occurrence.schedule)).where(col(Occurrence.local_date) >= since))
    )
    missing = sorted(set(schedules) - recent)
    return CheckResult("digest missing", len(missing), missing[0]) if missing else None
