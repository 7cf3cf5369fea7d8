"""What the form of a decision does when it is submitted."""

from __future__ import annotations

from datetime import date

from bot.actions.accounts import accounts as account_actions
from bot.actions.lifecycle import stages
from bot.actions.lifecycle.decisions import DecisionInput, next_renewal_date
from bot.handlers.base.form import FieldError, Form, FormOutdated
from bot.handlers.base.request import Request
from bot.handlers.lifecycle import decision as handler
from bot.messages.kit.message import Message
from bot.rules.decisions import DecisionEffect, effect_of
from bot.rules.language.dates import parse_future
from db.accounts import accounts
from db.models import Account
from db.terms import terms


def submit_decision(form: Form) -> Message:
    """Records the decision of the form."""
    request = form.request
    picked = form.choice("account")
    account = accounts.by_id(request.tx, int(picked) if picked.isdecimal() else None)
    if account is None:
        raise FieldError("account", "That account is no longer there: pick another.")
    with form.at("account"):
        account_actions.require_live(account)
    outcome = form.choice("outcome")
    to = effect_of(request.playbook, account.stage, outcome)
    decided = DecisionInput(
        outcome,
        form.text("reason") or None,
        form.text("alternative") or None,
        _renewal_date(form, account, to),
    )
    # Another account than the form was opened for was not looked at.
    seen = form.ids.get("seen") if form.ids.get("account") == account.id else None
    with form.at(_error_field(request, to, decided)):
        try:
            return handler.record_decision(request, account, decided, seen)
        except stages.MovedMeanwhile as meanwhile:
            warning = handler.conflict_text(request, meanwhile)
            raise FormOutdated(handler.form(request, meanwhile.account, warning)) from None


def _renewal_date(form: Form, account: Account, to: DecisionEffect) -> date | None:
    """The next renewal, where the person named another than the one that stood there."""
    picked, request = form.day("renews"), form.request
    if picked is None or not to.renews:
        return None
    current = terms.current_term(request.tx, account)
    if current and picked == next_renewal_date(request.tx, account, current, request.today):
        return None
    try:
        return parse_future(picked.isoformat(), request.today)
    except ValueError as error:
        raise FieldError("renews", str(error)) from None


def _error_field(request: Request, to: DecisionEffect, decided: DecisionInput) -> str:
    """Where an error stands: at the reason where only that is missing."""
    target = request.playbook.stage(to.to) if to.to else None
    return "reason" if target is not None and target.exit and not decided.reason else "outcome"


SUBMITS = {"decision": submit_decision}
