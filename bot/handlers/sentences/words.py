"""What the proposals share: the account, the day, and questions where one is unclear."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from bot.handlers.base.request import Request, offer
from bot.messages.kit.message import Message
from bot.messages.kit.text import day
from bot.messages.workspace.conversation import propose
from bot.rules.errors import UserError
from bot.rules.language.dates import find_days
from bot.rules.language.parts import Part
from bot.rules.language.reading import Reading
from bot.rules.text.money import Money
from db.accounts import accounts
from db.models import Account

Handler = Callable[[Request, Reading], Message]


class Proposal(NamedTuple):
    """What would be done, and the button with the line that does it."""

    what: str
    label: str
    line: str
    quote: str = ""
    hint: str = ""

    def message(self) -> Message:
        return propose(self.what, self.label, self.line, quote=self.quote, hint=self.hint)


def account_of(request: Request, reading: Reading) -> Account:
    """The account; `UserError` where none was named."""
    named = reading.account
    account = accounts.by_id(request.tx, named.value) if named else None
    if account is None:
        raise UserError("Which account? Say it once more with its name. Nothing was changed.")
    return account


def days_told(
    request: Request, reading: Reading, parts: Iterable[Part], *, forward: bool, last: bool = False
) -> list[date]:
    """The first day of the parts on that side of today; several where any of them may be meant.
    Of a span its first day counts, or its `last`."""
    for part in parts:
        for found in find_days(reading.words(part), request.today, forward=forward):
            if found.readings:
                return [*found.readings]
            if found.day:
                return [found.until if last and found.until else found.day]
    return []


def propose_on(days: list[date], build: Callable[[date], Proposal], missing: str) -> Message:
    """The proposal for the day; a button for each where it may be one of several, and what is
    `missing` where there is none."""
    if not days:
        raise UserError(f"{missing} Nothing was changed.")
    if len(days) > 1:
        raise offer(
            f"Which day? {build(days[0]).what}, or {' or '.join(map(day, days[1:]))}?",
            *((day(each), build(each).line) for each in days),
        )
    return build(days[0]).message()


def amount_line(money: Money) -> str:
    """An amount as commands read it: "12000 EUR"."""
    whole, part = divmod(money.hundredths, 100)
    cents = f".{part:02}" if part else ""
    return f"{whole}{cents} {money.currency or ''}".strip()
