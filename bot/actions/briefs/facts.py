"""Gathers the facts of a brief: value, promises, decisions, who took part, and what is missing."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from bot.actions.contacts.rows import people_here
from bot.actions.handoffs import account_facts
from bot.actions.promises import promises
from bot.actions.touchpoints.labels import owner_label
from bot.actions.touchpoints.pace import days_in_stage
from bot.actions.work import Work
from bot.messages.briefs import brief as messages
from bot.messages.briefs.brief import Gap
from bot.messages.contacts.people import people_line
from bot.messages.kit.text import plain
from bot.rules.playbook.playbook import Playbook
from bot.rules.text.money import format_money
from bot.rules.text.words import plural
from bot.rules.value import TermValue, measure_terms
from db.accounts import value
from db.briefs import briefs
from db.lifecycle import decisions
from db.models import Account, Brief, Touchpoint
from db.participation import participants
from db.promises import promises as known
from db.terms import terms
from db.touchpoints.touchpoints import OPEN_STATES

MAX_ROWS = 5
DOING_NOTHING = "doing nothing (always one of them)"
#: The keys of gaps: "dept.KEY" is a department that has not taken part, "promises.KEY" one that is
#: late with a promise.
VALUE, ALTERNATIVES, DEPARTMENT = "value", "alternatives", "dept."
PROMISES, DECISIONS, PEOPLE = "promises.", "decisions", "people"


def build(work: Work, brief: Brief, account: Account) -> messages.Brief:
    """The brief as it is now."""
    stage = work.playbook.stage(account.stage)
    term = terms.current_term(work.tx, account)
    measured = _measure_term(work, account)
    relevant = [
        record
        for record in known.list_all(work.tx, account.id)
        if record.promise.term == account.term or record.touchpoint.state in OPEN_STATES
    ]
    lines = promises.promise_lines(work, relevant)
    listed = [line for line in lines if line.is_open or line.standing == "broken"]
    since = term.began_at if term else None
    today = work.playbook.calendar("manager").local_date(work.now)
    names = account_facts.alternative_names(work.tx, account)
    return messages.Brief(
        id=brief.id,
        account_id=account.id,
        account=account.name,
        renews_on=brief.renews_on,
        days=(brief.renews_on - today).days,
        term=account.term,
        stage=account_facts.stage_name(work.playbook, account.stage),
        days_in_stage=days_in_stage(work.playbook, account, work.now),
        decision=stage.decision if stage else "",
        value=_value_text(measured),
        value_rows=account_facts.value_rows(work.tx, account, account.term, MAX_ROWS),
        promised=_promise_counts_text(Counter(line.standing for line in lines)),
        promises=[line.told() for line in listed],
        decisions=account_facts.decision_rows(work.tx, account, MAX_ROWS),
        alternatives=[*(n for n in names if "nothing" not in n.casefold()), DOING_NOTHING],
        people=account_facts.list_participants(work.tx, account, since),
        contacts=people_line(people_here(work.tx, account.id)),
        gaps=list_gaps(work, brief, account, since),
    )


def list_gaps(work: Work, brief: Brief, account: Account, since: datetime | None) -> list[Gap]:
    """What is missing, or was until somebody was asked, in the order of the brief."""
    missing, known = _missing_keys(work, account, since), _known_gaps(work.playbook)
    keys = {key: gap_key(brief, key) for key in known}
    asked = briefs.asked_touchpoints(work.tx, account.id, list(keys.values()))
    gaps = []
    for key, what in known.items():
        row = asked.get(keys[key])
        if row is not None and row.state != "cancelled":
            gaps.append(_build_gap(work.playbook, key, what, row))
        elif key in missing:
            owner = work.playbook.departments[gap_owner(work.playbook, key)].name
            gaps.append(Gap(key, what, owner, "missing"))
    return gaps


def gap_key(brief: Brief, gap: str) -> str:
    """The key of the touchpoint that fills a gap of a renewal."""
    return f"gap:{gap}:{brief.renews_on.isoformat()}"


def gap_owner(playbook: Playbook, gap: str) -> str:
    """The key of the department that fills a gap: named by the playbook, or the one it is about."""
    section = playbook.renewals
    named = None
    if gap.startswith((DEPARTMENT, PROMISES)):
        named = gap.partition(".")[2]
    elif section is not None:
        named = section.value if gap == VALUE else section.alternatives
    if named is None and gap == VALUE and playbook.value.ask in playbook.departments:
        named = playbook.value.ask
    if named is None or named not in playbook.departments:
        return playbook.without_manager
    return named


def _known_gaps(playbook: Playbook) -> dict[str, str]:
    names = {key: plain(each.name) for key, each in playbook.departments.items()}
    return {
        VALUE: "No value that they have confirmed",
        ALTERNATIVES: "Nobody has heard what else they could choose",
        DECISIONS: "No decision of theirs is noted",
        PEOPLE: "Nobody of theirs is known by name",
        **{PROMISES + key: f"{name} is late with a promise" for key, name in names.items()},
        **{DEPARTMENT + key: f"{name} has not taken part this term" for key, name in names.items()},
    }


def _missing_keys(work: Work, account: Account, since: datetime | None) -> set[str]:
    took_part = participants.participating_departments(work.tx, account, since)
    missing = {DEPARTMENT + key for key in work.playbook.departments if key not in took_part}
    if not _measure_term(work, account).confirmed:
        missing.add(VALUE)
    if not decisions.list_alternatives(work.tx, account.id):
        missing.add(ALTERNATIVES)
    if not decisions.count_decisions(work.tx, account.id):
        missing.add(DECISIONS)
    if not participants.has_known_contact(work.tx, account.id):
        missing.add(PEOPLE)
    return missing | _late_promise_keys(work, account)


def _late_promise_keys(work: Work, account: Account) -> set[str]:
    """Gaps for departments that are late with a promise; the fallback's for a manager's promise."""
    promised = known.list_open(work.tx, account.id)
    keys = set()
    for record, line in zip(promised, promises.promise_lines(work, promised), strict=True):
        if line.standing == "overdue":
            owner = record.touchpoint.owner
            is_department = owner in work.playbook.departments
            keys.add(PROMISES + (owner if is_department else work.playbook.without_manager))
    return keys


def _build_gap(playbook: Playbook, key: str, what: str, row: Touchpoint) -> Gap:
    owner = owner_label(playbook, row.owner, None)
    if row.state in ("done", "skipped"):
        answer = row.note or ("done, nothing noted" if row.state == "done" else "skipped")
        return Gap(key, what, owner, "answered", row.by_user, answer)
    return Gap(key, what, owner, "asked", row.by_user if row.state == "claimed" else None)


def _measure_term(work: Work, account: Account) -> TermValue:
    return measure_terms(value.account_tallies(work.tx, account.id), [account.term])[0]


def _value_text(measured: TermValue) -> str:
    if not measured.total:
        return "nothing is noted"
    if measured.currency is not None:
        confirmed = format_money(measured.confirmed, measured.currency)
        claimed = format_money(measured.claimed, measured.currency)
    else:
        confirmed = plural(measured.confirmed, "thing")
        claimed = plural(measured.claimed, "thing")
    return f"{confirmed} confirmed by them, {claimed} claimed by us"


def _promise_counts_text(counted: Counter[str]) -> str:
    labels = {"late": "kept late", "broken": "not kept"}
    states = ("kept", "late", "overdue", "open", "broken")
    parts = [f"{counted[key]:,} {labels.get(key, key)}" for key in states if counted[key]]
    return ", ".join(parts) or "none was made"
