"""Makes the forms, with what is known filled in."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from slack_sdk.models.views import View

from bot.actions import interactions
from bot.actions.places import calendar_of
from bot.actions.undoing import still_open
from bot.handlers import decision, promise_views
from bot.handlers.request import Request
from bot.messages.forms import account as account_forms
from bot.messages.forms import touchpoint as touchpoint_forms
from bot.rules.errors import UserError
from bot.rules.playbook import MANAGER, Playbook
from bot.rules.snooze import choices
from db import accounts, touchpoints
from db.models import Account, Touchpoint


def of_touchpoint(request: Request, verb: str, touchpoint_id: int) -> View:
    """The form behind Done, Skip, Snooze or «What did they decide?». Raises `UserError` when there
    is nothing to ask."""
    found = touchpoint(request, touchpoint_id)
    if verb == "done":
        return done(request, found)
    if verb == "decide":
        return decision.form(request, accounts.by_id(request.tx, found.account_id))
    account = still_open(request.tx, found)
    if verb == "skip" and (view := promise_views.change_of_touchpoint(request, touchpoint_id)):
        return view
    if verb == "skip":
        return touchpoint_forms.skip(touchpoint_id, account.name, found.title, request.channel)
    calendar = calendar_of(request.tx, request.playbook, found, account)
    times = choices(calendar, request.now, ZoneInfo(request.speaker.tz))
    return touchpoint_forms.snooze(touchpoint_id, account.name, found.title, times, request.channel)


def done(request: Request, found: Touchpoint, *, whole: bool = False) -> View:
    """What came of it; the `whole` form after «More…»."""
    account = accounts.by_id(request.tx, found.account_id)
    assert account is not None
    who = owners(request.playbook), found.owner
    return touchpoint_forms.done(
        found.id, account.name, found.title, *who, request.channel, whole=whole
    )


def touchpoint(request: Request, touchpoint_id: int) -> Touchpoint:
    """The touchpoint, or a `UserError` when it is gone."""
    found = touchpoints.by_id(request.tx, touchpoint_id)
    if found is None:
        raise UserError("That touchpoint is no longer there: it was planned anew.")
    return found


def log(
    request: Request,
    account: Account | None = None,
    kind: str = "note",
    text: str = "",
    on: date | None = None,
    thread: str = "",
) -> View:
    """«Log an interaction», of today when no day is known."""
    return account_forms.log(
        _known(account),
        interactions.KINDS,
        kind,
        on or request.today,
        text=text,
        channel=request.channel,
        thread=thread,
    )


def add(request: Request, name: str = "") -> View:
    """«Add an account», in the first stage."""
    return account_forms.add(stages(request.playbook), name=name, channel=request.channel)


def move(
    request: Request,
    account: Account | None = None,
    *,
    to: str | None = None,
    reason: str = "",
    warning: str = "",
) -> View:
    """«Move an account», to the stage after the one it is in."""
    following = request.playbook.after(account.stage) if account else None
    return account_forms.move(
        stages(request.playbook),
        account=_known(account),
        to=to or (following.key if following else None),
        seen=account.stage_entry if account else None,
        reason=reason,
        warning=warning,
        channel=request.channel,
    )


def stages(playbook: Playbook) -> list[tuple[str, str]]:
    return [(stage.key, stage.name) for stage in playbook.stages]


def owners(playbook: Playbook) -> list[tuple[str, str]]:
    """Who may own a touchpoint: the account's manager, then the departments."""
    departments = [(key, each.name) for key, each in playbook.departments.items()]
    return [(MANAGER, "The account's manager"), *departments]


def _known(account: Account | None) -> tuple[int, str] | None:
    return (account.id, account.name) if account else None
