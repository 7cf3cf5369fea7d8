"""`/account acme goals`: goals, risks, alternatives and decision dates, with their menus."""

from __future__ import annotations

import re

from slack_bolt import App
from slack_sdk.models.views import View

from bot.actions.answers import known
from bot.context import Context
from bot.handlers.base.clicks import (
    Body,
    clicked_id,
    clicked_value,
    listener,
    open_form_of,
    perform,
    view_listener,
)
from bot.handlers.base.form import FieldError, Form
from bot.handlers.base.request import Request
from bot.handlers.promises import forms as promises
from bot.messages.answers import known as messages
from bot.messages.kit.message import Message
from db.models import Account, Member


def register(app: App, linchpin: Context) -> None:
    """Listens to the lines' menus, to Undo and to "Add…"."""
    app.action(re.compile("^known:(menu|reopen)"))(listener(linchpin, _on_menu))
    app.action("known:add")(view_listener(linchpin, _add_form))


def page(request: Request, account: Account, _words: str = "") -> Message:
    """Answers `/account acme goals`, `risks` and `alternatives`."""
    rows = known.list_known(request.tx, account)
    return messages.page(account.id, account.name, rows)


def submit(form: Form) -> Message:
    """Keeps a line that was corrected or added."""
    work, key = form.request.work, form.ids.get("key")
    text, due_on = form.text("text"), form.day("due_on")
    with form.at("text"):
        if key:
            _, account = known.correct(work, str(key), text, due_on)
        else:
            account = form.request.tx.require(Account, int(form.ids["account"]))
            kind = form.choice("kind")
            if kind == "decision date" and due_on is None:
                raise FieldError("due_on", "Say by when they decide.")
            known.add(work, account, kind, text, due_on)
    return page(form.request, account)


def _on_menu(context: Context, speaker: Member, body: Body) -> None:
    verb, _, key = clicked_value(body).partition(":")
    if verb in ("settle", "reopen"):
        perform(context, speaker, body, lambda request: _settle(request, verb, key))
    else:
        open_form_of(context, speaker, body, lambda request: _form(request, verb, key))


def _settle(request: Request, verb: str, key: str) -> Message:
    row, account = known.settle(request.work, key, settled=verb == "settle")
    return messages.settled(account.name, row) if verb == "settle" else page(request, account)


def _form(request: Request, verb: str, key: str) -> View:
    """The line to be corrected, or a promise against it."""
    row, account = known.load(request.tx, key)
    if verb == "promise":
        return promises.new(request, account, risk=key)
    ids = {"key": key, "channel": request.channel}
    return messages.line_form(account.name, known.known_row(row), ids)


def _add_form(request: Request, body: Body) -> View:
    """The button carries the account's id, or "alternative:12" for the kind to begin with."""
    account = request.tx.require(Account, clicked_id(body))
    ids = {"account": account.id, "channel": request.channel}
    return messages.line_form(account.name, None, ids, clicked_value(body).rpartition(":")[0])


SUBMITS = {"known": submit}
