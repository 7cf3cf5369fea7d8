"""Loads and publishes a person's App Home, with few statements however much there is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col

from bot.actions.digests.portfolio import gather_portfolio
from bot.actions.views import leader, open_work
from bot.actions.views.open_work import OpenCounts, OpenWork
from bot.actions.views.settings import list_absences
from bot.actions.work import Work
from bot.messages.digests.rows import opens
from bot.messages.home import home as messages
from bot.messages.home.leader import leader_view
from bot.messages.touchpoints.lists import Row
from bot.rules.digests import WEEK, reader_zone, week_began
from db import outbox
from db.core.tx import Tx
from db.home import lists
from db.home.home import HomeBuild
from db.members import members
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
    key = departments.of_member(work.tx, work.playbook, person)
    mine = open_work.of_person(work, person, key)
    counts, top = open_work.count_open(work, mine), _top(work, person, taken)
    team = leader.team_of(work, person)
    if team is None:
        return messages.home_view(_load_home(work, person, mine, counts, top))
    unclaimed = _unclaimed(work, mine, counts, leader.MAX_UNCLAIMED)
    return leader_view(leader.load(work, person, team, top, counts.own.open, unclaimed))


def _top(work: Work, person: Member, taken: HomeBuild) -> messages.Top:
    ended = lists.last_ended(work.tx, person.user_id, work.now - UNDO_WINDOW)
    away, covered = list_absences(work, person)
    return messages.Top(
        ended=(ended.id, ended.account, ended.title, ended.state) if ended else None,
        notice=taken.notice,
        away=away,
        covered=covered,
    )


def _load_home(
    work: Work, person: Member, mine: OpenWork, counts: OpenCounts, top: messages.Top
) -> messages.Home:
    user_id, own = person.user_id, counts.own.open
    return messages.Home(
        top=top,
        own_count=own,
        own=open_work.list_rows(work, mine, messages.MAX_OWN, group=standing.OWN) if own else (),
        unclaimed=_unclaimed(work, mine, counts, messages.MAX_UNCLAIMED),
        later=_later(work, mine, counts),
        portfolio=gather_portfolio(work, col(Account.manager_id) == user_id, reader=user_id),
        opens=opens(f"manager:{user_id}", work.now, work.now),
        last_week=_last_week(work, person),
    )


def _unclaimed(
    work: Work, mine: OpenWork, counts: OpenCounts, most: int
) -> messages.Unclaimed | None:
    if mine.key is None:
        return None
    count, group = counts.unclaimed, standing.UNCLAIMED
    rows = open_work.list_rows(work, mine, most, group=group) if count else ()
    return messages.Unclaimed(mine.key, work.playbook.departments[mine.key].name, count, rows)


def _later(work: Work, mine: OpenWork, counts: OpenCounts) -> messages.Later:
    def first(kind: str) -> Row | None:
        if not getattr(counts.all, kind):
            return None
        is_kind = standing.KINDS[kind](work.now)
        return open_work.list_rows(work, mine, 1, is_kind, group=standing.LATER)[0]

    return messages.Later(counts.all, first("later"), first("postponed"))


def _last_week(work: Work, person: Member) -> messages.LastWeek:
    until = week_began(work.now, reader_zone(person.tz, work.playbook))
    done = lists.list_done(work.tx, person.user_id, until - WEEK, until)
    return messages.LastWeek(
        done=len(done),
        answers=sum(row.answer is not None for row in done),
        confirmed=[(row.account, row.confirmed) for row in done if row.confirmed],
    )
