"""What people tell, and want done: each becomes a proposal whose button carries a command."""

import re
from functools import partial

from bot.handlers.base.request import Request
from bot.handlers.sentences.changes import CHANGES
from bot.handlers.sentences.happened import HAPPENED
from bot.handlers.sentences.mine import MINE
from bot.handlers.sentences.words import Handler
from bot.messages.kit.blocks import text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import plain
from bot.rules.language.reading import Reading

_NOT_TO_DO = re.compile(
    r"(?:\S+ ){0,3}(?:do not|dont|never|not) (?!let |forget)\w+ (?:\S+ )*?@account"
)


def _unless_forbidden(tell: Handler, request: Request, reading: Reading) -> Message:
    """The proposal, but for what is told not to be done: "do not move Acme yet"."""
    if _NOT_TO_DO.match(reading.sentence.masked) and reading.account is not None:
        return text_message(f"*{plain(reading.account.name)}* stays as it is. Nothing was changed.")
    return tell(request, reading)


TOLD: dict[str, Handler] = {
    **HAPPENED,
    **{frame: partial(_unless_forbidden, tell) for frame, tell in CHANGES.items()},
    **MINE,
}
