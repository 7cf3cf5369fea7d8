"""`/log`: what happened with a customer, and when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.actions.accounts import accounts, interactions
from bot.actions.advocacy import advocacy
from bot.handlers.accounts import forms
from bot.handlers.base.parsing import after
from bot.handlers.base.request import NeedsForm, Request
from bot.messages.accounts import log as messages
from bot.messages.advocacy import advocacy as advocacy_messages
from bot.messages.kit.message import Message
from bot.messages.kit.parts import text_message
from bot.rules.errors import UserError
from bot.rules.language.dates import parse_future, spoken, trailing_date
from bot.rules.text.words import tokens
from db.advocacy.advocacy import COMPLAINTS
from db.advocacy.advocacy import SETTLED as SETTLED_NOTE

DEFAULT_KIND = "note"
SETTLED = ("resolved", "settled")
_SAME_AS = {"mail": "email", "e-mail": "email", "phone": "call"}
# These say the kind and stay in the note: «met with their new CFO».
_VERBS = {
    "called": "call",
    "phoned": "call",
    "emailed": "email",
    "met": "meeting",
    "visited": "visit",
}
# A name typed without quotes that is not known by heart has at most so many words.
_LONGEST_GUESS = 4
_ON = re.compile(r"\son\s+(\d{4}-\d{1,2}-\d{1,2})[.!]?$", re.IGNORECASE)


@dataclass(frozen=True)
class Entry:
    """What a person typed: the account's words, and what is to be remembered."""

    account: str
    kind: str
    text: str
    on: date | None


def handle(request: Request) -> Message:
    """Answers `/log …`."""
    words = tokens(request.text)
    if not words:
        raise NeedsForm(forms.log(request))
    settled = _settled(request, words) if _settles(request, words) else None
    if settled is not None:
        return settled
    entry = parse(request.text, _name_length(request, words), request.today)
    again = f"/log {{account}} {entry.kind} {entry.text}"
    if entry.on is not None:
        again += f" on {entry.on.isoformat()}"
    account = request.account(entry.account, again)
    if not entry.text:
        view = forms.log(request, accounts.live(account), entry.kind, on=entry.on)
        raise NeedsForm(view, text_message(interactions.wordless(account, entry.kind)))
    logged = interactions.log(
        request.work,
        account,
        kind=entry.kind,
        text=request.readable(entry.text),
        happened_on=entry.on or request.today,
    )
    return messages.logged(
        account.name,
        entry.kind,
        logged.text,
        logged.happened_on,
        logged.id,
        settle=f"/log id:{account.id} resolved" if entry.kind in COMPLAINTS else None,
    )


def parse(text: str, count: int, today: date) -> Entry:
    """Reads the words after `/log`; the first `count` are the account's name.

    Raises `UserError` for a date that has not come yet.
    """
    name = " ".join(tokens(text)[:count])
    kind, rest = _kind(after(text, count))
    left, on = trailing_date(rest.split(), today)
    if on is None:
        _refuse_future(rest, today)
        return Entry(name, kind, rest, None)
    dropped = len(rest.split()) - len(left)
    return Entry(name, kind, rest.rsplit(None, dropped)[0] if left else "", on)


def _settles(request: Request, words: list[str]) -> bool:
    """«acme resolved the export works again»: a complaint is settled."""
    at = request.known() or request.held_prefix(words, _LONGEST_GUESS) or 1
    return len(words) > at and words[at].casefold().strip(":,.!") in SETTLED


def _settled(request: Request, words: list[str]) -> Message | None:
    """The answer, and the words kept as a note; None when there is nothing to settle, so that the
    words are a note like any other.
    """
    at = request.known() or request.held_prefix(words, _LONGEST_GUESS) or 1
    note = after(request.text, at + 1)
    account = request.account(" ".join(words[:at]), f"/log {{account}} resolved {note}".strip())
    settled = advocacy.resolve(request.work, account)
    if note.strip() and not settled:
        return None
    if note.strip():
        interactions.log(
            request.work,
            account,
            kind=DEFAULT_KIND,
            text=f"{SETTLED_NOTE}{request.readable(note)}",
            happened_on=request.today,
        )
    return advocacy_messages.resolved(account.name, settled)


def _name_length(request: Request, words: list[str]) -> int:
    """How many words the name has: known by heart, up to the kind, as an account begins, or one."""
    known = request.known()
    if known:
        return known
    for n in range(1, min(_LONGEST_GUESS, len(words) - 1) + 1):
        if _as_kind(words[n]) is not None:
            return n
    return request.held_prefix(words, _LONGEST_GUESS) or 1


def _refuse_future(text: str, today: date) -> None:
    found = _ON.search(f" {text}")
    if found is None:
        return
    try:
        day = parse_future(found[1], today)
    except ValueError as error:
        raise UserError(f"{error} A line that works: {_example(today)}.") from None
    if day > today:
        raise UserError(
            f"{spoken(day)} is still to come, and only what has happened is logged: "
            f"{_example(today)}. If the date belongs to the note, put the note in quotes."
        )


def _example(today: date) -> str:
    return f"`/log acme call walked through the report on {today.isoformat()}`"


def _kind(text: str) -> tuple[str, str]:
    first = text.split(None, 1)[:1]
    bare = first[0].casefold() if first else ""
    if bare in _VERBS:
        return _VERBS[bare], text
    kind = _as_kind(bare)
    return (kind, text[len(bare) :].strip()) if kind is not None else (DEFAULT_KIND, text)


def _as_kind(word: str) -> str | None:
    bare = word.casefold().rstrip(":,")
    bare = _SAME_AS.get(bare, bare)
    return bare if bare in interactions.KINDS else None
