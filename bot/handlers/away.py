"""`/linchpin away` and `/linchpin back`; the button that gives away what a leaver had."""

from __future__ import annotations

import re
from datetime import date

from slack_bolt import Ack, App, BoltContext

from bot.actions import away as actions
from bot.context import Context
from bot.handlers import away_views, clicks
from bot.handlers.clicks import Body
from bot.handlers.request import NeedsForm, Request
from bot.messages import away as messages
from bot.messages import help as help_page
from bot.messages.message import Message
from bot.messages.parts import plain
from bot.rules.errors import UserError
from bot.rules.typed_dates import parse_future
from bot.rules.words import cut
from db import away
from db.models import Person

EXAMPLE = "/linchpin away @priya until 2027-01-10"
_UNTIL = re.compile(
    r"^(?:to\s+|with\s+)?(?P<who>.+?)\s+(?:until|till|through|to)\s+(?P<until>.+)$", re.I
)


def register(app: App, linchpin: Context) -> None:
    """Listens to «Give all to somebody…»."""

    @app.action("away:give")
    def give(ack: Ack, body: Body, context: BoltContext) -> None:
        clicks.ask(linchpin, context["speaker"], body, away_views.give)
        ack()


def begin(request: Request, words: str) -> Message:
    """`/linchpin away @priya until 2027-01-10`; without words a form."""
    if not words:
        raise NeedsForm(away_views.away(request), help_page.of("/linchpin"))
    found = _UNTIL.match(words)
    if found is None:
        raise UserError(f"Say who stands in, and until when: `{EXAMPLE}`.")
    deputy, until = parsed(request, found["who"], found["until"])
    told = actions.begin(
        request.tx,
        request.playbook,
        request.speaker,
        deputy,
        until,
        request.today,
        request.by,
        request.now,
    )
    return messages.begun(told)


def parsed(request: Request, who: str, until: str) -> tuple[Person, date]:
    """The colleague and the day that the words mean; `UserError` with a line that works."""
    deputy = request.person(who, EXAMPLE)
    try:
        return deputy, parse_future(cut(until, 80), request.today)
    except ValueError as error:
        raise UserError(f"{plain(str(error))} A line that works: `{EXAMPLE}`.") from None


def end(request: Request) -> Message:
    """`/linchpin back`."""
    absence = away.of(request.tx, request.speaker.user_id)
    if absence is None:
        raise UserError(f"You are not away, as far as I know. `{EXAMPLE}` says that you are.")
    told = actions.end(request.tx, request.playbook, absence, request.by, request.now)
    return messages.over(told, request.speaker.user_id)
