"""Whose morning is to be held next for what no touchpoint's own time brings up, and when."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

from bot.actions.digests import personal
from bot.actions.touchpoints.routing import can_answer, working_calendar
from bot.actions.work import Work
from bot.rules.answers import ONE_WEEK, is_last_of_week
from bot.rules.playbook.playbook import MANAGER
from bot.rules.time.calendar import WorkingCalendar
from db.answers import answers
from db.lists import lists, people
from db.members import away

_DAY = timedelta(days=1)


def next_morning(work: Work, without: Collection[str] = ()) -> tuple[str, datetime] | None:
    """Who is first, and when: now, or at an opening; None when nothing waits for anybody."""
    gone = {*without, *away.covers(work.tx)}  # for whoever is away it waits until they are back
    times = [
        (at, user) for user, at in _times(work) if user not in gone and can_answer(work.tx, user)
    ]
    return next(((user, at) for at, user in sorted(times)), None)


def _times(work: Work) -> Iterator[tuple[str, datetime]]:
    """When each person is to hear of each kind of thing."""
    for user, since in (*people.list_news_times(work.tx), *people.list_asked(work.tx)):
        yield user, _morning(work, user, since)
    for user, claimed_at in people.list_claimers(work.tx):
        if claimed_at is None:  # its list was folded: it must stand somewhere
            yield user, _calendar(work, user).next_open(work.now)
        else:
            yield user, _morning(work, user, claimed_at)
    for user, looked_on in people.list_standing(work.tx):
        calendar = _calendar(work, user)
        yield user, calendar.next_open(max(work.now, _opening_after(calendar, looked_on)))
    for user, day in personal.next_mornings(work):
        yield user, _morning(work, user, _calendar(work, user).opening(day))
    for user in {row.by_user for row in answers.list_unanswered(work.tx, work.now - ONE_WEEK)}:
        yield user, _last_opening(work, user)


def _morning(work: Work, user: str, since: datetime) -> datetime:
    """The first morning for what has waited since then; a day has only one."""
    calendar = _calendar(work, user)
    at = calendar.next_open(max(work.now, calendar.morning(since)))
    today = calendar.local_date(at)
    return _opening_after(calendar, today) if lists.was_posted_on(work.tx, user, today) else at


def _last_opening(work: Work, user: str) -> datetime:
    """The next morning of a week's last working day."""
    calendar = _calendar(work, user)
    at = _morning(work, user, work.now)
    while not is_last_of_week(calendar, calendar.local_date(at)):
        at = _opening_after(calendar, calendar.local_date(at))
    return at


def _opening_after(calendar: WorkingCalendar, day: date) -> datetime:
    return calendar.opening(calendar.on_or_after(day + _DAY))


def _calendar(work: Work, user: str) -> WorkingCalendar:
    return working_calendar(work.tx, work.playbook.calendar(MANAGER), user)
