"""`/next acme remind friday call Jane`: a touchpoint that somebody asks for by hand."""

import re

from slack_bolt import App

from bot.actions.accounts.accounts import require_live
from bot.actions.touchpoints import reminders
from bot.context import Context
from bot.handlers.base.clicks import action_listener
from bot.handlers.base.request import Request, offer
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, example_day, quoted
from bot.messages.touchpoints import reminders as messages
from bot.rules.errors import UserError
from bot.rules.language.dates import find_days
from bot.rules.text.words import tokens

_WHO = re.compile(r"(?P<who><@[^>]+>|@\S+|me)(?:\s+|$)", re.IGNORECASE)


def register(app: App, linchpin: Context) -> None:
    """Listens to Undo beside a reminder."""
    app.action("reminder:undo")(action_listener(linchpin, undo))


def read(request: Request) -> Message | None:
    """What `/next ACCOUNT remind [@who] DAY WHAT` answers; None for other words."""
    words = tokens(request.text)
    at = next((n for n, w in enumerate(words) if n and w.casefold() == "remind"), 0)
    if not at or request.known() > at:
        return None
    again = " ".join(["/next", "{account}", *words[at:]])
    account = require_live(request.account(" ".join(words[:at]), again))
    rest = " ".join(words[at + 1 :])
    example = f"/next {quoted(account.name)} remind {example_day(request.today)} call Jane"
    named = _WHO.match(rest)
    person = request.person(named["who"], example) if named else request.speaker
    rest = rest[named.end() :] if named else rest
    found = next((d for d in find_days(rest, request.today, forward=True) if not d.is_weak), None)
    text = f"{rest[: found.start]} {rest[found.end :]}".strip(" ,:") if found else ""
    if found and found.readings:
        line = f"/next id:{account.id} remind <@{person.user_id}> {{on}} {text}"
        raise offer(
            "Which day?", *((day(d), line.format(on=d.isoformat())) for d in found.readings)
        )
    if found is None or found.day is None or found.day < request.today or not text:
        raise UserError(f"A reminder has a coming day and words: `{example}`.")
    reminder = reminders.plan_reminder(
        request.work, account, person.user_id, request.readable(text), found.day, found.hour
    )
    planned = reminder.title, reminder.due_at, reminder.id
    return messages.planned(account.name, person.user_id, *planned)


def undo(request: Request, reminder_id: int) -> Message:
    """Takes a reminder back."""
    return messages.taken_back(reminders.take_back(request.work, reminder_id).title)
