"""What each form does when it is submitted: reads it, calls one action, returns the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from bot.actions.accounts import accounts as account_actions
from bot.actions.accounts import erase as erasing
from bot.actions.accounts import interactions
from bot.actions.lifecycle import stages
from bot.actions.responses.respond import respond
from bot.actions.touchpoints.routing import touchpoint_calendar
from bot.actions.views import cards
from bot.handlers.accounts import forms as account_forms
from bot.handlers.accounts import value
from bot.handlers.advocacy import command as advocacy
from bot.handlers.advocacy import first_week
from bot.handlers.answers import forms as answers_forms
from bot.handlers.answers import known
from bot.handlers.base.form import FieldError, Form, FormOutdated
from bot.handlers.contacts import people
from bot.handlers.contracts import contracts
from bot.handlers.handoffs import buttons as handoffs
from bot.handlers.home import accounts as home_accounts
from bot.handlers.lifecycle import decision
from bot.handlers.lists.buttons import submit_several
from bot.handlers.members import forms as members_forms
from bot.handlers.promises import forms as promises_forms
from bot.handlers.workspace import setup
from bot.messages.accounts import account as account_messages
from bot.messages.accounts import log as log_messages
from bot.messages.kit.blocks import text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import day
from bot.messages.lifecycle import stage as stage_messages
from bot.messages.touchpoints.forms import MAX_REASON_LENGTH
from bot.rules.errors import UserError
from bot.rules.text.words import cut, plural
from bot.rules.time.snooze import LATER_TODAY, MAX_SNOOZE, later_today
from db.models import Account, Touchpoint

_MAX_NOTE_LENGTH = 2 * MAX_REASON_LENGTH


def submit_skip(form: Form) -> None:
    """Skips a touchpoint, with the reason if one was given."""
    request = form.request
    note = cut(": ".join(filter(None, (form.choice("why"), form.text("note")))), _MAX_NOTE_LENGTH)
    with form.at("why"):
        touchpoint = request.tx.require(Touchpoint, int(form.ids["touchpoint"]))
        respond(request.work, touchpoint, "skip", note=note or None)


def submit_snooze(form: Form) -> None:
    """Puts a touchpoint off: until later today, or a day's opening."""
    request = form.request
    with form.at("until"):
        touchpoint = request.tx.require(Touchpoint, int(form.ids["touchpoint"]))
        respond(request.work, touchpoint, "snooze", until=_snooze_until(form, touchpoint))


def _snooze_until(form: Form, touchpoint: Touchpoint) -> date | datetime:
    request = form.request
    account = request.tx.require(Account, touchpoint.account_id)
    calendar = touchpoint_calendar(request.tx, request.playbook, touchpoint, account)
    today = calendar.local_date(request.now)
    other, picked = form.day("day"), form.choice("until")
    if other is not None:
        if not today < other <= today + MAX_SNOOZE:
            raise FieldError("day", "Pick a day from tomorrow on, within a year.")
        return other
    if picked != LATER_TODAY:
        until = date.fromisoformat(picked)
        if until <= today:
            raise UserError(f"{day(until)} has come meanwhile: pick another day.")
        return until
    at = later_today(calendar, request.now)
    if at is None:
        raise UserError("The working day is over by then: pick another time.")
    return at


def submit_log(form: Form) -> Message:
    """Logs an interaction."""
    request = form.request
    account = form.live_account()
    on = form.day("on") or request.today
    if on > request.today:
        raise FieldError("on", f"{day(on)} is still to come, and only what has happened is logged.")
    contact = form.contact(account)
    with form.at("text"):
        logged = interactions.log(
            request.work,
            account,
            kind=form.choice("kind"),
            text=form.text("text"),
            happened_on=on,
            contact_id=contact.id if contact else None,
        )
    return log_messages.logged(account.name, logged.kind, logged.text, on, logged.id)


def submit_add(form: Form) -> Message:
    """Adds an account."""
    request = form.request
    stage = request.playbook.stage(form.choice("stage"))
    if stage is None:
        raise FieldError("stage", "The playbook no longer has this stage: pick another.")
    manager, renews_on = form.colleague("manager"), form.future_day("renews")
    with form.at("name"):
        account, _ = account_actions.add(
            request.work, form.text("name"), stage=stage.key, manager=manager, renews_on=renews_on
        )
    return account_messages.added(cards.account_card(request.work, account))


def submit_move(form: Form) -> Message:
    """Moves an account to another stage."""
    request = form.request
    account = form.live_account()
    to, reason = form.choice("stage"), form.text("reason")
    seen = form.seen_entry(account)
    with form.at("reason" if _needs_reason(form, account, to) else "stage"):
        try:
            moved = stages.move(request.work, account, to, reason=reason or None, seen=seen)
        except stages.MovedMeanwhile as meanwhile:
            # The same form with what happened above it; whoever submits it again means it.
            warning = f"{meanwhile} Nothing was changed. *Move* moves it all the same."
            anew = account_forms.move(
                request, meanwhile.account, to=to, reason=reason, warning=warning
            )
            raise FormOutdated(anew) from None
    return stage_messages.moved(stages.build_move_card(request.work, moved))


def _needs_reason(form: Form, account: Account, to: str) -> bool:
    way = form.request.playbook.direction(account.stage, to)
    return way in ("back", "out") and account.stage != to


def submit_erase(form: Form) -> Message:
    """Removes a customer's data, when an admin has typed its name."""
    request = form.request
    account = request.tx.require(Account, int(form.ids["account"]))
    if not request.is_admin:
        raise FieldError("name", "Only admins of this workspace can erase a customer.")
    if not erasing.matches_name(account, form.text("name")):
        raise FieldError("name", f"That is not its name. Type it as it stands: {account.name}")
    count = erasing.erase_account(request.work, account)
    return text_message(
        f"Erased: {plural(count, 'row')} and the messages about it. The audit keeps that it was "
        "done and by whom, and nothing of the customer."
    )


def submit_lookup(form: Form) -> Message:
    """Where an account stands."""
    return account_messages.card(cards.account_card(form.request.work, form.account()))


SUBMITS: dict[str, Callable[[Form], Message | None]] = {
    **answers_forms.SUBMITS,
    **known.SUBMITS,
    "several": submit_several,
    **account_forms.SUBMITS,
    "skip": submit_skip,
    "snooze": submit_snooze,
    "log": submit_log,
    "add": submit_add,
    "move": submit_move,
    "lookup": submit_lookup,
    "erase": submit_erase,
    **promises_forms.SUBMITS,
    **handoffs.SUBMITS,
    **home_accounts.SUBMITS,
    **members_forms.SUBMITS,
    **decision.SUBMITS,
    **value.SUBMITS,
    **people.SUBMITS,
    "first": first_week.submit,
    **contracts.SUBMITS,
    **advocacy.SUBMITS,
    **setup.SUBMITS,
}
