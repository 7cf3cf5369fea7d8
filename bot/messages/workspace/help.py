"""Help: ten lines with a button for each subject, and a page for each."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.messages.kit.blocks import actions, button, compose, context
from bot.messages.kit.message import Message
from bot.rules.text.words import escape
from bot.rules.touchpoint_verbs import legend

KINDS_LINE = "Kinds: call, email, meeting, visit, ticket, complaint, note (if you name none)."
REACTIONS_LINE = f"On a nudge: {legend()}."
IN_WORDS_LINE = (
    'Or write to me in plain words: "what is overdue for Tom?" · "Halcyon signed the renewal today"'
)


@dataclass(frozen=True)
class Subject:
    """What help tells of one thing: an example, its purpose, and (what to type, what it does)."""

    name: str
    example: str
    purpose: str
    lines: tuple[tuple[str, str], ...]
    hint: str = ""


def overview(subjects: Collection[Subject], intro: str = "") -> Message:
    """`/linchpin help`."""
    rows = "\n".join(f"`{escape(one.example)}` {one.purpose}" for one in subjects)
    pages = [
        button(one.name, f"command:help:{one.name}", f"/linchpin help {one.name}")
        for one in subjects
    ]
    return compose(intro, rows, actions(*pages), context(IN_WORDS_LINE))


def page(subject: Subject, intro: str = "") -> Message:
    """`/linchpin help log`: the lines of one subject."""
    rows = "\n".join(f"`{escape(example)}` {what}" for example, what in subject.lines)
    back = actions(button("All subjects", "command:help", "/linchpin help"))
    hint = context(subject.hint) if subject.hint else ""
    return compose(intro, f"*{subject.name}*: {subject.purpose}\n{rows}", hint, back)
