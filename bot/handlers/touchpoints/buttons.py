"""Buttons and menus come in: touchpoints, Undo, the choices a command asks for."""

from __future__ import annotations

import logging
import re
from typing import Any, cast

from slack_bolt import Ack, App, BoltContext

from bot.actions.accounts import interactions
from bot.actions.actor import Actor
from bot.actions.responses.respond import respond as act
from bot.actions.work import Work
from bot.context import Context
from bot.handlers.base import clicks
from bot.handlers.base.open_form import DID_NOT_OPEN
from bot.handlers.base.replies import channel, click_id, in_its_form, reply_privately, respond
from bot.handlers.base.request import Request
from bot.handlers.commands import run_command
from bot.handlers.forms import listeners
from bot.messages.accounts import log as log_messages
from bot.messages.kit.message import Message
from bot.messages.kit.parts import plain
from bot.rules.errors import NeedsReason, UserError
from bot.rules.touchpoint_verbs import DECIDE, VERBS, Verb
from db import outbox
from db.accounts import accounts
from db.core import workspaces
from db.core.transient_errors import retry_on_deadlock
from db.core.tx import Tx, begin, read
from db.models import Person, Touchpoint
from db.ops import inbox
from db.touchpoints import touchpoints
from db.workspace import departments

_REACTION_HINT = "A reaction on the message does it as well."
_FALLBACK_HINTS = {
    "skip": _REACTION_HINT,
    "snooze": _REACTION_HINT,
    DECIDE: "`/decision` records it as well.",
}

log = logging.getLogger(__name__)


def register(app: App, linchpin: Context) -> None:
    """Listens to every button and menu of ours."""

    @app.action(re.compile(r"^touchpoint:"))
    def touchpoint(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        _on_touchpoint_click(linchpin, context["speaker"], body)
        ack()

    @app.action("interaction:undo")
    def undo(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        clicks.run_action(linchpin, context["speaker"], body, _undo)
        ack()

    @app.action(re.compile(r"^command:"))
    def command(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        _command(linchpin, context["speaker"], body)
        ack()


def _on_touchpoint_click(context: Context, speaker: Person, body: dict[str, Any]) -> None:
    try:
        verb, touchpoint_id = _read_action(body["actions"][0])
        if _needs_form(verb, body):
            if not listeners.open_touchpoint_form(context, speaker, body, verb, touchpoint_id):
                raise UserError(f"{DID_NOT_OPEN} {_FALLBACK_HINTS[verb]}")
            return
        acted = _act_or_ask_why(context, speaker, body)
        if acted is not None and VERBS[verb].form == "after":
            # It is done already: a form that does not open takes nothing away.
            listeners.open_touchpoint_form(context, speaker, body, verb, touchpoint_id)
    except UserError as error:
        reply_privately(context, speaker, body, error.sentence)
        return
    if acted is not None:
        _refresh_list(context, speaker, body)
        found, done, more = acted
        _confirm_in_digest(context, speaker, body, found, done)
        if more:
            reply_privately(context, speaker, body, more)
        context.wake()


def _act_or_ask_why(
    context: Context, speaker: Person, body: dict[str, Any]
) -> tuple[Touchpoint, Verb, str] | None:
    """A list skips at once, but not what needs a reason: then the form asks for it."""
    try:
        return retry_on_deadlock(lambda: _apply_verb(context, speaker, body))
    except NeedsReason:
        if listeners.open_touchpoint_form(
            context, speaker, body, *_read_action(body["actions"][0])
        ):
            return None
        raise


def _apply_verb(
    context: Context, speaker: Person, body: dict[str, Any]
) -> tuple[Touchpoint, Verb, str] | None:
    """What was done to which touchpoint, and what else came of it; None when this click was here
    before."""
    now = context.now()
    asked, touchpoint_id = _read_action(body["actions"][0])
    verb = cast(Verb, asked)
    with begin(context.engine, speaker.workspace_id) as tx:
        if not inbox.first_time(tx, click_id(body), now):
            return None
        found = touchpoints.lock_touchpoint(tx, touchpoint_id)
        if found is None:
            raise UserError("That touchpoint is no longer there: it was planned anew.")
        _check_known_message(tx, body)
        playbook = departments.in_force(tx, context.playbook_file)
        told: list[str] = []
        act(
            Work(tx, playbook, now, Actor(speaker.user_id, "button")), found, verb, tell=told.append
        )
    return found, verb, " ".join(told)


def _confirm_in_digest(
    context: Context, speaker: Person, body: dict[str, Any], found: Touchpoint, verb: Verb
) -> None:
    """A digest stays as it was written, so whoever clicks in it is told that it was done."""
    if str(body["actions"][0].get("block_id", "")).startswith("digest:"):
        with read(context.engine, speaker.workspace_id) as tx:
            account = accounts.by_id(tx, found.account_id)
        name = plain(account.name) if account else ""
        reply_privately(
            context, speaker, body, f"{VERBS[verb].past}: *{name}* · {plain(found.title)}"
        )


def _check_known_message(tx: Tx, body: dict[str, Any]) -> None:
    """After a restore, a message that this database does not know may name another's touchpoint."""
    known, container = workspaces.current(tx), body["container"]
    if known is None or known.copied_at is None or container.get("is_ephemeral"):
        return
    if "message_ts" not in container:  # the App Home is built anew from what is known here
        return
    if outbox.find_message(tx, channel(body), str(container["message_ts"])) is None:
        raise UserError(
            "I do not know this message any more: I was restored from an older copy. "
            "`/next` lists what is open."
        )


def _read_action(action: dict[str, Any]) -> tuple[str, int]:
    """The verb and the touchpoint of a button (`touchpoint:done`, value 7) or a menu (`done:7`)."""
    if "selected_option" in action:
        verb, _, number = action["selected_option"]["value"].partition(":")
    else:
        verb, number = action["action_id"].partition(":")[2], action["value"]
    if verb not in VERBS or not number.isdecimal():
        raise UserError("This button is of an older version. The newest message has the right one.")
    return verb, int(number)


def _needs_form(verb: str, body: dict[str, Any]) -> bool:
    """Whether a form asks for more before anything is done.

    Menus say "until tomorrow", so they need not ask; lists of `/next` are worked through quickly,
    and are shown anew after each click.
    """
    action = body["actions"][0]
    in_menu = "selected_option" in action
    in_list = str(action.get("block_id", "")).startswith("next:")
    if (verb == "skip" and in_list) or (verb == "snooze" and in_menu):
        return False
    return VERBS[verb].form == "before"


def _undo(request: Request, interaction_id: int) -> Message:
    entry, account = interactions.undo(request.work, interaction_id)
    return log_messages.undone(account.name, entry.kind, entry.text)


def _command(context: Context, speaker: Person, body: dict[str, Any]) -> None:
    """A button that carries a whole command: its answer takes the question's place."""
    once = click_id(body)
    payload = run_command(
        context,
        speaker,
        body["actions"][0]["value"],
        channel=channel(body),
        once=once,
        source="button",
        trigger_id=body["trigger_id"],
    )
    if payload:
        with begin(context.engine, speaker.workspace_id) as tx:
            respond(tx, context, body, payload)
        in_its_form(context, body, payload)
        context.wake()


def _refresh_list(context: Context, speaker: Person, body: dict[str, Any]) -> None:
    """A click in the private list of `/next` shows the list as it is now."""
    block_id = str(body["actions"][0].get("block_id", ""))
    if not block_id.startswith("next:") or "response_url" not in body:
        return
    query = block_id.split(":", 2)[2]
    payload = run_command(
        context,
        speaker,
        f"/next {query}",
        channel=channel(body),
        once=f"list:{click_id(body)}",
        source="button",
    )
    with begin(context.engine, speaker.workspace_id) as tx:
        respond(tx, context, body, payload)
