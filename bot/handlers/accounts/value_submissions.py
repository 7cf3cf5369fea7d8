"""What the forms of the value ledger do when they are submitted."""

from __future__ import annotations

from bot.actions.accounts import accounts as account_actions
from bot.actions.accounts import value
from bot.actions.accounts.value import Confirmation
from bot.actions.views import value as views_value
from bot.handlers.base.form import FieldError, Form
from bot.messages.accounts import value as messages
from bot.messages.accounts.value_form import CONFIRMED
from bot.messages.kit.message import Message
from bot.rules.language.dates import format_date
from bot.rules.text.money import Money, parse_money
from db.accounts import accounts


def submit_value(form: Form) -> Message:
    """Notes what an account got."""
    request = form.request
    picked = form.choice("account")
    account = accounts.by_id(request.tx, int(picked) if picked.isdecimal() else None)
    if account is None:
        raise FieldError("account", "That account is no longer there: pick another.")
    with form.at("account"):
        account_actions.require_live(account)
    says = form.choice("says") == CONFIRMED
    worth = _parse_worth(form)
    with form.at("text"):
        entry = value.add_entry(
            request.work,
            account,
            form.text("text"),
            worth=worth,
            confirmed=Confirmation(request.today, form.text("who") or None) if says else None,
        )
    return messages.added_message(account.name, views_value.entry(request.playbook, entry))


def _parse_worth(form: Form) -> Money | None:
    words = form.text("worth")
    if not words:
        return None
    try:
        worth = parse_money(words)
    except ValueError as error:
        raise FieldError("worth", str(error)) from None
    if worth is None:
        raise FieldError("worth", "Write an amount and its currency, like 12000 EUR or $12k.")
    currency = worth.currency or form.request.playbook.value.currency
    if currency is None:
        raise FieldError("worth", "Name the currency as well, like 12000 EUR.")
    return worth._replace(currency=currency)


def submit_confirmation(form: Form) -> Message:
    """They said so, and who of them."""
    request = form.request
    on = form.day("on") or request.today
    if on > request.today:
        raise FieldError("on", f"{format_date(on)} is still to come: when did they say it?")
    with form.at("who"):
        entry, account = value.confirm(
            request.work, int(form.ids["entry"]), Confirmation(on, form.text("who") or None)
        )
    return messages.confirmed(account.name, views_value.entry(request.playbook, entry))


SUBMITS = {"value": submit_value, "value_confirm": submit_confirmation}
