"""Asks at two thirds of a term when it has not given the customer more than the last one."""

from __future__ import annotations

from bot.actions.touchpoints.plays import plan_custom
from bot.actions.touchpoints.routing import owner_calendar
from bot.actions.work import Work
from bot.messages.accounts.value import currency_note, measured_text
from bot.messages.kit.text import day
from bot.rules.playbook.playbook import MANAGER
from bot.rules.terms import growth_check_time
from bot.rules.value import TermValue, has_grown, measure_terms
from db.accounts import accounts, value
from db.models import Account, Term, Touchpoint
from db.terms import terms
from db.touchpoints import touchpoints

KIND = "value"
_TITLE = "Has it given them more than last time?"
_HELPS = "They decide on what they got, and hear from us before they miss it."


def check_growth(work: Work, term: Term) -> Touchpoint | None:
    """Plans a touchpoint for a term whose check is due, if its value has not grown.

    Nothing is asked about a check that was due before the account was added, as by an import.
    """
    account = accounts.by_id(work.tx, term.account_id)
    assert account is not None
    check_at = growth_check_time(term.began_at, account.renews_on)
    if check_at > work.now:  # the renewal date has moved since
        terms.reschedule_check(work.tx, term, check_at)
        return None
    terms.reschedule_check(work.tx, term, None)
    if account.archived_at is not None or check_at < account.created_at:
        return None
    tallies = value.account_tallies(work.tx, account.id)
    if has_grown(tallies, term.number):
        return None
    key = f"value:{term.number}"
    if touchpoints.was_planned(work.tx, account.id, key):
        return None
    last, this = measure_terms(tallies, (term.number - 1, term.number))
    owner = work.playbook.value.ask
    if owner != MANAGER and owner not in work.playbook.departments:
        owner = work.playbook.without_manager
    return plan_custom(
        work.tx,
        account,
        kind=KIND,
        key=key,
        owner=owner,
        title=_TITLE,
        ask=_ask_text(account, last, this),
        helps=_HELPS,
        due_at=owner_calendar(work.tx, work.playbook, owner, account).next_open(work.now),
        now=work.now,
    )


def _ask_text(account: Account, last: TermValue, this: TermValue) -> str:
    until = f", which ends {day(account.renews_on)}" if account.renews_on else ""
    before = f" Term {last.term} gave them: {measured_text(last)}." if last.term else ""
    return (
        f"Two thirds of term {this.term} are over{until}. It gave {{account}} so far: "
        f"{measured_text(this)}.{before} {currency_note(this.currency)} Ask them for one thing "
        "it gave them lately, or to confirm what we claim, and note it with /value."
    )
