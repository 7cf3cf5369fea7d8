"""`/account acme cycles`: one cycle against the one before it, and the rows behind each number."""

from __future__ import annotations

import re

from bot.actions import cycles_compared
from bot.handlers.request import Request
from bot.messages import cycles as messages
from bot.messages.message import Message
from bot.messages.parts import plain, typed
from bot.rules.errors import UserError
from db import cycles as known
from db.models import Account

_ASKED = re.compile(
    r"(?P<number>\d{1,6})?(?:\s*(?P<what>stages|touchpoints|people)(?:\s+(?P<page>\d{1,6}))?)?",
    re.IGNORECASE,
)


def cycles(request: Request, account: Account, words: str) -> Message:
    """Answers `/account acme cycles [2 [touchpoints [page]]]`."""
    line = f"/account {typed(account.name)} cycles"
    found = _ASKED.fullmatch(words.strip())
    if found is None:
        raise UserError(f"After `cycles` comes at most a number: `{line} 2`.")
    number = int(found["number"]) if found["number"] else None
    tx, playbook, now = request.tx, request.playbook, request.now
    if found["what"]:
        wanted = account.cycle if number is None else number
        cycle = known.by_number(tx, account.id or 0, wanted)
        if cycle is None:
            raise UserError(f"{plain(account.name)} has no cycle {wanted:,}. `{line}` shows it.")
        what, page = found["what"].casefold(), int(found["page"] or 1)
        return messages.rows(cycles_compared.rows(tx, playbook, account, cycle, what, page, now))
    shown = cycles_compared.compare(tx, playbook, account, number, now)
    if shown is None:
        raise UserError(
            f"{plain(account.name)} has not begun a cycle yet: the first begins when they choose "
            f"us. `/decision {typed(account.name)} chose us` records it."
        )
    return messages.compared(shown)
