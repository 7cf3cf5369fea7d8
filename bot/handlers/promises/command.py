"""`/promise`: what was promised to an account, by when, and who keeps it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.actions.accounts import accounts
from bot.actions.actor import CLOCK
from bot.actions.promises import promises
from bot.actions.promises.promises import Owner
from bot.actions.responses.respond import respond
from bot.actions.work import Work
from bot.handlers.base.parsing import department_key, words_after
from bot.handlers.base.request import AnswerEarly, NeedsForm, Request
from bot.handlers.promises import forms
from bot.messages.kit.message import Message
from bot.messages.kit.parts import plain, quoted, short, text_message
from bot.messages.promises import promise as messages
from bot.rules.errors import UserError
from bot.rules.language.dates import parse_future
from bot.rules.playbook.playbook import MANAGER
from bot.rules.promises import Consent
from bot.rules.text.words import cut, escape, tokens
from db.members import members
from db.models import Account, Person
from db.promises import promises as known
from db.promises.promises import PromiseRecord
from db.workspace import departments

_MAX_NAME_WORDS = 6
_BY = re.compile(r"(?:^|\s)by\s+", re.IGNORECASE)
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
    """What a person typed after the account: a promise, with the words that were found."""

    text: str
    by: str = ""
    owner: str = ""
    consent: Consent | None = None


def handle(request: Request) -> Message:
    """Answers `/promise …`."""
    words = tokens(request.text)
    if not words:
        raise NeedsForm(forms.new(request))
    count = request.known() or request.held_prefix(words, _MAX_NAME_WORDS) or 1
    rest = words_after(request.text, count)
    again = f"/promise {{account}} {rest}".strip()
    account = request.account(" ".join(words[:count]), again)
    if not rest:
        return _list_promises(request, account)
    return _end_promise(request, account, rest) or _make_or_reschedule(
        request, account, parse_promise(rest)
    )


def parse_promise(rest: str) -> PromiseInput:
    """Reads `TEXT by DATE [owner WHO] [they agreed]`; owner and date in any order."""
    consent: Consent | None = None
    if found := _CONSENT.search(rest):
        consent = "agreed" if found["agreed"] else "told" if found["told"] else "unknown"
        rest = rest[: found.start()]
    owner = ""
    if found := _OWNER.search(rest):
        owner = found["owner"]
        rest = f"{rest[: found.start()]} {rest[found.end() :]}"
    ways = list(_BY.finditer(rest))
    if not ways:
        return PromiseInput(_trim_words(rest), owner=owner, consent=consent)
    last = ways[-1]
    return PromiseInput(
        _trim_words(rest[: last.start()]), rest[last.end() :].strip(), owner, consent
    )


def find_owner(request: Request, words: str, account: Account) -> Owner:
    """Who keeps it: a department, the manager, or a person (their department then)."""
    if not words:
        return Owner(request.playbook.promises.owner)
    if words.casefold() in (MANAGER, "the manager"):
        return Owner(MANAGER)
    key = department_key(request.playbook, words)
    if key is not None:
        return Owner(key)
    example = f"/promise {quoted(account.name)} SSO by 2027-01-31 owner"
    if words[0] not in "<@" and members.by_name(request.tx, words) is None:
        some = ", ".join([*request.playbook.departments, MANAGER])
        first = next(iter(request.playbook.departments))
        raise UserError(
            f'"{short(words)}" is no department and nobody I know. The owner is one of {some}, or '
            f"a person: `{example} {first}`."
        )
    keeper = request.person(words, f"{example} @priya")
    return member_as_owner(request, keeper, account, example)


def member_as_owner(request: Request, keeper: Person, account: Account, example: str) -> Owner:
    """A person keeps it in their department, in the one they lead, or as the account's manager."""
    if keeper.user_id == account.manager_id:
        return Owner(MANAGER, keeper.user_id)
    if keeper.department in request.playbook.departments:
        return Owner(str(keeper.department), keeper.user_id)
    for key in request.playbook.departments:
        if departments.lead(request.tx, request.playbook, key) == keeper.user_id:
            return Owner(key, keeper.user_id)
    first = next(iter(request.playbook.departments))
    raise UserError(
        f"I do not know which department {plain(keeper.name)} is in, so nobody would be nudged in "
        f"the right channel. Name the department: `{example} {first}`."
    )


def _make_or_reschedule(request: Request, account: Account, wish: PromiseInput) -> Message:
    """A new promise, or a new date for one that is open."""
    tx, playbook = request.tx, request.playbook
    text = request.readable(wish.text)
    if not wish.by or not text:
        owner = find_owner(request, wish.owner, account) if wish.owner else None
        view = forms.new(request, accounts.require_live(account), text, owner=owner)
        raise NeedsForm(view, text_message(_incomplete(account, text)))
    due_on = _date(request, account, text, wish.by)
    open_one = promises.find_open_promise(tx, account, text)
    if open_one is not None and wish.consent is not None:
        return _reschedule(request, open_one, due_on, wish.consent)
    owner = find_owner(request, wish.owner, account)
    made = promises.make_promise(
        Work(tx, playbook, request.now, request.by), account, text, due_on, owner
    )
    return messages.made(promises.promise_line(Work(tx, playbook, request.now, CLOCK), made))


def _reschedule(
    request: Request, promised: PromiseRecord, due_on: date, consent: Consent
) -> Message:
    promises.reschedule_promise(request.work, promised, due_on, consent, None)
    return messages.rescheduled_message(_promise_line(request, promised))


def _end_promise(request: Request, account: Account, rest: str) -> Message | None:
    """ "kept" and "broken because …", after the words of an open promise or its number."""
    broken, kept = _BROKEN.search(rest), _KEPT.search(rest)
    found = broken or kept
    if found is None:
        return None
    verb = rest[found.start() :].strip()
    meant = _find_meant(request, account, rest[: found.start()].strip())
    if not meant:
        return None if _BY.search(rest) else _none_open_message(account, rest[: found.start()])
    if len(meant) > 1:
        lines = promises.promise_lines(request.work, meant)
        raise AnswerEarly(messages.ask_which_promise(account.id, account.name, lines, verb))
    if broken is not None and not broken["why"]:
        example = f"/promise {quoted(account.name)} {_short_name(meant[0])} broken because …"
        raise UserError(f"Say why it will not be kept, so that the next person knows: `{example}`.")
    why = request.readable(broken["why"]) if broken is not None else None
    respond(
        request.work,
        meant[0].touchpoint,
        "skip" if broken is not None else "done",
        note=cut(why, promises.MAX_REASON_LENGTH) if why else None,
    )
    return messages.ended(_promise_line(request, meant[0]))


def _find_meant(request: Request, account: Account, words: str) -> list[PromiseRecord]:
    number = _NUMBER.fullmatch(words)
    if number is None:
        return promises.find_by_words(request.tx, account, _trim_words(words))
    found = known.by_id(request.tx, int(number[1]))
    return [found] if found is not None and found.account.id == account.id else []


def _none_open_message(account: Account, words: str) -> Message:
    what = f'no open promise "{short(words.strip())}"' if words.strip() else "no open promise"
    raise UserError(
        f"{plain(account.name)} has {what}. `/promise {quoted(account.name)}` lists what was "
        f"promised; `/promise {quoted(account.name)} SSO by 2027-01-31` notes one."
    )


def _list_promises(request: Request, account: Account) -> Message:
    everyone = known.list_all(request.tx, account.id)
    lines = promises.promise_lines(request.work, everyone)
    return messages.list_message(account.id, account.name, lines)


def _promise_line(request: Request, promised: PromiseRecord) -> messages.Line:
    fresh = known.by_id(request.tx, promised.promise.id)
    assert fresh is not None
    return promises.promise_line(request.work, fresh)


def _date(request: Request, account: Account, text: str, words: str) -> date:
    try:
        return parse_future(cut(words, 80), request.today)
    except ValueError as error:
        example = f"/promise {quoted(account.name)} {escape(cut(text, 80))} by 2027-01-31"
        raise UserError(f"{plain(str(error))} A line that works: `{example}`.") from None


def _incomplete(account: Account, text: str) -> str:
    what = escape(cut(text, 80)) or "SSO"
    return (
        "A promise has words and a date: "
        f"`/promise {quoted(account.name)} {what} by 2027-01-31 owner operations`."
    )


def _short_name(promised: PromiseRecord) -> str:
    return escape(cut(promised.promise.text, 60)).replace("`", "'")


def _trim_words(text: str) -> str:
    """Words without what stands around them: quotes around all of them, a comma at the end."""
    bare = " ".join(text.split()).strip(" ,;:")
    found = tokens(bare)
    return found[0] if len(found) == 1 else bare
