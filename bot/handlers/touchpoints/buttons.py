"""Buttons and menus of touchpoints, Undo of an interaction, the choices a command asks for."""

from __future__ import annotations

import re
from typing import cast

from slack_bolt import App

from bot.actions.accounts import interactions
from bot.actions.answers import answers
from bot.actions.responses.respond import respond as act
from bot.context import Context
from bot.handlers.base.clicks import Body, action_listener, clicked_value, listener
from bot.handlers.base.replies import (
    DID_NOT_OPEN,
    channel,
    click_id,
    in_its_form,
    reply_privately,
    respond,
)
from bot.handlers.base.request import Request, begin_request
from bot.handlers.commands import run_command
from bot.handlers.forms import listeners
from bot.messages.accounts import log as log_messages
from bot.messages.kit.blocks import text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import plain
from bot.messages.workspace.conversation import AGREED
from bot.rules.errors import UserError
from bot.rules.touchpoint_verbs import DECIDE, VERBS, WRITE, Verb
from db import outbox
from db.core import workspaces
from db.core.transient_errors import retry_on_deadlock
from db.core.tx import Tx, begin
from db.models import Member, Touchpoint
from db.ops import inbox
from db.outbox import pending

_REACTION_HINT = "A reaction on the message does it as well."
_FALLBACK_HINTS = {
    "skip": _REACTION_HINT,
    "snooze": _REACTION_HINT,
    DECIDE: "`/decision` records it as well.",
    WRITE: "`/log` keeps it as well.",
}


_SHOWING = frozenset(f"command:{name}" for name in "card mine people value promises part".split())


def register(app: App, linchpin: Context) -> None:
    """Listens to every button and menu of ours."""
    app.action(re.compile(r"^touchpoint:"))(listener(linchpin, _on_touchpoint_click))
    app.action("interaction:undo")(action_listener(linchpin, _undo))
    app.action(re.compile(r"^command:"))(listener(linchpin, _command))


def _on_touchpoint_click(context: Context, speaker: Member, body: Body) -> None:
    try:
        verb, touchpoint_id = _read_action(body["actions"][0])
        if VERBS[verb].form == "before":
            if not listeners.open_touchpoint_form(context, speaker, body, verb, touchpoint_id):
                raise UserError(f"{DID_NOT_OPEN} {_FALLBACK_HINTS.get(verb, '')}".strip())
            return
        acted = retry_on_deadlock(lambda: _apply_verb(context, speaker, body, verb, touchpoint_id))
        if acted is not None and VERBS[verb].form == "after":
            # It is done already: a form that does not open takes nothing away.
            listeners.open_touchpoint_form(context, speaker, body, verb, touchpoint_id)
    except UserError as error:
        reply_privately(context, speaker, body, error.sentence)
        return
    if acted is not None:
        _refresh_list(context, speaker, body)
        touchpoint, more = acted
        _close_question(context, speaker, body, touchpoint, verb)
        if more:
            reply_privately(context, speaker, body, more)
        context.wake()


def _apply_verb(
    context: Context, speaker: Member, body: Body, verb: Verb, touchpoint_id: int
) -> tuple[Touchpoint, str] | None:
    """The touchpoint, and what else is to be said; None for a click sent again."""
    messages: list[str] = []
    with begin_request(context, speaker, "button", channel(body)) as request:
        if not inbox.first_time(request.tx, click_id(body), request.now):
            return None
        touchpoint = answers.load(request.tx, touchpoint_id)
        _check_known_message(request.tx, body)
        act(request.work, touchpoint, verb, tell=messages.append)
    return touchpoint, " ".join(messages)


def _close_question(
    context: Context, speaker: Member, body: Body, touchpoint: Touchpoint, verb: Verb
) -> None:
    """Shows the answer in place of the private question, or of the form, that asked for it."""
    if verb not in ("nothing-new", "undo"):
        return
    payload = text_message(f"{VERBS[verb].past}: {plain(touchpoint.title)}").payload()
    if body.get("container", {}).get("is_ephemeral"):
        with begin(context.engine, speaker.workspace_id) as tx:
            respond(tx, context, body, payload)
    in_its_form(context, body, payload)


def _check_known_message(tx: Tx, body: Body) -> None:
    """Refuses a message that was deleted, or that a restored database does not know."""
    known, container = workspaces.current(tx), body["container"]
    if container.get("is_ephemeral"):
        return
    if "message_ts" not in container:  # the App Home is built anew from what is known here
        return
    found = outbox.find_message(tx, channel(body), str(container["message_ts"]))
    if pending.was_lost(tx, found):
        raise UserError("This message was deleted. `/next` lists what is open.")
    if found is None and known is not None and known.copied_at is not None:
        raise UserError(
            "This message is not known: Linchpin was restored from an older backup. "
            "`/next` lists what is open."
        )


def _read_action(action: Body) -> tuple[Verb, int]:
    """The verb and the touchpoint of a button (`touchpoint:done`, value 7) or a menu (`done:7`)."""
    if "selected_option" in action:
        verb, _, number = action["selected_option"]["value"].partition(":")
    else:
        verb, number = action["action_id"].partition(":")[2], action["value"]
    if verb not in VERBS or not number.isdecimal():
        raise UserError("This button is of an older version. The newest message has the right one.")
    return cast(Verb, verb), int(number)


def _undo(request: Request, interaction_id: int) -> Message:
    entry, account = interactions.undo(request.work, interaction_id)
    return log_messages.undone(account.name, entry.kind, entry.text)


def _command(context: Context, speaker: Member, body: Body) -> None:
    """Runs the command of a button or a menu's choice; its answer replaces the message."""
    _run_clicked(context, speaker, body, clicked_value(body), click_id(body))


def _run_clicked(context: Context, speaker: Member, body: Body, line: str, once: str) -> None:
    payload = run_command(
        context,
        speaker,
        line,
        channel=channel(body),
        once=once,
        source="button",
        trigger_id=body["trigger_id"],
    )
    if payload:
        payload = _beside_others(body, payload)
        # What only shows something else stays beside it.
        keep = str(body["actions"][0]["action_id"]) in _SHOWING
        with begin(context.engine, speaker.workspace_id) as tx:
            respond(tx, context, body, payload, keep=keep)
        in_its_form(context, body, payload)
        context.wake()


def _beside_others(body: Body, payload: Body) -> Body:
    """The answer in the place of the proposal that was agreed to, where others stand beside it."""
    blocks, clicked = body.get("message", {}).get("blocks", []), body["actions"][0]
    proposals = [
        n
        for n, block in enumerate(blocks)
        if any(e.get("action_id") == AGREED for e in block.get("elements", ()))
    ]
    if clicked["action_id"] != AGREED or len(proposals) < 2:
        return payload
    at = next(n for n in proposals if blocks[n]["block_id"] == clicked["block_id"])
    return {**payload, "blocks": [*blocks[: at - 1], *payload["blocks"], *blocks[at + 2 :]]}


def _refresh_list(context: Context, speaker: Member, body: Body) -> None:
    """Shows the private list of `/next` as it is after a click in it."""
    block_id = str(body["actions"][0].get("block_id", ""))
    if not block_id.startswith("next:"):
        return
    line = f"/next {block_id.split(':', 2)[2]}"
    _run_clicked(context, speaker, body, line, f"list:{click_id(body)}")
