"""Writes the weekly digests: the company's, a department's, a manager's.

The same functions answer `/linchpin digest`; `late_for` is the Monday of a week that is told late.
"""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from bot.actions.digests import facts as gather
from bot.actions.digests import participation, value_and_decisions
from bot.actions.digests.facts import Desk
from bot.actions.work import Work
from bot.messages.digests.advocates import NO_ADVOCATES
from bot.messages.digests.digest import digest
from bot.messages.digests.facts import Digest, Kind
from bot.messages.kit.message import Message
from bot.rules.digests import COMPANY, schedule_of, zone_of
from db.digests import digests, readers
from db.members import members
from db.ops import occurrences
from db.touchpoints.scope import Scope
from db.workspace import departments

MOST_DECISIONS = 6


def company(work: Work, *, late_for: date | None = None) -> Message:
    """Everybody's week, with counts for each department."""
    zone = ZoneInfo(work.playbook.company.timezone)
    desk = _desk(work, Scope(), zone, COMPANY)
    stand_in = work.playbook.departments[work.playbook.without_manager].name
    facts = _facts(
        desk,
        "company",
        whose="company",
        command="`/stage`",
        unsent_to=None,
        strays=digests.without_manager(work.tx, desk.span),
        stand_in=stand_in,
        late_for=late_for,
    )
    return digest(facts)


def department(work: Work, key: str, *, late_for: date | None = None) -> Message:
    """A department's week: its touchpoints, and the accounts it has work with."""
    own = work.playbook.departments[key]
    scope = Scope(department=key, stands_in=key == work.playbook.without_manager)
    desk = _desk(work, scope, own.calendar().zone, schedule_of(key))
    channel = departments.channel(work.tx, work.playbook, key)
    facts = _facts(
        desk,
        "department",
        whose=own.name,
        command=f"`/next {key}`",
        unsent_to=channel or "",
        strays=digests.without_manager(work.tx, desk.span) if scope.stands_in else 0,
        stand_in=own.name,
        late_for=late_for,
    )
    return digest(facts)


def manager(
    work: Work, user_id: str, *, late_for: date | None = None, for_deputy: bool = False
) -> Message | None:
    """A manager's week with their own accounts; None without open work and without renewals."""
    person = members.by_user_id(work.tx, user_id)
    zone = zone_of(person.tz if person else "", work.playbook)
    desk = _desk(work, Scope(manager=user_id), zone, schedule_of(user_id))
    facts = _facts(
        desk,
        "manager",
        whose=readers.names(work.tx, [user_id]).get(user_id, "you"),
        command="`/next mine`",
        unsent_to=user_id,
        late_for=late_for,
        for_deputy=for_deputy,
    )
    return digest(facts) if facts.has_work else None


def _desk(work: Work, scope: Scope, zone: ZoneInfo, schedule: str) -> Desk:
    last = occurrences.last_told(work.tx, schedule, work.now)
    return Desk(work.tx, work.playbook, scope, zone, gather.span(work.now, zone, last))


def _facts(
    desk: Desk,
    kind: Kind,
    *,
    whose: str,
    command: str,
    unsent_to: str | None,
    strays: int = 0,
    stand_in: str = "",
    late_for: date | None,
    for_deputy: bool = False,
) -> Digest:
    work = gather.work(desk)
    renewing = gather.renewals(desk)
    slow = gather.stuck(desk)
    moves_count, moves = gather.moves(desk)
    done = gather.done(desk)
    decided = value_and_decisions.decisions(desk)
    silent, silent_count = participation.silent(desk)
    return Digest(
        whose=whose,
        kind=kind,
        since=desk.day(desk.span.since),
        command=command,
        **work._asdict(),
        renewals=renewing.groups,
        passed=renewing.passed,
        stuck=slow[: gather.MOST_STUCK],
        stuck_count=sum(row.level == "stuck" for row in slow),
        behind_count=sum(row.level == "behind" for row in slow),
        moves=moves,
        moves_count=moves_count,
        **done._asdict(),
        teams=gather.teams(desk) if kind == "company" else (),
        unsent=gather.unsent(desk, unsent_to),
        promises=value_and_decisions.promises_of(desk),
        holds=value_and_decisions.holds(desk),
        value=value_and_decisions.value_of(desk),
        decisions=decided[:MOST_DECISIONS],
        decisions_count=len(decided),
        silent=silent,
        silent_count=silent_count,
        advocates=value_and_decisions.advocates(desk) if kind == "company" else NO_ADVOCATES,
        without_manager=strays,
        stand_in=stand_in,
        late_for=late_for,
        for_deputy=for_deputy,
    )
