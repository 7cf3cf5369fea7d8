"""`/next`: what comes next, for me, a department, an account."""

from __future__ import annotations

from contextlib import suppress
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from bot.actions.accounts import lookup
from bot.actions.briefs import limits
from bot.actions.digests.scopes import own_scope
from bot.actions.views import open_work
from bot.actions.views.open_work import OpenWork
from bot.handlers.base.request import Request
from bot.handlers.home import reminders
from bot.messages.kit.blocks import text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import day
from bot.messages.touchpoints import lists as messages
from bot.rules.errors import UserError
from bot.rules.language.next_words import NextWords, read_next
from bot.rules.playbook.department_names import find_department, is_whole_name
from bot.rules.text.words import tokens
from bot.rules.time.calendar import local_instant
from db.members import members
from db.touchpoints import standing
from db.workspace import departments

#: The word that asks for what is not open yet.
LATER = "later"


def handle(request: Request) -> Message:
    """Answers `/next …`."""
    reminder = reminders.read(request)
    if reminder is not None:
        return reminder
    words, page = _split_page(request, tokens(request.text))
    known = lookup.name_words(request.tx, words)
    read = read_next(" ".join(words[known:]), request.today)
    if read.when and read.subject and _is_name(request, words):
        read = NextWords(" ".join(words))
    asked, query = _find_asked(request, [*words[:known], *tokens(read.subject)], read.which)
    if read.is_overdue:
        asked = asked.at(open_work.is_overdue(request.work))
    zone = ZoneInfo(request.speaker.tz)
    if read.until is not None:
        ends = local_instant(read.until + timedelta(days=1), time(0), zone)
        asked = asked.at(standing.comes_before(ends, request.now))
    if read.since is not None:
        begins = local_instant(read.since, time(0), zone)
        asked = asked.at(~standing.comes_before(begins, request.now))
    return _list(request, asked, query, read, page)


def _split_page(request: Request, words: list[str]) -> tuple[list[str], int]:
    """The words before "page 2" at the end, and the number."""
    is_page = len(words) > 1 and words[-2].casefold() == "page" and words[-1].isdecimal()
    if not is_page or lookup.name_words(request.tx, words) == len(words):
        return words, 1
    return words[:-2], max(1, int(words[-1][:6]))


def _find_asked(request: Request, words: list[str], which: str) -> tuple[OpenWork, str]:
    """Whose was asked for, and the words that ask for it again."""
    work, asked = request.work, " ".join(words)
    is_account = words and lookup.name_words(request.tx, words) == len(words)
    if not words or (asked.casefold() == LATER and not is_account):
        who = request.speaker
        key = departments.of_member(request.tx, request.playbook, who) or _department_here(request)
        found = open_work.of_person(work, who, key)
        later = standing.is_any(("later", "postponed"), request.now)
        return (found.at(later) if words else found), asked
    if not is_account and (owner := _find_owner(request, asked)) is not None:
        return owner, asked
    for n in range(1, len(words)) if not is_account else ():
        for whose, account in ((words[:n], words[n:]), (words[n:], words[:n])):
            owner = _find_owner(request, " ".join(whose))
            if owner is not None and _is_name(request, account):
                of_it, query = _find_account(request, " ".join(account), which)
                return owner.of(of_it), f"{' '.join(whose)} {query}"
    return _find_account(request, asked, which)


def _find_owner(request: Request, words: str) -> OpenWork | None:
    """A department's or a person's work, if the words name one for sure."""
    words = words.removesuffix("'s").removesuffix("’s")
    if words.casefold() in ("mine", "my", "me"):
        return open_work.of_person(request.work, request.speaker)
    playbook = request.playbook
    key = find_department(playbook, words)
    if key and (is_whole_name(playbook, words) or not _is_name(request, tokens(words))):
        return open_work.of_department(request.work, request.speaker, key)
    if words.startswith(("<@", "@")) or members.by_name(request.tx, words) is not None:
        person = request.person(words, "/next @priya")
        return open_work.of_colleague(request.work, request.speaker, person)
    return None


def _is_name(request: Request, words: list[str]) -> bool:
    """Whether the words are an account's, whole or as a part of its name."""
    count = lookup.name_words(request.tx, words) or request.held_prefix(words)
    return count == len(words)


def _find_account(request: Request, words: str, which: str) -> tuple[OpenWork, str]:
    """An account's work; a misspelled department is offered where no account is near."""
    try:
        account = request.account(words, f"/next {{account}} {which}".strip())
    except UserError as error:
        with suppress(UserError):
            request.department(words, f"/next {{word}} {which}".strip())
        raise error from None
    return open_work.of_account(request.speaker, account), f"id:{account.id}"


def _department_here(request: Request) -> str | None:
    """The department whose channel the command was typed in."""
    here = departments.of_channel(request.tx, request.playbook, request.channel)
    return here[0] if here else None


def _list(request: Request, asked: OpenWork, query: str, read: NextWords, page: int) -> Message:
    """The list; `query` and what was `read` are the words after `/next` that show it again."""
    counts = open_work.count_open(request.work, asked)
    pages = max(1, -(-counts.all.total // messages.MAX_ROWS))
    page = min(page, pages)
    groups = open_work.list_groups(request.work, asked, counts, page)
    note = ""
    if not read.which and query.casefold() in ("", "me", "mine"):
        own = own_scope(request.work, request.speaker)
        postponed = limits.list_postponed(request.work, [asked.reader, *own.also])
        note = messages.postponed_briefs_text(postponed, request.playbook.attention.person_a_day)
    whose = " and ".join(filter(None, ("you" if asked.own is not None else "", asked.name)))
    head = _head(request, read)
    line = f"{query} {read.which}".strip()
    if not groups:
        return text_message(note or f"Nothing is {head or 'open or planned'} for {whose}.")
    head = f"{head[:1].upper()}{head[1:]} for {whose}" if head else ""
    return messages.list_message(groups, head, line, page, pages, note)


def _head(request: Request, read: NextWords) -> str:
    """What was asked for: "overdue", "due today", "due from Mon 30 Nov to Sun 6 Dec"."""
    what = "overdue" if read.is_overdue else "due"
    if read.until is None:
        return what if read.is_overdue else ""
    if read.until == request.today:
        return f"{what} today"
    if read.since is None:
        return f"{what} up to {day(read.until)}"
    first = "on" if read.since == read.until else f"from {day(read.since)} to"
    return f"{what} {first} {day(read.until)}"
