"""Slash commands: one transaction and one answer each, also when Slack asks twice."""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot import metrics
from bot.actions.accounts.lookup import with_names
from bot.context import Context
from bot.handlers.base.parsing import unescape
from bot.handlers.base.replies import open_form
from bot.handlers.base.request import (
    AnswerEarly,
    NeedsForm,
    NeedsHelp,
    Request,
    begin_request,
    read_request,
)
from bot.handlers.command_table import COMMANDS, SUBJECTS
from bot.handlers.sentences import sentence
from bot.messages.kit.blocks import text_message
from bot.messages.kit.message import Message
from bot.messages.workspace import help as help_page
from bot.rules.errors import UserError
from db.accounts.name_indexes import Names
from db.core.transient_errors import retry_on_deadlock
from db.members import conversations
from db.models import Member
from db.ops import inbox


def register(app: App, linchpin: Context) -> None:
    """Listens to every command."""
    for command in COMMANDS:
        app.command(command)(_build_listener(linchpin, command))


def run_command(
    context: Context,
    speaker: Member,
    command_line: str,
    *,
    channel: str,
    once: str,
    source: str,
    trigger_id: str = "",
    thread: str = "",
) -> dict[str, Any]:
    """Runs one command line ("/stage acme renewal") for a person; returns the answer's payload.

    `once` names the request: the same one again has no effect and gets the same answer. With a
    trigger, a command that needs more opens a form, and the payload is empty.
    """
    command, _, text = command_line.partition(" ")

    def run(names: Names | None) -> dict[str, Any]:
        with begin_request(context, speaker, source, channel, text.strip(), names) as request:
            if not inbox.first_time(request.tx, once, request.now):
                answered = inbox.find_answer(request.tx, once)
                return answered or text_message("That was done already.").payload()
            payload = _handle(command, request).payload()
            inbox.remember_answer(request.tx, once, payload)
            return payload

    try:
        if command == "say":
            return _say(context, speaker, text, channel, once, source, thread)
        payload = with_names(
            context.names, speaker.workspace_id, lambda names: retry_on_deadlock(lambda: run(names))
        )
    except AnswerEarly as answered:
        return answered.message.payload()
    except NeedsForm as needed:
        opened = bool(trigger_id) and open_form(context, trigger_id, needed.view)
        return {} if opened else (needed.otherwise or _help(command)).payload()
    except NeedsHelp as needed:
        return _help(needed.subject or command, needed.intro).payload()
    except UserError as error:
        return text_message(error.sentence).payload()
    context.wake()
    return payload


def _say(
    context: Context,
    speaker: Member,
    text: str,
    channel: str,
    once: str,
    source: str,
    thread: str,
) -> dict[str, Any]:
    """The answer to a sentence, made while nothing is locked; then it is kept what was said."""
    names = context.names.of(speaker.workspace_id)
    with read_request(context, speaker, source, channel, text, names, thread) as request:
        message, said = sentence.handle(request)
    with begin_request(context, speaker, source, channel) as request:
        if inbox.first_time(request.tx, once, request.now):
            conversations.remember(request.tx, speaker.user_id, channel, said, request.now)
    return message.payload()


def _handle(command: str, request: Request) -> Message:
    """The answer of a command."""
    if request.text.casefold() in ("help", "?"):
        raise NeedsHelp
    return COMMANDS[command].handle(request)


def _help(subject: str, intro: str = "") -> Message:
    """The page of a subject ("log") or command ("/log"); of all for others and `/linchpin`."""
    found = SUBJECTS.get(subject) or COMMANDS.get(subject)
    if found is None or subject == "/linchpin":
        return help_page.overview(SUBJECTS.values(), intro)
    return help_page.page(found, intro)


def _build_listener(linchpin: Context, command: str) -> Callable[..., None]:
    def listen(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        with metrics.command_seconds.labels(command).time():
            payload = run_command(
                linchpin,
                context["speaker"],
                f"{command} {unescape(body.get('text', ''))}",
                channel=body["channel_id"],
                once=f"command:{body['trigger_id']}",
                source="slash",
                trigger_id=body["trigger_id"],
            )
        if payload:
            ack(**payload, response_type="ephemeral")
        else:
            ack()

    return listen
