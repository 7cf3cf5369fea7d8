"""A click on a button or in a menu: done once, however often Slack sends it; errors go privately
to whoever clicked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, BoltContext
from slack_sdk.models.views import View

from bot.context import Context
from bot.handlers.base.replies import (
    DID_NOT_OPEN,
    channel,
    click_id,
    in_its_form,
    open_form,
    reply_privately,
    respond,
)
from bot.handlers.base.request import Request, begin_request, read_request
from bot.messages.kit.message import Message
from bot.rules.errors import UserError
from db.core.transient_errors import retry_on_deadlock
from db.models import Member
from db.ops import inbox

Body = dict[str, Any]
Listener = Callable[..., None]


def listener(linchpin: Context, do: Callable[[Context, Member, Body], None]) -> Listener:
    """A Bolt listener that does something for the person and acks after it."""

    def listen(ack: Ack, body: Body, context: BoltContext) -> None:
        do(linchpin, context["speaker"], body)
        ack()

    return listen


def action_listener(linchpin: Context, do: Callable[[Request, int], Message | None]) -> Listener:
    """A listener that runs `do` with the id that the button carries."""
    return listener(linchpin, lambda context, speaker, body: run_action(context, speaker, body, do))


def form_listener(linchpin: Context, form: Callable[[Request, int], View]) -> Listener:
    """A listener that opens a form about the id that the button carries."""
    return listener(
        linchpin, lambda context, speaker, body: open_form_for(context, speaker, body, form)
    )


def view_listener(linchpin: Context, form: Callable[[Request, Body], View]) -> Listener:
    """A listener that opens a form about what was clicked."""
    return listener(
        linchpin,
        lambda context, speaker, body: open_form_of(
            context, speaker, body, lambda request: form(request, body)
        ),
    )


def clicked_value(body: Body) -> str:
    """What the button or the picked choice of the menu carries."""
    action = body["actions"][0]
    return str(action.get("selected_option", action).get("value", ""))


def clicked_id(body: Body) -> int:
    """The id that a button carries, "12", or a menu's choice, "kept:12"."""
    number = clicked_value(body).rpartition(":")[2]
    if not number.isdecimal() or len(number) > 15:
        raise UserError("This button is of an older version. The newest message has the right one.")
    return int(number)


def _in_morning(body: Body) -> bool:
    """Whether the button stands in somebody's morning, among other things."""
    return str(body["actions"][0].get("block_id", "")).startswith("below:")


def run_action(
    context: Context, speaker: Member, body: Body, do: Callable[[Request, int], Message | None]
) -> None:
    """Does what was clicked to the row whose id the button carries, as `perform` does."""
    perform(context, speaker, body, lambda request: do(request, clicked_id(body)))


def perform(
    context: Context, speaker: Member, body: Body, do: Callable[[Request], Message | None]
) -> None:
    """Does what was clicked, in one transaction; its answer replaces the message or the form that
    was clicked in."""

    def run() -> Message | None:
        with begin_request(context, speaker, "button", channel(body)) as request:
            if not inbox.first_time(request.tx, click_id(body), request.now):
                return None
            answer = do(request)
            if answer is not None:
                respond(request.tx, context, body, answer.payload(), keep=_in_morning(body))
            return answer

    try:
        answer = retry_on_deadlock(run)
    except UserError as error:
        reply_privately(context, speaker, body, error.sentence)
    else:
        if answer is not None:
            in_its_form(context, body, answer.payload())
    context.wake()


def open_form_for(
    context: Context, speaker: Member, body: Body, form: Callable[[Request, int], View]
) -> None:
    """Opens a form for the id that was clicked."""
    open_form_of(context, speaker, body, lambda request: form(request, clicked_id(body)))


def open_form_of(
    context: Context, speaker: Member, body: Body, form: Callable[[Request], View]
) -> None:
    """Opens a form for what was clicked."""
    try:
        with read_request(context, speaker, "button", channel(body)) as request:
            view = form(request)
        if not open_form(context, body["trigger_id"], view):
            raise UserError(DID_NOT_OPEN)
    except UserError as error:
        reply_privately(context, speaker, body, error.sentence)
