"""Setting up: its buttons and their forms."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from slack_bolt import App
from slack_sdk.models.views import View

from bot.actions.workspace import setup
from bot.context import Context
from bot.handlers.base import clicks, replies
from bot.handlers.base.form import Form
from bot.handlers.base.request import Request
from bot.messages.kit.message import Message
from bot.messages.workspace import introductions
from bot.messages.workspace import setup as messages
from bot.rules.errors import UserError
from bot.rules.playbook.overrides import COMPANY
from db.models import Member
from db.playbook import versions
from db.workspace import departments

DEPARTMENT_GONE_TEXT = (
    "That department is no longer in the playbook. `/linchpin setup` shows those that are."
)


def register(app: App, linchpin: Context) -> None:
    """Listens to the buttons."""
    app.action("setup:again")(clicks.listener(linchpin, partial(clicks.perform, do=overview)))
    for verb, form in (("(department|edit)", _department_form), ("managers", _managers_form)):
        app.action(re.compile(f"^setup:{verb}"))(clicks.listener(linchpin, _opener(form)))
    app.action("first:example")(clicks.listener(linchpin, _show_example))


def overview(request: Request) -> Message:
    """What is missing, and what is set."""
    return setup.overview(request.work, request.context.scopes)


def _show_example(context: Context, _speaker: Member, body: clicks.Body) -> None:
    with context.begin(context.now()) as work:
        key, playbook = clicks.clicked_value(body), work.playbook
        every = ((stage, play) for stage in playbook.stages for play in stage.plays)
        plays = [(stage, play) for stage, play in every if play.owner == key]
        if plays:
            today = playbook.calendar(key).local_date(work.now)
            name = playbook.departments[key].name
            shown = introductions.example(name, plays[:2], work.now, today)
            replies.respond(work.tx, context, body, shown.payload(), keep=True)
    context.wake()


def _opener(
    build: Callable[[Request, dict[str, str]], View],
) -> Callable[[Context, Member, clicks.Body], None]:
    """Opens a form of admins. It gives back its key, and where to show anew what is missing: never
    in the place of a message that everybody reads."""

    def open_it(context: Context, speaker: Member, body: clicks.Body) -> None:
        in_public = body["actions"][0]["action_id"].startswith("setup:edit")
        shown = "" if in_public else body.get("response_url", "")
        ids = {"key": clicks.clicked_value(body), "shown": shown}
        clicks.open_form_of(context, speaker, body, lambda request: build(_admin(request), ids))

    return open_it


def _department_form(request: Request, ids: dict[str, str]) -> View:
    key = _existing(request, ids["key"])
    return messages.department_form(setup.department_row(request.tx, request.playbook, key), ids)


def _managers_form(request: Request, ids: dict[str, str]) -> View:
    choices = [(key, each.name) for key, each in request.playbook.departments.items()]
    unmanaged = setup.count_unmanaged(request.work)
    return messages.managers_form(choices, request.playbook.without_manager, unmanaged, ids)


def _change_department(form: Form) -> None:
    request, key = _admin(form.request), _existing(form.request, form.ids["key"])
    # The version in force, without the workspace's own words.
    file = versions.in_force(request.tx, request.context.playbook_file)
    texts = {name: form.text(name) for name in ("timezone", "hours", "days", "holidays")}
    words = setup.DepartmentInput(form.conversation("channel"), form.user("lead") or None, **texts)
    setup.change_department(replace(request.work, playbook=file), key, words)
    _refresh(form)


def _choose_managers(form: Form) -> None:
    request = _admin(form.request)
    stand_in = _existing(request, form.choice("stand_in"))
    setup.choose_managers(request.work, stand_in, form.user("manager") or None)
    _refresh(form)


def _refresh(form: Form) -> None:
    request, url = form.request, form.ids["shown"]
    if url:
        own = departments.in_force(request.tx, request.context.playbook_file)
        work = replace(request.work, playbook=own)
        shown = setup.overview(work, request.context.scopes).payload()
        once = f"setup:{form.view['id']}:{form.view['hash']}"
        replies.replace(request.tx, request.context, url, shown, once)


def _admin(request: Request) -> Request:
    request.require_admin("set Linchpin up")
    return request


def _existing(request: Request, key: str) -> str:
    if key != COMPANY and key not in request.playbook.departments:
        raise UserError(DEPARTMENT_GONE_TEXT)
    return key


SUBMITS: dict[str, Callable[[Form], Message | None]] = {
    "department": _change_department,
    "managers": _choose_managers,
}
