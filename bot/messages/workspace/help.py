"""Help: the commands with examples, and the reactions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.messages.kit.blocks import context, divider, section
from bot.messages.kit.message import Message
from bot.messages.kit.text import unstyled
from bot.rules.text.words import escape
from bot.rules.touchpoint_verbs import legend


@dataclass(frozen=True)
class Usage:
    """A command as help tells of it; `lines` are (what to type, what it does)."""

    name: str
    purpose: str
    lines: tuple[tuple[str, str], ...]

    def text(self) -> str:
        rows = "\n".join(f"`{escape(example)}` {what}" for example, what in self.lines)
        return f"*{self.name}*: {self.purpose}\n{rows}"


KINDS_LINE = (
    "Kinds of /log: call, email, meeting, visit, ticket, complaint, note (when none is given)."
)
REACTIONS_LINE = (
    f"On a nudge: {legend()}. The buttons do the same, and ask what came of it, until when, or why."
)
IN_WORDS_LINE = (
    "In plain words, here in my messages or where you mention me: what's next for acme? · "
    "log a call with acme: they like the report · move acme to renewal · "
    "who could give a reference in healthcare?"
)

HOME_LINE = "My *Home* tab: what is yours to do, your accounts, your digest and working hours."


def full_help(commands: Collection[Usage]) -> Message:
    """`/linchpin help`."""
    intro = (
        "*Linchpin* keeps one process running for every account, from first contact to advocate, "
        "and nudges whoever owns the next small touchpoint."
    )
    hints = (REACTIONS_LINE, KINDS_LINE, HOME_LINE, IN_WORDS_LINE)
    sections = [section(intro), *(section(command.text()) for command in commands)]
    examples = "; ".join(example for command in commands for example, _ in command.lines)
    text = f"{intro} Commands: {escape(examples)}. {' '.join(hints)}"
    return Message(unstyled(text), (*sections, divider(), context(*hints)))
