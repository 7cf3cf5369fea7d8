"""Makes the forms for being away and for giving away what a leaver had."""

from __future__ import annotations

from datetime import date

from slack_sdk.models.views import View

from bot.actions import away_plans as plans
from bot.actions import leaving
from bot.handlers.request import Request
from bot.messages.away_plans import row
from bot.messages.forms import away as forms
from bot.rules.errors import UserError
from db import away as absences
from db.models import Departure


def away(request: Request, since: date | None = None, until: date | None = None) -> View:
    """«Hand all of yours», with the days that are known, or what holds now, filled in."""
    known = absences.of(request.tx, request.speaker.user_id) if until is None else None
    planned = [row(each) for each in plans.ahead(request.tx, request.speaker.user_id)]
    return forms.away(
        known.deputy_id if known else None,
        since,
        known.until if known else until,
        planned,
        request.channel,
    )


def give(request: Request, departure_id: int) -> View:
    """«Give all to somebody», for admins."""
    if not request.is_admin:
        raise UserError("Only admins of this workspace give away what somebody left behind.")
    departure = request.tx.get(Departure, departure_id)
    if departure is None:
        raise UserError("I no longer know who left there. `/account acme manager @priya` helps.")
    name = leaving.name_of(request.tx, departure)
    return forms.give(departure_id, name, len(departure.accounts))
