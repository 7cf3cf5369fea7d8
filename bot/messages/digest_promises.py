"""The part of the weekly digest about promises."""

from __future__ import annotations

from bot.messages.digest_facts import Digest
from bot.messages.parts import plain
from bot.messages.promise import Line
from bot.rules.words import cut, plural

MOST = 6
_NAME = 60


def promises(facts: Digest) -> str:
    """What is overdue, then what has to be kept next; empty when there is none."""
    if not facts.promises:
        return ""
    late = sum(line.standing == "overdue" for line in facts.promises)
    soon = len(facts.promises) - late
    told = [f"{late:,} overdue"] if late else []
    told += [f"{soon:,} to keep within two weeks"] if soon else []
    rows = [_row(line) for line in facts.promises[:MOST]]
    more = len(facts.promises) - MOST
    if more > 0:
        rows.append(f"… and {plural(more, 'more', 'more')}: `/promise NAME` lists an account's")
    return "\n".join([f"*Promises* · {', '.join(told)}", *rows])


def _row(line: Line) -> str:
    return f"• *{plain(cut(' '.join(line.account.split()), _NAME))}*: {line.told()}"
