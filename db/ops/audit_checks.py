"""The auditor's checks: each selects rows that should not be there. On purpose nothing here calls
the code that plans and sends, so that its mistakes are not repeated. The times are far beyond what
a crash, a slow Slack or a closed night needs."""

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
    results = [_count(tx, check, *asked) for check, asked in row_checks(now).items()]
    results += [_check_heartbeats(tx, now), _check_weeks(tx), _check_digests(tx, schedules, now)]
    return [result for result in results if result is not None]


def save_findings(tx: Tx, found: list[CheckResult], now: datetime) -> None:
    """Keeps what was found, with since when; forgets what is found no more."""
    known = {row.check: row for row in list_findings(tx)}
    for result in found:
        row = known.pop(result.check, None) or tx.add(
            Finding(check=result.check, count=0, example="", since=now, at=now)
        )
        row.count, row.example, row.at = result.count, result.example, now
    for row in known.values():
        tx.delete(Finding, col(Finding.id) == row.id)


def list_findings(tx: Tx) -> list[Finding]:
    """What the auditor found when it last looked, the oldest first."""
    return tx.all(select(Finding).order_by(col(Finding.since), col(Finding.id)))


# -- rows that should not be there

RowCheck = tuple[type[Touchpoint] | type[Outbox] | type[Lane], tuple[Any, ...]]


def row_checks(now: datetime) -> dict[str, RowCheck]:
    """By check: a table, and the conditions that none of its rows should meet."""
    return {**_touchpoint_checks(now), **_outbox_checks(now)}


def _touchpoint_checks(now: datetime) -> dict[str, RowCheck]:
    planned, nudged = (col(Touchpoint.state) == state for state in ("planned", "nudged"))
    too_old = now - _MAX_WAIT
    # One that was put back (undone, handed over) counts from then; what is held has its own check.
    waits_for_nothing = and_(
        col(Touchpoint.due_at) < too_old,
        col(Touchpoint.state_at) < too_old,
        or_(col(Touchpoint.snoozed_until).is_(None), col(Touchpoint.snoozed_until) < too_old),
        col(Touchpoint.postponed_latest).is_(None),
    )
    # After its longest wait one goes a day, and a department may be closed then.
    held = (col(Touchpoint.postponed_latest) < too_old, col(Touchpoint.snoozed_until).is_(None))
    message = and_(
        col(Outbox.id) == col(Touchpoint.nudge_id),
        col(Outbox.workspace_id) == col(Touchpoint.workspace_id),
    )
    # One whose message was lost is said again when the clock next looks, if it does.
    lost = and_(
        exists().where(message, col(Outbox.state).in_(_ENDED_UNSENT)),
        col(Touchpoint.wake_at).is_(None),
    )
    return {
        "not looked at": (Touchpoint, (col(Touchpoint.wake_at) < now - _WAKE_GRACE,)),
        "never to be said": (Touchpoint, (planned, col(Touchpoint.wake_at).is_(None))),
        "due for days": (Touchpoint, (planned, waits_for_nothing)),
        "held for ever": (Touchpoint, (planned, *held)),
        "nudged without a message": (Touchpoint, (nudged, or_(~exists().where(message), lost))),
    }


def _outbox_checks(now: datetime) -> dict[str, RowCheck]:
    pending, sending, unknown, held, sent = (
        col(Outbox.state) == state for state in ("pending", "sending", "unknown", "held", "sent")
    )
    begun, look = col(Outbox.started_at), col(Outbox.check_at)
    root = aliased(Outbox)
    own_root = col(root.id) == col(Outbox.root_id)
    may_go = or_(col(Outbox.root_id).is_(None), exists().where(own_root, col(root.state) == "sent"))
    may_come = exists().where(own_root, col(root.state).not_in(_ENDED_UNSENT))
    parked = exists().where(
        col(Lane.workspace_id) == col(Outbox.workspace_id),
        col(Lane.lane) == col(Outbox.lane),
        col(Lane.parked_reason).is_not(None),
    )
    shut = exists().where(
        col(Workspace.id) == col(Outbox.workspace_id), col(Workspace.parked_reason).is_not(None)
    )
    overdue = (col(Outbox.due_at) < now - _WAKE_GRACE, may_go, ~parked, ~shut)
    in_doubt = func.coalesce(col(Outbox.settles_at), look) < now - _UNKNOWN_GRACE
    # A message that a person has seen in Slack ("It is there") has that as its last error.
    nowhere = (
        col(Outbox.method) == "chat.postMessage",
        col(Outbox.slack_ts).is_(None),
        col(Outbox.last_error).is_(None),
    )
    return {
        "overdue": (Outbox, (pending, *overdue)),
        "waits for nothing": (Outbox, (pending, col(Outbox.root_id).is_not(None), ~may_come)),
        "sending too long": (Outbox, (sending, or_(begun.is_(None), begun < now - _LEASE_GRACE))),
        "in doubt too long": (Outbox, (unknown, or_(look.is_(None), in_doubt))),
        "held too long": (Outbox, (held, begun < now - _DAY)),
        "sent nowhere": (Outbox, (sent, *nowhere)),
        "lane never given back": (Lane, (col(Lane.lease_until) < now - _LEASE_GRACE,)),
    }


def _count(tx: Tx, check: str, model: Any, where: tuple[Any, ...]) -> CheckResult | None:
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
    missing = {
        schedule: (last - first) // _WEEK + 1 - count for schedule, first, last, count in spans
    }
    broken = [schedule for schedule, weeks in missing.items() if weeks != 0]
    if not broken:
        return None
    return CheckResult("week missing", sum(map(abs, missing.values())), broken[0])


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
