"""Writes the weekly digests: the company's, a department's, a manager's.

The same functions answer `/linchpin digest`; `late_for` is the Monday of a week that is told late.
"""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from bot.actions.digests import facts as gather
from bot.actions.digests import participation, value_and_decisions
from bot.actions.digests.facts import DigestScope
from bot.actions.work import Work
from bot.messages.digests.advocates import NO_ADVOCATES
from bot.messages.digests.digest import digest
from bot.messages.digests.facts import Digest, Kind
from bot.messages.kit.message import Message
from bot.rules.digests import COMPANY_SCHEDULE, reader_zone, schedule_name
from db.digests import digests, readers
from db.members import members
from db.ops import occurrences
from db.touchpoints.scope import Scope
from db.workspace import departments

MAX_DECISIONS = 6


def company_digest(work: Work, *, late_for: date | None = None) -> Message:
    """Everybody's week, with counts for each department."""
    zone = ZoneInfo(work.playbook.company.timezone)
    desk = _digest_scope(work, Scope(), zone, COMPANY_SCHEDULE)
    stand_in = work.playbook.departments[work.playbook.without_manager].name
    facts = _build_digest(
        desk,
        "company",
        whose="company",
        command="`/stage`",
        unsent_to=None,
        strays=digests.count_without_manager(work.tx, desk.span),
        stand_in=stand_in,
        late_for=late_for,
    )
    return digest(facts)


def department_digest(work: Work, key: str, *, late_for: date | None = None) -> Message:
    """A department's week: its touchpoints, and the accounts it has work with."""
    own = work.playbook.departments[key]
    scope = Scope(department=key, stands_in=key == work.playbook.without_manager)
    desk = _digest_scope(work, scope, own.calendar().zone, schedule_name(key))
    channel = departments.channel(work.tx, work.playbook, key)
    facts = _build_digest(
        desk,
        "department",
        whose=own.name,
        command=f"`/next {key}`",
        unsent_to=channel or "",
        strays=digests.count_without_manager(work.tx, desk.span) if scope.stands_in else 0,
        stand_in=own.name,
        late_for=late_for,
    )
    return digest(facts)


def manager_digest(
    work: Work, user_id: str, *, late_for: date | None = None, for_deputy: bool = False
) -> Message | None:
    """A manager's week with their own accounts; None without open work and without renewals."""
    person = members.by_user_id(work.tx, user_id)
    zone = reader_zone(person.tz if person else "", work.playbook)
    desk = _digest_scope(work, Scope(manager=user_id), zone, schedule_name(user_id))
    facts = _build_digest(
        desk,
        "manager",
        whose=readers.display_names(work.tx, [user_id]).get(user_id, "you"),
        command="`/next mine`",
        unsent_to=user_id,
        late_for=late_for,
        for_deputy=for_deputy,
    )
    return digest(facts) if facts.has_work else None


def _digest_scope(work: Work, scope: Scope, zone: ZoneInfo, schedule: str) -> DigestScope:
    last = occurrences.last_run_time(work.tx, schedule, work.now)
    return DigestScope(work.tx, work.playbook, scope, zone, gather.span(work.now, zone, last))


def _build_digest(
    desk: DigestScope,
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
    work = gather.gather_open_work(desk)
    renewing = gather.gather_renewals(desk)
    slow = gather.gather_stuck(desk)
    moves_count, moves = gather.gather_moves(desk)
    done = gather.gather_done(desk)
    decided = value_and_decisions.gather_decisions(desk)
    silent, silent_count = participation.gather_silent(desk)
    return Digest(
        whose=whose,
        kind=kind,
        since=desk.day(desk.span.since),
        command=command,
        **work._asdict(),
        renewals=renewing.groups,
        passed=renewing.passed,
        stuck=slow[: gather.MAX_STUCK],
        stuck_count=sum(row.level == "stuck" for row in slow),
        behind_count=sum(row.level == "behind" for row in slow),
        moves=moves,
        moves_count=moves_count,
        **done._asdict(),
        teams=gather.gather_teams(desk) if kind == "company" else (),
        unsent=gather.gather_unsent(desk, unsent_to),
        promises=value_and_decisions.promises_of(desk),
        holds=value_and_decisions.holds(desk),
        value=value_and_decisions.gather_value(desk),
        decisions=decided[:MAX_DECISIONS],
        decisions_count=len(decided),
        silent=silent,
        silent_count=silent_count,
        advocates=value_and_decisions.advocates(desk) if kind == "company" else NO_ADVOCATES,
        without_manager=strays,
        stand_in=stand_in,
        late_for=late_for,
        for_deputy=for_deputy,
    )
