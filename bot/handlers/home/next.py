"""`/next`: what comes next, for me, a department, an account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.actions.accounts import lookup
from bot.actions.briefs import limits
from bot.actions.touchpoints.standing import count
from bot.actions.views import cards
from bot.actions.views.scopes import department_scope, own_and_department, own_scope
from bot.handlers.base.parsing import department_key
from bot.handlers.base.request import Request
from bot.messages.kit.message import Message
from bot.messages.kit.text import plain
from bot.messages.touchpoints import next as messages
from bot.rules.text.words import tokens
from bot.rules.time.schedule import local_instant
from db.touchpoints import standing
from db.touchpoints.scope import is_in_any, is_in_scope
from db.touchpoints.standing import Condition, is_of_account
from db.workspace import departments

SPANS = ("today", "this week")


def handle(request: Request) -> Message:
    """Answers `/next …`."""
    words, span = _split_span(request, tokens(request.text))
    asked, whose, query = _find_asked(request, words)
    where = [asked]
    if span:
        where.append(standing.comes_before(_span_end(request, span), request.now))
    return _list(request, where, f"{whose} {span}".strip(), f"{query} {span}".strip())


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


def _find_asked(request: Request, words: list[str]) -> tuple[Condition, str, str]:
    """The condition of the touchpoints that were asked for, their owner, and the words that ask for
    them again."""
    asked = " ".join(words)
    if not words:
        scopes, whose = own_and_department(request.work, request.speaker, _department_here(request))
        return is_in_any(scopes), whose, ""
    if asked.casefold() in ("mine", "me"):
        return is_in_scope(own_scope(request.work, request.speaker)), "you", asked
    key = department_key(request.playbook, asked)
    if key is not None and not lookup.name_words(request.tx, [asked]):
        name = plain(request.playbook.departments[key].name)
        return is_in_scope(department_scope(request.playbook, key)), name, asked
    account = request.account(asked, "/next {account}")
    return is_of_account(account.id), plain(account.name), f"id:{account.id}"


def _department_here(request: Request) -> str | None:
    """The department whose channel the command was typed in."""
    here = departments.of_channel(request.tx, request.playbook, request.channel)
    return here[0] if here else None


def _list(request: Request, where: Sequence[Condition], whose: str, query: str) -> Message:
    """The list; `query` are the words after `/next` that show it again."""
    pairs = standing.list_pairs(
        request.tx, standing.soonest(request.now), messages.MAX_ROWS, *where
    )
    items = [cards.next_item(request.work, *pair) for pair in pairs]
    note = ""
    if query.casefold() in ("", "me", "mine"):
        own = own_scope(request.work, request.speaker)
        readers = [request.speaker.user_id, *own.also]
        postponed = limits.list_postponed(request.work, readers)
        note = messages.postponed_briefs_text(postponed, request.playbook.attention.person_a_day)
    return messages.list_message(items, count(request.work, *where), whose, query, note)
