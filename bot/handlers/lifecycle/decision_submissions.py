"""What the form of a decision does when it is submitted."""

from __future__ import annotations

from datetime import date

from bot.actions.accounts import accounts as account_actions
from bot.actions.lifecycle import stages
from bot.actions.lifecycle.decisions import Decided, renewal_after
from bot.handlers.base.form import FieldError, Form, ShownAnew
from bot.handlers.base.request import Request
from bot.handlers.lifecycle import decision as handler
from bot.messages.kit.message import Message
from bot.rules.decisions import Leads, leads
from bot.rules.language.dates import parse_future
from db.accounts import accounts
from db.models import Account
from db.terms import terms


def recorded(form: Form) -> Message:
    """Records the decision of the form."""
    request = form.request
    picked = form.choice("account")
    account = accounts.by_id(request.tx, int(picked) if picked.isdecimal() else None)
    if account is None:
        raise FieldError("account", "That account is no longer there: pick another.")
    with form.at("account"):
        account_actions.live(account)
    outcome = form.choice("outcome")
    to = leads(request.playbook, account.stage, outcome)
    decided = Decided(
        outcome,
        form.text("reason") or None,
        form.text("alternative") or None,
        _renews(form, account, to),
    )
    # Another account than the form was opened for was not looked at.
    seen = form.ids.get("seen") if form.ids.get("account") == account.id else None
    with form.at(_field(request, to, decided)):
        try:
            return handler.record(request, account, decided, seen)
        except stages.MovedMeanwhile as meanwhile:
            warning = handler.overtaken(request, meanwhile)
            raise ShownAnew(handler.form(request, meanwhile.account, warning)) from None


def _renews(form: Form, account: Account, to: Leads) -> date | None:
    """The next renewal, where the person named another than the one that stood there."""
    picked, request = form.day("renews"), form.request
    if picked is None or not to.renews:
        return None
    current = terms.current(request.tx, account)
    if current and picked == renewal_after(request.tx, account, current, request.today):
        return None
    try:
        return parse_future(picked.isoformat(), request.today)
    except ValueError as error:
        raise FieldError("renews", str(error)) from None


def _field(request: Request, to: Leads, decided: Decided) -> str:
    """Where an error stands: at the reason where only that is missing."""
    target = request.playbook.stage(to.to) if to.to else None
    return "reason" if target is not None and target.exit and not decided.reason else "outcome"


SUBMITS = {"decision": recorded}
