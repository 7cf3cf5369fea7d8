"""The menu of an account on a Home: its card, its brief, its manager."""

from __future__ import annotations

import re
from functools import partial

from slack_bolt import App
from slack_sdk.models.views import View

from bot.actions.briefs.facts import build
from bot.actions.lifecycle import changes
from bot.actions.views import cards
from bot.context import Context
from bot.handlers.base.clicks import Body, clicked_value, listener, open_form_for
from bot.handlers.base.form import FieldError, Form
from bot.handlers.base.request import Request
from bot.messages.accounts import account as messages
from bot.messages.accounts.forms import manager, result
from bot.messages.briefs.brief import brief
from bot.messages.kit.message import Message
from bot.rules.errors import UserError
from db.briefs import briefs
from db.models import Account, Member


def register(app: App, linchpin: Context) -> None:
    """Listens to the menus."""
    app.action(re.compile(r"^account:menu:"))(listener(linchpin, _on_menu))


def _on_menu(context: Context, speaker: Member, body: Body) -> None:
    kind = clicked_value(body).partition(":")[0]
    if kind != "message":  # a conversation is opened by Slack itself
        open_form_for(context, speaker, body, partial(_form, kind))


def _form(kind: str, request: Request, account_id: int) -> View:
    account = request.tx.require(Account, account_id)
    if kind == "card":
        return result(messages.card(cards.account_card(request.work, account)))
    if kind == "manager":
        return manager((account.id, account.name), account.manager_id)
    newest = briefs.newest(request.tx, account.id)
    if newest is None:
        raise UserError("The renewal date has changed since: there is no brief about it yet.")
    return result(brief(build(request.work, newest, account, request.speaker.user_id)))


def submit_manager(form: Form) -> Message:
    """Gives an account to another manager, or to nobody."""
    work, account = form.request.work, form.request.tx.require(Account, int(form.ids["account"]))
    with form.at("manager"):
        if account.archived_at is not None:
            raise FieldError("manager", "That account is archived: restore it first.")
        changed = changes.give_to(work, account, form.colleague("manager"))
    return changes.answer(work, account, changed)


SUBMITS = {"manager": submit_manager}
