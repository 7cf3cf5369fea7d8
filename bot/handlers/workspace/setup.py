"""Setting up: its buttons and their forms."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.actions.actor import CLOCK, Actor
from bot.actions.work import Work
from bot.actions.workspace import setup
from bot.context import Context
from bot.handlers.base.clicks import Body, clicked_value, listener
from bot.handlers.base.replies import replace, reply_privately, respond
from bot.messages.workspace import setup as messages
from bot.messages.workspace import setup_forms as forms
from bot.messages.workspace.introductions import example
from bot.rules.errors import UserError
from bot.rules.playbook.overrides import COMPANY
from bot.slack import CouldNotRead
from db.core.tx import Tx, begin
from db.models import Member
from db.playbook import versions
from db.workspace import departments

Values = dict[str, str | None]
#: Saves what a form says. Its work has the version in force, without the workspace's own words.
Change = Callable[[Work, str, Values], None]
ONLY_ADMINS = "Only admins of this workspace set Linchpin up. Ask one of them."
NOT_OPENED_TEXT = "The form did not open: Slack was too slow just now. Press it once more."
DEPARTMENT_GONE_TEXT = (
    "That department is no longer in the playbook. `/linchpin setup` shows those that are."
)


def register(app: App, linchpin: Context) -> None:
    """Listens to the buttons and their forms."""
    app.action("setup:again")(listener(linchpin, _show_again))
    app.action(re.compile(r"^setup:(department|edit)"))(
        listener(linchpin, partial(_open, _department_form))
    )
    app.action(re.compile(r"^setup:managers"))(listener(linchpin, partial(_open, _managers_form)))
    app.action("first:example")(listener(linchpin, _show_example))
    saved_forms = {
        forms.DEPARTMENT_CALLBACK: _change_department,
        forms.MANAGERS_CALLBACK: _choose_managers,
    }

    @app.view(re.compile("|".join(saved_forms)))
    def save(ack: Ack, body: Body, context: BoltContext) -> None:
        change = saved_forms[body["view"]["callback_id"]]
        _save_form(linchpin, context["speaker"], body, ack, change)


def _show_example(context: Context, _speaker: Member, body: Body) -> None:
    """Shows whoever clicked what a department's morning list looks like."""
    with context.begin(context.now()) as work:
        key, playbook = clicked_value(body), work.playbook
        every = ((stage, play) for stage in playbook.stages for play in stage.plays)
        plays = [(stage, play) for stage, play in every if play.owner == key]
        if plays:
            today = playbook.calendar(key).local_date(work.now)
            shown = example(playbook.departments[key].name, plays[:2], work.now, today)
            respond(work.tx, context, body, shown.payload(), keep=True)
    context.wake()


def _show_again(context: Context, _speaker: Member, body: Body) -> None:
    with begin(context.engine, context.workspace) as tx:
        _refresh(tx, context, body["response_url"], body["trigger_id"])
    context.wake()


def _refresh(tx: Tx, context: Context, response_url: str, once: str) -> None:
    """Shows what is missing now in the place of what was."""
    work = Work(tx, departments.in_force(tx, context.playbook_file), context.now(), CLOCK)
    shown = messages.overview(setup.setup_status(work, context.scopes))
    replace(tx, context, response_url, shown.payload(), f"setup:{once}")


def _open(
    build: Callable[[Work, str, str], Body], context: Context, speaker: Member, body: Body
) -> None:
    """Opens a form of admins. It gives back its key, and where to show anew what is missing: never
    in the place of a message that everybody reads."""
    action = body["actions"][0]
    key, is_own = action.get("value", ""), not action["action_id"].startswith("setup:edit")
    shown = body.get("response_url", "") if is_own else ""
    metadata = json.dumps({"key": key, "shown": shown})
    try:
        if not context.is_admin(speaker):
            raise UserError(ONLY_ADMINS)
        with context.read(context.now()) as work:
            form = build(work, key, metadata)
        context.slack.open_view(body["trigger_id"], form)
    except UserError as error:
        reply_privately(context, speaker, body, error.sentence)
    except CouldNotRead:
        reply_privately(context, speaker, body, NOT_OPENED_TEXT)


def _department_form(work: Work, key: str, metadata: str) -> Body:
    if key != COMPANY and key not in work.playbook.departments:
        raise UserError(DEPARTMENT_GONE_TEXT)
    return forms.department(setup.department_row(work.tx, work.playbook, key), metadata)


def _managers_form(work: Work, _key: str, metadata: str) -> Body:
    choices = [(key, each.name) for key, each in work.playbook.departments.items()]
    unmanaged = setup.count_unmanaged(work.tx)
    return forms.managers(choices, work.playbook.without_manager, unmanaged, metadata)


def _save_form(context: Context, speaker: Member, body: Body, ack: Ack, change: Change) -> None:
    """Saves a form and shows anew what is missing, or its errors at their fields."""
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
            playbook = versions.in_force(tx, context.playbook_file)
            change(Work(tx, playbook, context.now(), by), metadata["key"], values)
            if metadata["shown"]:
                _refresh(tx, context, metadata["shown"], f"{view['id']}:{view['hash']}")
    except setup.FieldErrors as wrong:
        ack(response_action="errors", errors=wrong.errors)
        return
    context.wake()
    ack()


def _change_department(work: Work, key: str, values: Values) -> None:
    if key != COMPANY and key not in work.playbook.departments:
        raise setup.FieldErrors({"channel": DEPARTMENT_GONE_TEXT})
    texts = {n: str(values.get(n) or "").strip() for n in ("timezone", "hours", "days", "holidays")}
    words = setup.DepartmentInput(values.get("channel"), values.get("lead"), **texts)
    setup.change_department(work, key, words)


def _choose_managers(work: Work, _key: str, values: Values) -> None:
    stand_in = values["stand_in"] or ""
    if stand_in not in work.playbook.departments:
        raise setup.FieldErrors({"stand_in": DEPARTMENT_GONE_TEXT})
    setup.choose_managers(work, stand_in, values.get("manager"))


def _field_value(entry: dict[str, Any]) -> str | None:
    """What was typed or picked in one field."""
    if entry.get("selected_option"):
        return str(entry["selected_option"]["value"])
    kinds = ("value", "selected_user", "selected_conversation")
    return next((str(entry[kind]) for kind in kinds if entry.get(kind)), None)
