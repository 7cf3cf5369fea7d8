"""The forms that set a cover and that reassign a leaver's accounts: opened and submitted."""

from datetime import date

from slack_sdk.models.views import View

from bot.actions.members import away as actions
from bot.actions.members import offboarding
from bot.actions.touchpoints.routing import acting_lead
from bot.handlers.base.form import FieldError, Form
from bot.handlers.base.request import Request
from bot.messages.kit.message import Message
from bot.messages.kit.text import day
from bot.messages.members import away as messages
from bot.messages.members import forms
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import MANAGER
from db.members import away as absences
from db.members import members
from db.models import Departure, Member


def away(request: Request, since: date | None = None, until: date | None = None) -> View:
    """The form to set a cover, filled in with the days given or else with the current absence."""
    current = absences.current(request.tx, request.speaker.user_id) if until is None else None
    cover, until = (current.cover_id, current.until) if current is not None else (None, until)
    return forms.away(cover, since or request.today, until, request.channel)


def away_of_another(request: Request, member_id: int) -> View:
    """The same for a colleague who has not set one."""
    _require_lead(request)
    other = request.tx.get(Member, member_id)
    of = (other.user_id, members.name(request.tx, other.user_id)) if other else None
    return forms.away(None, request.today, None, request.channel, of)


def _require_lead(request: Request) -> None:
    lead = acting_lead(request.tx, request.playbook, MANAGER)
    if request.speaker.user_id != lead and not request.is_admin:
        raise UserError("Only the managers' lead or an admin can set a cover for somebody else.")


def transfer_form(request: Request, departure_id: int) -> View:
    """The form with which an admin gives a leaver's accounts to somebody."""
    request.require_admin("can reassign these accounts")
    departure = request.tx.require(Departure, departure_id)
    name = members.name(request.tx, departure.user_id)
    return forms.transfer_form(departure_id, name, len(departure.accounts))


def set_cover(form: Form) -> Message:
    """Sets the person's cover."""
    request = form.request
    cover, since, until = _colleague(form, "cover"), _day(form, "since"), _day(form, "until")
    if until < since:
        raise FieldError("until", f"{day(until)} comes before {day(since)}.")
    user = members.by_user_id(request.tx, str(form.ids.get("of") or "")) or request.speaker
    if user.user_id == request.speaker.user_id:
        return messages.is_set(actions.set_cover(request.work, user, cover, since, until))
    _require_lead(request)
    return messages.is_set_for(actions.set_cover_for(request.work, user, cover, since, until))


def give_all(form: Form) -> None:
    """Makes somebody the manager of all that a leaver had."""
    request = form.request
    manager = _colleague(form, "manager")
    request.require_admin("can reassign these accounts")
    offboarding.transfer_accounts(request.work, int(form.ids["departure"]), manager.user_id)


def _colleague(form: Form, block_id: str) -> Member:
    if not form.user(block_id):
        raise FieldError(block_id, "Pick a colleague.")
    with form.at(block_id):
        return form.request.person(f"<@{form.user(block_id)}>", "Priya")


def _day(form: Form, block_id: str) -> date:
    picked = form.future_day(block_id)
    if picked is None:
        raise FieldError(block_id, "Pick a day.")
    return picked


SUBMITS = {"away": set_cover, "give": give_all}
