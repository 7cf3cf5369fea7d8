"""A number of a digest or of Home opens its rows, in a form that only who clicked sees."""

import re

from slack_bolt import App

from bot.actions.views.rows import open_rows
from bot.context import Context
from bot.handlers.base.clicks import Body, clicked_value, listener
from bot.handlers.base.replies import (
    DID_NOT_OPEN,
    channel,
    in_its_form,
    open_form,
    reply_privately,
)
from bot.handlers.base.request import read_request
from bot.messages.accounts.forms import result
from bot.messages.digests.rows import SHOW, TURN
from bot.rules.errors import UserError
from db.models import Member


def register(app: App, linchpin: Context) -> None:
    """Listens to the menus, the buttons of single numbers, and those that turn the page."""
    app.action(re.compile(f"^({SHOW}$|{SHOW}:|{TURN}:)"))(listener(linchpin, _show))


def _show(context: Context, speaker: Member, body: Body) -> None:
    try:
        with read_request(context, speaker, "button", channel(body)) as request:
            rows = open_rows(request.work, clicked_value(body))
        if body.get("view", {}).get("type") == "modal":
            in_its_form(context, body, rows.payload())
        elif not open_form(context, body["trigger_id"], result(rows)):
            raise UserError(DID_NOT_OPEN)
    except UserError as error:
        reply_privately(context, speaker, body, error.sentence)
