"""Makes the forms about promises, with what is known filled in."""

from __future__ import annotations

from slack_sdk.models.views import View

from bot.actions.promises import promises as actions
from bot.actions.promises.promises import Owner
from bot.handlers.base.request import Request
from bot.messages.promises import forms as forms
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import MANAGER, Playbook
from db.models import Account
from db.promises import promises
from db.promises.promises import PromiseRecord


def new(
    request: Request, account: Account | None = None, text: str = "", owner: Owner | None = None
) -> View:
    """ "A promise", to be kept by whom the playbook names if nobody was named."""
    return forms.new(
        owner_choices(request.playbook),
        account=(account.id, account.name) if account else None,
        text=text,
        owner=owner.key if owner else request.playbook.promises.owner,
        keeper=owner.keeper if owner else None,
        channel=request.channel,
    )


def change(request: Request, promise_id: int) -> View:
    """What becomes of an open promise. Raises `UserError` when it has ended."""
    found = promises.by_id(request.tx, promise_id)
    if found is None:
        raise UserError("That promise is no longer there: it was taken back.")
    return _build_change_form(request, found)


def change_form_of_touchpoint(request: Request, touchpoint_id: int) -> View | None:
    """The same from a promise's nudge; None for a touchpoint that is no promise's."""
    found = promises.by_touchpoint(request.tx, touchpoint_id)
    return _build_change_form(request, found) if found is not None else None


def owner_choices(playbook: Playbook) -> list[tuple[str, str]]:
    departments = [(key, each.name) for key, each in playbook.departments.items()]
    return [(MANAGER, "The account's manager"), *departments]


def _build_change_form(request: Request, found: PromiseRecord) -> View:
    actions.require_open(found)
    promise = found.promise
    return forms.change(
        promise.id, found.account.name, promise.text, promise.due_on, request.channel
    )
