"""Loads and publishes a person's App Home, and loads its settings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col

from bot.actions.digests.portfolio import gather_portfolio
from bot.actions.members.away import absence_view
from bot.actions.touchpoints.routing import member_calendar
from bot.actions.views import leader, open_work
from bot.actions.views.open_work import OpenCounts, OpenWork
from bot.actions.work import Work
from bot.messages.digests.rows import opens
from bot.messages.digests.times import comes_text
from bot.messages.home import home as messages
from bot.messages.home import leader as leader_messages
from bot.messages.home.settings import Settings
from bot.messages.members.away import Absence
from bot.messages.touchpoints.lists import Row
from bot.rules.digests import WEEK, reader_zone, week_began
from bot.rules.playbook.playbook import MANAGER
from db import outbox
from db.core.tx import Tx
from db.home import lists
from db.home.home import HomeBuild
from db.members import away, members
from db.models import Account, Member
from db.touchpoints import standing
from db.workspace import departments

#: How long the Home offers to undo the last answer.
UNDO_WINDOW = timedelta(hours=1)


def publish_home(work: Work, taken: HomeBuild) -> None:
    """Puts the person's current Home into the outbox; for an outsider, one sentence."""
    person = members.by_user_id(work.tx, taken.user_id)
    if person is None or person.is_deleted or person.is_bot:
        return
    version = str(taken.version)
    refusal = _refusal_text(work.tx, person)
    if refusal is not None:
        view, version = messages.no_access_view(refusal), f"closed:{taken.version}"
    else:
        view = _view(work, person, taken)
    enqueue_home(work.tx, taken.user_id, view, version, work.now)


def enqueue_home(tx: Tx, user_id: str, view: dict[str, Any], version: str, now: datetime) -> None:
    """Puts a Home into the outbox, each `version` once."""
    key = f"home:{user_id}:{version}"
    outbox.enqueue_view(tx, dedupe_key=key, user=user_id, view=view, now=now)


def _refusal_text(tx: Tx, person: Member) -> str | None:
    """The sentence for somebody who may not use Linchpin; None for those who may."""
    if person.team_id != tx.workspace:
        return "Linchpin answers only to people of the company that runs it."
    if person.is_guest:
        return "Linchpin answers to full members of this workspace; guests cannot use it."
    return None


def _view(work: Work, person: Member, taken: HomeBuild) -> dict[str, Any]:
    """A lead's Home when the people they lead manage accounts, else everybody's."""
    user_id = person.user_id
    key = departments.of_member(work.tx, work.playbook, person)
    mine = open_work.of_person(work, person, key)
    counts = open_work.count_open(work, mine)
    own = counts.own.open
    ended = lists.last_ended(work.tx, user_id, work.now - UNDO_WINDOW)
    top = messages.top_blocks(ended, taken.notice, *list_absences(work, person))
    team = leader.team_of(work, person)
    if team is not None:
        most, months = leader_messages.MAX_UNCLAIMED, leader_messages.months_button()
        return messages.home_payload(
            leader_messages.leader_buttons(own),
            top,
            leader.blocks(work, person, team),
            _unclaimed(work, mine, counts, most, months),
        )
    portfolio = gather_portfolio(work, col(Account.manager_id) == user_id, reader=user_id)
    rows = open_work.list_rows(work, mine, messages.MAX_OWN, group=standing.OWN) if own else ()
    later, postponed = (_first(work, mine, counts, kind) for kind in ("later", "postponed"))
    return messages.home_payload(
        messages.first_buttons(),
        top,
        messages.own_blocks(own, rows),
        _unclaimed(work, mine, counts, messages.MAX_UNCLAIMED),
        messages.renewal_blocks(portfolio, opens(f"manager:{user_id}", work.now, work.now)),
        messages.later_blocks(counts.all, later, postponed, portfolio),
        _last_week(work, person),
    )


def _unclaimed(
    work: Work, mine: OpenWork, counts: OpenCounts, most: int, *buttons: Any
) -> messages.Blocks:
    count, group = counts.unclaimed, standing.UNCLAIMED
    rows = open_work.list_rows(work, mine, most, group=group) if mine.key and count else ()
    name = work.playbook.departments[mine.key].name if mine.key else ""
    return messages.unclaimed_blocks(mine.key, name, count, rows, *buttons)


def _first(work: Work, mine: OpenWork, counts: OpenCounts, kind: str) -> Row | None:
    """The next touchpoint of a kind that is not open yet."""
    if not getattr(counts.all, kind):
        return None
    is_kind = standing.KINDS[kind](work.now)
    return open_work.list_rows(work, mine, 1, is_kind, group=standing.LATER)[0]


def _last_week(work: Work, person: Member) -> messages.Blocks:
    until = week_began(work.now, reader_zone(person.tz, work.playbook))
    done = lists.list_done(work.tx, person.user_id, until - WEEK, until)
    answers = sum(row.answer is not None for row in done)
    return messages.last_week_blocks(len(done), answers, [row for row in done if row.confirmed])


def load_settings(work: Work, person: Member) -> Settings:
    """What a person has chosen, or what holds as long as they have not."""
    calendar = member_calendar(work.playbook.calendar(MANAGER), person)
    comes = comes_text(person.digest_weekday, person.digest_hour, calendar)
    return Settings(
        digest_off=person.digest_off,
        digest_weekday=person.digest_weekday,
        digest_hour=person.digest_hour,
        opens=calendar.opens,
        closes=calendar.closes,
        weekdays=calendar.weekdays,
        zone=calendar.zone.key,
        department=departments.of_member(work.tx, work.playbook, person),
        departments=[(key, each.name) for key, each in work.playbook.departments.items()],
        stamp=str(int(work.now.timestamp() * 1000)),
        thanked=not person.thanks_off,
        digest_comes="" if person.digest_off else comes,
    )


def list_absences(work: Work, person: Member) -> tuple[list[Absence], list[Absence]]:
    """When a person is away, and for whom they are the cover now."""
    own = [absence_view(work, each) for each in away.find(work.tx, person.user_id)]
    return own, [absence_view(work, each) for each in away.covered_by(work.tx, person.user_id)]
