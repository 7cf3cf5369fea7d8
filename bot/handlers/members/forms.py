"""The forms for being away, and for giving away what a leaver had: opened and submitted."""

from __future__ import annotations

from datetime import date

from slack_sdk.models.views import View

from bot.actions.members import away as actions
from bot.actions.members import offboarding
from bot.handlers.base.form import FieldError, Form
from bot.handlers.base.request import Request
from bot.messages.kit.message import Message
from bot.messages.members import away as messages
from bot.messages.members import forms as forms
from bot.rules.errors import UserError
from bot.rules.language.dates import format_date, parse_future
from db.members import away as absences
from db.models import Departure, Person

ONLY_ADMINS = "Only admins of this workspace give away what somebody left behind."


def away(request: Request, since: date | None = None, until: date | None = None) -> View:
    """With the days that are known, or what holds now, filled in."""
    known = absences.current(request.tx, request.speaker.user_id) if until is None else None
    cover, last = (known.cover_id, known.until) if known is not None else (None, until)
    return forms.away(cover, since or request.today, last, request.channel)


def transfer_form(request: Request, departure_id: int) -> View:
    """All of a leaver's to somebody, for admins."""
    if not request.is_admin:
        raise UserError(ONLY_ADMINS)
    departure = request.tx.get(Departure, departure_id)
    if departure is None:
        raise UserError("I no longer know who left there. `/account acme manager @priya` helps.")
    name = offboarding.leaver_name(request.tx, departure)
    return forms.transfer_form(departure_id, name, len(departure.accounts))


def set_cover(form: Form) -> Message:
    """Sets the person's cover."""
    request = form.request
    cover, since, until = _colleague(form, "cover"), _day(form, "since"), _day(form, "until")
    if until < since:
        raise FieldError("until", f"{format_date(until)} comes before {format_date(since)}.")
    with form.at("cover"):
        told = actions.set_cover(request.work, request.speaker, cover, since, until)
    return messages.is_set(told)


def give_all(form: Form) -> None:
    """Makes somebody the manager of all that a leaver had."""
    request = form.request
    to = _colleague(form, "manager")
    with form.at("manager"):
        if not request.is_admin:
            raise UserError(ONLY_ADMINS)
        departure_id = int(form.ids["departure"])
        offboarding.transfer_accounts(request.work, departure_id, to.user_id)


def _colleague(form: Form, block_id: str) -> Person:
    if not form.user(block_id):
        raise FieldError(block_id, "Pick a colleague.")
    with form.at(block_id):
        return form.request.person(f"<@{form.user(block_id)}>", "Priya")


def _day(form: Form, block_id: str) -> date:
    picked = form.day(block_id)
    if picked is None:
        raise FieldError(block_id, "Pick a day.")
    try:
        return parse_future(picked.isoformat(), form.request.today)
    except ValueError as error:
        raise FieldError(block_id, str(error)) from None


SUBMITS = {"away": set_cover, "give": give_all}
