"""Digests that are due: the company's and those of people who chose an hour, once a local week. A
department's heads its list, other people's their morning message. Each is recorded in `Occurrence`,
in the transaction that puts the message into the outbox: another worker, a restart or a clock that
is set back cannot post it twice."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import randrange
from zoneinfo import ZoneInfo

from bot.actions import outgoing
from bot.actions.admins import notify_admins
from bot.actions.digests import company, personal
from bot.actions.lists.morning import hold_monday
from bot.actions.playbook import results
from bot.actions.touchpoints.routing import member_calendar, resolve_delegate
from bot.actions.work import Work
from bot.context import Context
from bot.messages.kit.message import Message
from bot.nudges.set_aside import attempt
from bot.rules.digests import COMPANY_SCHEDULE, DueDigest, Schedule, Timetable, schedule_name
from bot.rules.playbook.playbook import MANAGER, Playbook
from db.core import workspaces
from db.core.tx import Tx
from db.digests import readers
from db.ops import occurrences
from db.touchpoints import message_marks
from db.workspace import departments

#: A digest that could not be delivered for so long is stale.
DIGEST_LIFETIME = timedelta(days=3)
#: New managers and other time zones are noticed after this at the latest.
RECHECK_AFTER = timedelta(minutes=5)
#: For so long the result of a scan is used; then a digest may have been switched off, or moved.
SCAN_LIFETIME = timedelta(minutes=1)

_DUTY = "digests"

# (workspace, schedule, the local date up to which its digests are done)
KnownSchedule = tuple[str, Schedule, date]


def send_due_digest(context: Context, now: datetime) -> bool:
    """Posts one due digest of one workspace; False if none is due. One scan of all schedules serves
    all digests that are due."""
    if context.memory.is_idle(_DUTY, now):
        return False
    due = _next_due(context, now)
    if due is None:
        return False
    if not _handle_due(context, due, now):
        # Another process works through the same ones: this one goes on at another place.
        due_digests = _scan_schedules(context, now)
        due_digests.rotate(randrange(len(due_digests) + 1))
    return True


def _next_due(context: Context, now: datetime) -> DueDigest | None:
    """The next digest of the last scan, or of a new one when that is used up or old."""
    due, scanned_at = context.memory.digests, context.memory.digests_at
    if scanned_at is None or not due or not scanned_at <= now < scanned_at + SCAN_LIFETIME:
        due = _scan_schedules(context, now)
    return due.popleft() if due else None


def _scan_schedules(context: Context, now: datetime) -> deque[DueDigest]:
    """Looks through every schedule, and remembers what is due."""
    schedules: list[KnownSchedule] = []
    for workspace in workspaces.all_ids(context.engine):
        with context.read(now, workspace=workspace) as work:
            schedules += _schedules_of_workspace(work)
    weeks = ((where, each, each.timetable.due(after, now)) for where, each, after in schedules)
    due = deque(DueDigest(where, schedule, missed) for where, schedule, missed in weeks if missed)
    context.memory.digests, context.memory.digests_at = due, now
    if not due:
        # Nothing is due until the first time of any schedule: until then a tick costs nothing.
        first, until = _first_due_time(schedules, now), now + RECHECK_AFTER
        context.memory.rest(_DUTY, now, until if first is None else min(first, until))
    return due


def next_digest_at(work: Work) -> datetime | None:
    """When this workspace's next digest is due: `now` if one is; None if none ever is."""
    return _first_due_time(_schedules_of_workspace(work), work.now)


def _first_due_time(schedules: Iterable[KnownSchedule], now: datetime) -> datetime | None:
    times = [schedule.timetable.next_at(after, now) for _, schedule, after in schedules]
    return min((at for at in times if at is not None), default=None)


def _schedules_of_workspace(work: Work) -> list[KnownSchedule]:
    """Everything of one workspace that could be due."""
    workspace, last_runs = workspaces.current(work.tx), occurrences.last_run_dates(work.tx)
    if workspace is None:
        return []
    known = []
    for schedule in _iterate_schedules(work):
        # The week in which a workspace began has no digest: there is nothing to look back on.
        began = workspace.created_at.astimezone(schedule.timetable.zone).date()
        after = max(began, last_runs.get(schedule.name, began))
        known.append((work.tx.workspace, schedule, after))
    return known


def _iterate_schedules(work: Work) -> Iterator[Schedule]:
    playbook, calendar = work.playbook, work.playbook.calendar(MANAGER)
    company = replace(calendar, zone=ZoneInfo(playbook.company.timezone))
    yield Schedule(COMPANY_SCHEDULE, Timetable(company))
    for key in playbook.departments:
        hours = playbook.calendar(key)
        yield Schedule(schedule_name(key), Timetable(hours, at=hours.opens), department=key)
    for reader in personal.list_readers(work):
        if reader.digest_hour is not None and not reader.digest_off:
            own, at = member_calendar(calendar, reader), time(reader.digest_hour)
            timetable = Timetable(own, reader.digest_weekday, at)
            yield Schedule(schedule_name(reader.user_id), timetable, reader.user_id)


def _handle_due(context: Context, due: DueDigest, now: datetime) -> bool:
    """Posts it; False if another process has. One that cannot be written is recorded as failed."""
    name, week = due.schedule.name, due.weeks[-1]

    def post(work: Work) -> bool:
        return _post_due(work, due)

    def give_up(work: Work) -> None:
        occurrences.record_run(work.tx, name, week, now, occurrences.FAILED)

    is_ours = attempt(context, due.workspace, now, f"write {name} of {week}", post, give_up)
    context.wake()
    return is_ours


def _post_due(work: Work, due: DueDigest) -> bool:
    name, (*missed, week) = due.schedule.name, due.weeks
    for monday in missed:
        sent = message_marks.pop(work.tx, _dedupe_mark(work.tx, due.schedule, monday)) is not None
        outcome = occurrences.POSTED if sent else occurrences.MISSED
        occurrences.record_run(work.tx, name, monday, work.now, outcome)
    if due.schedule.department is not None:
        return _hold_monday(work, due.schedule.department, name, week)
    late = due.schedule.timetable.is_late(week, work.now)
    if not occurrences.record_run(work.tx, name, week, work.now, occurrences.POSTED, late=late):
        return False
    outcome = _enqueue_digest(work, due.schedule, week, late)
    occurrences.set_outcome(work.tx, name, week, outcome)
    if name == COMPANY_SCHEDULE:
        results.propose_retirement(work)
    return True


def _hold_monday(work: Work, key: str, name: str, week: date) -> bool:
    """Posts a department's digest where no list of that morning has it; the list records it."""
    hold_monday(work, key)
    has_place = departments.channel(work.tx, work.playbook, key) is not None
    outcome = occurrences.QUIET if has_place else occurrences.MISSED
    is_ours = occurrences.record_run(work.tx, name, week, work.now, outcome)
    if is_ours and not has_place:
        _report_no_channel(work, key, work.playbook.departments[key].channel, week)
    return is_ours


def _enqueue_digest(work: Work, schedule: Schedule, week: date, late: bool) -> str:
    """Puts the message into the outbox; returns the outcome of the digest."""
    mark = _dedupe_mark(work.tx, schedule, week)
    if message_marks.pop(work.tx, mark) is not None:
        return occurrences.POSTED  # sent before the database was restored from an older copy
    if late and _is_new(work.tx, schedule, week):
        return occurrences.MISSED
    channel = _find_channel(work.tx, work.playbook, schedule)
    if channel is None and schedule.reader is not None:
        return occurrences.OFF  # the list of the department that covers has it
    if channel is None:
        _report_no_channel(work, "company", work.playbook.company.channel, week)
        return occurrences.MISSED
    message = _write_digest(work, schedule, channel)
    if message is None:
        return occurrences.QUIET
    outgoing.post(
        work,
        channel,
        message,
        kind="digest",
        key=f"{schedule.name}:{week}",
        expires_at=work.now + DIGEST_LIFETIME,
        marks=(mark,),
    )
    return occurrences.POSTED


def _dedupe_mark(tx: Tx, schedule: Schedule, week: date) -> str:
    return message_marks.fingerprint(tx, schedule.name, week.isoformat())


def _is_new(tx: Tx, schedule: Schedule, week: date) -> bool:
    """Whether the reader became a manager after that week's digest, so that they missed nothing."""
    at = schedule.timetable.moment(week)
    return (
        schedule.reader is not None
        and at is not None
        and not readers.was_manager_at(tx, schedule.reader, at)
    )


def _find_channel(tx: Tx, playbook: Playbook, schedule: Schedule) -> str | None:
    if schedule.reader is not None:
        return resolve_delegate(tx, schedule.reader)  # while they are away, their cover reads it
    return departments.company_channel(tx, playbook)


def _write_digest(work: Work, schedule: Schedule, channel: str) -> Message | None:
    if schedule.reader is None:
        return company.company_post(work)
    cover_for = channel != schedule.reader
    return personal.personal_digest(work, schedule.reader, cover_for=cover_for)


def _report_no_channel(work: Work, key: str, channel: str, week: date) -> None:
    notify_admins(
        work.tx,
        f"The weekly digest for {key} had nowhere to go: I am in no channel called {channel}. "
        "Invite me there (`/invite @Linchpin`), or name another one: "
        f"`/linchpin settings {key} channel #name`. `/linchpin digest {key}` shows it now.",
        dedupe_key=f"no-channel:digest:{key}:{week}",
        now=work.now,
    )
