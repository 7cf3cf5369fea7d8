"""Makes the forms of touchpoints, with what is known filled in."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from slack_sdk.models.views import View

from bot.actions.responses.undo import require_open
from bot.actions.touchpoints.routing import touchpoint_calendar
from bot.handlers.base.request import Request
from bot.handlers.lifecycle import decision
from bot.handlers.promises import forms
from bot.messages.touchpoints import forms as touchpoint_forms
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.time.snooze import snooze_choices
from db.accounts import accounts
from db.models import Touchpoint
from db.touchpoints import touchpoints


def touchpoint_form(request: Request, verb: str, touchpoint_id: int) -> View:
    """The form behind Done, Skip, Snooze or "What did they decide?". Raises `UserError` when there
    is nothing to ask."""
    found = load_touchpoint(request, touchpoint_id)
    if verb == "done":
        return done(request, found)
    if verb == "decide":
        return decision.form(request, accounts.by_id(request.tx, found.account_id))
    account = require_open(request.tx, found)
    if verb == "skip" and (view := forms.change_form_of_touchpoint(request, touchpoint_id)):
        return view
    if verb == "skip":
        return touchpoint_forms.skip(touchpoint_id, account.name, found.title, request.channel)
    calendar = touchpoint_calendar(request.tx, request.playbook, found, account)
    times = snooze_choices(calendar, request.now, ZoneInfo(request.speaker.tz))
    return touchpoint_forms.snooze(touchpoint_id, account.name, found.title, times, request.channel)


def done(request: Request, found: Touchpoint, *, whole: bool = False) -> View:
    """What came of it; the `whole` form after "More…"."""
    account = accounts.by_id(request.tx, found.account_id)
    assert account is not None
    who = owner_choices(request.playbook), found.owner
    return touchpoint_forms.done(
        found.id, account.name, found.title, *who, request.channel, whole=whole
    )


def load_touchpoint(request: Request, touchpoint_id: int) -> Touchpoint:
    """The touchpoint, or a `UserError` when it is gone."""
    found = touchpoints.by_id(request.tx, touchpoint_id)
    if found is None:
        raise UserError("That touchpoint is no longer there: it was planned anew.")
    return found


def owner_choices(playbook: Playbook) -> list[tuple[str, str]]:
    """Who may own a touchpoint: the account's manager, then the departments."""
    departments = [(key, each.name) for key, each in playbook.departments.items()]
    return [(MANAGER, "The account's manager"), *departments]
