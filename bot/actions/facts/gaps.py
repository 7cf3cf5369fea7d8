"""What is missing of accounts, and what is planned about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.actions.facts.days import day_of, today
from bot.actions.work import Work
from bot.rules.facts import gaps as rules
from bot.rules.facts.gaps import Gap, Planned
from bot.rules.facts.last_contact import contacts_customer, internal_plays
from bot.rules.facts.live import exit_stages
from bot.rules.terms import is_customer
from db.core.tx import chunks
from db.facts import gaps, last_contact
from db.models import Account, Touchpoint
from db.terms import terms
from db.touchpoints import touchpoints

#: So many accounts are looked at with the same few statements.
PIECE = 10_000


def missing_of(work: Work, accounts: Sequence[Any]) -> dict[int, list[Gap]]:
    """What is missing of each of the live accounts, or rows of them, whatever is planned."""
    exits = {*exit_stages(work.playbook)}
    live = [each for each in accounts if each.archived_at is None and each.stage not in exits]
    missing: dict[int, list[Gap]] = {}
    for some in chunks(live, PIECE):
        missing |= _missing_of(work, some)
    return missing


def _missing_of(work: Work, live: Sequence[Any]) -> dict[int, list[Gap]]:
    ids, now = [account.id for account in live], today(work)
    customers = {s.key for s in work.playbook.stages if is_customer(work.playbook, s.key)}
    known = gaps.recorded(work.tx, ids)
    contacts = last_contact.last_days(work.tx, ids, internal_plays(work.playbook), day_of(work))
    missing = {}
    for account in live:
        last = contacts.get(account.id)
        facts = rules.Known(
            in_term=account.stage in customers,
            has_value=account.id in known.value,
            has_decider=account.id in known.deciders,
            has_contact=account.id in known.contacts,
            has_alternatives=account.id in known.alternatives,
            has_decision_date=account.id in known.decision_dates,
            quiet_since=last if last is not None else day_of(work)(account.created_at),
            never=last is None,
        )
        missing[account.id] = [*rules.missing(facts, now)]
    return missing


def list_gaps(work: Work, account: Account) -> list[Gap]:
    """What is missing of an account, each with what is planned and when nothing new was said."""
    missing = missing_of(work, [account]).get(account.id, [])
    return with_plans(work, account, missing) if missing else []


def with_plans(work: Work, account: Account, missing: Sequence[Gap]) -> list[Gap]:
    """The same gaps with the open touchpoints that close them, and the last "nothing new"."""
    term = terms.current_term(work.tx, account)
    since = term.began_at if term else account.created_at
    said = gaps.last_nothing_new(work.tx, account.id, since)
    planned = touchpoints.list_of_account(work.tx, account.id)
    found = []
    for gap in missing:
        at = said.get(rules.RECORDS[gap.key])
        plans = (_plan(work, each) for each in planned if _closes(work, each, gap.key))
        in_time = (each for each in plans if each.due_on <= (account.renews_on or each.due_on))
        asked_on = day_of(work)(at) if at else None
        found.append(replace(gap, planned=next(in_time, None), asked_on=asked_on))
    return found


def _closes(work: Work, touchpoint: Touchpoint, gap: str) -> bool:
    if gap == rules.TOUCH:
        return contacts_customer(work.playbook, touchpoint)
    play = work.playbook.play(touchpoint.stage, touchpoint.play)
    records = touchpoint.records or (play.records if play is not None else None)
    return records == rules.RECORDS[gap]


def _plan(work: Work, touchpoint: Touchpoint) -> Planned:
    comes = touchpoint.snoozed_until or touchpoint.postponed_until or touchpoint.due_at
    return Planned(
        owner=touchpoint.owner,
        person=touchpoint.person_id,
        state=touchpoint.state,
        due_on=work.playbook.calendar(touchpoint.owner).local_date(comes),
        by=touchpoint.by_user if touchpoint.state == "claimed" else None,
    )
