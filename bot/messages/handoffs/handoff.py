"""The handoff of an account: one message for the department that gets it, and what follows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from bot.messages.kit import form_parts
from bot.messages.kit.blocks import actions, button, compose, context, section, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, join_lines, mention, more_line, on, one_line, plain, when
from bot.rules.text.money import Money, format_yearly

MAX_ROWS = 5
MAX_TEXT_LENGTH = 600
MAX_LENGTH = 1500  # of what is typed


@dataclass(frozen=True)
class Question:
    """A question about a handoff, and its answer if there is one."""

    id: int
    text: str
    asked_by: str
    answer: str | None
    answered_by: str | None


@dataclass(frozen=True)
class Handoff:
    """All that the receiving department has to know. Texts are markup, ready to be shown. `by` is
    who handed over, `contacts` those at the customer, `accept_by` when the lead hears."""

    id: int
    account_id: int
    account: str
    before: str
    now_in: str
    giver: str
    receiver: str
    by: str
    at: datetime
    accept_by: datetime | None
    why: str
    promises: Sequence[str]
    contacts: str
    not_known: str
    worth: Money | None = None
    renews_on: date | None = None
    questions: Sequence[Question] = ()
    accepted_by: str | None = None
    accepted_at: datetime | None = None
    closed_why: str | None = None

    @property
    def what(self) -> str:
        return f"*{plain(self.account)}* · Handoff from {self.giver}"

    @property
    def promised(self) -> str:
        more = more_line(len(self.promises) - MAX_ROWS)
        rows = [*self.promises[:MAX_ROWS], *([more] if more else [])]
        return f"*Promised:* {' · '.join(rows) or 'none recorded'}"


def handoff_message(handoff: Handoff) -> Message:
    """The message in the receiving department's channel, folded once it is accepted."""
    if handoff.closed_why is not None:
        return text_message(f"{handoff.what}\nNo longer needed: {plain(handoff.closed_why)}")
    if handoff.accepted_by is not None and handoff.accepted_at is not None:
        who = f"{mention(handoff.accepted_by)}, {when(handoff.accepted_at)}"
        head = join_lines(f"✅ {handoff.what} · accepted by {who}", handoff.promised)
        return compose(head, _asked(handoff), actions(*_buttons(handoff)[1:]))
    accept_by = f" · accept by {on(handoff.accept_by)}" if handoff.accept_by else ""
    facts = (
        format_yearly(handoff.worth) if handoff.worth else "",
        f"renews {day(handoff.renews_on)}" if handoff.renews_on else "",
        f"{plain(handoff.before)} to {plain(handoff.now_in)}",
    )
    known = (
        f"*Why they chose us:* {handoff.why or 'not written down'}",
        handoff.promised,
        f"*People:* {handoff.contacts}" if handoff.contacts else "",
        f"*Not known:* {handoff.not_known}" if handoff.not_known else "",
        _asked(handoff),
    )
    return compose(
        join_lines(f"{handoff.what}{accept_by}", " · ".join(filter(None, facts))),
        join_lines(*known),
        actions(*_buttons(handoff)),
        context(f"Handed over by {handoff.by}") if handoff.by else "",
    )


def overdue(handoff: Handoff) -> str:
    """To the department's lead, once: nobody has accepted it."""
    where = f"{plain(handoff.before)} to {plain(handoff.now_in)}"
    return f"{handoff.what} to {handoff.receiver} · not accepted since {on(handoff.at)} · {where}"


def question_message(handoff: Handoff, question: Question) -> Message:
    """The question, in the giving department's channel; with its answer once it has one."""
    text = (
        f"{mention(question.asked_by)} of {handoff.receiver} asks about "
        f"*{plain(handoff.account)}*, which came from {handoff.giver}:\n"
        f"> {one_line(question.text, MAX_TEXT_LENGTH)}"
    )
    if question.answer is None:
        return compose(text, actions(button("Answer…", "handoff:answer", str(question.id))))
    answer = one_line(question.answer, MAX_TEXT_LENGTH)
    return text_message(text, f"✅ Answered by {mention(question.answered_by or '')}: {answer}")


def answer_message(question: Question) -> Message:
    """The answer, in the handoff's thread."""
    return text_message(
        f"{mention(question.asked_by)}, {mention(question.answered_by or '')} answers your "
        f'question "{one_line(question.text, 150)}":\n'
        f"> {one_line(question.answer or '', MAX_TEXT_LENGTH)}"
    )


def _asked(handoff: Handoff) -> str:
    asked = [_question(question) for question in handoff.questions[:MAX_ROWS]]
    return f"*Asked:* {' · '.join(asked)}" if asked else ""


def _question(question: Question) -> str:
    answer = f" → {one_line(question.answer, 200)}" if question.answer else " (no answer yet)"
    return f'"{one_line(question.text, 150)}"{answer}'


def _buttons(handoff: Handoff) -> tuple[ButtonElement, ...]:
    return (
        button("Accept", "handoff:accept", str(handoff.id), style="primary"),
        button("Ask a question…", "handoff:ask", str(handoff.id)),
        button("Show account", "command:card", f"/account id:{handoff.account_id}"),
    )


def question_form(handoff_id: int, account: str, giver: str) -> View:
    blocks: list[Block] = [
        section(f"What do you want to know of {giver} about *{plain(account)}*?"),
        form_parts.text_input("text", "Question", multiline=True, most=MAX_LENGTH, focus=True),
        context("The answer comes into the thread of the handoff."),
    ]
    return form_parts.form("handoff_ask", "Ask a question", "Ask", blocks, {"handoff": handoff_id})


def answer_form(question_id: int, account: str, text: str) -> View:
    blocks: list[Block] = [
        section(f"*{plain(account)}*\n> {one_line(text, MAX_LENGTH)}"),
        form_parts.text_input("text", "Answer", multiline=True, most=MAX_LENGTH, focus=True),
    ]
    return form_parts.form("handoff_answer", "Answer", "Answer", blocks, {"question": question_id})
