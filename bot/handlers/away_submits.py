"""What the forms about being away and leaving do when they are submitted."""

from __future__ import annotations

from datetime import date

from bot.actions import away_plans as plans
from bot.actions import leaving
from bot.handlers.form import FieldError, Form
from bot.messages.message import Message
from bot.rules.errors import UserError
from bot.rules.typed_dates import parse_future, spoken
from db.models import Person


def away(form: Form) -> Message:
    """Hands all of the person's to a deputy."""
    request = form.request
    deputy, until = _colleague(form, "deputy"), _day(form, "until")
    if until is None:
        raise FieldError("until", "Pick your last day away.")
    since = _day(form, "since")
    if since is not None and until < since:
        raise FieldError("until", f"{spoken(until)} comes before {spoken(since)}.")
    with form.at("deputy"):
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


def give(form: Form) -> None:
    """Makes somebody the manager of all that a leaver had."""
    request = form.request
    to = _colleague(form, "manager")
    with form.at("manager"):
        if not request.is_admin:
            raise UserError("Only admins of this workspace give away what somebody left behind.")
        departure_id = int(form.ids["departure"])
        leaving.give(
            request.tx, request.playbook, departure_id, to.user_id, request.by, request.now
        )


def _colleague(form: Form, block_id: str) -> Person:
    if not form.user(block_id):
        raise FieldError(block_id, "Pick a colleague.")
    with form.at(block_id):
        return form.request.person(f"<@{form.user(block_id)}>", "Priya")


def _day(form: Form, block_id: str) -> date | None:
    picked = form.day(block_id)
    if picked is None:
        return None
    try:
        return parse_future(picked.isoformat(), form.request.today)
    except ValueError as error:
        raise FieldError(block_id, str(error)) from None


SUBMITS = {"away": away, "give": give}
