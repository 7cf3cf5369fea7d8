"""The handoff of an account: one message for the department that gets it, and what follows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from slack_sdk.models.blocks import Block, ButtonElement

from bot.messages.kit.blocks import actions, button, compose, context, section, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import (
    bullet_list,
    day,
    join_lines,
    limit_names,
    mention,
    on,
    one_line,
    plain,
    quoted,
    unstyled,
    when,
)
from bot.rules.text.money import Money, format_yearly

MAX_ROWS = 5
MAX_PEOPLE = 6
MAX_TEXT_LENGTH = 600


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
    """All that the receiving department has to know. Rows are markup, ready to be shown.

    `people` are (name, how much they did) of us, `contacts` those at the customer;
    `accept_by` is when the lead hears of it.
    """

    id: int
    account: str
    before: str
    now_in: str
    decision: str
    giver: str
    receiver: str
    by: str | None
    at: datetime
    accept_by: datetime | None
    why: Sequence[str]
    promises: Sequence[str]
    value: Sequence[str]
    people: Sequence[tuple[str, int]]
    upcoming: Sequence[str]
    questions: Sequence[Question] = ()
    accepted_by: str | None = None
    accepted_at: datetime | None = None
    closed_why: str | None = None
    not_known: str = ""
    contacts: str = ""
    worth: Money | None = None
    renews_on: date | None = None

    @property
    def what(self) -> str:
        return f"*{plain(self.account)}* goes from {self.giver} to {self.receiver}"


def handoff_message(handoff: Handoff) -> Message:
    """The message in the receiving department's channel, folded once it is accepted."""
    if handoff.closed_why is not None:
        return _closed_message(handoff, f"No longer needed: {plain(handoff.closed_why)}")
    by = f", handed over by {mention(handoff.by)}" if handoff.by else ""
    head = f"{handoff.what}: {plain(handoff.before)} → *{plain(handoff.now_in)}*{by}"
    if handoff.accepted_by is not None and handoff.accepted_at is not None:
        status = f"✓ Accepted by {mention(handoff.accepted_by)}, {when(handoff.accepted_at)}"
        return _closed_message(handoff, status, head)
    parts = _section_texts(handoff)
    hint = (
        f"*Accept* says that you have it; *Ask a question* goes to {handoff.giver}, and the answer "
        "comes into this thread."
    )
    blocks: list[Block] = [section(head), *(section(part) for part in parts)]
    blocks += [_handoff_buttons(handoff), context(hint)]
    return Message(unstyled("\n".join([head, *parts])), tuple(blocks))


def overdue(handoff: Handoff) -> Message:
    """To the department's lead, once, and it follows what becomes of the handoff."""
    if handoff.accepted_by is not None or handoff.closed_why is not None:
        return handoff_message(handoff)
    text = (
        f"{handoff.what}, and nobody has accepted it since {on(handoff.at)}: "
        f"{plain(handoff.before)} → *{plain(handoff.now_in)}*. They now decide: "
        f'"{plain(handoff.decision)}"'
    )
    return compose(text, _handoff_buttons(handoff))


def question_message(handoff: Handoff, question: Question) -> Message:
    """The question, in the giving department's channel; with its answer once it has one."""
    text = (
        f"{mention(question.asked_by)} of {handoff.receiver} asks about "
        f"*{plain(handoff.account)}*, which came from {handoff.giver}:\n"
        f"> {one_line(question.text, MAX_TEXT_LENGTH)}"
    )
    if question.answer is None:
        return compose(text, actions(button("Answer", "handoff:answer", str(question.id))))
    answer = one_line(question.answer, MAX_TEXT_LENGTH)
    return text_message(text, f"✓ Answered by {mention(question.answered_by or '')}: {answer}")


def answer_message(question: Question) -> Message:
    """The answer, in the handoff's thread."""
    return text_message(
        f"{mention(question.asked_by)}, {mention(question.answered_by or '')} answers your "
        f'question "{one_line(question.text, 150)}":\n'
        f"> {one_line(question.answer or '', MAX_TEXT_LENGTH)}"
    )


def _section_texts(handoff: Handoff) -> list[str]:
    decide = f'They now decide: "{plain(handoff.decision)}"' if handoff.decision else ""
    people = [f"{plain(name)} ({count:,})" for name, count in handoff.people]
    why = list(handoff.why) or ["nobody wrote it down: *Ask a question* finds out"]
    nothing = ["none open: `/promise " + quoted(handoff.account) + " …` notes one"]
    groups = (
        ("Why they chose us", why),
        ("Promised", handoff.promises or nothing),
        ("People", [handoff.contacts] if handoff.contacts else []),
        ("Not known", [handoff.not_known] if handoff.not_known else []),
        ("What they got so far", handoff.value),
        ("Who knows them", [limit_names(people, MAX_PEOPLE)] if people else []),
        ("What comes first", handoff.upcoming),
        ("Asked", [_question(question) for question in handoff.questions]),
    )
    hint = f": `/account {quoted(handoff.account)}`"
    texts = [f"*{title}*\n{bullet_list(rows, MAX_ROWS, hint)}" for title, rows in groups if rows]
    parts = [f"renews {day(handoff.renews_on)}" if handoff.renews_on else ""]
    parts.insert(0, format_yearly(handoff.worth) if handoff.worth else "")
    money = " · ".join(filter(None, parts))
    return [*filter(None, [money, decide]), *texts]


def _question(question: Question) -> str:
    answer = f" → {one_line(question.answer, 200)}" if question.answer else " (no answer yet)"
    return f'"{one_line(question.text, 150)}"{answer}'


def _closed_message(handoff: Handoff, status: str, head: str = "") -> Message:
    what = head or handoff.what
    hint = f"`/account {quoted(handoff.account)}` shows where it stands."
    open_ones = [f"• {row}" for row in handoff.promises[:MAX_ROWS]]
    promised = "\n".join(["Promised:", *open_ones]) if open_ones and head else ""
    blocks: list[Block] = [section(join_lines(what, promised)), context(status, hint)]
    if head:
        blocks.append(actions(_ask_button(handoff)))
    return Message(unstyled(join_lines(what, promised, f"{status}. {hint}")), tuple(blocks))


def _handoff_buttons(handoff: Handoff) -> Block:
    accept = button("Accept", "handoff:accept", str(handoff.id), style="primary")
    return actions(accept, _ask_button(handoff))


def _ask_button(handoff: Handoff) -> ButtonElement:
    return button("Ask a question", "handoff:ask", str(handoff.id))
