"""Gathers what is known of a customer who decides again soon, and what is missing."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial

from bot.actions.briefs import news
from bot.actions.contacts.contacts import people_here
from bot.actions.facts import gap_lines, involvement, last_contact
from bot.actions.facts.days import today as today_of
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
from bot.rules.text.words import plural
from bot.rules.value import measure_terms
from db.accounts import value
from db.briefs import briefs, known
from db.contracts import contracts
from db.core.tx import Tx
from db.lifecycle import decisions
from db.models import DECISION_DATE, GOAL, RISK, Account, Alternative, Brief, Learned, ValueEntry
from db.promises import promises as open_promises
from db.touchpoints import touchpoints
from db.touchpoints.touchpoints import OPEN_STATES


def build(work: Work, brief: Brief, account: Account, reader: str | None) -> messages.Brief:
    """The brief as it is now; the `reader` is "you" in it."""
    tx, today = work.tx, today_of(work)
    stage = work.playbook.stage(renewal_stage(work.playbook, account.stage))
    learned = known.list_learned(tx, account)
    before = briefs.find_previous(tx, brief)
    new = news.list_news(work, account, before.at) if before else []
    since = before.days_before if before else 0
    foot = (
        work.playbook.stage_name(account.stage),
        f"term {account.term:,}",
        last_contact.last_contact_text(work, account),
    )
    return messages.Brief(
        id=brief.id,
        account_id=account.id,
        account=account.name,
        renews_on=brief.renews_on,
        today=today,
        decision=stage.decision if stage else "",
        known=_known(work, account, learned, today),
        risks=_risks(work, account, learned, today),
        risk_gap=gap_lines.of_risks(work, account, reader),
        news=[*dict.fromkeys(words for words, _ in new)],
        news_since=since,
        gaps=gap_lines.list_lines(work, account, reader),
        details=[
            *_details(work, account, learned, today),
            (f"New since the {since}-day brief", [full for _, full in new]),
            ("Next", _next_lines(work, account, today)),
        ],
        foot=" · ".join(foot),
    )


def _known(
    work: Work, account: Account, learned: Sequence[Learned], today: date
) -> list[tuple[str, str]]:
    people = people_here(work.tx, account.id)
    others = decisions.list_alternatives(work.tx, account.id)
    names = [short(each.name) for each in others if _is_of_now(each, account)]
    return [
        ("At stake", at_stake(work.tx, account, today)[0]),
        ("Decision date", _decision_date(learned, today)),
        ("Confirmed value this term", _value_text(work, account)),
        ("Promises", _promises_text(work, account)),
        ("Who decides", _people(people, DECISION_MAKER)),
        ("Champion", _people(people, CHAMPION)),
        ("Alternatives", ", ".join(names)),
    ]


def _details(
    work: Work, account: Account, learned: Sequence[Learned], today: date
) -> list[tuple[str, list[str]]]:
    """What stands behind the brief's button, each with who said it and when."""
    quote = partial(_quote, work)
    entries = value.list_of_account(work.tx, account.id, term=account.term, limit=50)
    asked = gap_lines.value_status(work, account) if entries else ""
    values = [*(_quote_value(row, today) for row in entries), *([asked] if asked else [])]
    return [
        ("Goals", [quote(row) for row in learned if row.kind == GOAL]),
        ("Decision date", [quote(row) for row in learned if row.kind == DECISION_DATE]),
        ("Value this term", values),
        (
            "Alternatives",
            [
                f"{short(each.name)} ({news.who_and_when(work, each.by_user, each.at)})"
                for each in decisions.list_alternatives(work.tx, account.id)
                if _is_of_now(each, account)
            ],
        ),
        ("Promises", [line.told() for line in _promise_lines(work, account)]),
        ("Our involvement", [involvement.involvement_words(work, account)]),
    ]


def _is_of_now(alternative: Alternative, account: Account) -> bool:
    return alternative.term == account.term and alternative.settled_at is None


def _risks(work: Work, account: Account, learned: Sequence[Learned], today: date) -> list[str]:
    """The recorded risks, each text once, and what else is known against it."""
    quoted = {
        " ".join(row.text.casefold().split()): _quote(work, row)
        for row in learned
        if row.kind == RISK
    }
    found = list_reasons(work, [account]).get(account.id, [])
    others = (
        reason_text(reason, work.playbook, today)
        for reason in found
        if reason.is_risk and reason.kind != "risk"
    )
    return [*quoted.values(), *others]


def _decision_date(learned: Sequence[Learned], today: date) -> str:
    """ "Mon 15 Nov: Jane Doe and Tom Reed"; once it has passed, that nothing is decided."""
    row = next((row for row in learned if row.kind == DECISION_DATE), None)
    if row is None:
        return ""
    text = short(" ".join(row.text.split()), news.MAX_TEXT_LENGTH)
    if row.due_on is None:
        return text
    if row.due_on < today:
        return (
            f"{day(row.due_on)} passed {plural((today - row.due_on).days, 'day')} ago: not decided"
        )
    return f"{day(row.due_on)}: {text}"


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
    following = f"; next: {short(ahead[0][0])}, {day(ahead[0][1])}" if ahead else ""
    amount = f"{format_yearly(worth)} in {len(lines):,} contracts{following}"
    return amount, ahead[0][1] if ahead else None


def _value_text(work: Work, account: Account) -> str:
    """ "EUR 68,000 (last term: EUR 41,000)"."""
    last, this = measure_terms(
        value.account_tallies(work.tx, account.id), (account.term - 1, account.term)
    )
    entries = value.list_of_account(work.tx, account.id, term=account.term, limit=50)
    confirmed = sum(row.confirmed_at is not None for row in entries)
    told = plural(confirmed, "result") if confirmed else "none recorded"
    if this.currency and this.confirmed:
        told = format_money(this.confirmed, this.currency)
    before = ""
    if last.confirmed:
        amount = format_money(last.confirmed, last.currency) if last.currency else last.confirmed
        before = f" (last term: {amount})"
    estimate = f" · {len(entries) - confirmed:,} our estimate" if len(entries) > confirmed else ""
    return f"{told}{before}{estimate}"


def _quote_value(row: ValueEntry, today: date) -> str:
    worth = ""
    if row.hundredths is not None and row.currency is not None:
        worth = f", {format_money(row.hundredths, row.currency)}"
    said = "our estimate"
    if row.confirmed_at is not None:
        on = day(row.confirmed_on or today)
        said = ", ".join(filter(None, (short(row.confirmed_by or "confirmed"), on)))
    return f"{short(' '.join(row.text.split()), news.MAX_TEXT_LENGTH)}{worth} ({said})"


def _quote(work: Work, row: Learned) -> str:
    """ "night shift logins down by a third (Diego Santos, 21 Jul)"."""
    text = short(" ".join(row.text.split()), news.MAX_TEXT_LENGTH)
    by = f", by {day(row.due_on)}" if row.due_on else ""
    return f"{text}{by} ({news.who_and_when(work, row.by_user, row.created_at)})"


def _people(people: Sequence[ContactRow], role: str) -> str:
    """ "Jürgen Vogt, COO": those of that role, each with what else they are."""
    told = []
    for person in people:
        if has_role(person.role, role):
            others = [other for other in (person.role or "").split(", ") if other != role]
            told.append(short(", ".join([person.name, *others])))
    return "; ".join(told)


def _promise_lines(work: Work, account: Account) -> list[Line]:
    """The promises of this term and those still open."""
    relevant = [
        record
        for record in open_promises.list_all(work.tx, account.id)
        if record.promise.term == account.term or record.touchpoint.state in OPEN_STATES
    ]
    return promises.promise_lines(work, relevant)


def _promises_text(work: Work, account: Account) -> str:
    """ "2 kept · 1 open: SAP export, Fri 11 Dec"."""
    lines = _promise_lines(work, account)
    counted = Counter("kept" if line.standing == "late" else line.standing for line in lines)
    parts = [f"{counted[key]:,} {key}" for key in ("kept", "broken") if counted[key]]
    for key in ("overdue", "open"):
        some = [f"{short(each.text)}, {day(each.due_on)}" for each in lines if each.standing == key]
        parts += [f"{len(some):,} {key}: {'; '.join(some)}"] if some else []
    return " · ".join(parts) or "none recorded"


def _next_lines(work: Work, account: Account, today: date) -> list[str]:
    """ "Ask for their decision, Sales, Tue 9 Nov": the next touchpoint before the renewal."""
    for each in touchpoints.list_of_account(work.tx, account.id):
        due_on = work.playbook.calendar(each.owner).local_date(each.due_at)
        if each.state == "planned" and today <= due_on <= (account.renews_on or due_on):
            who = owner_name(work, account, each.owner, each.person_id)
            return [f"{short(each.title)}, {who}, {day(due_on)}"]
    return []
