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
from bot.rules.text.money import spell
from bot.rules.text.words import plural
from bot.rules.value import Measured, measure
from db.accounts import value
from db.briefs import briefs
from db.lifecycle import decisions
from db.models import Account, Brief, Touchpoint
from db.participation import participants
from db.promises import promises as known
from db.promises.promises import Promised
from db.terms import terms
from db.touchpoints.touchpoints import OPEN

MOST = 5
NOTHING = "doing nothing (always one of them)"
#: The keys of what may be missing; a department that has not taken part is «dept.KEY», one that is
#: late with a promise «promises.KEY».
VALUE, ALTERNATIVES, DEPARTMENT = "value", "alternatives", "dept."
PROMISES, DECISIONS, PEOPLE = "promises.", "decisions", "people"


def of(work: Work, brief: Brief, account: Account) -> messages.Brief:
    """The brief as it is now."""
    stage = work.playbook.stage(account.stage)
    term = terms.current(work.tx, account)
    measured = measure(value.tallies_of(work.tx, account.id), [account.term])[0]
    everyone = known.all_of(work.tx, account.id)
    lines = promises.lines(work, [p for p in everyone if _counts(p, account)])
    ours = [line for line in lines if line.is_open or line.standing == "broken"]
    since = term.began_at if term else None
    today = work.playbook.calendar("manager").local_date(work.now)
    others = account_facts.alternatives(work.tx, account)
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
        value_rows=account_facts.value_rows(work.tx, account, account.term, MOST),
        promised=_promised(Counter(line.standing for line in lines)),
        promises=[line.told() for line in ours],
        decisions=account_facts.decision_rows(work.tx, account, MOST),
        alternatives=[*(each for each in others if "nothing" not in each.casefold()), NOTHING],
        people=account_facts.took_part(work.tx, account, since),
        gaps=gaps(work, brief, account, since),
    )


def _counts(promised: Promised, account: Account) -> bool:
    """Promises of this term, and whatever is still open."""
    return promised.promise.term == account.term or promised.touchpoint.state in OPEN


def gaps(work: Work, brief: Brief, account: Account, since: datetime | None) -> list[Gap]:
    """What is missing, or was until somebody was asked, in the order of the brief."""
    wanted = _missing(work, account, since)
    keys = [key_of(brief, each) for each in _known_gaps(work.playbook)]
    asked = {_bare(brief, key): row for key, row in briefs.asked(work.tx, account.id, keys).items()}
    found = []
    for key, what in _known_gaps(work.playbook).items():
        row = asked.get(key)
        if row is not None and row.state != "cancelled":
            found.append(_asked(work.playbook, key, what, row))
        elif key in wanted:
            found.append(Gap(key, what, owner_name(work.playbook, key), "missing"))
    return found


def key_of(brief: Brief, gap: str) -> str:
    """The key of the touchpoint that fills a gap of a renewal."""
    return f"gap:{gap}:{brief.renews_on.isoformat()}"


def owner_of(playbook: Playbook, gap: str) -> str:
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


def owner_name(playbook: Playbook, gap: str) -> str:
    return playbook.departments[owner_of(playbook, gap)].name


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


def _missing(work: Work, account: Account, since: datetime | None) -> set[str]:
    confirmed = measure(value.tallies_of(work.tx, account.id), [account.term])[0].confirmed
    took_part = participants.departments(work.tx, account, since)
    found = {f"{DEPARTMENT}{key}" for key in work.playbook.departments if key not in took_part}
    if not confirmed:
        found.add(VALUE)
    if not decisions.alternatives(work.tx, account.id):
        found.add(ALTERNATIVES)
    if not decisions.count(work.tx, account.id):
        found.add(DECISIONS)
    if not participants.is_anybody_known(work.tx, account.id):
        found.add(PEOPLE)
    return found | _late(work, account)


def _late(work: Work, account: Account) -> set[str]:
    """Who is late with a promise: of a manager's, the department that stands in for them."""
    everyone = known.open_of(work.tx, account.id)
    lines = promises.lines(work, everyone)
    owners = (each.touchpoint.owner for each in everyone)
    return {
        f"{PROMISES}{owner if owner in work.playbook.departments else work.playbook.without_manager}"
        for owner, line in zip(owners, lines, strict=True)
        if line.standing == "overdue"
    }


def _asked(playbook: Playbook, key: str, what: str, row: Touchpoint) -> Gap:
    department = playbook.departments.get(row.owner)
    owner = department.name if department else row.owner
    if row.state in ("done", "skipped"):
        answer = row.note or ("done, nothing noted" if row.state == "done" else "skipped")
        return Gap(key, what, owner, "answered", row.by_user, answer)
    return Gap(key, what, owner, "asked", row.by_user if row.state == "claimed" else None)


def _bare(brief: Brief, key: str) -> str:
    return key.removeprefix("gap:").removesuffix(f":{brief.renews_on.isoformat()}")


def _value(measured: Measured) -> str:
    if not measured.total:
        return "nothing is noted"
    if measured.currency is not None:
        confirmed = spell(measured.confirmed, measured.currency)
        claimed = spell(measured.claimed, measured.currency)
    else:
        confirmed = plural(measured.confirmed, "thing")
        claimed = plural(measured.claimed, "thing")
    return f"{confirmed} confirmed by them, {claimed} claimed by us"


def _promised(counted: Counter[str]) -> str:
    words = (
        ("kept", "kept"),
        ("late", "kept late"),
        ("overdue", "overdue"),
        ("open", "open"),
        ("broken", "not kept"),
    )
    told = [f"{counted[key]:,} {word}" for key, word in words if counted[key]]
    return ", ".join(told) or "none was made"
