"""Gathers what is known of a customer who decides again soon, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from bot.actions.briefs import news
from bot.actions.contacts.rows import people_here
from bot.actions.facts import gap_lines, involvement, last_contact
from bot.actions.facts.days import today as today_of
from bot.actions.handoffs import account_facts
from bot.actions.promises import promises
from bot.actions.reasons.reasons import list_reasons
from bot.actions.touchpoints.labels import owner_name
from bot.actions.work import Work
from bot.messages.briefs import brief as messages
from bot.messages.contacts.people import ContactRow
from bot.messages.kit.text import day, short
from bot.messages.promises.promise import Line
from bot.messages.reasons.reasons import reason_text
from bot.rules.briefs import renewal_stage
from bot.rules.contacts import CHAMPION, DECISION_MAKER, has_role
from bot.rules.text.money import format_money, format_yearly
from bot.rules.value import measure_terms
from db.accounts import value
from db.briefs import briefs, known
from db.contracts import contracts
from db.core.tx import Tx
from db.lifecycle import decisions
from db.models import DECISION_DATE, GOAL, RISK, Account, Brief, Learned, ValueEntry
from db.promises import promises as open_promises
from db.touchpoints import touchpoints
from db.touchpoints.touchpoints import OPEN_STATES

#: So many entries of one kind are quoted.
MAX_QUOTED = 3


def build(work: Work, brief: Brief, account: Account) -> messages.Brief:
    """The brief as it is now."""
    tx, today = work.tx, today_of(work)
    stage = work.playbook.stage(renewal_stage(work.playbook, account.stage))
    learned = known.list_learned(tx, account)
    people = people_here(tx, account.id)
    before = briefs.find_previous(tx, brief)
    risks, risk_gap = gap_lines.of_risks(work, account)
    return messages.Brief(
        id=brief.id,
        account_id=account.id,
        account=account.name,
        renews_on=brief.renews_on,
        today=today,
        decision=stage.decision if stage else "",
        decision_by=_decision_by(work, learned, today),
        at_stake=at_stake(tx, account, today)[0],
        value=_value_text(work, account, today),
        goal="; ".join(_quote(work, row, today) for row in learned if row.kind == GOAL),
        deciders=_people(people, DECISION_MAKER),
        champions=_people(people, CHAMPION),
        alternatives=_alternatives(work, account, today),
        risks=[
            *(_quote(work, row, today) for row in learned if row.kind == RISK),
            *_other_risks(work, account, today),
        ],
        risk_status=risks,
        risk_gap=risk_gap,
        promises=_promises_text(work, account, today),
        involvement=involvement.involvement_words(work, account),
        gaps=gap_lines.list_lines(work, account),
        news=news.list_news(work, account, before.at, today) if before else (),
        news_since=before.days_before if before else 0,
        following=_next_text(work, account, today),
        stage=account_facts.stage_name(work.playbook, account.stage),
        term=account.term,
        last_contact=last_contact.last_contact_text(work, account),
    )


def _other_risks(work: Work, account: Account, today: date) -> list[str]:
    """What else is known against it: the recorded risks are quoted by themselves."""
    found = list_reasons(work, [account]).get(account.id, [])
    return [
        reason_text(reason, work.playbook, today)
        for reason in found
        if reason.is_risk and reason.kind != "risk"
    ]


def _decision_by(work: Work, learned: Sequence[Learned], today: date) -> str:
    """ "Mon 15 Nov: Jane Doe and Tom Reed (Priya Raman, 30 Aug)"."""
    row = next((row for row in learned if row.kind == DECISION_DATE), None)
    if row is None:
        return ""
    by = f"{day(row.due_on, today)}: " if row.due_on else ""
    return f"{by}{_quote(work, row, today)}"


def at_stake(tx: Tx, account: Account, today: date) -> tuple[str, date | None]:
    """ "EUR 42,000 a year in 2 contracts; next: Support, Fri 29 Jan 2027", with that date; empty if
    not known."""
    worth = contracts.money_of(account)
    if worth is None:
        return "", None
    lines = contracts.list_of_account(tx, account.id)
    if len(lines) < 2:
        return format_yearly(worth), None
    dated = ((one.name, one.renews_on) for one in lines if one.renews_on)
    ahead = [(name, on) for name, on in dated if on >= today]
    following = f"; next: {short(ahead[0][0])}, {day(ahead[0][1], today)}" if ahead else ""
    amount = f"{format_yearly(worth)} in {len(lines):,} contracts{following}"
    return amount, ahead[0][1] if ahead else None


def _value_text(work: Work, account: Account, today: date) -> str:
    """What they confirmed this term, line by line, what is our estimate, and the last term."""
    last, this = measure_terms(
        value.account_tallies(work.tx, account.id), (account.term - 1, account.term)
    )
    entries = value.list_of_account(work.tx, account.id, term=account.term, limit=50)
    confirmed = [row for row in entries if row.confirmed_at is not None]
    quoted = "; ".join(_quote_value(row, today) for row in confirmed[:MAX_QUOTED])
    told = f"{len(confirmed):,} · {quoted}" if confirmed else "none recorded"
    if this.currency and this.confirmed:
        told = f"{format_money(this.confirmed, this.currency)} in {told}"
    if len(entries) > len(confirmed):
        told += f" · {len(entries) - len(confirmed):,} our estimate"
    if last.confirmed:
        before = format_money(last.confirmed, last.currency) if last.currency else last.confirmed
        told += f" · last term: {before}"
    asked = gap_lines.value_status(work, account) if confirmed else ""
    return " · ".join(filter(None, (told, asked)))


def _quote_value(row: ValueEntry, today: date) -> str:
    worth = ""
    if row.hundredths is not None and row.currency is not None:
        worth = f", {format_money(row.hundredths, row.currency)}"
    on = row.confirmed_on or today
    said = ", ".join(filter(None, (short(row.confirmed_by or ""), day(on, today))))
    return f"{short(' '.join(row.text.split()), news.MAX_TEXT_LENGTH)}{worth} ({said})"


def _quote(work: Work, row: Learned, today: date) -> str:
    """ "night shift logins down by a third (Diego Santos, 21 Jul)"."""
    text = short(" ".join(row.text.split()), news.MAX_TEXT_LENGTH)
    by = f" by {day(row.due_on, today)}" if row.due_on and row.kind == GOAL else ""
    return f"{text}{by} ({news.who_and_when(work, row.by_user, row.created_at, today)})"


def _people(people: Sequence[ContactRow], role: str) -> str:
    """ "Jürgen Vogt, COO": those of that role, each with what else they are."""
    told = []
    for person in people:
        if has_role(person.role, role):
            others = [other for other in (person.role or "").split(", ") if other != role]
            told.append(short(", ".join([person.name, *others])))
    return "; ".join(told)


def _alternatives(work: Work, account: Account, today: date) -> str:
    return "; ".join(
        f"{short(row.name)} ({news.who_and_when(work, row.by_user, row.at, today)})"
        for row in decisions.list_alternatives(work.tx, account.id)
        if row.term == account.term and row.settled_at is None
    )


def _promises_text(work: Work, account: Account, today: date) -> str:
    """ "2 kept · 1 open: SAP export, Fri 11 Dec": those of this term and those still open."""
    relevant = [
        record
        for record in open_promises.list_all(work.tx, account.id)
        if record.promise.term == account.term or record.touchpoint.state in OPEN_STATES
    ]
    lines = promises.promise_lines(work, relevant)
    counted = Counter("kept" if line.standing == "late" else line.standing for line in lines)
    parts = [f"{counted[key]:,} {key}" for key in ("kept", "broken") if counted[key]]
    for key in ("overdue", "open"):
        some = [_promise(line, today) for line in lines if line.standing == key]
        parts += [f"{len(some):,} {key}: {'; '.join(some)}"] if some else []
    return " · ".join(parts) or "none recorded"


def _promise(line: Line, today: date) -> str:
    return f"{short(line.text)}, {day(line.due_on, today)} ({line.who})"


def _next_text(work: Work, account: Account, today: date) -> str:
    """ "Ask for their decision, Sales, Tue 9 Nov": the next touchpoint before the renewal."""
    for each in touchpoints.list_of_account(work.tx, account.id):
        due_on = work.playbook.calendar(each.owner).local_date(each.due_at)
        if each.state == "planned" and today <= due_on <= (account.renews_on or due_on):
            who = owner_name(work, account, each.owner, each.person_id)
            return f"{short(each.title)}, {who}, {day(due_on, today)}"
    return ""
