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
from bot.messages.kit.parts import plain
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
    found, whose, query = _find_asked(request, words)
    if span:
        until = _span_end(request, span)
        found = [t for t in found if t.due_at < until]
    return _list(request, found, f"{whose} {span}".strip(), f"{query} {span}".strip())


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
    """What was asked for: the touchpoints, whose they are, the words that ask for them again."""
    asked = " ".join(words)
    if not words:
        return *_list_own_and_department(request), ""
    if asked.casefold() in ("mine", "me"):
        return _list_own(request), "you", asked
    key = department_key(request.playbook, asked)
    if key is not None and not lookup.name_words(request.tx, [asked]):
        return (
            _list_of_department(request, key),
            plain(request.playbook.departments[key].name),
            asked,
        )
    account = request.account(asked, "/next {account}")
    found = touchpoints.list_of_account(request.tx, account.id)
    return found, plain(account.name), f"id:{account.id}"


def _list_own_and_department(request: Request) -> tuple[list[Touchpoint], str]:
    mine = _list_own(request)
    key = request.speaker.department or _department_here(request)
    if key is None or key not in request.playbook.departments:
        return mine, "you"
    known = {t.id for t in mine}
    ours = [t for t in _list_of_department(request, key) if t.id not in known]
    name = request.playbook.departments[key].name
    return _soonest_first(mine + ours), f"you and {plain(name)}"


def _list_own(request: Request) -> list[Touchpoint]:
    user = request.speaker.user_id
    whose = [user, *delegators_of(request.tx, user)]
    found = touchpoints.list_open_of_members(request.tx, whose, MAX_COUNTED)
    known = {t.id for t in found}
    found += [t for t in touchpoints.list_claimed_by(request.tx, user) if t.id not in known]
    return _soonest_first(found)


def _list_of_department(request: Request, key: str) -> list[Touchpoint]:
    found = touchpoints.list_open_of_departments(request.tx, [key], MAX_COUNTED)
    if key == request.playbook.without_manager:
        found += touchpoints.list_open_without_manager(request.tx, MAX_COUNTED)
    return _soonest_first(found)


def _department_here(request: Request) -> str | None:
    """The department whose channel the command was typed in."""
    for key in request.playbook.departments:
        if departments.channel(request.tx, request.playbook, key) == request.channel:
            return key
    return None


def _soonest_first(found: list[Touchpoint]) -> list[Touchpoint]:
    return sorted(found, key=lambda t: (t.due_at, t.id))


def _list(request: Request, found: list[Touchpoint], whose: str, query: str) -> Message:
    """`query` are the words after `/next` that show the same list again."""
    items = cards.next_items(request.tx, request.playbook, found[: messages.MAX_ROWS])
    note = _postponed_briefs_note(request) if query.casefold() in ("", "me", "mine") else ""
    return messages.list_message(items, len(found), whose, query, note)


def _postponed_briefs_note(request: Request) -> str:
    """What is said of the asker's briefs that wait for another day."""
    user = request.speaker.user_id
    whose = [user, *delegators_of(request.tx, user)]
    held = limits.list_postponed(request.work, whose)
    return messages.postponed_briefs_text(held, request.playbook.attention.person_a_day)
