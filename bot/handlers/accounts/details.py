"""Answers of `/account acme …` about terms, money, notice, sector and country."""

import re

from bot.actions.accounts.accounts import set_fact, set_worth
from bot.actions.accounts.notice import give_notice, withdraw_notice
from bot.actions.lifecycle import changes
from bot.actions.lifecycle.plan_changes import set_tier
from bot.actions.terms import compare
from bot.handlers.base.request import Request
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, plain, quoted, short
from bot.rules.errors import UserError
from bot.rules.text.money import parse_money
from db.contracts import contracts
from db.models import Account
from db.terms import terms as known

_TERMS_PATTERN = re.compile(
    r"(?P<number>\d{1,6})?(?:\s*(?P<what>stages|touchpoints|people)(?:\s+(?P<page>\d{1,6}))?)?",
    re.IGNORECASE,
)


def terms(request: Request, account: Account, words: str) -> Message:
    """Answers `/account acme terms [2 [touchpoints [page]]]`."""
    line = f"/account {quoted(account.name)} terms"
    asked = _TERMS_PATTERN.fullmatch(words.strip())
    if asked is None:
        raise UserError(f"Only a number can follow `terms`: `{line} 2`.")
    number = int(asked["number"]) if asked["number"] else None
    if asked["what"]:
        wanted = account.term if number is None else number
        term = known.by_number(request.tx, account.id, wanted)
        if term is None:
            raise UserError(f"{plain(account.name)} has no term {wanted:,}. `{line}` shows it.")
        what, page = asked["what"].casefold(), int(asked["page"] or 1)
        return compare.list_rows(request.work, account, term, what, page)
    comparison = compare.compare_terms(request.work, account, number)
    if comparison is None:
        raise UserError(
            f"{plain(account.name)} has not begun a term yet: the first begins when they choose "
            f"us. `/decision {quoted(account.name)} chose us` records it."
        )
    return comparison


def notice(request: Request, account: Account, words: str) -> str:
    """Answers `/account acme notice 2027-08-23`, and `notice withdrawn`."""
    line = f"/account {quoted(account.name)} notice"
    if words.casefold() in ("withdrawn", "none", "off"):
        withdraw_notice(request.work, account)
        return f"The notice of *{plain(account.name)}* is withdrawn."
    ends_on = request.future_date(words, f"{line} 2027-08-23")
    give_notice(request.work, account, ends_on)
    return (
        f"*{plain(account.name)}* has given notice for {day(ends_on)}. It counts as at risk until "
        f"they renew; `{line} withdrawn` takes it back."
    )


def change_worth(request: Request, account: Account, words: str) -> Message:
    """Answers `/account acme worth 42k EUR`, read back."""
    line = f"/account {quoted(account.name)} worth"
    if contracts.list_of_account(request.tx, account.id):
        raise UserError(
            f"What {plain(account.name)} pays is the sum of its contracts: "
            f"`/account {quoted(account.name)} contracts` changes them."
        )
    worth = None
    if words.casefold() not in ("none", "unknown"):
        try:
            worth = parse_money(words, request.playbook.value.currency)
        except ValueError as error:
            raise UserError(f"{plain(str(error))} A line that works: `{line} 42k EUR`.") from None
        if worth is None or worth.currency is None:
            raise UserError(f"Say how much a year, and the currency: `{line} 42k EUR`.")
    return changes.answer(request.work, account, set_worth(request.work, account, worth))


def change_fact(request: Request, account: Account, words: str, *, what: str) -> str:
    """Answers `/account acme sector healthcare`; `none` takes the fact away."""
    words = request.readable(words)
    value = None if words.casefold() == "none" else words
    if what == "tier":
        set_tier(request.work, account, value)
    else:
        set_fact(request.work, account, what, value)
    if value is None:
        return f"*{plain(account.name)}* has no {what} now."
    return f"The {what} of *{plain(account.name)}* is {short(value)}."
