"""`/next`: what comes next, for me, a department, an account."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.actions.accounts import lookup
from bot.actions.briefs import limits
from bot.actions.views import open_work
from bot.actions.views.open_work import OpenWork
from bot.actions.views.scopes import own_scope
from bot.handlers.base.request import Request
from bot.messages.kit.message import Message
from bot.messages.kit.text import plain
from bot.messages.touchpoints import lists as messages
from bot.rules.playbook.department_names import find_department
from bot.rules.text.words import tokens
from bot.rules.time.schedule import local_instant
from db.touchpoints import standing
from db.workspace import departments

SPANS = ("today", "this week")


#: The word that asks for what is not open yet.
LATER = "later"


def handle(request: Request) -> Message:
    """Answers `/next …`."""
    words, page = _split_page(request, tokens(request.text))
    words, span = _split_span(request, words)
    asked, whose, query = _find_asked(request, words)
    if span:
        asked = asked.at(standing.comes_before(_span_end(request, span), request.now))
    return _list(request, asked, f"{whose} {span}".strip(), f"{query} {span}".strip(), page)


def _split_page(request: Request, words: list[str]) -> tuple[list[str], int]:
    """The words before "page 2" at the end, and the number."""
    is_page = len(words) > 1 and words[-2].casefold() == "page" and words[-1].isdecimal()
    if not is_page or lookup.name_words(request.tx, words) == len(words):
        return words, 1
    return words[:-2], max(1, int(words[-1][:6]))


def _split_span(request: Request, words: list[str]) -> tuple[list[str], str]:
    """The words before "today" or "this week" at the end, and which of the two."""
    for span in SPANS:
        length = len(span.split())
        at_end = " ".join(words[-length:]).casefold() == span
        if at_end and lookup.name_words(request.tx, words) < len(words):
            return words[:-length], span
    return words, ""


def _span_end(request: Request, span: str) -> datetime:
    """When the asker's day or week is over."""
    days = 1 if span == "today" else 7 - request.today.weekday()
    zone = ZoneInfo(request.speaker.tz)
    return local_instant(request.today + timedelta(days=days), time(0), zone)


def _find_asked(request: Request, words: list[str]) -> tuple[OpenWork, str, str]:
    """What was asked for, whose it is, and the words that ask for it again."""
    work, who, asked = request.work, request.speaker, " ".join(words)
    key = departments.of_member(request.tx, request.playbook, who) or _department_here(request)
    known = words and lookup.name_words(request.tx, [asked])
    if not words or (asked.casefold() == LATER and not known):
        found = open_work.of_person(work, who, key)
        later = standing.is_any(("later", "postponed"), request.now)
        whose = f"you and {found.name(work.playbook)}" if key else "you"
        return (found.at(later) if words else found), whose, asked
    if asked.casefold() in ("mine", "me"):
        return open_work.of_person(work, who), "you", asked
    key = find_department(request.playbook, asked)
    if key is not None and not known:
        ours = open_work.of_department(work, who, key)
        return ours, ours.name(work.playbook), asked
    account = request.account(asked, "/next {account}")
    return open_work.of_account(who, account), plain(account.name), f"id:{account.id}"


def _department_here(request: Request) -> str | None:
    """The department whose channel the command was typed in."""
    here = departments.of_channel(request.tx, request.playbook, request.channel)
    return here[0] if here else None


def _list(request: Request, asked: OpenWork, whose: str, query: str, page: int) -> Message:
    """The list; `query` are the words after `/next` that show it again."""
    counts = open_work.count_open(request.work, asked)
    pages = max(1, -(-counts.all.total // messages.MAX_ROWS))
    page = min(page, pages)
    groups = open_work.list_groups(request.work, asked, counts, page)
    note = ""
    if query.casefold() in ("", "me", "mine"):
        own = own_scope(request.work, request.speaker)
        postponed = limits.list_postponed(request.work, [asked.reader, *own.also])
        note = messages.postponed_briefs_text(postponed, request.playbook.attention.person_a_day)
    return messages.list_message(groups, whose, query, page, pages, note)
