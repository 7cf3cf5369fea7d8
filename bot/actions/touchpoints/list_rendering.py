"""Renders the messages in which touchpoints stand: a channel's list of the day, or one nudge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.actions.touchpoints import person_rendering, routing
from bot.actions.touchpoints.nudge_views import due_text, near_renewal, nudge_view
from bot.actions.work import Work
from bot.messages.facts.known import DUE_TODAY
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, mention
from bot.messages.lists.day_list import DayList, Frame, Line, day_list, kept_frame
from bot.messages.touchpoints.nudge_message import moved_nudge, single_nudge
from bot.rules.touchpoint_verbs import VERBS, meaning
from db.digests.readers import display_names
from db.lists import lists
from db.models import Account, ListLine, Outbox, Touchpoint, TouchpointList
from db.touchpoints import reactions

ListedLine = tuple[ListLine, Touchpoint, Account]


def render(
    work: Work, posted: TouchpointList, frame: Frame | None = None, why: str = ""
) -> tuple[Message, bool]:
    """The message as it has to look now, and whether anything in it is open; `frame` stands above
    and below its lines, if not as posted; `why` a nudge stands elsewhere now."""
    found = lists.lines(work.tx, posted.nudge_id)
    lines = line_views(work, posted, found)
    is_open = any(line.is_open and not line.elsewhere for line in lines)
    root = work.tx.get(Outbox, posted.nudge_id)
    above, below = frame or kept_frame(root.payload if root else {})
    if len(lines) == 1 and not above:
        return _one(work, posted, lines[0], why), is_open
    if posted.lane.startswith("U"):
        pairs = [(touchpoint, account) for _, touchpoint, account in found]
        message = person_rendering.render(work, posted, pairs, lines, (above, below))
        return message, posted.folded_at is None
    whose, today = "", posted.day
    if found:
        place = routing.find_destination(work.tx, work.playbook, *found[0][1:])
        whose = place.whose if place is not None else "All"
        calendar = routing.touchpoint_calendar(work.tx, work.playbook, *found[0][1:])
        today = calendar.local_date(work.now)
    shown = DayList(
        whose=whose,
        day=posted.looked_on if posted.folded_at is None else posted.day,
        today=today,
        lines=lines,
        is_folded=posted.folded_at is not None,
        above=above,
        below=below,
    )
    return day_list(shown), is_open


def line_views(work: Work, posted: TouchpointList, found: Sequence[ListedLine]) -> list[Line]:
    """The lines of a message as they stand now."""
    people = {t.by_user for _, t, _ in found if t.by_user}
    names = display_names(work.tx, people)
    elsewhere = _places(work, posted, found)
    return [
        _line(work, posted, line, touchpoint, account, names, elsewhere)
        for line, touchpoint, account in found
    ]


def _line(
    work: Work,
    posted: TouchpointList,
    line: ListLine,
    touchpoint: Touchpoint,
    account: Account,
    names: dict[str, str],
    elsewhere: dict[int, str],
) -> Line:
    t = touchpoint
    calendar = routing.touchpoint_calendar(work.tx, work.playbook, t, account)
    today = calendar.local_date(work.now)
    shown_on = calendar.local_date(t.shown_at) if t.shown_at else posted.looked_on
    return Line(
        nudge=nudge_view(work, t, account),
        number=line.number,
        exception=exception_text(work, t, account, today),
        who=names.get(t.by_user, mention(t.by_user)) if t.by_user else "Linchpin",
        elsewhere=elsewhere.get(t.nudge_id or 0, ""),
        until=day(calendar.local_date(t.snoozed_until), today) if t.snoozed_until else "",
        is_hidden=line.hidden,
        is_carried_over=shown_on < posted.looked_on,
    )


def exception_text(work: Work, touchpoint: Touchpoint, account: Account, today: date) -> str:
    """Where a touchpoint differs from "due today": overdue, or a renewal that is near."""
    due = due_text(work, touchpoint, account)
    overdue = due if due != DUE_TODAY else ""
    renews_on = near_renewal(work.playbook, account, today)
    renewal = f"renews {day(renews_on, today)}" if renews_on else ""
    return " · ".join(filter(None, (overdue, renewal)))


def _places(work: Work, posted: TouchpointList, found: Sequence[ListedLine]) -> dict[int, str]:
    """By the message in which a line stands now, if it is another one: where that is."""
    others = {t.nudge_id for _, t, _ in found if t.nudge_id and t.nudge_id != posted.nudge_id}
    rows = lists.of_nudges(work.tx, sorted(others))
    people = display_names(work.tx, {row.lane for row in rows if row.lane.startswith("U")})
    return {
        row.nudge_id: f"with {people.get(row.lane, mention(row.lane))}"
        if row.lane.startswith("U") and row.lane != posted.lane
        else f"moved to {day(row.day, posted.day)}"
        for row in rows
    }


def _one(work: Work, posted: TouchpointList, line: Line, why: str) -> Message:
    """The only touchpoint of a message: a nudge."""
    if line.state == "moved":
        where = why or line.elsewhere or "moved"
        return moved_nudge(line.nudge, f"{where[0].upper()}{where[1:]}")
    ignored = tuple(  # reactions that are on the message and no longer count
        (VERBS[verb].sign, each.user_id)
        for each in reactions.list_ignored(work.tx, posted.nudge_id)
        if line.nudge.is_open and (verb := meaning(each.name)) is not None
    )
    return single_nudge(replace(line.nudge, ignored=ignored))
