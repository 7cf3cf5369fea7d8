"""`/value`: what a customer got, what it is worth, who says so; its forms and buttons."""

import re
from datetime import date

from slack_bolt import App
from slack_sdk.models.views import View

from bot.actions.accounts import value
from bot.actions.accounts.value import Confirmation
from bot.actions.contacts import contacts
from bot.actions.views import value as views_value
from bot.context import Context
from bot.handlers.base.clicks import (
    Body,
    action_listener,
    clicked_value,
    form_listener,
    listener,
    perform,
)
from bot.handlers.base.form import FieldError, Form
from bot.handlers.base.request import NeedsForm, Request
from bot.handlers.base.worth import parse_worth
from bot.messages.accounts import value as messages
from bot.messages.accounts import value_form as forms
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, plain, quoted
from bot.rules.contacts import contact_label
from bot.rules.errors import UserError
from bot.rules.language.value import read_value
from bot.rules.text.money import Money
from bot.rules.text.words import tokens
from db.models import Account, Contact, Member, ValueEntry
from db.terms import terms

_PAGE_PATTERN = re.compile(
    r"(?:(?:term|cycle)\s+(?P<term>\d{1,6}))?\s*(?:page\s+(?P<page>\d{1,6}))?", re.IGNORECASE
)


def register(app: App, linchpin: Context) -> None:
    """Listens to the buttons of the value ledger: amounts, Undo and "They said so"."""
    app.action(re.compile("^value:count:"))(listener(linchpin, _count))
    app.action("value:worth")(form_listener(linchpin, _worth_form))
    app.action("value:undo")(action_listener(linchpin, undo))
    app.action("value:confirm")(form_listener(linchpin, _confirmation_form))


def handle(request: Request) -> Message:
    """Answers `/value …`."""
    if not tokens(request.text):
        raise NeedsForm(form(request))
    _, account, rest = request.split_account("/value")
    if page := _PAGE_PATTERN.fullmatch(rest.strip()):
        term = int(page["term"]) if page["term"] else None
        return _ledger(request, account, term, int(page["page"] or 1))
    return _add_entry(request, account, rest)


def form(request: Request, account: Account | None = None, text: str = "") -> View:
    """ "What they got", with what is known filled in."""
    known = (account.id, account.name) if account else None
    return forms.value_form(known, text=text, channel=request.channel)


def submit_value(form: Form) -> Message:
    """Saves an entry of what an account got."""
    request, account = form.request, form.live_account()
    contact = form.contact(account)
    is_confirmed = form.choice("says") == forms.CONFIRMED
    worth = parse_worth(form, "text", "worth")
    confirmed = _confirmation(request.today, contact) if is_confirmed else None
    with form.at("text"):
        entry = value.add_entry(
            request.work, account, form.text("text"), worth=worth, confirmed=confirmed
        )
    return messages.added_message(account.name, views_value.entry(request.playbook, entry))


def submit_confirmation(form: Form) -> Message:
    """Records who confirmed an entry, and when."""
    request = form.request
    on = form.day("on") or request.today
    if on > request.today:
        raise FieldError("on", f"{day(on)} is still to come: when did they say it?")
    with form.at("on"):
        entry, account = value.load_entry(request.tx, int(form.ids["entry"]))
        confirmed = _confirmation(on, form.contact(account))
        value.confirm(request.work, entry.id, confirmed)
    return messages.confirmed(account.name, views_value.entry(request.playbook, entry))


def submit_worth(form: Form) -> Message:
    """Records what an entry is worth a year."""
    worth = parse_worth(form, "worth", "worth")
    assert worth is not None  # the field is required
    return _set_worth(form.request, int(form.ids["entry"]), worth)


def _count(context: Context, speaker: Member, body: Body) -> None:
    currency, hundredths, entry = clicked_value(body).split(":")
    worth = Money(int(hundredths), currency)
    perform(context, speaker, body, lambda request: _set_worth(request, int(entry), worth))


def _set_worth(request: Request, entry_id: int, worth: Money) -> Message:
    entry, account = value.set_worth(request.work, entry_id, worth)
    return messages.added_message(account.name, views_value.entry(request.playbook, entry))


def _worth_form(request: Request, entry_id: int) -> View:
    entry, account = value.load_counting(request.tx, entry_id)
    return forms.worth_form(entry_id, account.name, entry.text, request.channel)


def _confirmation(on: date, contact: Contact | None) -> Confirmation:
    if contact is None:
        return Confirmation(on)
    return Confirmation(on, contact_label(contact.name, contact.role), contact.id)


def _confirmation_form(request: Request, entry_id: int) -> View:
    """ "They said so", about one entry. Raises `UserError` when it is gone or confirmed already."""
    entry = request.tx.get(ValueEntry, entry_id)
    account = request.tx.get(Account, entry.account_id) if entry else None
    if entry is None or account is None or entry.undone_at is not None:
        raise UserError("That entry was taken back meanwhile, so there is nothing to confirm.")
    if entry.confirmed_at is not None:
        view = views_value.entry(request.playbook, entry)
        raise UserError(f"*{plain(account.name)}*: {view.line()}\n{view.standing()}")
    today, channel = request.today, request.channel
    about = account.id, account.name
    return forms.confirmation_form(entry_id, about, entry.text, today, channel)


def undo(request: Request, entry_id: int) -> Message:
    """Takes an entry back."""
    entry, account = value.undo(request.work, entry_id)
    return messages.undone(account.name, views_value.entry(request.playbook, entry))


def _add_entry(request: Request, account: Account, words: str) -> Message:
    try:
        got = read_value(request.readable(words), request.playbook.value.currency)
    except ValueError as error:
        line = f"`/value {quoted(account.name)} cut onboarding from 4 weeks to 2 worth 12000 EUR`"
        raise UserError(f"{plain(str(error))} A line that works: {line}.") from None
    contact = contacts.resolve_named(request.work, account, got.who)
    said_so = Confirmation(request.today, got.who, contact.id if contact else None)
    noted = value.add_entry(
        request.work,
        account,
        got.text,
        worth=got.worth,
        confirmed=said_so if got.is_confirmed else None,
    )
    view = views_value.entry(request.playbook, noted)
    return messages.added_message(account.name, view, amounts=got.amounts, unread=got.unread)


def _ledger(request: Request, account: Account, term: int | None, page: int) -> Message:
    known = term in (None, account.term)
    if not known and terms.by_number(request.tx, account.id, term or 0) is None:
        raise UserError(
            f"{plain(account.name)} has no term {term:,} yet: it is in term {account.term:,}. "
            f"`/value {quoted(account.name)}` shows all of it."
        )
    ledger = views_value.ledger_page(request.tx, request.playbook, account, term, page)
    return messages.ledger(ledger)


SUBMITS = {"value": submit_value, "value_confirm": submit_confirmation, "value_worth": submit_worth}
