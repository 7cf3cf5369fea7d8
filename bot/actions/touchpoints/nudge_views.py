"""A touchpoint as messages show it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.actions.touchpoints import routing
from bot.actions.touchpoints.plays import find_play, records_of
from bot.actions.work import Work
from bot.messages.accounts.value import amount
from bot.messages.facts.known import overdue_text
from bot.messages.kit.money import renewal
from bot.messages.touchpoints import nudge as nudges
from bot.rules.decisions import is_redecision, renewal_answers
from bot.rules.facts.live import is_live
from bot.rules.facts.standing import overdue_days
from bot.rules.playbook.playbook import Play, Playbook
from bot.rules.reasons import is_soon
from bot.rules.value import measure_terms
from db.accounts import value
from db.contracts import contracts
from db.core.tx import Tx
from db.models import PROMISE, RENEWAL, Account, Touchpoint
from db.promises import promises


def nudge_view(work: Work, touchpoint: Touchpoint, account: Account) -> nudges.Nudge:
    """A touchpoint as messages show it."""
    tx, playbook = work.tx, work.playbook
    play = find_play(playbook, touchpoint)
    # What stays open when the account moves helps the decision that the customer faces now, but a
    # gap of a brief was asked about the renewal.
    stays = touchpoint.follows_playbook or touchpoint.kind == "gap"
    stage = playbook.stage(touchpoint.stage if stays else account.stage)
    calendar = routing.touchpoint_calendar(tx, playbook, touchpoint, account)
    today = calendar.local_date(work.now)
    view = nudges.Nudge(
        id=touchpoint.id,
        account=account.name,
        title=touchpoint.title,
        ask=play.ask if play else "",
        helps=play.helps if play else "",
        decision=stage.decision if stage else "",
        due=due_text(work, touchpoint, account),
        state=touchpoint.state,
        state_at=touchpoint.state_at,
        by=touchpoint.by_user,
        snoozed_until=touchpoint.snoozed_until,
        reason=touchpoint.note,
        kind=touchpoint.kind,
        redecides=touchpoint.follows_playbook and is_redecision(playbook, touchpoint.stage),
        asks_for=play.asks_for if play else None,
        renewal=_renewal_text(tx, playbook, account, play, today),
        records=records_of(playbook, touchpoint),
        answers=renewal_answers(playbook, account.stage) if touchpoint.kind == RENEWAL else (),
        answer=touchpoint.answer,
        answered_at=touchpoint.answered_at,
    )
    return replace(view, total=_value_total(tx, touchpoint, account)) if view.answer else view


def due_text(work: Work, touchpoint: Touchpoint, account: Account) -> str:
    """ "due today" or "*3 days overdue*"; a promise is due on its own day."""
    calendar = routing.touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
    today, due_on = calendar.local_date(work.now), calendar.local_date(touchpoint.due_at)
    late = overdue_days(work.playbook, touchpoint, work.now)
    promised = (
        promises.by_touchpoint(work.tx, touchpoint.id) if touchpoint.kind == PROMISE else None
    )
    if promised is not None:
        due_on = promised.promise.due_on
        late = calendar.working_days_after(due_on, today)
    return overdue_text(late, due_on, today)


def _renewal_text(
    tx: Tx, playbook: Playbook, account: Account, play: Play | None, today: date
) -> str:
    """When a near renewal is and what is at stake, or that its date is assumed."""
    if play is not None and play.due.kind == "before renewal" and account.renews_on is None:
        return "renewal date not known: a year after the term began is assumed"
    renews_on = near_renewal(playbook, account, today)
    if renews_on is None:
        return ""
    worth = contracts.stakes(tx, [account], playbook.value.currency).get(account.id)
    return renewal(renews_on, today, worth)


def near_renewal(playbook: Playbook, account: Account, today: date) -> date | None:
    """When a live account renews, if that is within 90 days."""
    is_near = is_soon(account.renews_on, today) and is_live(playbook, account)
    return account.renews_on if is_near else None


def _value_total(tx: Tx, touchpoint: Touchpoint, account: Account) -> str:
    """ "confirmed this term: EUR 52,000 (last term: EUR 41,000)", for a line about value."""
    if touchpoint.records != "value":
        return ""
    tallies = value.account_tallies(tx, account.id)
    last, this = measure_terms(tallies, (account.term - 1, account.term))
    before = f" (last term: {amount(last.confirmed, last.currency)})" if last.confirmed else ""
    return f"confirmed this term: {amount(this.confirmed, this.currency)}{before}"
