"""`/next`: what comes next, for me, a department, an account."""

from __future__ import annotations

from bot.actions import accounts, cards
from bot.handlers.linchpin import department_key
from bot.handlers.request import Request
from bot.messages import help as help_page
from bot.messages import next as messages
from bot.messages.message import Message
from bot.messages.parts import plain
from bot.rules.words import tokens
from db import departments, touchpoints
from db.models import Touchpoint

# More open touchpoints than this are not counted: Slack waits three seconds for an answer.
MOST_COUNTED = 5000


def handle(request: Request) -> Message:
    """Answers `/next …`."""
    words = tokens(request.text)
    if request.asks_help:
        return help_page.of("/next")
    if not words:
        return _mine_and_ours(request)
    asked = " ".join(words)
    if asked.casefold() in ("mine", "me"):
        return _list(request, _mine(request), "you")
    key = department_key(request.playbook, asked)
    if key is not None and not accounts.known_prefix(request.tx, [asked]):
        return _list(request, _of(request, key), plain(request.playbook.departments[key].name))
    account = request.account(asked, "/next {account}")
    found = touchpoints.of_account(request.tx, account.id or 0)
    return _list(request, found, plain(account.name), f"id:{account.id}")


def _mine_and_ours(request: Request) -> Message:
    mine = _mine(request)
    key = request.speaker.department or _department_here(request)
    if key is None or key not in request.playbook.departments:
        return _list(request, mine, "you")
    known = {t.id for t in mine}
    ours = [t for t in _of(request, key) if t.id not in known]
    name = request.playbook.departments[key].name
    return _list(request, _soonest_first(mine + ours), f"you and {plain(name)}")


def _mine(request: Request) -> list[Touchpoint]:
    user = request.speaker.user_id
    found = touchpoints.open_of_manager(request.tx, user, MOST_COUNTED)
    known = {t.id for t in found}
    found += [t for t in touchpoints.claimed_by(request.tx, user) if t.id not in known]
    return _soonest_first(found)


def _of(request: Request, key: str) -> list[Touchpoint]:
    found = touchpoints.open_for(request.tx, [key], MOST_COUNTED)
    if key == request.playbook.without_manager:
        found += touchpoints.open_without_manager(request.tx, MOST_COUNTED)
    return _soonest_first(found)


def _department_here(request: Request) -> str | None:
    """The department whose channel the command was typed in."""
    for key in request.playbook.departments:
        if departments.channel(request.tx, request.playbook, key) == request.channel:
            return key
    return None


def _soonest_first(found: list[Touchpoint]) -> list[Touchpoint]:
    return sorted(found, key=lambda t: (t.due_at, t.id or 0))


def _list(
    request: Request, found: list[Touchpoint], whose: str, query: str | None = None
) -> Message:
    """`query` are the words after `/next` that show the same list again."""
    items = cards.items(request.tx, request.playbook, found[: messages.MOST])
    again = request.text.strip() if query is None else query
    return messages.upcoming(items, len(found), whose, again)
