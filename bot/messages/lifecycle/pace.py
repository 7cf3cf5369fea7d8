"""An account's pace in its stage, in the same words everywhere; and the message of a change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.messages.kit.blocks import compose, context, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import join_lines, mention, more_line, plain, quoted, short
from bot.rules.pace import Level
from bot.rules.text.words import plural

MAX_ROWS = 15
_MAX_NAME_LENGTH = 80
LEVEL_WORDS: dict[Level, str] = {"on track": "On track", "behind": "Behind", "stuck": "Stuck"}
LEVEL_SIGNS: dict[Level, str] = {"on track": "", "behind": "🟡 ", "stuck": "🔴 "}


@dataclass(frozen=True)
class PaceChange:
    """An account that fell behind or got stuck; `days` are those that it counts for."""

    account: str
    level: Level
    stage: str
    days: int
    expected: int
    decision: str
    manager: str | None


def pace_label(level: Level) -> str:
    """The word with its sign; nothing for an account that is on track."""
    return f"{LEVEL_SIGNS[level]}{LEVEL_WORDS[level]}" if level != "on track" else ""


def pace_message(crossed: Sequence[PaceChange], total: int, *, own: bool) -> Message:
    """One message for all that crossed at once; `own` are the reader's accounts."""
    if total == 1:
        return _single_message(crossed[0], own)
    head = f"*{plural(total, 'account')}{' of yours' if own else ''} lost pace*"
    rows = [_account_line(change, own) for change in crossed[:MAX_ROWS]]
    more = total - len(rows) if total > MAX_ROWS else 0
    body = join_lines(*rows, more_line(more, ": `/stage` shows the board."))
    return compose(head, body, context(_hint(crossed[0])))


def _single_message(change: PaceChange, own: bool) -> Message:
    is_ = "has fallen behind" if change.level == "behind" else "is stuck"
    whose = "" if own else f" ({_manager(change)})"
    asks = f'\nThey decide: "{plain(change.decision)}"' if change.decision else ""
    text = (
        f"{LEVEL_SIGNS[change.level]}*{short(change.account, _MAX_NAME_LENGTH)}*{whose} {is_} in "
        f"{plain(change.stage)}: {plural(change.days, 'day')}, {change.expected} expected.{asks}"
    )
    return text_message(text, _hint(change))


def _hint(first: PaceChange) -> str:
    return (
        f"`/account {quoted(first.account)}` shows what is open and what was said last. "
        "You hear of this once."
    )


def _manager(change: PaceChange) -> str:
    return mention(change.manager) if change.manager else "no manager"


def _account_line(change: PaceChange, own: bool) -> str:
    who = "" if own else f" · {_manager(change)}"
    asks = f' They decide: "{plain(change.decision)}"' if change.decision else ""
    return (
        f"• {pace_label(change.level)} · *{short(change.account, _MAX_NAME_LENGTH)}*{who}: "
        f"{plural(change.days, 'day')} in {plain(change.stage)}, {change.expected} expected.{asks}"
    )
