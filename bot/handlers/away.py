"""`/linchpin away` and `/linchpin back`; the button that gives away what a leaver had."""

from __future__ import annotations

import re
from datetime import date

from slack_bolt import Ack, App, BoltContext

from bot.actions import away as actions
from bot.actions import away_plans as plans
from bot.context import Context
from bot.handlers import away_views, clicks
from bot.handlers.clicks import Body
from bot.handlers.request import NeedsForm, Request
from bot.messages import away as messages
from bot.messages import away_plans as plan_messages
from bot.messages import help as help_page
from bot.messages.message import Message
from bot.messages.parts import plain, section
from bot.rules.errors import UserError
from bot.rules.typed_dates import parse_future
from bot.rules.words import cut
from db import away
from db.models import Person

EXAMPLE = "/linchpin away @priya until 2027-01-10"
AHEAD = "/linchpin away @priya from 2026-12-20 to 2027-01-03"
_WHO = r"(?:to\s+|with\s+)?(?P<who>.+?)"
_TO = r"(?:until|till|through|to)"
_SPAN = re.compile(
    rf"^(?:{_WHO}\s+)?from\s+(?P<since>.+?)\s+{_TO}\s+(?P<until>.+?)"
    r"(?:[,;]?\s+(?:with\s+)?(?P<after><?@.+))?$",
    re.I,
)
_UNTIL = re.compile(rf"^{_WHO}\s+{_TO}\s+(?P<until>.+)$", re.I)


def register(app: App, linchpin: Context) -> None:
    """Listens to «Give all to somebody…» and to «Cancel» of what is planned."""

    @app.action("away:give")
    def give(ack: Ack, body: Body, context: BoltContext) -> None:
        clicks.ask(linchpin, context["speaker"], body, away_views.give)
        ack()

    @app.action("away:cancel")
    def cancel(ack: Ack, body: Body, context: BoltContext) -> None:
        clicks.act(linchpin, context["speaker"], body, _cancel)
        ack()


def handle(request: Request, words: str) -> Message:
    """`/linchpin away …`: from now or from a day on, `list`, `cancel`; without words a form."""
    if not words:
        raise NeedsForm(away_views.away(request), help_page.of("/linchpin"))
    if words.casefold() in ("list", "show", "cancel"):
        return _planned(request, words.casefold() == "cancel")
    span, until = _SPAN.match(words), _UNTIL.match(words)
    if span is None and until is None:
        raise UserError(f"Say who stands in, and until when: `{EXAMPLE}`.")
    if span is None:
        assert until is not None
        return begin(request, *parsed(request, until["who"], until["until"]))
    who = span["who"] or span["after"]
    if not who:
        since, last = _day(request, span["since"], AHEAD), _day(request, span["until"], AHEAD)
        sentence = f"Say who stands in: `{AHEAD}`."
        view = away_views.away(request, since, last)
        raise NeedsForm(view, Message(sentence, (section(sentence),)))
    return begin(request, *parsed(request, who, span["until"], span["since"]))


def begin(request: Request, deputy: Person, until: date, since: date | None) -> Message:
    """Hands all of the asker's over, at once or when the day `since` comes."""
    return plans.hand_over(
        request.tx,
        request.playbook,
        request.speaker,
        deputy,
        since or request.today,
        until,
        request.today,
        request.by,
        request.now,
    )


def parsed(
    request: Request, who: str, until: str, since: str = ""
) -> tuple[Person, date, date | None]:
    """The colleague and the days that the words mean; `UserError` with a line that works."""
    example = AHEAD if since else EXAMPLE
    deputy = request.person(who, example)
    first = _day(request, since, example) if since else None
    return deputy, _day(request, until, example), first


def _day(request: Request, words: str, example: str) -> date:
    try:
        return parse_future(cut(words, 80), request.today)
    except ValueError as error:
        raise UserError(f"{plain(str(error))} A line that works: `{example}`.") from None


def _planned(request: Request, to_cancel: bool) -> Message:
    """What is planned, with buttons; «cancel» of the only one is done at once."""
    user = request.speaker.user_id
    ahead = plans.ahead(request.tx, user)
    if to_cancel and len(ahead) == 1:
        return _cancel(request, ahead[0].id)
    current = actions.current(request.tx, request.playbook, user)
    return plan_messages.listed(current, ahead)


def _cancel(request: Request, plan_id: int) -> Message:
    gone = plans.cancel(request.tx, plan_id, request.by, request.now)
    return plan_messages.cancelled(plans.shown(gone))


def end(request: Request) -> Message:
    """`/linchpin back`."""
    absence = away.of(request.tx, request.speaker.user_id)
    if absence is None:
        raise UserError(
            f"You are not away, as far as I know. `{EXAMPLE}` says that you are, and "
            "`/linchpin away list` shows what you have planned."
        )
    told = actions.end(request.tx, request.playbook, absence, request.by, request.now)
    return messages.over(told, request.speaker.user_id)
