"""`/next`: what comes next, for me, a department, an account."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.actions.accounts import lookup
from bot.actions.briefs import limits
from bot.actions.touchpoints.routing import delegators_of
from bot.actions.views import cards
from bot.handlers.base.parsing import department_key
from bot.handlers.base.request import Request
from bot.messages.kit.message import Message
from bot.messages.kit.text import plain
from bot.messages.touchpoints import next as messages
from bot.rules.text.words import tokens
from bot.rules.time.schedule import local_instant
from db.models import Touchpoint
from db.touchpoints import touchpoints
from db.workspace import departments

# More open touchpoints than this are not counted: Slack waits three seconds for an answer.
MAX_COUNTED = 5000
SPANS = ("today", "this week")


def handle(request: Request) -> Message:
    """Answers `/next …`."""
    words, span = _split_span(request, tokens(request.text))
    listed, whose, query = _find_asked(request, words)
    if span:
        until = _span_end(request, span)
        listed = [t for t in listed if t.due_at < until]
    return _list(request, listed, f"{whose} {span}".strip(), f"{query} {span}".strip())


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


def _find_asked(request: Request, words: list[str]) -> tuple[list[Touchpoint], str, str]:
    """The touchpoints that were asked for, their owner, and the words that ask for them again."""
    asked = " ".join(words)
    if not words:
        return *_list_own_and_department(request), ""
    if asked.casefold() in ("mine", "me"):
        return _list_own(request), "you", asked
    key = department_key(request.playbook, asked)
    if key is not None and not lookup.name_words(request.tx, [asked]):
        name = plain(request.playbook.departments[key].name)
        return _list_of_department(request, key), name, asked
    account = request.account(asked, "/next {account}")
    listed = touchpoints.list_of_account(request.tx, account.id)
    return listed, plain(account.name), f"id:{account.id}"


def _list_own_and_department(request: Request) -> tuple[list[Touchpoint], str]:
    own = _list_own(request)
    key = request.speaker.department or _department_here(request)
    if key is None or key not in request.playbook.departments:
        return own, "you"
    name = request.playbook.departments[key].name
    listed = _soonest_first(own + _list_of_department(request, key))
    return listed, f"you and {plain(name)}"


def _list_own(request: Request) -> list[Touchpoint]:
    whose = _self_and_delegators(request)
    listed = touchpoints.list_open_of_members(request.tx, whose, MAX_COUNTED)
    return _soonest_first(listed + touchpoints.list_claimed_by(request.tx, whose[0]))


def _list_of_department(request: Request, key: str) -> list[Touchpoint]:
    listed = touchpoints.list_open_of_departments(request.tx, [key], MAX_COUNTED)
    if key == request.playbook.without_manager:
        listed += touchpoints.list_open_without_manager(request.tx, MAX_COUNTED)
    return _soonest_first(listed)


def _department_here(request: Request) -> str | None:
    """The department whose channel the command was typed in."""
    here = departments.of_channel(request.tx, request.playbook, request.channel)
    return here[0] if here else None


def _soonest_first(listed: list[Touchpoint]) -> list[Touchpoint]:
    """Each touchpoint once, in the order they are due."""
    once = {t.id: t for t in listed}.values()
    return sorted(once, key=lambda t: (t.due_at, t.id))


def _list(request: Request, listed: list[Touchpoint], whose: str, query: str) -> Message:
    """The list; `query` are the words after `/next` that show it again."""
    items = cards.next_items(request.tx, request.playbook, listed[: messages.MAX_ROWS])
    note = ""
    if query.casefold() in ("", "me", "mine"):
        postponed = limits.list_postponed(request.work, _self_and_delegators(request))
        note = messages.postponed_briefs_text(postponed, request.playbook.attention.person_a_day)
    return messages.list_message(items, len(listed), whose, query, note)


def _self_and_delegators(request: Request) -> list[str]:
    """The asker, and whoever the asker covers for."""
    user = request.speaker.user_id
    return [user, *delegators_of(request.tx, user)]
