"""What the forms of a handoff do when they are submitted."""

from __future__ import annotations

from bot.actions.handoffs import handoffs as actions
from bot.handlers.base.form import Form


def asked(form: Form) -> None:
    """A question goes to the giving department."""
    request = form.request
    with form.at("text"):
        actions.ask(request.work, int(form.ids["handoff"]), form.text("text"))


def answered(form: Form) -> None:
    """The answer goes back into the handoff's thread."""
    request = form.request
    with form.at("text"):
        actions.answer(request.work, int(form.ids["question"]), form.text("text"))


SUBMITS = {"handoff_ask": asked, "handoff_answer": answered}
