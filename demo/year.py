"""The year before the visitor comes, in large steps: what people typed, which touchpoints they did.

What was typed goes through signed requests; touchpoints are done by the product's own actions, at
the time they were due, without a message for each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count

from bot.actions.actor import CLOCK, Actor
from bot.actions.answers import answers
from bot.actions.handoffs import handoffs
from bot.actions.members.preferences import choose_department
from bot.actions.responses.respond import respond
from bot.actions.touchpoints.plays import records_of
from bot.actions.work import Work
from bot.context import Context
from bot.nudges.duties.briefs import post_next_brief
from bot.nudges.duties.entering import enter_stages
from bot.nudges.duties.terms import begin_missing_terms
from bot.rules.answers import Answer
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import MANAGER
from db.contacts import contacts
from db.handoffs import handoffs as open_handoffs
from db.models import RENEWAL, Account, Touchpoint
from db.touchpoints import touchpoints
from demo.fast_forward import delivery_round
from sandbox.people.colleagues import HOME, TEAMS, Colleagues, Lines
from sandbox.sandbox import Sandbox

MORNING, TYPING, AFTERNOON = time(10), time(11), time(15)
#: A handoff's lead hears of it later than this; it is accepted before.
_ACCEPTED_WITHIN = timedelta(days=10)
#: Briefs of renewals long past are not missed, and take their time.
_BRIEFS = timedelta(weeks=10)
#: What nobody wrote down, so that the briefs before these renewals have a gap.
_LEFT_OUT = {
    ("Müller & Söhne", "decision date"),
    ("Quillon Legal", "decision date"),
    *((name, "value") for name in ("Halcyon Eye Clinics", "Müller & Söhne", "Acme Corporation")),
}
#: The same, put off: the brief says who has it planned.
_PUT_OFF = {("Halcyon Eye Clinics", "alternative"): date(2026, 11, 27)}


def live_through(
    context: Context,
    sandbox: Sandbox,
    colleagues: Colleagues,
    set_time: Callable[[datetime], None],
    until: datetime,
) -> None:
    """Goes day by day from the sandbox's time to `until`."""
    for day in _working_days(sandbox.now().date(), until.date()):
        if day.weekday() == 1:
            set_time(datetime.combine(day, MORNING, HOME))
            _run_duties(context, with_briefs=until - context.now() < _BRIEFS)
        minute = count()
        while colleagues.typed and colleagues.typed[0].day <= day:
            said = colleagues.typed.pop(0)
            set_time(datetime.combine(day, TYPING, HOME) + timedelta(minutes=next(minute)))
            sandbox.command(said.who, "#general", said.line)
        set_time(datetime.combine(day, AFTERNOON, HOME))
        with context.begin(context.now(), CLOCK) as work:
            _do_what_is_due(work, sandbox, colleagues.lines)
    set_time(until)


def choose_departments(context: Context, sandbox: Sandbox) -> None:
    """Everybody says where they work, as on Home."""
    for department, team in TEAMS.items():
        for who in team:
            with context.begin(context.now(), Actor(sandbox.person(who).id, "button")) as work:
                choose_department(work, department)


def _working_days(first: date, until: date) -> Iterator[date]:
    days = (first + timedelta(days=number) for number in range((until - first).days))
    return (day for day in days if day.weekday() < 5)


def _run_duties(context: Context, *, with_briefs: bool) -> None:
    """Stages entered by their date, and briefs; what became due besides was done."""
    now = context.now()
    duties = (begin_missing_terms, enter_stages, *([post_next_brief] if with_briefs else []))
    for duty in duties:
        while duty(context, now):
            pass
    while delivery_round(context, now):
        pass


def _do_what_is_due(work: Work, sandbox: Sandbox, lines: Lines) -> None:
    """Every touchpoint that is due is done, most with a line; handoffs are accepted."""
    while (handed := open_handoffs.lock_next_due(work.tx, work.now + _ACCEPTED_WITHIN)) is not None:
        handoffs.accept(_by(work, sandbox, TEAMS[handed.receiver][0]), handed.id)
    owners = [*work.playbook.departments, MANAGER]
    for touchpoint, account in touchpoints.lock_due(work.tx, work.now, owners, None):
        if touchpoint.kind == RENEWAL:  # it waits for what the customer decides
            continue
        team = TEAMS.get(touchpoint.owner)
        who = team[touchpoint.id % len(team)] if team else account.manager_id or "priya"
        doing = _by(work, sandbox, who)
        if until := _PUT_OFF.get((account.name, records_of(work.playbook, touchpoint) or "")):
            respond(doing, touchpoint, "snooze", until=until)
            continue
        respond(doing, touchpoint, "done")
        if touchpoint.records is not None:
            _write_down(doing, touchpoint, account, lines)


def _by(work: Work, sandbox: Sandbox, who: str) -> Work:
    return replace(work, by=Actor(sandbox.person(who).id, "button"))


def _write_down(work: Work, touchpoint: Touchpoint, account: Account, lines: Lines) -> None:
    """The line that it brought back; every sixth is left unwritten."""
    records = touchpoint.records or "note"
    if touchpoint.id % 6 == 0 or (account.name, records) in _LEFT_OUT:
        return
    text = lines.next(records)
    if not text:
        answers.nothing_new(work, touchpoint)
        return
    today = work.now.date()
    everybody = contacts.list_of_account(work.tx, account.id)
    known = [each for each in everybody if each.left_on is None]
    person = known[touchpoint.id % len(known)] if known else None
    answer = Answer(
        text,
        confirmed=records == "value" and person is not None,
        who=person.name if person and records == "value" else "",
        contact_id=person.id if person and records != "person" else None,
        due_on=_day(records, account, today),
        owner=touchpoint.owner,
    )
    try:
        answers.save(work, touchpoint, answer, today=today)
    except UserError:  # the same was promised or said already
        answers.nothing_new(work, touchpoint)


def _day(records: str, account: Account, today: date) -> date | None:
    """By when: two weeks before their renewal, for a decision; later this quarter for the rest."""
    if records == "decision date" and account.renews_on is not None:
        return max(account.renews_on - timedelta(days=14), today + timedelta(days=7))
    return today + timedelta(days=60) if records in ("decision date", "goal", "promise") else None
