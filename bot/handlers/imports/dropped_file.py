"""A CSV file comes in by direct message: looked at first, brought in when an admin says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App, BoltContext

from bot.actions.actor import Actor
from bot.actions.imports.dropped_file import MAX_BYTES, import_dropped_file
from bot.context import Context
from bot.handlers.base.idempotency import effect_once
from bot.handlers.base.replies import replace
from bot.messages.kit.message import Message
from bot.messages.kit.parts import short, text_message
from bot.messages.workspace import dropped_file as messages
from bot.rules.errors import UserError
from bot.rules.slack_facts import FileFacts
from bot.slack import CouldNotRead
from db import outbox
from db.core.tx import begin
from db.models import Person
from db.ops import inbox

if TYPE_CHECKING:
    from bot.actions.imports.imports import ImportOutcome
    from bot.rules.imports.result import Result

ONLY_ADMINS = "Only admins of this workspace bring accounts in from a file. Ask one of them."
_CANNOT_FETCH = (
    "I could not read that file ({why}). Look whether I have the scope `files:read` "
    "(`/linchpin status` says so), and drop it here again."
)


def register(app: App, linchpin: Context) -> None:
    """Listens to files, and to the two buttons below what one would do."""

    @app.event("file_shared")
    def shared(event: dict[str, Any], body: dict[str, Any], context: BoltContext) -> None:
        # In a channel a file is none of ours; in our own messages it is meant for us.
        if str(event.get("channel_id", "")).startswith("D"):
            _preview_file(linchpin, context["speaker"], event, body)

    @app.action("setup:import")
    def bring_them_in(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        _bring_in(linchpin, context["speaker"], body)
        ack()

    @app.action("setup:leave")
    def leave_it(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        _answer(
            linchpin,
            body,
            messages.cancelled_message(_file_name(linchpin, body["actions"][0]["value"])),
        )
        ack()


class _RollBack(Exception):
    """Takes the transaction of a dry run back: what it shows is exactly what would be."""


def _preview_file(
    context: Context, speaker: Person, event: dict[str, Any], body: dict[str, Any]
) -> None:
    now = context.now()
    message = _preview_message(context, speaker, event["file_id"])
    with effect_once(context, body, now) as tx:
        if tx is not None:
            outbox.enqueue_post(
                tx,
                dedupe_key=f"file:{body['event_id']}",
                kind="setup",
                channel=speaker.user_id,
                payload=message.payload(),
                now=now,
            )
    context.wake()


def _preview_message(context: Context, speaker: Person, file_id: str) -> Message:
    """What the file would do, or one sentence why not; nothing is written."""
    found: list[ImportOutcome] = []
    try:
        _check_admin(context, speaker)
        file, data = _fetch(context, file_id)
        with context.begin(context.now()) as work:
            found.append(import_dropped_file(work, file.name, data))
            raise _RollBack
    except _RollBack:
        return messages.preview_message(
            file.name, _result_parts(found[0]), found[0].planned, file.file_id
        )
    except UserError as error:
        return text_message(error.sentence)


def _bring_in(context: Context, speaker: Person, body: dict[str, Any]) -> None:
    once, now = f"click:{body['trigger_id']}:import", context.now()
    by = Actor(speaker.user_id, "button")
    try:
        _check_admin(context, speaker)
        file, data = _fetch(context, body["actions"][0]["value"])
        with context.begin(now, by) as work:
            if not inbox.first_time(work.tx, once, now):
                return
            brought = import_dropped_file(work, file.name, data)
            message = messages.imported_message(file.name, _result_parts(brought), brought.planned)
    except UserError as error:
        message = text_message(error.sentence)
    _answer(context, body, message)


def _answer(context: Context, body: dict[str, Any], message: Message) -> None:
    """Takes the question's place: its buttons are gone with it."""
    with begin(context.engine, context.workspace) as tx:
        replace(tx, context, body["response_url"], message.payload(), f"file:{body['trigger_id']}")
    context.wake()


def _check_admin(context: Context, speaker: Person) -> None:
    if not context.is_admin(speaker):
        raise UserError(ONLY_ADMINS)


def _fetch(context: Context, file_id: str) -> tuple[FileFacts, bytes]:
    try:
        file = context.slack.file(file_id)
        if file.size > MAX_BYTES:
            raise UserError(
                f"{short(file.name)} is larger than I read here ({MAX_BYTES // 1_000_000} MB). "
                "Whoever runs Linchpin brings it in with `python -m bot import`."
            )
        return file, context.slack.download(file, MAX_BYTES)
    except CouldNotRead as error:
        raise UserError(_CANNOT_FETCH.format(why=error.error)) from None


def _file_name(context: Context, file_id: str) -> str:
    try:
        return context.slack.file(file_id).name
    except CouldNotRead:
        return "The file"


def _result_parts(brought: ImportOutcome) -> list[Result]:
    return [part for part in (brought.accounts, brought.deals) if part is not None]
