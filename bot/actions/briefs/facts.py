"""What stands in a brief: gathered from value, promises, decisions and who took part."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from bot.actions.handoffs import account_facts
from bot.actions.promises import promises
from bot.actions.touchpoints.pace import days_in_stage
from bot.actions.work import Work
from bot.messages.briefs import brief as messages
from bot.messages.briefs.brief import Gap
from bot.messages.kit.parts import plain
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
from db.promises.promises import PromiseRecord
from db.terms import terms
from db.touchpoints.touchpoints import OPEN_STATES

MAX_ROWS = 5
DOING_NOTHING = "doing nothing (always one of them)"
#: The keys of what may be missing; a department that has not taken part is "dept.KEY", one that is
#: late with a promise "promises.KEY".
VALUE, ALTERNATIVES, DEPARTMENT = "value", "alternatives", "dept."
PROMISES, DECISIONS, PEOPLE = "promises.", "decisions", "people"


def build(work: Work, brief: Brief, account: Account) -> messages.Brief:
    """The brief as it is now."""
    stage = work.playbook.stage(account.stage)
    term = terms.current_term(work.tx, account)
    measured = measure_terms(value.account_tallies(work.tx, account.id), [account.term])[0]
    everyone = known.list_all(work.tx, account.id)
    lines = promises.promise_lines(work, [p for p in everyone if _is_relevant(p, account)])
    ours = [line for line in lines if line.is_open or line.standing == "broken"]
    since = term.began_at if term else None
    today = work.playbook.calendar("manager").local_date(work.now)
    others = account_facts.alternative_names(work.tx, account)
    return messages.Brief(
        id=brief.id,
        account_id=account.id,
        account=account.name,
        renews_on=brief.renews_on,
        days=(brief.renews_on - today).days,
        term=account.term,
        stage=stage.name if stage else account.stage,
        days_in_stage=days_in_stage(work.playbook, account, work.now),
        decision=stage.decision if stage else "",
        value=_value(measured),
        value_rows=account_facts.value_rows(work.tx, account, account.term, MAX_ROWS),
        promised=_promise_counts_text(Counter(line.standing for line in lines)),
        promises=[line.told() for line in ours],
        decisions=account_facts.decision_rows(work.tx, account, MAX_ROWS),
        alternatives=[
            *(each for each in others if "nothing" not in each.casefold()),
            DOING_NOTHING,
        ],
        people=account_facts.list_participants(work.tx, account, since),
        gaps=list_gaps(work, brief, account, since),
    )


def _is_relevant(promised: PromiseRecord, account: Account) -> bool:
    """Promises of this term, and whatever is still open."""
    return promised.promise.term == account.term or promised.touchpoint.state in OPEN_STATES


def list_gaps(work: Work, brief: Brief, account: Account, since: datetime | None) -> list[Gap]:
    """What is missing, or was until somebody was asked, in the order of the brief."""
    wanted = _missing_keys(work, account, since)
    keys = [gap_key(brief, each) for each in _known_gaps(work.playbook)]
    asked = {
        _gap_name(brief, key): row
        for key, row in briefs.asked_touchpoints(work.tx, account.id, keys).items()
    }
    found = []
    for key, what in _known_gaps(work.playbook).items():
        row = asked.get(key)
        if row is not None and row.state != "cancelled":
            found.append(_build_gap(work.playbook, key, what, row))
        elif key in wanted:
            found.append(Gap(key, what, gap_owner_name(work.playbook, key), "missing"))
    return found


def gap_key(brief: Brief, gap: str) -> str:
    """The key of the touchpoint that fills a gap of a renewal."""
    return f"gap:{gap}:{brief.renews_on.isoformat()}"


def gap_owner(playbook: Playbook, gap: str) -> str:
    """Who fills a gap: the department that the playbook names, or whose gap it is."""
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


def gap_owner_name(playbook: Playbook, gap: str) -> str:
    return playbook.departments[gap_owner(playbook, gap)].name


def _known_gaps(playbook: Playbook) -> dict[str, str]:
    names = {key: plain(each.name) for key, each in playbook.departments.items()}
    return {
        VALUE: "No value that they have confirmed",
        ALTERNATIVES: "Nobody has heard what else they could choose",
        DECISIONS: "No decision of theirs is noted",
        PEOPLE: "Nobody of theirs is known by name",
        **{f"{PROMISES}{key}": f"{name} is late with a promise" for key, name in names.items()},
        **{
            f"{DEPARTMENT}{key}": f"{name} has not taken part this term"
            for key, name in names.items()
        },
    }


def _missing_keys(work: Work, account: Account, since: datetime | None) -> set[str]:
    confirmed = measure_terms(value.account_tallies(work.tx, account.id), [account.term])[
        0
    ].confirmed
    took_part = participants.participating_departments(work.tx, account, since)
    found = {f"{DEPARTMENT}{key}" for key in work.playbook.departments if key not in took_part}
    if not confirmed:
        found.add(VALUE)
    if not decisions.list_alternatives(work.tx, account.id):
        found.add(ALTERNATIVES)
    if not decisions.count_decisions(work.tx, account.id):
        found.add(DECISIONS)
    if not participants.has_known_contact(work.tx, account.id):
        found.add(PEOPLE)
    return found | _late_owners(work, account)


def _late_owners(work: Work, account: Account) -> set[str]:
    """Who is late with a promise: of a manager's, the department that stands in for them."""
    everyone = known.list_open(work.tx, account.id)
    lines = promises.promise_lines(work, everyone)
    owners = (each.touchpoint.owner for each in everyone)
    late = [owner for owner, line in zip(owners, lines, strict=True) if line.standing == "overdue"]
    playbook = work.playbook
    return {
        f"{PROMISES}{owner if owner in playbook.departments else playbook.without_manager}"
        for owner in late
    }


def _build_gap(playbook: Playbook, key: str, what: str, row: Touchpoint) -> Gap:
    department = playbook.departments.get(row.owner)
    owner = department.name if department else row.owner
    if row.state in ("done", "skipped"):
        answer = row.note or ("done, nothing noted" if row.state == "done" else "skipped")
        return Gap(key, what, owner, "answered", row.by_user, answer)
    return Gap(key, what, owner, "asked", row.by_user if row.state == "claimed" else None)


def _gap_name(brief: Brief, key: str) -> str:
    return key.removeprefix("gap:").removesuffix(f":{brief.renews_on.isoformat()}")


def _value(measured: TermValue) -> str:
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
    words = (
        ("kept", "kept"),
        ("late", "kept late"),
        ("overdue", "overdue"),
        ("open", "open"),
        ("broken", "not kept"),
    )
    told = [f"{counted[key]:,} {word}" for key, word in words if counted[key]]
    return ", ".join(told) or "none was made"
