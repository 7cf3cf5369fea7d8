"""The forms of touchpoints, with what is known filled in."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from slack_sdk.models.views import View

from bot.actions.responses.undo import require_open
from bot.actions.touchpoints.labels import assignee_label
from bot.actions.touchpoints.nudge_views import nudge_view
from bot.actions.touchpoints.routing import touchpoint_calendar
from bot.actions.touchpoints.standing import standing_text
from bot.handlers.answers.forms import answer_form
from bot.handlers.base.request import Request
from bot.handlers.lifecycle import decision
from bot.handlers.promises import forms
from bot.messages.touchpoints import forms as touchpoint_forms
from bot.messages.touchpoints.forms import details
from bot.rules.time.snooze import snooze_choices
from bot.rules.touchpoint_verbs import DETAILS, WRITE
from db.models import Account, Touchpoint


def touchpoint_form(request: Request, verb: str, touchpoint_id: int) -> View:
    """The form behind a touchpoint's button; `UserError` when it is gone or has ended."""
    touchpoint = request.tx.require(Touchpoint, touchpoint_id)
    if verb == DETAILS:
        return _details(request, touchpoint)
    if verb in (WRITE, "done"):
        return answer_form(request, touchpoint)
    if verb == "decide":
        return decision.form(request, request.tx.require(Account, touchpoint.account_id))
    account = require_open(request.tx, touchpoint)
    if verb == "skip" and (view := forms.change_form_of_touchpoint(request, touchpoint_id)):
        return view
    about = touchpoint_id, account.name, touchpoint.title
    if verb == "skip":
        return touchpoint_forms.skip(*about, request.channel)
    calendar = touchpoint_calendar(request.tx, request.playbook, touchpoint, account)
    times = snooze_choices(calendar, request.now, ZoneInfo(request.speaker.tz))
    return touchpoint_forms.snooze(*about, times, request.channel)


def _details(request: Request, touchpoint: Touchpoint) -> View:
    account = request.tx.require(Account, touchpoint.account_id)
    nudge = nudge_view(request.work, touchpoint, account)
    whose = assignee_label(request.playbook, touchpoint, account)
    standing = standing_text(request.playbook, touchpoint, account, request.now)
    return details(nudge, account.id, f"{whose} · {standing}")
