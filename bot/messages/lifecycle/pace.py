"""An account's pace in its stage, in the same words everywhere; and the message of a change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.messages.kit.message import Message
from bot.messages.kit.parts import (
    context,
    person,
    plain,
    section,
    short,
    spoken,
    text_message,
    typed,
)
from bot.rules.pace import Level
from bot.rules.text.words import plural

MOST = 15
_NAME = 80
WORDS: dict[Level, str] = {"on track": "On track", "behind": "Behind", "stuck": "Stuck"}
SIGNS: dict[Level, str] = {"on track": "", "behind": "🟡 ", "stuck": "🔴 "}


@dataclass(frozen=True)
class Crossed:
    """An account that fell behind or got stuck; `days` are those that it counts for."""

    account: str
    level: Level
    stage: str
    days: int
    expected: int
    decision: str
    manager: str | None


def mark(level: Level) -> str:
    """The word with its sign; nothing for an account that is on track."""
    return f"{SIGNS[level]}{WORDS[level]}" if level != "on track" else ""


def told(crossed: Sequence[Crossed], total: int, *, own: bool) -> Message:
    """One message for all that crossed at once; `own` are the reader's accounts."""
    if total == 1:
        return _one(crossed[0], own)
    head = f"*{plural(total, 'account')}{' of yours' if own else ''} lost pace*"
    rows = [_row(each, own) for each in crossed[:MOST]]
    rest = f"… and {total - len(rows):,} more: `/stage` shows the board." if total > MOST else ""
    hint = _hint(crossed[0])
    body = "\n".join(filter(None, [*rows, rest]))
    return Message(spoken(f"{head}\n{body}\n{hint}"), (section(head), section(body), context(hint)))


def _one(each: Crossed, own: bool) -> Message:
    is_ = "has fallen behind" if each.level == "behind" else "is stuck"
    whose = "" if own else f" ({_manager(each)})"
    asks = f"\nThey decide: «{plain(each.decision)}»" if each.decision else ""
    text = (
        f"{SIGNS[each.level]}*{short(each.account, _NAME)}*{whose} {is_} in {plain(each.stage)}: "
        f"{plural(each.days, 'day')}, {each.expected} expected.{asks}"
    )
    hint = _hint(each)
    return text_message(text, hint)


def _hint(first: Crossed) -> str:
    return (
        f"`/account {typed(first.account)}` shows what is open and what was said last. "
        "You hear of this once."
    )


def _manager(each: Crossed) -> str:
    return person(each.manager) if each.manager else "no manager"


def _row(each: Crossed, own: bool) -> str:
    who = "" if own else f" · {_manager(each)}"
    asks = f" They decide: «{plain(each.decision)}»" if each.decision else ""
    return (
        f"• {mark(each.level)} · *{short(each.account, _NAME)}*{who}: "
        f"{plural(each.days, 'day')} in {plain(each.stage)}, {each.expected} expected.{asks}"
    )
