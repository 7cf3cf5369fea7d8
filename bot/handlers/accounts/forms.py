"""The forms of accounts, with what is known filled in."""

from __future__ import annotations

from datetime import date

from slack_sdk.models.views import View

from bot.actions.accounts import interactions
from bot.handlers.base.request import Request
from bot.messages.accounts import forms as account_forms
from bot.rules.playbook.playbook import Playbook
from db.models import Account


def log(
    request: Request,
    account: Account | None = None,
    kind: str = "note",
    text: str = "",
    on: date | None = None,
    thread: str = "",
) -> View:
    """ "Log an interaction", of today when no day is known."""
    return account_forms.log(
        _known(account),
        interactions.KINDS,
        kind,
        on or request.today,
        text=text,
        channel=request.channel,
        thread=thread,
    )


def add(request: Request) -> View:
    """ "Add an account", in the first stage."""
    return account_forms.add(_stages(request.playbook), channel=request.channel)


def move(
    request: Request,
    account: Account | None = None,
    *,
    to: str | None = None,
    reason: str = "",
    warning: str = "",
) -> View:
    """ "Move an account", to the stage after the one it is in."""
    following = request.playbook.after(account.stage) if account else None
    return account_forms.move(
        _stages(request.playbook),
        account=_known(account),
        to=to or (following.key if following else None),
        seen=account.stage_entry if account else None,
        reason=reason,
        warning=warning,
        channel=request.channel,
    )


def _stages(playbook: Playbook) -> list[tuple[str, str]]:
    return [(stage.key, stage.name) for stage in playbook.stages]


def _known(account: Account | None) -> tuple[int, str] | None:
    return (account.id, account.name) if account else None
