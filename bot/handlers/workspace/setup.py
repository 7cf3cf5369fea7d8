"""Setting up comes in: the steps' buttons, their forms, a CSV file dropped into the messages."""

from __future__ import annotations

import json
from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.actions.actor import Actor
from bot.actions.work import Work
from bot.actions.workspace import setup
from bot.context import Context
from bot.handlers.base.replies import replace, reply_privately
from bot.handlers.imports.dropped_file import register as register_files
from bot.messages.workspace import setup as messages
from bot.messages.workspace import setup_forms as forms
from bot.rules.playbook.overrides import COMPANY
from bot.slack import CouldNotRead
from db.core.tx import Tx, begin, read
from db.models import Person
from db.playbook import versions
from db.workspace import departments

ONLY_ADMINS = "Only admins of this workspace set Linchpin up. Ask one of them."
NOT_OPENED_TEXT = "The form did not open: Slack was too slow just now. Press it once more."
DEPARTMENT_GONE_TEXT = (
    "That department is no longer in the playbook. `/linchpin setup` shows those that are."
)


def register(app: App, linchpin: Context) -> None:
    """Listens to the steps, their forms, and files."""

    @app.action("setup:again")
    def again(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        with begin(linchpin.engine, linchpin.workspace) as tx:
            refresh_steps(tx, linchpin, body["response_url"], body["trigger_id"])
        linchpin.wake()
        ack()

    @app.action("setup:department")
    def department(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        _open_department(linchpin, context["speaker"], body)
        ack()

    @app.action("setup:managers")
    def managers(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        _open_managers(linchpin, context["speaker"], body)
        ack()

    @app.view(forms.DEPARTMENT_CALLBACK)
    def save_department(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        _save_form(linchpin, context["speaker"], body, ack, _change_department)

    @app.view(forms.MANAGERS_CALLBACK)
    def save_managers(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        _save_form(linchpin, context["speaker"], body, ack, _choose_managers)

    register_files(app, linchpin)


def refresh_steps(tx: Tx, context: Context, response_url: str, once: str) -> None:
    """The steps as they are now, where they were shown."""
    playbook = departments.in_force(tx, context.playbook_file)
    shown = messages.steps(setup.setup_status(tx, playbook, context.scopes))
    replace(tx, context, response_url, shown.payload(), f"setup:{once}")


def _open_department(context: Context, speaker: Person, body: dict[str, Any]) -> None:
    if not context.is_admin(speaker):
        return reply_privately(context, speaker, body, ONLY_ADMINS)
    key = body["actions"][0]["value"]
    with read(context.engine, context.workspace) as tx:
        playbook = departments.in_force(tx, context.playbook_file)
        known = key == COMPANY or key in playbook.departments
        row = setup.department_row(tx, playbook, key) if known else None
    if row is None:
        return reply_privately(context, speaker, body, DEPARTMENT_GONE_TEXT)
    _open(context, speaker, body, forms.department(row, _form_metadata(body, key)))


def _open_managers(context: Context, speaker: Person, body: dict[str, Any]) -> None:
    if not context.is_admin(speaker):
        return reply_privately(context, speaker, body, ONLY_ADMINS)
    with read(context.engine, context.workspace) as tx:
        playbook = departments.in_force(tx, context.playbook_file)
        without = setup.count_unmanaged(tx)
    choices = [(key, found.name) for key, found in playbook.departments.items()]
    metadata = _form_metadata(body, "managers")
    form = forms.managers(choices, playbook.without_manager, without, metadata)
    _open(context, speaker, body, form)


def _open(context: Context, speaker: Person, body: dict[str, Any], form: dict[str, Any]) -> None:
    try:
        context.slack.open_view(body["trigger_id"], form)
    except CouldNotRead:
        reply_privately(context, speaker, body, NOT_OPENED_TEXT)


def _form_metadata(body: dict[str, Any], key: str) -> str:
    """What the form gives back: which department, and where the steps stand that it came from."""
    return json.dumps({"key": key, "steps": body.get("response_url", "")})


def _save_form(
    context: Context, speaker: Person, body: dict[str, Any], ack: Ack, change: Any
) -> None:
    """Saves a form and shows the steps anew; what is wrong stands at its field."""
    view = body["view"]
    metadata = json.loads(view["private_metadata"])
    values = {
        field: _field_value(next(iter(v.values()))) for field, v in view["state"]["values"].items()
    }
    by = Actor(speaker.user_id, "form")
    try:
        if not context.is_admin(speaker):
            raise setup.FieldErrors({next(iter(values)): ONLY_ADMINS})
        with begin(context.engine, context.workspace) as tx:
            change(tx, context, metadata["key"], values, by)
            if metadata["steps"]:
                refresh_steps(tx, context, metadata["steps"], f"{view['id']}:{view['hash']}")
    except setup.FieldErrors as wrong:
        ack(response_action="errors", errors=wrong.errors)
        return
    context.wake()
    ack()


def _change_department(
    tx: Tx, context: Context, key: str, values: dict[str, str | None], by: Actor
) -> None:
    playbook = versions.in_force(tx, context.playbook_file)
    if key != COMPANY and key not in playbook.departments:
        raise setup.FieldErrors({"channel": DEPARTMENT_GONE_TEXT})
    texts = {n: str(values.get(n) or "").strip() for n in ("timezone", "hours", "days", "holidays")}
    words = setup.DepartmentInput(values.get("channel"), values.get("lead"), **texts)
    setup.change_department(Work(tx, playbook, context.now(), by), key, words)


def _choose_managers(
    tx: Tx, context: Context, _key: str, values: dict[str, str | None], by: Actor
) -> None:
    stand_in = values["stand_in"] or ""
    playbook = versions.in_force(tx, context.playbook_file)
    if stand_in not in playbook.departments:
        raise setup.FieldErrors({"stand_in": DEPARTMENT_GONE_TEXT})
    manager = values.get("manager")
    setup.choose_managers(Work(tx, playbook, context.now(), by), stand_in, manager)


def _field_value(entry: dict[str, Any]) -> str | None:
    """What was typed or picked in one field."""
    if entry.get("selected_option"):
        return str(entry["selected_option"]["value"])
    kinds = ("value", "selected_user", "selected_conversation")
    return next((str(entry[kind]) for kind in kinds if entry.get(kind)), None)
