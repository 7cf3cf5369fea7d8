"""What `/account acme …` says of a customer beside its name: sector and country."""

from __future__ import annotations

from bot.actions import participation as shares
from bot.actions.account_details import set_fact
from bot.handlers.request import Request
from bot.messages.message import Message
from bot.messages.parts import plain, short, typed
from bot.rules.errors import UserError
from db.models import Account


def sector(request: Request, account: Account, words: str) -> str:
    """`/account acme sector healthcare`; `none` takes it away."""
    return _known_as(request, account, "sector", words, "healthcare")


def country(request: Request, account: Account, words: str) -> str:
    """`/account acme country Ireland`."""
    return _known_as(request, account, "country", words, "Ireland")


def participation(request: Request, account: Account, words: str) -> Message:
    """`/account acme participation`: each department's share, month by month."""
    del words  # there is nothing to choose
    return shares.months(request.tx, request.playbook, account, request.now)


def _known_as(request: Request, account: Account, what: str, words: str, example: str) -> str:
    if not words:
        raise UserError(f"Say which: `/account {typed(account.name)} {what} {example}`.")
    words = request.readable(words)
    value = None if words.casefold() == "none" else words
    set_fact(request.tx, account, what, value, request.by, request.now)
    if value is None:
        return f"*{plain(account.name)}* has no {what} now."
    return f"The {what} of *{plain(account.name)}* is {short(value)}."
