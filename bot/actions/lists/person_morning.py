"""A person's morning: one DM with what is theirs, when there is something new.

A morning without anything new edits the DM that stands. What comes later in the day is a message of
its own; claims whose list was folded are added to the day's DM.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.actions.digests.personal import take_digests
from bot.actions.lists import claims, escalations, posting
from bot.actions.lists.posting import Pair, list_due, split_own
from bot.actions.touchpoints import nudging
from bot.actions.touchpoints.rendering import refresh_nudge
from bot.actions.touchpoints.routing import Destination, delegators_of, working_calendar
from bot.actions.work import Work
from bot.messages.kit.text import mention
from bot.messages.lists import person as messages
from bot.messages.lists.day_list import Frame
from bot.messages.lists.person import Rows, head, is_morning, set_head
from bot.rules.answers import ONE_WEEK, is_last_of_week
from bot.rules.playbook.playbook import MANAGER
from bot.rules.time.calendar import WorkingCalendar
from db.answers import answers
from db.lists import lists, news, people
from db.models import HandoffQuestion, Outbox, TouchpointList
from db.outbox.states import ENDED_UNSENT_STATES
from db.touchpoints import message_marks, touchpoints


@dataclass(frozen=True)
class _Reader:
    """Whose morning it is."""

    place: Destination
    calendar: WorkingCalendar
    today: date

    @property
    def user(self) -> str:
        return self.place.channel


def hold_person_morning(work: Work, user_id: str) -> None:
    """Posts what is new for a person with what they still have, or edits the DM that stands."""
    calendar = working_calendar(work.tx, work.playbook.calendar(MANAGER), user_id)
    place = Destination(user_id, mention(user_id), (), user_id, "/next mine")
    reader = _Reader(place, calendar, calendar.local_date(work.now))
    if not calendar.is_open(work.now):
        _wait(work, reader)
    elif lists.was_posted_on(work.tx, user_id, reader.today):
        _add_later(work, reader)
    else:
        _hold(work, reader)


def _hold(work: Work, reader: _Reader) -> None:
    place, calendar, today = reader.place, reader.calendar, reader.today
    standing = lists.standing(work.tx, reader.user)
    held = claims.settle(work, reader.user, calendar, morning=True)
    new = split_own(work, place, calendar, list_due(work, place, calendar, today))
    moved = {touchpoint.id for touchpoint, _ in held.moved}
    carried = [pair for pair in _carried(work, reader.user, standing) if pair[0].id not in moved]
    escalations.escalate(work, carried)
    questions = people.list_questions_to(work.tx, reader.user)
    parts = _gather(work, reader.user, calendar)
    is_new = bool(new or held.moved or held.released or parts)
    is_new = is_new or any(asked.message_id is None for asked in questions)
    is_stale = any(posting.is_stale(work, each) for each in standing)
    if is_new or ((carried or questions) and is_stale):
        lines = [*sorted([*carried, *new], key=_is_claimed), *held.moved]
        below = [*held.released, *parts.below]
        told = len(held.released) + parts.count
        first = head(reader.today, len(lines), len(questions), told)
        _post(
            work, reader, lines, questions, ([*parts.above, *first], below), standing, parts.marks
        )
    else:
        _stay(work, reader, standing, carried)


def _carried(work: Work, user: str, standing: Sequence[TouchpointList]) -> list[Pair]:
    """What is left over in the person's messages and still theirs."""
    return [
        pair
        for pair in lists.lock_open(work.tx, [each.nudge_id for each in standing])
        if (
            pair[0].by_user == user
            if pair[0].state == "claimed"
            else not posting.moves_on(work, *pair)
        )
    ]


def _is_claimed(pair: Pair) -> bool:
    return pair[0].state == "claimed"


def _post(
    work: Work,
    reader: _Reader,
    lines: Sequence[Pair],
    questions: Sequence[HandoffQuestion],
    frame: Frame,
    fold: Sequence[TouchpointList],
    marks: Sequence[str] = (),
) -> None:
    """Posts the DM in place of those that stand."""
    earlier = {each.nudge_id for each in fold} | _messages(lines)
    for each in fold:
        each.folded_at = work.now
    nudge_id = posting.post_lines(
        work, reader.place, lines, reader.calendar, around=frame, marks=marks
    )
    for asked in questions:
        asked.message_id = nudge_id
    work.tx.flush()
    for row_id in sorted(earlier | {nudge_id}):
        refresh_nudge(work, row_id)


def _stay(
    work: Work,
    reader: _Reader,
    standing: Sequence[TouchpointList],
    carried: Sequence[Pair],
) -> None:
    """A morning without anything new: messages stay, with today's ages; empty ones are folded."""
    for touchpoint, account in carried:
        look = nudging.next_look(work, touchpoint, account)
        touchpoints.save(work.tx, touchpoint, wake_at=look)
    for each in standing:
        each.looked_on, each.quiet_mornings = reader.today, each.quiet_mornings + 1
        if not _retitle(work, reader, each):
            each.folded_at = work.now
        refresh_nudge(work, each.nudge_id)


def _retitle(work: Work, reader: _Reader, posted: TouchpointList) -> bool:
    """Says anew how much is open in the message; False if nothing is."""
    root = work.tx.lock(Outbox, posted.nudge_id)
    assert root is not None
    lines = lists.lock_open(work.tx, [posted.nudge_id])
    asked = people.list_questions_in(work.tx, posted.nudge_id)
    waiting = [question for question, _ in asked if question.answered_at is None]
    root.payload = set_head(root.payload, head(reader.today, len(lines), len(waiting), 0))
    return bool(lines or waiting)


def _add_later(work: Work, reader: _Reader) -> None:
    """What comes during the day, each in a message of its own. What moved here from elsewhere joins
    the DM of the day or, without one, waits for the next morning; claims do not wait."""
    due = list_due(work, reader.place, reader.calendar, reader.today)
    moved = []
    for pair in split_own(work, reader.place, reader.calendar, due):
        if pair[0].nudged_at is not None and pair[0].snoozed_until is None:
            moved.append(pair)
        else:
            posting.post_lines(work, reader.place, [pair], reader.calendar)
    claimed = claims.settle(work, reader.user, reader.calendar, morning=False).moved
    standing = reversed(lists.standing(work.tx, reader.user))
    current = next((each for each in standing if _is_morning(work, each)), None)
    if current is not None and (moved or claimed):
        earlier = _messages(claimed)
        posting.append_lines(work, current, [*moved, *claimed])
        _retitle(work, reader, current)
        for nudge_id in sorted(earlier | {current.nudge_id}):
            refresh_nudge(work, nudge_id)
        return
    for touchpoint, _ in moved:
        until = nudging.next_morning(reader.calendar, work.now)
        touchpoints.save(work.tx, touchpoint, wake_at=until)
    if claimed:
        first = head(reader.today, len(claimed), 0, 0)
        _post(work, reader, claimed, (), (first, ()), ())


def _messages(pairs: Sequence[Pair]) -> set[int]:
    """In which messages these stand now."""
    return {touchpoint.nudge_id for touchpoint, _ in pairs if touchpoint.nudge_id is not None}


def _is_morning(work: Work, posted: TouchpointList) -> bool:
    root = work.tx.get(Outbox, posted.nudge_id)
    return root is not None and root.state not in ENDED_UNSENT_STATES and is_morning(root.payload)


def _wait(work: Work, reader: _Reader) -> None:
    """Lets everything that is the person's wait for their next opening."""
    until = reader.calendar.next_open(work.now)
    whose = [reader.user, *delegators_of(work.tx, reader.user)]
    due = touchpoints.lock_due(work.tx, work.now, (MANAGER,), whose)
    claimed = people.lock_claimed(work.tx, reader.user, work.now, morning=True)
    ids = [each.nudge_id for each in lists.standing(work.tx, reader.user)]
    for touchpoint, _ in [*due, *claimed, *lists.lock_open(work.tx, ids)]:
        if touchpoint.wake_at is not None and touchpoint.wake_at <= work.now:
            touchpoints.save(work.tx, touchpoint, wake_at=until)


@dataclass(frozen=True)
class Parts:
    """Blocks above and below the lines, and how much of what is below is new."""

    above: Rows
    below: Rows
    count: int
    marks: Sequence[str]  # what the news is known by after a restore

    def __bool__(self) -> bool:
        return bool(self.above or self.count)


def _gather(work: Work, user: str, calendar: WorkingCalendar) -> Parts:
    """What there is to tell a person this morning; news counts as told."""
    told, marks = [], []
    for row in news.take(work.tx, user):
        mark = message_marks.fingerprint(work.tx, "news", user, row.key)
        if message_marks.pop(work.tx, mark) is None:  # not told before a restore
            told.append((row.text, row.button))
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
