"""`/linchpin playbook` and its buttons: which version is in force; admins decide."""

import re

from slack_bolt import App

from bot.actions.playbook import results, versions
from bot.context import Context
from bot.handlers.base import clicks
from bot.handlers.base.request import Request, unknown_word
from bot.messages.kit.message import Message
from bot.messages.kit.text import short
from bot.messages.playbook import playbook as messages
from bot.messages.playbook import results as results_messages
from bot.rules.errors import UserError
from bot.rules.playbook.department_names import find_department
from db.models import Member

_DEED = "decide about the playbook"


def register(app: App, linchpin: Context) -> None:
    """Listens to "Use it" and "Keep the old one"; the value is the version."""
    app.action(re.compile(r"^playbook:"))(clicks.listener(linchpin, _on_click))


def handle(request: Request, words: list[str]) -> Message:
    """Answers `/linchpin playbook` and `/linchpin playbook back`."""
    if not words:
        return _show_status(request)
    if [word.casefold() for word in words] != ["back"]:
        raise UserError(
            f'Unexpected "{short(" ".join(words))}" after `playbook`. Only `back` can '
            "follow: `/linchpin playbook back`."
        )
    request.require_admin(_DEED)
    version = versions.previous_version(request.tx)
    activated = versions.activate_version(request.work, request.context.playbook_file, version)
    return messages.activated_message(activated, request.speaker.user_id)


def _show_status(request: Request) -> Message:
    file = request.context.playbook_file
    return versions.status_message(request.tx, file, request.now, for_admin=request.is_admin)


def _on_click(context: Context, speaker: Member, body: clicks.Body) -> None:
    clicks.perform(context, speaker, body, lambda request: _decide(request, body))


def _decide(request: Request, body: clicks.Body) -> Message | None:
    request.require_admin(_DEED)
    version = clicks.clicked_value(body)
    if body["actions"][0]["action_id"] == "playbook:use":
        versions.activate_version(request.work, request.context.playbook_file, version)
    else:
        versions.reject_version(request.work, version)
    return _show_status(request) if body.get("container", {}).get("is_ephemeral") else None


def plays(request: Request, words: list[str]) -> Message:
    """Answers `/linchpin plays [department|stage] [page]` and `plays show STAGE[/PLAY] [page]`."""
    words, number = _split_page_number(words)
    if words[:1] == ["show"] and len(words) == 2:
        return _show_rows(request, words[1], number)
    asked = " ".join(words)
    playbook = request.playbook
    stage = playbook.find_stage(asked)
    department = find_department(playbook, asked) or "" if stage is None else ""
    if asked and not department and stage is None:
        known = [*playbook.departments, *(each.key for each in playbook.stages)]
        line, example = "/linchpin plays {word}", f"/linchpin plays {playbook.stages[0].key}"
        raise unknown_word(asked, known, line, example, "department or stage")
    key = stage.key if stage else ""
    return results.process_page(request.work, number, department=department, stage=key)


def _show_rows(request: Request, words: str, number: int) -> Message:
    key, slash, play = words.partition("/")
    playbook = request.playbook
    if not slash and (stage := playbook.find_stage(key)) is not None:
        return results.leavers_page(request.work, stage, number)
    ended = results.list_ended(request.work, (key, play))
    known = playbook.play(key, play)
    if known is None and not ended:
        raise UserError(
            f'There is no play "{short(words)}": `/linchpin plays` shows those that there are.'
        )
    title = known.title if known else ended[-1].title
    return results_messages.rows(ended, title, playbook.stage_name(key), words, number)


def _split_page_number(words: list[str]) -> tuple[list[str], int]:
    if words and words[-1].isdecimal():
        return words[:-1], int(words[-1][:6])
    return words, 1
