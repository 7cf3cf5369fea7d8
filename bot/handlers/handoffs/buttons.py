""" "Accept", "Ask a question" and "Answer" on handoffs, and their forms."""

from slack_bolt import App
from slack_sdk.models.views import View

from bot.actions.handoffs import handoffs as actions
from bot.context import Context
from bot.handlers.base.clicks import action_listener, form_listener
from bot.handlers.base.form import Form
from bot.handlers.base.request import Request
from bot.messages.handoffs import handoff as messages
from db.models import Account, Handoff, HandoffQuestion


def register(app: App, linchpin: Context) -> None:
    """Listens to the buttons of handoffs."""
    app.action("handoff:accept")(action_listener(linchpin, _accept))
    app.action("handoff:ask")(form_listener(linchpin, _question))
    app.action("handoff:answer")(form_listener(linchpin, _answer))


def submit_question(form: Form) -> None:
    """Sends a question to the giving department."""
    actions.ask_question(form.request.work, int(form.ids["handoff"]), form.text("text"))


def submit_answer(form: Form) -> None:
    """Posts the answer into the handoff's thread."""
    actions.answer_question(form.request.work, int(form.ids["question"]), form.text("text"))


def _accept(request: Request, handoff_id: int) -> None:
    actions.accept(request.work, handoff_id)


def _question(request: Request, handoff_id: int) -> View:
    handoff, account = _load_handoff(request, handoff_id)
    giver = request.playbook.departments.get(handoff.giver)
    return messages.question_form(handoff_id, account.name, giver.name if giver else handoff.giver)


def _answer(request: Request, question_id: int) -> View:
    question = request.tx.require(HandoffQuestion, question_id, "question")
    _, account = _load_handoff(request, question.handoff_id)
    return messages.answer_form(question_id, account.name, question.text)


def _load_handoff(request: Request, handoff_id: int) -> tuple[Handoff, Account]:
    handoff = request.tx.require(Handoff, handoff_id)
    return handoff, request.tx.require(Account, handoff.account_id)


SUBMITS = {"handoff_ask": submit_question, "handoff_answer": submit_answer}
