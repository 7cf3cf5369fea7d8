"""A manager's or lead's digest: at the top of a morning message, or at the hour they chose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlmodel import col

from bot.actions.digests.portfolio import MOST, gather_portfolio
from bot.actions.digests.scopes import gather_done, person_week
from bot.actions.touchpoints.plays import find_play
from bot.actions.touchpoints.routing import (
    acting_lead,
    escalation_recipient,
    member_calendar,
    resolve_delegate,
)
from bot.actions.touchpoints.rows import rows_of
from bot.actions.work import Work
from bot.messages.digests import personal as messages
from bot.messages.digests.rows import opens
from bot.messages.kit.message import Message
from bot.rules.digests import WEEK, morning_of_week, schedule_name, week_began
from bot.rules.facts.standing import late_since
from bot.rules.playbook.playbook import MANAGER
from bot.rules.time.due import add_duration
from db.core import workspaces
from db.digests import readers
from db.models import Account, Member, Touchpoint
from db.ops import occurrences
from db.touchpoints import message_marks, standing
from db.workspace import departments


def list_readers(work: Work) -> list[Member]:
    """Everybody who gets a digest: who manages an account or leads a department."""
    leads = departments.leads(work.tx, work.playbook)
    return readers.list_readers(work.tx, leads)


def take_digests(work: Work, user_id: str) -> list[tuple[str, Message]]:
    """What heads the person's morning message: their digest and those of whom they cover for,
    each once a week from its day on, with what it is known by after a restore. Who chose an hour
    gets theirs then."""
    taken = []
    for reader in list_readers(work):
        if resolve_delegate(work.tx, reader.user_id) != user_id:
            continue
        week, day = _next_day(work, reader) or (date.max, date.max)
        calendar = member_calendar(work.playbook.calendar(MANAGER), reader)
        if day > calendar.local_date(work.now):
            continue
        digest = personal_digest(work, reader.user_id, cover_for=reader.user_id != user_id)
        outcome = occurrences.POSTED if digest else occurrences.QUIET
        name = schedule_name(reader.user_id)
        mark = message_marks.fingerprint(work.tx, name, week.isoformat())
        is_told = message_marks.pop(work.tx, mark) is not None
        is_first = occurrences.record_run(work.tx, name, week, work.now, outcome)
        if digest and is_first and not is_told:
            taken.append((mark, digest))
    return taken


def next_mornings(work: Work) -> Iterator[tuple[str, date]]:
    """Whose morning message a digest heads next, and on which day or after it."""
    for reader in list_readers(work):
        user, found = resolve_delegate(work.tx, reader.user_id), _next_day(work, reader)
        if user is not None and found is not None:
            yield user, found[1]


def _next_day(work: Work, reader: Member) -> tuple[date, date] | None:
    """The week (its Monday) and day of the digest that heads a morning next; None for none."""
    workspace = workspaces.current(work.tx)
    if reader.digest_off or reader.digest_hour is not None or workspace is None:
        return None
    calendar = member_calendar(work.playbook.calendar(MANAGER), reader)
    began = calendar.local_date(workspace.created_at)
    last = occurrences.last_run_dates(work.tx).get(schedule_name(reader.user_id), began)
    this_week = calendar.local_date(week_began(work.now, calendar.zone))
    for monday in (this_week, this_week + WEEK, this_week + 2 * WEEK):
        day = morning_of_week(calendar, monday, reader.digest_weekday)
        if day is not None and monday > max(began, last):
            return monday, day
    return None


def personal_digest(work: Work, user_id: str, *, cover_for: bool = False) -> Message | None:
    """The person's digest as of now; None where there is nothing to tell."""
    within = person_week(work, user_id)
    names = readers.display_names(work.tx, [user_id]) if cover_for else {}
    return messages.personal_digest(
        gather_portfolio(work, within.accounts, reader=user_id),
        gather_done(within),
        rows_of(work, list_untaken(work, user_id), ""),
        within.span.today,
        opens(f"manager:{user_id}", within.span.since, within.span.now),
        names.get(user_id, "Their") if cover_for else "",
    )


def list_untaken(work: Work, user_id: str) -> list[tuple[Touchpoint, Account]]:
    """What is unclaimed past its `escalate_after` and waits for the reader's digest."""
    leads = {
        key: acting_lead(work.tx, work.playbook, key)
        for key in (*work.playbook.departments, MANAGER)
    }
    if user_id not in leads.values():
        return []
    led = [key for key, lead in leads.items() if lead == user_id]
    where = (standing.is_unclaimed(work.now), col(Touchpoint.owner).in_(led))
    pairs = standing.list_pairs(work.tx, standing.soonest(work.now), MOST, *where)
    return [
        (touchpoint, account)
        for touchpoint, account in pairs
        if escalation_recipient(work.tx, user_id, touchpoint, account) == user_id
        and _is_late(work, touchpoint)
    ]


def _is_late(work: Work, touchpoint: Touchpoint) -> bool:
    play = find_play(work.playbook, touchpoint)
    if play is None or play.escalation != "weekly":
        return False
    calendar = work.playbook.calendar(touchpoint.owner)
    since = late_since(touchpoint)
    return add_duration(play.escalate_after, since=since, calendar=calendar) <= work.now
