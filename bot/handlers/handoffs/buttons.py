""" "Accept", "Ask a question" and "Answer" on handoffs."""

from __future__ import annotations

from slack_bolt import Ack, App, BoltContext
from slack_sdk.models.views import View

from bot.actions.handoffs import handoffs as actions
from bot.context import Context
from bot.handlers.base import clicks
from bot.handlers.base.clicks import Body
from bot.handlers.base.request import Request
from bot.messages.handoffs import forms as forms
from bot.rules.errors import UserError
from db.accounts import accounts
from db.handoffs import handoffs
from db.models import Account, Handoff


def register(app: App, linchpin: Context) -> None:
    """Listens to the buttons of handoffs."""

    @app.action("handoff:accept")
    def accept(ack: Ack, body: Body, context: BoltContext) -> None:
        clicks.run_action(linchpin, context["speaker"], body, _accept)
        ack()

    @app.action("handoff:ask")
    def ask(ack: Ack, body: Body, context: BoltContext) -> None:
        clicks.open_form_for(linchpin, context["speaker"], body, _question)
        ack()

    @app.action("handoff:answer")
    def answer(ack: Ack, body: Body, context: BoltContext) -> None:
        clicks.open_form_for(linchpin, context["speaker"], body, _answer)
        ack()


def _accept(request: Request, handoff_id: int) -> None:
    actions.accept(request.work, handoff_id)


def _question(request: Request, handoff_id: int) -> View:
    handoff, account = _load_handoff(request, handoff_id)
    giver = request.playbook.departments.get(handoff.giver)
    return forms.question(handoff_id, account.name, giver.name if giver else handoff.giver)


def _answer(request: Request, question_id: int) -> View:
    asked = handoffs.lock_question(request.tx, question_id)
    if asked is None:
        raise UserError("That question is no longer there.")
    _, account = _load_handoff(request, asked.handoff_id)
    return forms.answer(question_id, account.name, asked.text)


def _load_handoff(request: Request, handoff_id: int) -> tuple[Handoff, Account]:
    handoff = request.tx.get(Handoff, handoff_id)
    account = accounts.by_id(request.tx, handoff.account_id) if handoff else None
    if handoff is None or account is None:
        raise UserError("That handoff is no longer there.")
    return handoff, account
