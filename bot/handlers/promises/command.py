"""`/promise`: what was promised to an account, by when, and who keeps it."""

import re
from dataclasses import dataclass
from datetime import date

from bot.actions.accounts import accounts
from bot.actions.promises import promises
from bot.actions.promises.promises import Owner
from bot.actions.responses.respond import respond
from bot.handlers.base.parsing import strip_quotes
from bot.handlers.base.request import AnswerEarly, NeedsForm, Request, unknown_word
from bot.handlers.promises import forms
from bot.messages.kit.blocks import text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import plain, quoted, short
from bot.messages.promises import promise as messages
from bot.rules.errors import UserError
from bot.rules.language.dates import find_days
from bot.rules.playbook.department_names import find_department, is_whole_name
from bot.rules.playbook.playbook import MANAGER
from bot.rules.promises import Consent
from bot.rules.text.words import cut, escape, tokens
from db.members import members
from db.models import Account, Member
from db.promises import promises as known
from db.promises.promises import PromiseRecord
from db.workspace import departments

_BY = re.compile(r"(?:^|\s)by\s+", re.IGNORECASE)
_DUE_WORDS = ("by", "until", "before", "due", "within")
_OWNER = re.compile(r"(?:^|\s)(?:owner|owned by)\s+(?P<owner><@[^>]+>|\S+)", re.IGNORECASE)
_CONSENT = re.compile(
    r"[,;]?\s+they\s+(?:(?P<agreed>agree|agreed|are fine|said yes)|"
    r"(?P<told>know|were told)|(?P<unknown>do not know|don't know))(?:\s+yet)?[.!]?$",
    re.IGNORECASE,
)
_KEPT = re.compile(r"(?:^|\s)(?:is |was )?(?:kept|done|delivered)[.!]?$", re.IGNORECASE)
_BROKEN = re.compile(
    r"(?:^|\s)(?:is |will be )?(?:broken|not kept)(?:\s*,?\s*(?:because\b:?|:)\s*(?P<why>.+))?$",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER = re.compile(r"#(\d{1,15})")


@dataclass(frozen=True)
class PromiseInput:
    """What a person typed after the account, split into its parts."""

    text: str
    by: str = ""
    owner: str = ""
    consent: Consent | None = None


def handle(request: Request) -> Message:
    """Answers `/promise …`."""
    if not tokens(request.text):
        raise NeedsForm(forms.new(request))
    _, account, rest = request.split_account("/promise")
    if not rest:
        return list_promises(request, account)
    ended = _end_promise(request, account, rest)
    return ended or _make_or_reschedule(request, account, parse_promise(rest, request.today))


def parse_promise(rest: str, today: date) -> PromiseInput:
    """Reads `TEXT by DATE [owner WHO] [they agreed]`; owner and date in any order. Without "by"
    a day at the end is the date."""
    consent: Consent | None = None
    if found := _CONSENT.search(rest):
        consent = "agreed" if found["agreed"] else "told" if found["told"] else "unknown"
        rest = rest[: found.start()]
    owner = ""
    if found := _OWNER.search(rest):
        owner = found["owner"]
        rest = f"{rest[: found.start()]} {rest[found.end() :]}"
    by = ""
    rest = rest.rstrip(" .,;!")
    days = find_days(rest, today, forward=True)
    due = next((d for d in days[::-1] if d.end == len(rest) or d.word in _DUE_WORDS), None)
    if due is not None and not due.is_each:
        day = due.until or due.day
        by = day.isoformat() if day else rest[due.start : due.end]
        rest = f"{rest[: due.start]} {rest[due.end :]}"
    elif ways := list(_BY.finditer(rest)):
        by = rest[ways[-1].end() :].strip()
        rest = rest[: ways[-1].start()]
    return PromiseInput(_trim_words(rest), by, owner, consent)


def _find_owner(request: Request, wish: PromiseInput, account: Account) -> Owner:
    """The owner that the words mean: a department, the manager, or a person."""
    words, playbook = wish.owner, request.playbook
    if not words:
        return Owner(playbook.promises.owner)
    if words.casefold() in (MANAGER, "the manager"):
        return Owner(MANAGER)
    if is_whole_name(playbook, words):
        return Owner(str(find_department(playbook, words)))
    example = f"/promise {quoted(account.name)} SSO by 2027-01-31 owner"
    is_person = words[0] in "<@" or words.casefold() == "me" or members.by_name(request.tx, words)
    if is_person:
        person = request.person(words, f"{example} @priya")
        return _member_as_owner(request, person, account, example)
    if (key := find_department(playbook, words)) is not None:
        return Owner(key)
    known = [*playbook.departments, MANAGER]
    by = f" by {wish.by}" if wish.by else ""
    line = f"/promise id:{account.id} {wish.text}{by} owner {{word}}"
    raise unknown_word(words, known, line, f"{example} {known[0]}", "owner")


def _member_as_owner(request: Request, keeper: Member, account: Account, example: str) -> Owner:
    """A person as the manager, or in their own department, or in the one they lead."""
    if keeper.user_id == account.manager_id:
        return Owner(MANAGER, keeper.user_id)
    if keeper.department in request.playbook.departments:
        return Owner(str(keeper.department), keeper.user_id)
    for key in request.playbook.departments:
        if departments.lead(request.tx, request.playbook, key) == keeper.user_id:
            return Owner(key, keeper.user_id)
    first = next(iter(request.playbook.departments))
    raise UserError(
        f"The department of {plain(keeper.name)} is not known. Name the department: "
        f"`{example} {first}`."
    )


def _make_or_reschedule(request: Request, account: Account, wish: PromiseInput) -> Message:
    """A new promise, or a new date for one that is open."""
    text = request.readable(wish.text)
    if not wish.by or not text:
        owner = _find_owner(request, wish, account) if wish.owner else None
        view = forms.new(request, accounts.require_live(account), text, owner=owner)
        what = escape(cut(text, 80)) or "SSO"
        example = f"/promise {quoted(account.name)} {what} by 2027-01-31 owner operations"
        raise NeedsForm(view, text_message(f"A promise has words and a date: `{example}`."))
    example = f"/promise {quoted(account.name)} {escape(cut(text, 80))} by 2027-01-31"
    due_on = request.future_date(wish.by, example)
    promised = promises.find_open_promise(request.tx, account, text)
    if promised is not None and wish.consent is not None:
        promises.reschedule_promise(request.work, promised, due_on, wish.consent, None)
        return messages.rescheduled_message(promises.promise_line(request.work, promised))
    owner = _find_owner(request, wish, account)
    made = promises.make_promise(request.work, account, text, due_on, owner)
    return messages.made(promises.promise_line(request.work, made))


def _end_promise(request: Request, account: Account, rest: str) -> Message | None:
    """ "kept" and "broken because …", after the words of an open promise or its number."""
    broken, kept = _BROKEN.search(rest), _KEPT.search(rest)
    ending = broken or kept
    if ending is None:
        return None
    words, verb = rest[: ending.start()].strip(), rest[ending.start() :].strip()
    meant = _find_meant(request, account, words)
    if not meant and _BY.search(rest):
        return None
    if not meant:
        raise UserError(_none_open_text(account, words))
    if len(meant) > 1:
        lines = promises.promise_lines(request.work, meant)
        raise AnswerEarly(messages.ask_which_promise(account.id, account.name, lines, verb))
    if broken is not None and not broken["why"]:
        what = escape(cut(meant[0].promise.text, 60)).replace("`", "'")
        example = f"/promise {quoted(account.name)} {what} broken because …"
        raise UserError(f"Say why it will not be kept, `{example}`.")
    why = request.readable(broken["why"]) if broken is not None else ""
    note = cut(why, promises.MAX_REASON_LENGTH) or None
    respond(request.work, meant[0].touchpoint, "skip" if broken else "done", note=note)
    return messages.ended(promises.promise_line(request.work, meant[0]))


def _find_meant(request: Request, account: Account, words: str) -> list[PromiseRecord]:
    number = _NUMBER.fullmatch(words)
    if number is None:
        return promises.find_by_words(request.tx, account, _trim_words(words))
    promised = known.by_id(request.tx, int(number[1]))
    return [promised] if promised is not None and promised.account.id == account.id else []


def _none_open_text(account: Account, words: str) -> str:
    what = f'no open promise "{short(words)}"' if words else "no open promise"
    return (
        f"{plain(account.name)} has {what}. `/promise {quoted(account.name)}` lists what was "
        f"promised; `/promise {quoted(account.name)} SSO by 2027-01-31` notes one."
    )


def list_promises(request: Request, account: Account) -> Message:
    """What an account was promised, and how each promise stands."""
    lines = promises.promise_lines(request.work, known.list_all(request.tx, account.id))
    return messages.list_message(account.id, account.name, lines)


def _trim_words(text: str) -> str:
    """Words without quotes around all of them, and without commas and colons at the ends."""
    return strip_quotes(" ".join(text.split()).strip(" ,;:"))
