"""Renders a person's morning as it has to look now."""

from collections.abc import Sequence
from dataclasses import replace

from bot.actions.touchpoints.routing import working_calendar
from bot.actions.work import Work
from bot.messages.kit.message import Message
from bot.messages.kit.text import day
from bot.messages.lists.day_list import DayList, Frame, Line
from bot.messages.lists.person import folded, person_list, question_row
from bot.rules.playbook.playbook import MANAGER
from bot.rules.time.calendar import WorkingCalendar
from db.lists import people
from db.members import away, members
from db.models import Account, Touchpoint, TouchpointList


def render(
    work: Work,
    posted: TouchpointList,
    found: Sequence[tuple[Touchpoint, Account]],
    lines: Sequence[Line],
    frame: Frame,
) -> Message:
    """The message of a person's morning; folded to what was done once the next one is posted."""
    calendar = working_calendar(work.tx, work.playbook.calendar(MANAGER), posted.lane)
    if posted.folded_at is not None and lines:
        today = calendar.local_date(work.now)
        return folded(DayList("Yours", posted.day, today, lines, True, *frame))
    own = [
        _own(work, posted.lane, calendar, *pair, line)
        for pair, line in zip(found, lines, strict=True)
    ]
    questions = [
        question_row(
            asked.id,
            account.name,
            asked.text,
            members.name(work.tx, asked.asked_by),
            asked.answered_by,
        )
        for asked, account in people.list_questions_in(work.tx, posted.nudge_id)
    ]
    return person_list(own, questions, frame)


def _own(
    work: Work,
    reader: str,
    calendar: WorkingCalendar,
    touchpoint: Touchpoint,
    account: Account,
    line: Line,
) -> Line:
    """The line with when it was claimed, if that is asked about, and for whom the reader covers."""
    today = calendar.local_date(work.now)
    if touchpoint.asked_at is not None and touchpoint.state == "claimed":
        line = replace(line, claimed_on=day(calendar.local_date(touchpoint.state_at), today))
    whose = touchpoint.person_id or (account.manager_id if touchpoint.owner == MANAGER else None)
    if whose is None or reader in (whose, touchpoint.by_user):
        return line
    absence = away.current(work.tx, whose)
    until = f", away until {day(absence.until, today)}" if absence else ""
    return replace(line, covered=f"{members.name(work.tx, whose)}{until}")
