"""Asks a person once a week for the lines that are missing of what they have done."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.actions.outgoing import post
from bot.actions.touchpoints.routing import member_calendar, working_calendar
from bot.actions.work import Work
from bot.messages.answers.week import week_question
from bot.rules.answers import is_last_of_week
from bot.rules.playbook.playbook import MANAGER
from bot.rules.time.calendar import WorkingCalendar
from db.answers import answers
from db.members import members
from db.ops import occurrences

ONE_WEEK = timedelta(days=7)
_LIFETIME = timedelta(days=2)


def next_question(work: Work) -> tuple[str, datetime] | None:
    """Whom to ask first, and when: now, or on the last working day of their week."""
    asked = occurrences.last_run_dates(work.tx)
    people = {row.by_user for row in answers.list_unanswered(work.tx, work.now - ONE_WEEK)}
    times = []
    for user in sorted(people):
        person = members.by_user_id(work.tx, user)
        if person is None or person.is_deleted:
            continue
        calendar = member_calendar(work.playbook.calendar(MANAGER), person)
        at = _next_time(calendar, work.now)
        last = asked.get(_schedule(user))
        if last == calendar.local_date(at):
            at = _next_time(calendar, calendar.opening(last + timedelta(days=1)))
        times.append((at, user))
    return next(((user, at) for at, user in sorted(times)), None)


def ask(work: Work, user: str, outcome: str = occurrences.POSTED) -> bool:
    """Sends the question, unless it FAILED to be; False if that day is dealt with already."""
    day = working_calendar(work.tx, work.playbook.calendar(MANAGER), user).local_date(work.now)
    if not occurrences.record_run(work.tx, _schedule(user), day, work.now, outcome):
        return False
    if outcome == occurrences.FAILED:
        return True
    since = work.now - ONE_WEEK
    rows = answers.list_unanswered(work.tx, since, user)
    if not rows:  # the last one was answered a moment ago
        return True
    done = answers.count_done(work.tx, user, since)
    message = week_question([row.account for row in rows], done, day)
    key, expires_at = f"{_schedule(user)}:{day}", work.now + _LIFETIME
    post(work, user, message, kind="answers", key=key, expires_at=expires_at)
    return True


def _next_time(calendar: WorkingCalendar, now: datetime) -> datetime:
    """`now` within the hours of a week's last working day, else the opening of the next one."""
    at = calendar.next_open(now)
    while not is_last_of_week(calendar, calendar.local_date(at)):
        day = calendar.on_or_after(calendar.local_date(at) + timedelta(days=1))
        at = calendar.opening(day)
    return at


def _schedule(user: str) -> str:
    return f"answers:{user}"
