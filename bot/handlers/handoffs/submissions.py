"""What the forms of a handoff do when they are submitted."""

from __future__ import annotations

from bot.actions.handoffs import handoffs as actions
from bot.handlers.base.form import Form


def submit_question(form: Form) -> None:
    """A question goes to the giving department."""
    request = form.request
    with form.at("text"):
        actions.ask_question(request.work, int(form.ids["handoff"]), form.text("text"))


def submit_answer(form: Form) -> None:
    """The answer goes back into the handoff's thread."""
    request = form.request
    with form.at("text"):
        actions.answer_question(request.work, int(form.ids["question"]), form.text("text"))


SUBMITS = {"handoff_ask": submit_question, "handoff_answer": submit_answer}
