"""One click on a button or in a menu: its value, one effect however often Slack sends it, and a
line for the one who clicked when it could not be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_sdk.models.views import View

from bot.context import Context
from bot.handlers.forms import DID_NOT_OPEN, open_form
from bot.handlers.request import Request
from bot.messages.message import Message
from bot.messages.parts import text_message
from bot.rules.errors import UserError
from db import homes, inbox, outbox
from db.models import Person
from db.passing import out_of_deadlock
from db.tx import begin, read

Body = dict[str, Any]


def value(body: Body) -> str:
    """What the button or the picked choice of the menu carries."""
    action = body["actions"][0]
    if "selected_option" in action:
        return str(action["selected_option"]["value"])
    return str(action.get("value", ""))


def number(body: Body) -> int:
    """The id that a button carries, «12», or a menu's choice, «kept:12»."""
    found = value(body).rpartition(":")[2]
    if not found.isdecimal() or len(found) > 15:
        raise UserError("This button is of an older version. The newest message has the right one.")
    return int(found)


def act(
    context: Context,
    speaker: Person,
    body: Body,
    do: Callable[[Request, int], Message | None],
) -> None:
    """Does what was clicked, in one transaction; its answer takes the place of the private message
    that was clicked in."""

    def run() -> None:
        with begin(context.engine, speaker.workspace_id) as tx:
            if not inbox.first_time(tx, _once(body), context.now()):
                return
            told = do(_request(context, speaker, body, tx), number(body))
            if told is not None and "response_url" in body:
                outbox.enqueue_response(
                    tx,
                    dedupe_key=f"response:{_once(body)}"[:200],
                    response_url=body["response_url"],
                    payload=told.payload(),
                    now=context.now(),
                )

    try:
        out_of_deadlock(run)
    except UserError as error:
        whisper(context, speaker, body, error.sentence)
    context.wake()


def ask(
    context: Context, speaker: Person, body: Body, form: Callable[[Request, int], View]
) -> None:
    """Opens a form for what was clicked."""
    try:
        with read(context.engine, speaker.workspace_id) as tx:
            view = form(_request(context, speaker, body, tx), number(body))
        if not open_form(context, body["trigger_id"], view):
            raise UserError(DID_NOT_OPEN)
    except UserError as error:
        whisper(context, speaker, body, error.sentence)


def whisper(context: Context, speaker: Person, body: Body, sentence: str) -> None:
    """Tells the person alone, where they clicked; in the Home at its top."""
    where, now = channel(body), context.now()
    with begin(context.engine, speaker.workspace_id) as tx:
        if not where:
            homes.mark(tx, speaker.user_id, now, sentence)
        else:
            outbox.enqueue_ephemeral(
                tx,
                dedupe_key=f"whisper:{_once(body)}",
                channel=where,
                user=speaker.user_id,
                payload=text_message(sentence).payload(),
                now=now,
                thread_ts=body.get("message", {}).get("thread_ts"),
            )
    context.wake()


def channel(body: Body) -> str:
    """Where the click was; "" in the Home or a form."""
    found = body.get("channel", {}).get("id") or body.get("container", {}).get("channel_id")
    return str(found or "")


def _request(context: Context, speaker: Person, body: Body, tx: Any) -> Request:
    return Request(tx, context, speaker, "", channel(body), "button", context.now())


def _once(body: Body) -> str:
    return f"click:{body['trigger_id']}:{body['actions'][0]['action_id']}"[:200]
