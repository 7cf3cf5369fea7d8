"""`/linchpin away` and `/linchpin back`, and the buttons of their messages."""

import re
from datetime import date

from slack_bolt import App

from bot.actions.members import away as actions
from bot.actions.members.offboarding import take_back
from bot.context import Context
from bot.handlers.base.clicks import action_listener, form_listener
from bot.handlers.base.request import NeedsForm, Request
from bot.handlers.members import forms
from bot.messages.kit.blocks import text_message
from bot.messages.kit.message import Message
from bot.messages.members import away as messages
from bot.rules.errors import UserError
from db.members import away
from db.models import Member

EXAMPLE = "/linchpin away @priya until 2027-01-10"
EXAMPLE_AHEAD = "/linchpin away @priya from 2026-12-20 to 2027-01-03"
# "@priya until friday", "from monday to friday with @priya"; without a name the form asks for it.
_WORDS = re.compile(
    r"^(?:(?:to\s+|with\s+)?(?P<who>(?!from\s|until\s).+?)\s+)?(?:from\s+(?P<since>.+?)\s+)?"
    r"(?:until|till|through|to)\s+(?P<until>.+?)(?:[,;]?\s+(?:with\s+)?(?P<after><?@.+))?$",
    re.I,
)


def register(app: App, linchpin: Context) -> None:
    """Listens to the buttons that give accounts to others or back, and that end an absence."""
    app.action("away:give")(form_listener(linchpin, forms.transfer_form))
    app.action("away:cover")(form_listener(linchpin, forms.away_of_another))
    app.action("away:return")(
        action_listener(linchpin, lambda request, left: take_back(request.work, left))
    )
    app.action("away:end")(action_listener(linchpin, _end))


def handle(request: Request, words: str) -> Message:
    """`/linchpin away …`: who and when, `list`, `cancel`; where a word is missing a form."""
    if not words:
        raise NeedsForm(forms.away(request))
    if words.casefold() in ("list", "show", "cancel"):
        return _listed(request, words.casefold() == "cancel")
    match = _WORDS.match(words)
    if match is None:
        raise UserError(f"Say who covers, and until when: `{EXAMPLE}`.")
    who, since, until = match["who"] or match["after"], match["since"] or "", match["until"]
    if not who:
        view = forms.away(request, *_days(request, since, until))
        raise NeedsForm(view, text_message(f"Say who covers: `{EXAMPLE_AHEAD}`."))
    absence = parse_absence(request, who, until, since)
    return messages.is_set(actions.set_cover(request.work, request.speaker, *absence))


def back(request: Request) -> Message:
    """`/linchpin back`."""
    absence = away.current(request.tx, request.speaker.user_id)
    if absence is None:
        raise UserError(
            "You are not away now. `/linchpin away list` shows what is planned, and "
            f"`{EXAMPLE}` sets a cover."
        )
    return text_message(messages.ended(actions.end_absence(request.work, absence)))


def parse_absence(
    request: Request, who: str, until: str, since: str = ""
) -> tuple[Member, date | None, date]:
    """The colleague and the days that the words mean; `UserError` with a line that works."""
    return request.person(who, EXAMPLE_AHEAD if since else EXAMPLE), *_days(request, since, until)


def _days(request: Request, since: str, until: str) -> tuple[date | None, date]:
    example = EXAMPLE_AHEAD if since else EXAMPLE
    first = request.future_date(since, example) if since else None
    return first, request.future_date(until, example)


def _listed(request: Request, to_cancel: bool) -> Message:
    """What is set, with buttons; `cancel` cancels the only one that is planned."""
    absences = away.find(request.tx, request.speaker.user_id)
    planned = [each.id for each in absences if each.began_at is None]
    if to_cancel and len(planned) == 1:
        return _end(request, planned[0])
    return messages.listed([actions.absence_view(request.work, each) for each in absences])


def _end(request: Request, absence_id: int) -> Message:
    return text_message(messages.ended(actions.end_own(request.work, absence_id)))
