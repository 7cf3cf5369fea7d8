"""A CSV file in a direct message: previewed, and imported when an admin says so."""

from slack_bolt import App, BoltContext

from bot.actions.actor import CLOCK, Actor
from bot.actions.imports.dropped_file import MAX_BYTES, import_dropped_file
from bot.actions.work import Work
from bot.context import Context
from bot.handlers.base.clicks import Body, listener
from bot.handlers.base.idempotency import effect_once
from bot.handlers.base.replies import replace
from bot.messages.kit.message import Message
from bot.messages.kit.text import short
from bot.messages.workspace import dropped_file as messages
from bot.rules.errors import UserError
from bot.rules.slack_facts import FileFacts
from bot.slack import CouldNotRead
from db import outbox
from db.core.tx import begin, try_out
from db.models import Member
from db.ops import inbox
from db.workspace import departments

ONLY_ADMINS = "Only admins of this workspace can import accounts. Ask one of them."
_CANNOT_FETCH = (
    "I could not read that file ({why}). Check with `/linchpin status` that I have the "
    "scope `files:read`, and drop it here again."
)


def register(app: App, linchpin: Context) -> None:
    """Listens to files, and to the two buttons below what one would do."""

    @app.event("file_shared")
    def shared(event: Body, body: Body, context: BoltContext) -> None:
        # Only a file in the bot's direct messages is meant for it.
        if str(event.get("channel_id", "")).startswith("D"):
            _preview_file(linchpin, context["speaker"], event, body)

    app.action("setup:import")(listener(linchpin, _bring_in))
    app.action("setup:leave")(listener(linchpin, _cancel))


def _preview_file(context: Context, speaker: Member, event: Body, body: Body) -> None:
    message = _preview_message(context, speaker, event["file_id"])
    with effect_once(context, body) as work:
        if work is not None:
            outbox.enqueue_post(
                work.tx,
                dedupe_key=f"file:{body['event_id']}",
                kind="setup",
                channel=speaker.user_id,
                payload=message.payload(),
                now=work.now,
            )
    context.wake()


def _preview_message(context: Context, speaker: Member, file_id: str) -> Message:
    try:
        _check_admin(context, speaker)
        file, data = _fetch(context, file_id)
        with try_out(context.engine, context.workspace) as tx:
            playbook = departments.in_force(tx, context.playbook_file)
            work = Work(tx, playbook, context.now(), CLOCK)
            outcome = import_dropped_file(work, file.name, data)
        return messages.preview_message(file.name, outcome, file.file_id)
    except UserError as error:
        return messages.refused_message(error.sentence)


def _bring_in(context: Context, speaker: Member, body: Body) -> None:
    once, now = f"click:{body['trigger_id']}:import", context.now()
    by = Actor(speaker.user_id, "button")
    try:
        _check_admin(context, speaker)
        file, data = _fetch(context, body["actions"][0]["value"])
        with context.begin(now, by) as work:
            if not inbox.first_time(work.tx, once, now):
                return
            outcome = import_dropped_file(work, file.name, data)
            message = messages.imported_message(file.name, outcome)
    except UserError as error:
        message = messages.refused_message(error.sentence)
    _answer(context, body, message)


def _cancel(context: Context, _speaker: Member, body: Body) -> None:
    try:
        name = context.slack.file(body["actions"][0]["value"]).name
    except CouldNotRead:
        name = "The file"
    _answer(context, body, messages.cancelled_message(name))


def _answer(context: Context, body: Body, message: Message) -> None:
    with begin(context.engine, context.workspace) as tx:
        replace(tx, context, body["response_url"], message.payload(), f"file:{body['trigger_id']}")
    context.wake()


def _check_admin(context: Context, speaker: Member) -> None:
    if not context.is_admin(speaker):
        raise UserError(ONLY_ADMINS)


def _fetch(context: Context, file_id: str) -> tuple[FileFacts, bytes]:
    try:
        file = context.slack.file(file_id)
        if file.size > MAX_BYTES:
            raise UserError(
                f"{short(file.name)} is larger than {MAX_BYTES // 1_000_000} MB, the limit here. "
                "Whoever runs Linchpin can import it with `python -m bot import`."
            )
        return file, context.slack.download(file, MAX_BYTES)
    except CouldNotRead as error:
        raise UserError(_CANNOT_FETCH.format(why=error.error)) from None
