"""Writes the weekly digests: the company's, a department's, a manager's.

The same functions answer `/linchpin digest`; `late_for` is the Monday of a week that is told late.
"""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from bot.actions.digests import facts as gather
from bot.actions.digests import value_and_decisions
from bot.actions.digests.facts import DigestScope
from bot.actions.touchpoints import standing
from bot.actions.work import Work
from bot.messages.advocacy.first_week import answers_text
from bot.messages.digests.advocates import NO_ADVOCATES
from bot.messages.digests.digest import digest
from bot.messages.digests.facts import Digest, Kind
from bot.messages.digests.rows import opens
from bot.messages.kit.message import Message
from bot.rules.contacts import contact_label
from bot.rules.digests import COMPANY_SCHEDULE, reader_zone, schedule_name
from db.advocacy import first_week
from db.digests import digests, readers
from db.members import members
from db.ops import occurrences
from db.touchpoints.scope import Scope, is_in_scope
from db.workspace import departments

MAX_DECISIONS = 6


def company_digest(work: Work, *, late_for: date | None = None) -> Message:
    """Everybody's week, with counts for each department."""
    zone = ZoneInfo(work.playbook.company.timezone)
    within = _digest_scope(work, Scope(), zone, COMPANY_SCHEDULE)
    return digest(_gather(within, "company", "company", "`/stage`", None, late_for))


def department_digest(work: Work, key: str, *, late_for: date | None = None) -> Message:
    """A department's week: its touchpoints, and the accounts it has work with."""
    own = work.playbook.departments[key]
    scope = Scope(department=key, stands_in=key == work.playbook.without_manager)
    within = _digest_scope(work, scope, own.calendar().zone, schedule_name(key))
    channel = departments.channel(work.tx, work.playbook, key) or ""
    return digest(_gather(within, "department", own.name, f"`/next {key}`", channel, late_for))


def manager_digest(
    work: Work, user_id: str, *, late_for: date | None = None, for_deputy: bool = False
) -> Message | None:
    """A manager's week with their own accounts; None without open work and without renewals."""
    person = members.by_user_id(work.tx, user_id)
    zone = reader_zone(person.tz if person else "", work.playbook)
    within = _digest_scope(work, Scope(manager=user_id), zone, schedule_name(user_id))
    name = readers.display_names(work.tx, [user_id]).get(user_id, "you")
    facts = _gather(within, "manager", name, "`/next mine`", user_id, late_for, for_deputy)
    return digest(facts) if facts.has_work else None


def first_week_text(within: DigestScope) -> str:
    """What managers answered in the first week of their accounts."""
    span = within.span
    values, contacts = first_week.list_answers(within.tx, span.since, span.now)
    return answers_text(
        [(name, entry.text) for entry, name in values if entry.undone_at is None],
        [(name, contact_label(contact.name, contact.role)) for contact, name in contacts],
    )


def _digest_scope(work: Work, scope: Scope, zone: ZoneInfo, schedule: str) -> DigestScope:
    last = occurrences.last_run_time(work.tx, schedule, work.now)
    return DigestScope(work, scope, zone, gather.span(work.now, zone, last))


def _whose(scope: Scope) -> str:
    if scope.manager is not None:
        return f"manager:{scope.manager}"
    return "company" if scope.department is None else f"department:{scope.department}"


def _gather(
    within: DigestScope,
    kind: Kind,
    whose: str,
    command: str,
    lane: str | None,
    late_for: date | None,
    for_deputy: bool = False,
) -> Digest:
    """All facts of a digest; `lane` is where its reader gets nudges, None for anywhere."""
    playbook, is_company = within.playbook, kind == "company"
    open_work = standing.count_by_owner(within.work, is_in_scope(within.scope))
    moves_count, moves = gather.gather_moves(within)
    decided = value_and_decisions.gather_decisions(within)
    without_manager = 0
    if is_company or within.scope.stands_in:
        without_manager = digests.count_without_manager(within.tx, within.span)
    return Digest(
        whose=whose,
        kind=kind,
        since=within.day(within.span.since),
        command=command,
        opens=opens(_whose(within.scope), within.span.since, within.span.now),
        counts=standing.add_up(within.work, open_work),
        needs=gather.gather_needs(within),
        **gather.gather_renewals(within)._asdict(),
        watch=gather.gather_watch(within),
        moves=moves,
        moves_count=moves_count,
        **gather.gather_done(within)._asdict(),
        teams=gather.gather_teams(within, open_work) if is_company else (),
        unsent=gather.gather_unsent(within, lane),
        promises=value_and_decisions.gather_promises(within),
        holds=value_and_decisions.gather_postponed(within),
        value=value_and_decisions.gather_value(within),
        decisions=decided[:MAX_DECISIONS],
        decisions_count=len(decided),
        advocates=value_and_decisions.gather_advocates(within) if is_company else NO_ADVOCATES,
        first_week=first_week_text(within) if is_company else "",
        without_manager=without_manager,
        stand_in=playbook.departments[playbook.without_manager].name,
        late_for=late_for,
        for_deputy=for_deputy,
    )
