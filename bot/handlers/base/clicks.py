"""One click on a button or in a menu: its value, one effect however often Slack sends it, and a
line for the one who clicked when it could not be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_sdk.models.views import View

from bot.context import Context
from bot.handlers.base.open_form import DID_NOT_OPEN, open_form
from bot.handlers.base.replies import channel, click_id, in_its_form, reply_privately, respond
from bot.handlers.base.request import Request
from bot.messages.kit.message import Message
from bot.rules.errors import UserError
from db.core.transient_errors import retry_on_deadlock
from db.core.tx import begin, read
from db.models import Person
from db.ops import inbox

Body = dict[str, Any]


def clicked_value(body: Body) -> str:
    """What the button or the picked choice of the menu carries."""
    action = body["actions"][0]
    if "selected_option" in action:
        return str(action["selected_option"]["value"])
    return str(action.get("value", ""))


def clicked_id(body: Body) -> int:
    """The id that a button carries, "12", or a menu's choice, "kept:12"."""
    found = clicked_value(body).rpartition(":")[2]
    if not found.isdecimal() or len(found) > 15:
        raise UserError("This button is of an older version. The newest message has the right one.")
    return int(found)


def run_action(
    context: Context, speaker: Person, body: Body, do: Callable[[Request, int], Message | None]
) -> None:
    """Does what was clicked to the row whose id the button carries, as `perform` does."""
    perform(context, speaker, body, lambda request: do(request, clicked_id(body)))


def perform(
    context: Context, speaker: Person, body: Body, do: Callable[[Request], Message | None]
) -> None:
    """Does what was clicked, in one transaction; its answer takes the place of the message or the
    form that was clicked in."""

    def run() -> Message | None:
        with begin(context.engine, speaker.workspace_id) as tx:
            if not inbox.first_time(tx, click_id(body), context.now()):
                return None
            told = do(_build_request(context, speaker, body, tx))
            if told is not None:
                respond(tx, context, body, told.payload())
            return told

    try:
        told = retry_on_deadlock(run)
    except UserError as error:
        reply_privately(context, speaker, body, error.sentence)
    else:
        if told is not None:
            in_its_form(context, body, told.payload())
    context.wake()


def open_form_for(
    context: Context, speaker: Person, body: Body, form: Callable[[Request, int], View]
) -> None:
    """Opens a form for what was clicked."""
    try:
        with read(context.engine, speaker.workspace_id) as tx:
            view = form(_build_request(context, speaker, body, tx), clicked_id(body))
        if not open_form(context, body["trigger_id"], view):
            raise UserError(DID_NOT_OPEN)
    except UserError as error:
        reply_privately(context, speaker, body, error.sentence)


def _build_request(context: Context, speaker: Person, body: Body, tx: Any) -> Request:
    return Request(tx, context, speaker, "", channel(body), "button", context.now())
