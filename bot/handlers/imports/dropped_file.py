"""A file in a direct message: previewed, asked about, imported and taken back by clicks."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Callable, Mapping

from slack_bolt import App, BoltContext

from bot.actions.actor import CLOCK, Actor
from bot.actions.imports import dropped_file as actions
from bot.actions.imports.dropped_file import MAX_BYTES
from bot.actions.work import Work
from bot.context import Context
from bot.handlers.base.clicks import Body, clicked_id, clicked_value, listener
from bot.handlers.base.idempotency import effect_once
from bot.handlers.base.replies import (
    DID_NOT_OPEN,
    click_id,
    open_form,
    replace,
    reply_privately,
    update_form,
)
from bot.messages.imports import preview as messages
from bot.messages.kit.message import Message
from bot.messages.kit.text import short
from bot.rules.errors import UserError
from bot.rules.imports.result import Outcome, Question
from bot.rules.imports.told import questions_of
from bot.rules.slack_facts import FileFacts
from bot.slack import CouldNotRead
from db import outbox
from db.core.tx import begin, try_out
from db.imports import files
from db.models import DroppedFile, Member
from db.ops import inbox
from db.workspace import departments

log = logging.getLogger(__name__)

ONLY_ADMINS = "Only admins of this workspace can import accounts. Ask one of them."
_CANNOT_FETCH = (
    "I could not read that file ({why}). Check with `/linchpin status` that I have the "
    "scope `files:read`, and drop it here again."
)
_BROKE = (
    "Something in this file broke the import, and nothing was written. Whoever runs Linchpin finds "
    "the place in its log."
)
Deed = Callable[[Context, Member, Body], Message | None]


def register(app: App, linchpin: Context) -> None:
    """Listens to files, and to what is clicked below what one would do."""

    @app.event("file_shared")
    def shared(event: Body, body: Body, context: BoltContext) -> None:
        # Only a file in the bot's direct messages is meant for it.
        if str(event.get("channel_id", "")).startswith("D"):
            _preview_file(linchpin, context["speaker"], event, body)

    deeds: Mapping[str, Deed] = {
        "import:go": _bring_in,
        "import:anew": _answer_anew,
        "import:cancel": _cancel,
        "import:undo": _undo,
        "import:rows": _show_rows,
        # Of a version before: answered with one sentence.
        "setup:import": _cancel,
        "setup:leave": _cancel,
    }
    for action, deed in deeds.items():
        app.action(action)(listener(linchpin, _clicked(deed)))
    app.action(re.compile("^import:answer"))(listener(linchpin, _clicked(_answer)))
    app.action(re.compile("^import:page"))(listener(linchpin, _clicked(_show_rows)))


def _clicked(deed: Deed) -> Callable[[Context, Member, Body], None]:
    """Does what an admin clicked; its answer replaces the message, a refusal is private."""

    def do(context: Context, speaker: Member, body: Body) -> None:
        try:
            _check_admin(context, speaker)
            message = deed(context, speaker, body)
        except UserError as error:
            return reply_privately(context, speaker, body, error.sentence)
        except Exception as error:
            _log(error)
            return reply_privately(context, speaker, body, _BROKE)
        if message is not None:
            key = f"file:{click_id(body)}"
            with begin(context.engine, context.workspace) as tx:
                replace(tx, context, body["response_url"], message.payload(), key)
            context.wake()

    return do


def _preview_file(context: Context, speaker: Member, event: Body, body: Body) -> None:
    found = _try_new(context, speaker, event["file_id"])
    with effect_once(context, body) as work:
        if work is not None:
            message = found if isinstance(found, Message) else _keep(work, speaker, *found)
            outbox.enqueue_post(
                work.tx,
                dedupe_key=f"file:{body['event_id']}",
                kind="setup",
                channel=speaker.user_id,
                payload=message.payload(),
                now=work.now,
            )
    context.wake()


def _try_new(
    context: Context, speaker: Member, file_id: str
) -> Message | tuple[FileFacts, int, Outcome]:
    """What a new file would do, or why it cannot be read: every file gets an answer."""
    try:
        _check_admin(context, speaker)
        file, data = _fetch(context, file_id)
        return file, *_try(context, file.name, data, {})
    except UserError as error:
        return messages.refused_message(error.sentence)
    except Exception as error:
        _log(error)
        return messages.refused_message(_BROKE)


def _keep(work: Work, speaker: Member, file: FileFacts, rows: int, outcome: Outcome) -> Message:
    kept = DroppedFile(
        user_id=speaker.user_id, file_id=file.file_id, name=file.name, at=work.now, answers={}
    )
    row = work.tx.add(kept)
    return messages.preview_message((row.id, file.name), rows, outcome, [])


def _try(
    context: Context, name: str, data: bytes, answers: Mapping[str, str]
) -> tuple[int, Outcome]:
    job, rows = actions.read_dropped_file(name, data, answers)
    with try_out(context.engine, context.workspace) as tx:
        playbook = departments.in_force(tx, context.playbook_file)
        return rows, actions.try_dropped_file(Work(tx, playbook, context.now(), CLOCK), job)


def _file_of(body: Body) -> int:
    """The row that was clicked on: in the block of a question, else in the button's value."""
    parts = str(body["actions"][0].get("block_id", "")).split(":")
    return int(parts[1]) if parts[0] == "import" else clicked_id(body)


def _load(context: Context, body: Body) -> tuple[DroppedFile, bytes]:
    with context.read(context.now()) as work:
        file = actions.open_file(work, _file_of(body))
    return file, _fetch(context, file.file_id)[1]


def _redraw(
    context: Context, file: DroppedFile, data: bytes, answers: Mapping[str, str]
) -> Message:
    rows, outcome = _try(context, file.name, data, answers)
    told = [_tell_answer(context, key, value) for key, value in answers.items()]
    return messages.preview_message((file.id, file.name), rows, outcome, told)


def _tell_answer(context: Context, key: str, value: str) -> str:
    kind, _, word = key.partition(":")
    stage = context.playbook_file.stage(value) if kind == "stage" else None
    said = {"dmy": "day first", "mdy": "month first", "none": "left out", "ignore": "left alone"}
    shown = f"<@{value}>" if kind == "owner" else stage.name if stage else said.get(value, value)
    return f"{word}: {shown}"


def _answer(context: Context, speaker: Member, body: Body) -> Message | None:
    file, data = _load(context, body)
    _, outcome = _try(context, file.name, data, file.answers)
    asked = str(body["actions"][0].get("block_id", "")).rpartition(":")[2]
    question = next((one for one in questions_of(outcome) if messages.mark(one.key) == asked), None)
    if question is None:
        return _redraw(context, file, data, file.answers)
    value = _chosen(body, question)
    with context.begin(context.now(), Actor(speaker.user_id, "button")) as work:
        if not inbox.first_time(work.tx, click_id(body), work.now):
            return None
        kept = actions.open_file(work, file.id)
        actions.answer_question(work, kept, question.key, value)
        answers = dict(kept.answers)
    return _redraw(context, file, data, answers)


def _chosen(body: Body, question: Question) -> str:
    if question.kind == "owner":
        return str(body["actions"][0].get("selected_user") or "")
    picked = clicked_value(body)
    for choice in question.choices:
        if messages.mark(choice.value) == picked:
            return choice.value
    raise UserError("That is no answer any more. Drop the file here again.")


def _answer_anew(context: Context, speaker: Member, body: Body) -> Message:
    file, data = _load(context, body)
    with context.begin(context.now(), Actor(speaker.user_id, "button")) as work:
        actions.open_file(work, file.id).answers = {}
    return _redraw(context, file, data, {})


def _show_rows(context: Context, _speaker: Member, body: Body) -> None:
    file, data = _load(context, body)
    _, outcome = _try(context, file.name, data, file.answers)
    page = clicked_value(body).rpartition(":")[0]
    view = messages.rows_view((file.id, file.name), outcome, int(page or 1))
    if page:
        update_form(context, body, view)
    elif not open_form(context, body["trigger_id"], view):
        raise UserError(DID_NOT_OPEN)


def _bring_in(context: Context, speaker: Member, body: Body) -> Message | None:
    file, data = _load(context, body)
    with context.begin(context.now(), Actor(speaker.user_id, "button")) as work:
        if not inbox.first_time(work.tx, click_id(body), work.now):
            return None
        kept = actions.open_file(work, file.id)
        job, _ = actions.read_dropped_file(kept.name, data, kept.answers)
        outcome = actions.import_dropped_file(work, kept, job)
    return messages.imported_message((file.id, file.name), outcome)


def _cancel(context: Context, speaker: Member, body: Body) -> Message:
    with context.begin(context.now(), Actor(speaker.user_id, "button")) as work:
        file = actions.open_file(work, _file_of(body))
        name = file.name
        files.forget(work.tx, file.id)
    return messages.cancelled_message(name)


def _undo(context: Context, speaker: Member, body: Body) -> Message:
    with context.begin(context.now(), Actor(speaker.user_id, "button")) as work:
        file = actions.open_file(work, _file_of(body), imported=True)
        undone = actions.undo_dropped_file(work, file)
    return messages.undone_message(undone)


def _log(error: Exception) -> None:
    """The place and the kind of an error; its words may be a customer's."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    log.error("a dropped file broke: %s in %s:%s", type(error).__name__, place.name, place.lineno)


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
