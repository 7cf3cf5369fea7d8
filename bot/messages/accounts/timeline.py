"""An account's whole story, ten entries a page, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from slack_sdk.models.blocks import ButtonElement

from bot.messages.accounts.account import Happened
from bot.messages.kit.message import Message
from bot.messages.kit.parts import actions, button, context, plain, section, spoken, typed
from bot.rules.text.words import plural

A_PAGE = 10


@dataclass(frozen=True)
class Timeline:
    """One page; `number` and `last` count from 1, `total` are all entries."""

    account_id: int
    account: str
    number: int
    last: int
    total: int
    entries: tuple[Happened, ...]


def page(shown: Timeline) -> Message:
    """The page, with buttons that put the next one in its place."""
    head = f"*{plain(shown.account)}*: {plural(shown.total, 'entry', 'entries')}, newest first"
    rows = "\n".join(entry.line() for entry in shown.entries) or "Nothing happened yet."
    where = f"Page {shown.number:,} of {shown.last:,}"
    hint = f"{where}. `/account {typed(shown.account)} timeline 2` turns to a page."
    foot = hint if shown.last > 1 else where
    blocks = (section(head), section(rows), context(foot), actions(*_buttons(shown)))
    return Message(spoken(f"{head}\n{rows}\n{foot}"), blocks)


def _buttons(shown: Timeline) -> list[ButtonElement]:
    line = f"/account id:{shown.account_id}"
    buttons = []
    if shown.number > 1:
        turn = f"{line} timeline {shown.number - 1}"
        buttons.append(button("Newer", "command:newer", turn))
    if shown.number < shown.last:
        turn = f"{line} timeline {shown.number + 1}"
        buttons.append(button("Older", "command:older", turn))
    return [*buttons, button("Card", "command:card", line)]
