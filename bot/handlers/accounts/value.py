"""`/value`: what a customer got, what it is worth, and who says so."""

from __future__ import annotations

import re

from slack_sdk.models.views import View

from bot.actions.accounts import value
from bot.actions.accounts.value import Confirmation
from bot.actions.views import value as views_value
from bot.handlers.base.parsing import words_after
from bot.handlers.base.request import NeedsForm, Request
from bot.messages.accounts import value as messages
from bot.messages.accounts import value_form as forms
from bot.messages.kit.message import Message
from bot.messages.kit.parts import plain, quoted
from bot.rules.errors import UserError
from bot.rules.language.value import ValueText, read_value
from bot.rules.text.words import tokens
from db.accounts import value as entries
from db.models import Account
from db.terms import terms

_MAX_NAME_WORDS = 6
_PAGE_PATTERN = re.compile(
    r"(?:(?:term|cycle)\s+(?P<term>\d{1,6}))?\s*(?:page\s+(?P<page>\d{1,6}))?", re.IGNORECASE
)


def handle(request: Request) -> Message:
    """Answers `/value …`."""
    words = tokens(request.text)
    if not words:
        raise NeedsForm(form(request))
    count = request.known() or request.held_prefix(words, _MAX_NAME_WORDS) or 1
    rest = words_after(request.text, count)
    account = request.account(" ".join(words[:count]), f"/value {{account}} {rest}".strip())
    if found := _PAGE_PATTERN.fullmatch(rest.strip()):
        term = int(found["term"]) if found["term"] else None
        return _ledger(request, account, term, int(found["page"] or 1))
    return _add_entry(request, account, rest)


def form(request: Request, account: Account | None = None, text: str = "") -> View:
    """ "What they got", with what is known filled in."""
    known = (account.id, account.name) if account else None
    return forms.value_form(known, text=text, channel=request.channel)


def open_confirmation_form(request: Request, entry_id: int) -> View:
    """ "They said so", about one entry. Raises `UserError` when it is gone or confirmed already."""
    found = entries.by_id(request.tx, entry_id)
    account = request.tx.get(Account, found.account_id) if found else None
    if found is None or account is None or found.undone_at is not None:
        raise UserError("That entry was taken back meanwhile, so there is nothing to confirm.")
    if found.confirmed_at is not None:
        told = views_value.entry(request.playbook, found)
        raise UserError(f"*{plain(account.name)}*: {told.line()}\n{told.standing()}")
    return forms.confirmation_form(
        entry_id, account.name, found.text, request.today, request.channel
    )


def parse_value(request: Request, account: Account, words: str) -> ValueText:
    """What was typed, or a `UserError` with a line that works."""
    try:
        return read_value(request.readable(words), request.playbook.value.currency)
    except ValueError as error:
        line = f"`/value {quoted(account.name)} cut onboarding from 4 weeks to 2 worth 12000 EUR`"
        raise UserError(f"{plain(str(error))} A line that works: {line}.") from None


def _add_entry(request: Request, account: Account, words: str) -> Message:
    got = parse_value(request, account, words)
    noted = value.add_entry(
        request.work,
        account,
        got.text,
        worth=got.worth,
        confirmed=Confirmation(request.today, got.who) if got.is_confirmed else None,
    )
    told = views_value.entry(request.playbook, noted)
    return messages.added_message(account.name, told, unread=got.unread)


def _ledger(request: Request, account: Account, term: int | None, page: int) -> Message:
    known = term in (None, account.term)
    if not known and terms.by_number(request.tx, account.id, term or 0) is None:
        raise UserError(
            f"{plain(account.name)} has no term {term:,} yet: it is in term {account.term:,}. "
            f"`/value {quoted(account.name)}` shows all of it."
        )
    return messages.ledger(
        views_value.ledger_page(request.tx, request.playbook, account, term, page)
    )
