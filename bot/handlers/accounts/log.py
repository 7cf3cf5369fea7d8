"""`/log`: what happened with a customer, and when."""

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.actions.accounts import accounts, interactions
from bot.actions.advocacy import advocacy
from bot.handlers.accounts import forms
from bot.handlers.base.parsing import words_after
from bot.handlers.base.request import NeedsForm, Request, offer
from bot.messages.accounts import log as messages
from bot.messages.advocacy import advocacy as advocacy_messages
from bot.messages.kit.blocks import text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, short
from bot.rules.errors import UserError
from bot.rules.language.dates import parse_future, trailing_date
from bot.rules.text.words import tokens
from db.advocacy.advocacy import COMPLAINT_KINDS, SETTLED_PREFIX
from db.models import Account

DEFAULT_KIND = "note"
SETTLED_WORDS = ("resolved", "settled")
_KIND_SYNONYMS = {"mail": "email", "e-mail": "email", "phone": "call"}
#: A slip in a shorter one is often another word: "not", "all".
_LONG_KINDS = [kind for kind in interactions.KINDS if len(kind) > 4]
# Verbs that give the kind and stay in the note: "met with their new CFO".
_KINDS_BY_VERB = {
    "called": "call",
    "phoned": "call",
    "emailed": "email",
    "met": "meeting",
    "visited": "visit",
}
# A name that is not known for sure is looked for in so many words.
_MAX_NAME_WORDS = 4
#: A button can name several accounts that the same happened with.
_SEVERAL = re.compile(r"(id:\d+(?:,id:\d+)+)\s+")
_DATE_AT_END = re.compile(r"\son\s+(\d{4}-\d{1,2}-\d{1,2})[.!]?$", re.IGNORECASE)


@dataclass(frozen=True)
class LogInput:
    """What a person typed: the account's words, and the interaction to be logged."""

    account: str
    kind: str
    text: str
    on: date | None


def handle(request: Request) -> Message:
    """Answers `/log …`."""
    words = tokens(request.text)
    if not words:
        raise NeedsForm(forms.log(request))
    if several := _SEVERAL.match(request.text):
        rest = request.text[several.end() :]
        each, *more = (
            handle(replace(request, text=f"{one} {rest}")) for one in several[1].split(",")
        )
        return reduce(Message.followed_by, more, each)
    settled = _settle_complaints(request, words)
    if settled is not None:
        return settled
    count = _count_name_words(request, words)
    entry = parse_log(request.text, count, request.today)
    again = f"/log {{account}} {entry.kind} {entry.text}"
    if entry.on is not None:
        again += f" on {entry.on.isoformat()}"
    account = request.account(entry.account, again)
    _check_kind(account, entry, tokens(request.text)[count : count + 1])
    if not entry.text:
        view = forms.log(request, accounts.require_live(account), entry.kind, on=entry.on)
        raise NeedsForm(view, text_message(interactions.empty_text_error(account, entry.kind)))
    text, on = request.readable(entry.text), entry.on or request.today
    logged = interactions.log(request.work, account, kind=entry.kind, text=text, happened_on=on)
    settle = f"/log id:{account.id} resolved" if entry.kind in COMPLAINT_KINDS else None
    return messages.logged(account.name, entry.kind, logged.text, on, logged.id, settle=settle)


def _check_kind(account: Account, entry: LogInput, first: list[str]) -> None:
    """Asks about a note whose first word is a misspelled kind."""
    said = "".join(first).casefold()
    likeness = OSA.normalized_similarity
    near = process.extractOne(said, _LONG_KINDS, scorer=likeness, score_cutoff=0.77)
    if near is None or said.startswith(interactions.KINDS) or said in _KIND_SYNONYMS:
        return
    rest = entry.text.partition(" ")[2]
    on = f" on {entry.on.isoformat()}" if entry.on else ""
    line = f"/log id:{account.id}"
    kept = ("Keep it as a note", f"{line} note: {entry.text}{on}")
    raise offer(
        f'Unknown kind "{short(said)}". Did you mean {near[0]}?',
        (near[0], f"{line} {{word}} {rest}{on}"),
        kept,
    )


def parse_log(text: str, count: int, today: date) -> LogInput:
    """Reads the words after `/log`; the first `count` are the account's name. Raises `UserError`
    for a date that has not come yet."""
    name = " ".join(tokens(text)[:count])
    kind, rest = _split_kind(words_after(text, count))
    left, on = trailing_date(rest.split(), today)
    if on is None:
        _check_not_future(rest, today)
        return LogInput(name, kind, rest, None)
    dropped = len(rest.split()) - len(left)
    return LogInput(name, kind, rest.rsplit(None, dropped)[0] if left else "", on)


def _settle_complaints(request: Request, words: list[str]) -> Message | None:
    """Settles complaints ("acme resolved the export works again") and keeps the rest as a note.
    None for words that settle nothing."""
    at = request.name_length(words, _MAX_NAME_WORDS) or 1
    if len(words) <= at or words[at].casefold().strip(":,.!") not in SETTLED_WORDS:
        return None
    note = words_after(request.text, at + 1)
    account = request.account(" ".join(words[:at]), f"/log {{account}} resolved {note}".strip())
    settled = advocacy.resolve_complaints(request.work, account)
    if note.strip() and not settled:
        return None
    if note.strip():
        text, today = f"{SETTLED_PREFIX}{request.readable(note)}", request.today
        interactions.log(request.work, account, kind=DEFAULT_KIND, text=text, happened_on=today)
    return advocacy_messages.resolved(account.name, settled)


def _count_name_words(request: Request, words: list[str]) -> int:
    """How many words the name has: known for sure, up to the kind, as an account begins, or one."""
    known = request.known()
    if known:
        return known
    for n in range(1, min(_MAX_NAME_WORDS, len(words) - 1) + 1):
        if _find_kind(words[n]) is not None:
            return n
    return request.held_prefix(words, _MAX_NAME_WORDS) or 1


def _check_not_future(text: str, today: date) -> None:
    ending = _DATE_AT_END.search(f" {text}")
    if ending is None:
        return
    try:
        ended = parse_future(ending[1], today)
    except ValueError as error:
        raise UserError(f"{error} A line that works: {_example(today)}.") from None
    if ended > today:
        raise UserError(
            f"{day(ended)} is still to come, and only what has happened is logged: "
            f"{_example(today)}. If the date belongs to the note, put the note in quotes."
        )


def _example(today: date) -> str:
    return f"`/log acme call walked through the report on {today.isoformat()}`"


def _split_kind(text: str) -> tuple[str, str]:
    first = text.split(None, 1)[:1]
    bare = first[0].casefold() if first else ""
    if bare in _KINDS_BY_VERB:
        return _KINDS_BY_VERB[bare], text
    kind = _find_kind(bare)
    return (kind, text[len(bare) :].strip()) if kind is not None else (DEFAULT_KIND, text)


def _find_kind(word: str) -> str | None:
    bare = word.casefold().rstrip(":,")
    bare = _KIND_SYNONYMS.get(bare, bare)
    return bare if bare in interactions.KINDS else None
