"""What the forms about promises do when they are submitted."""

from __future__ import annotations

from datetime import date

from bot.actions.accounts import accounts as account_actions
from bot.actions.actor import CLOCK
from bot.actions.promises import promises as actions
from bot.actions.promises.promises import Owner
from bot.actions.responses.respond import respond
from bot.actions.work import Work
from bot.handlers.base.form import FieldError, Form
from bot.messages.kit.message import Message
from bot.messages.promises import promise as messages
from bot.messages.promises.forms import NEVER
from bot.rules.language.dates import format_date, parse_future
from bot.rules.promises import CONSENTS
from bot.rules.promises import read_consent as as_consent
from db.accounts import accounts
from db.models import Account, Touchpoint
from db.promises import promises


def submit_new(form: Form) -> Message:
    """Notes a promise."""
    request = form.request
    account = _picked_account(form)
    due_on = _picked_day(form)
    if due_on is None:
        raise FieldError("due_on", "Say by when: a promise without a day is a hope.")
    owner = Owner(form.choice("owner"))
    if form.user("keeper"):
        with form.at("keeper"):
            keeper = request.person(f"<@{form.user('keeper')}>", "Priya").user_id
            owner = Owner(owner.key, keeper)
    with form.at("account"):
        account_actions.require_live(account)
    with form.at("text"):
        made = actions.make_promise(request.work, account, form.text("text"), due_on, owner)
    return messages.made(actions.promise_line(request.work, made))


def add_from_done_form(form: Form, touchpoint: Touchpoint) -> Message | None:
    """Notes a promise that was made while a touchpoint was done; None if none was."""
    request = form.request
    text, due_on = form.text("promise"), _picked_day(form, "promise_on")
    account = accounts.by_id(request.tx, touchpoint.account_id)
    if account is None or (not text and due_on is None):
        return None
    if not text:
        raise FieldError("promise", "Say what was promised for that day.")
    if due_on is None:
        raise FieldError("promise_on", "Say by when: a promise without a day is a hope.")
    owner = Owner(request.playbook.promises.owner)
    with form.at("promise"):
        made = actions.make_promise(request.work, account, text, due_on, owner)
    return messages.made(actions.promise_line(request.work, made))


def submit_change(form: Form) -> Message:
    """Gives a promise another date, or says that it will not be kept."""
    request = form.request
    tx, playbook, by, now = request.tx, request.playbook, request.by, request.now
    found = promises.lock_promise(tx, int(form.ids["promise"]))
    if found is None:
        raise FieldError("what", "That promise is no longer there: it was taken back.")
    reason = form.text("reason")
    consent = as_consent(form.choice("consent"))
    if form.choice("what") == NEVER:
        with form.at("what"):
            note = f"{reason} ({CONSENTS[consent]})"
            respond(Work(tx, playbook, now, by), found.touchpoint, "skip", note=note)
    else:
        due_on = _picked_day(form)
        if due_on is None:
            raise FieldError("due_on", "Say by when they get it instead.")
        if due_on == found.promise.due_on:
            raise FieldError("due_on", f"It is promised for {format_date(due_on)} already.")
        with form.at("what"):
            actions.reschedule_promise(Work(tx, playbook, now, by), found, due_on, consent, reason)
    fresh = promises.by_id(tx, found.promise.id)
    assert fresh is not None
    line = actions.promise_line(Work(tx, playbook, now, CLOCK), fresh)
    return messages.rescheduled_message(line) if line.is_open else messages.ended(line)


def _picked_day(form: Form, block_id: str = "due_on") -> date | None:
    picked = form.day(block_id)
    if picked is None:
        return None
    try:
        return parse_future(picked.isoformat(), form.request.today)
    except ValueError as error:
        raise FieldError(block_id, str(error)) from None


def _picked_account(form: Form) -> Account:
    picked = form.choice("account")
    account = accounts.by_id(form.request.tx, int(picked) if picked.isdecimal() else None)
    if account is None:
        raise FieldError("account", "That account is no longer there: pick another.")
    return account


SUBMITS = {"promise": submit_new, "promise_change": submit_change}
