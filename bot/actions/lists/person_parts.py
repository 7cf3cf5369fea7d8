"""What stands in a person's morning beside their touchpoints: digest, renewals that passed, news,
and the lines that are missing of their week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.actions.digests.personal import take_digests
from bot.actions.work import Work
from bot.messages.lists import person as messages
from bot.messages.lists.person import Rows
from bot.rules.answers import ONE_WEEK, is_last_of_week
from bot.rules.time.calendar import WorkingCalendar
from db.answers import answers
from db.lists import news, people
from db.touchpoints import message_marks


@dataclass(frozen=True)
class Parts:
    """Blocks above and below the lines; true where something of them is new, and `count` says how
    much of what stands below."""

    above: Rows
    below: Rows
    count: int
    marks: Sequence[str]  # what the news is known by after a restore

    def __bool__(self) -> bool:
        return bool(self.above or self.count)


def gather(work: Work, user: str, calendar: WorkingCalendar) -> Parts:
    """What there is to tell a person this morning; news counts as told."""
    told, marks = [], []
    for row in news.take(work.tx, user):
        mark = message_marks.fingerprint(work.tx, "news", user, row.key)
        if message_marks.pop(work.tx, mark) is None:  # not told before a restore
            told.append(messages.Told(row.text, row.button))
            marks.append(mark)
    missing = _missing(work, user, calendar)
    digests = take_digests(work, user)
    marks += [mark for mark, _ in digests]
    above = messages.digest_rows([digest for _, digest in digests])
    below = [*_passed(work, user), *messages.news_rows(told), *missing]
    return Parts(above, below, len(told) + len(missing), marks)


def _missing(work: Work, user: str, calendar: WorkingCalendar) -> Rows:
    """On the last working day of their week: what was done and has no line yet."""
    today = calendar.local_date(work.now)
    if not is_last_of_week(calendar, today):
        return []
    since = work.now - ONE_WEEK
    rows = answers.list_unanswered(work.tx, since, user)
    done = answers.count_done(work.tx, user, since)
    return [messages.missing_row([row.account for row in rows], done, today)] if rows else []


def _passed(work: Work, user: str) -> Rows:
    names = people.list_passed_renewals(work.tx, user)
    return [messages.passed_row(names)] if names else []
