"""The buttons of a list, of its private questions, and the form for several lines at once."""

from __future__ import annotations

from collections.abc import Callable

from slack_bolt import App
from slack_sdk.models.views import View

from bot.actions.actor import REACTION_PREFIX
from bot.actions.responses import whole_lists
from bot.actions.touchpoints.list_rendering import line_views
from bot.context import Context
from bot.handlers.base.clicks import Body, action_listener, listener, open_form_of
from bot.handlers.base.form import Form
from bot.handlers.base.replies import channel
from bot.handlers.base.request import Request
from bot.messages.kit.message import Message
from bot.messages.lists import forms, questions
from bot.messages.lists.day_list import Line
from bot.rules.errors import UserError
from bot.rules.touchpoint_verbs import Meaning
from db import outbox
from db.core.tx import begin
from db.lists import lists
from db.models import Member
from db.outbox import pending

_GONE = "This list is no longer known here. The newest one in the channel has its lines."


def register(app: App, linchpin: Context) -> None:
    """Listens to what stands below a list, and to the questions after a reaction."""
    opens: dict[str, Callable[[Request, int, str], View]] = {
        "list:several": _several,
        "list:how": _how,
        "list:more": _more,
        "list:all": _all,
    }
    for name, build in opens.items():
        app.action(name)(listener(linchpin, _opener(build)))
    app.action("list:all-done")(action_listener(linchpin, _act("done")))
    app.action("list:all-claim")(action_listener(linchpin, _act("claim")))
    app.action("list:cancel")(action_listener(linchpin, _cancel))


def submit_several(form: Form) -> Message:
    """Marks the lines done that were ticked."""
    picked = {int(value) for block in form.inputs for value in form.choices(block)}
    if not picked:
        raise UserError("Tick at least one line.")
    done = whole_lists.act_on_lines(
        form.request.work, int(form.ids["nudge"]), "done", "form", picked
    )
    return questions.did_all("done", [account.name for _, account in done])


def _opener(
    build: Callable[[Request, int, str], View],
) -> Callable[[Context, Member, Body], None]:
    def open_it(context: Context, speaker: Member, body: Body) -> None:
        def view(request: Request) -> View:
            ts = str(body["container"].get("message_ts", ""))
            nudge_id = outbox.find_message(request.tx, channel(body), ts)
            if nudge_id is None or pending.was_lost(request.tx, nudge_id):
                raise UserError(_GONE)
            return build(request, nudge_id, channel(body))

        open_form_of(context, speaker, body, view)
        if build is _more:
            _count_as_shown(context, speaker, body)

    return open_it


def _count_as_shown(context: Context, speaker: Member, body: Body) -> None:
    with begin(context.engine, speaker.workspace_id) as tx:
        ts = str(body["container"].get("message_ts", ""))
        nudge_id = outbox.find_message(tx, channel(body), ts)
        if nudge_id is not None:
            lists.open_hidden(tx, nudge_id)


def _lines(request: Request, nudge_id: int) -> list[Line]:
    posted = lists.of_nudge(request.tx, nudge_id)
    if posted is None:
        raise UserError(_GONE)
    return line_views(request.work, posted, lists.lines(request.tx, nudge_id))


def _several(request: Request, nudge_id: int, where: str) -> View:
    user = request.speaker.user_id
    mine = whole_lists.open_lines(request.work, nudge_id, user, "done").mine
    ids = {touchpoint.id for touchpoint, _ in mine}
    lines = [line for line in _lines(request, nudge_id) if line.nudge.id in ids]
    if not lines:
        raise UserError("Nothing in this list is left to mark done.")
    return forms.several(nudge_id, lines, where)


def _how(request: Request, nudge_id: int, _where: str) -> View:
    return forms.how_view(line.nudge for line in _lines(request, nudge_id))


def _more(request: Request, nudge_id: int, _where: str) -> View:
    hidden = [line for line in _lines(request, nudge_id) if line.is_hidden]
    return forms.lines_view(hidden, "More lines")


def _all(request: Request, nudge_id: int, _where: str) -> View:
    return forms.lines_view(_lines(request, nudge_id), "All lines")


def _act(meaning: Meaning) -> Callable[[Request, int], Message]:
    def act(request: Request, nudge_id: int) -> Message:
        # As if by the reaction that was asked about: taking it away undoes it.
        source = f"{REACTION_PREFIX}{meaning}"
        done = whole_lists.act_on_lines(request.work, nudge_id, meaning, source)
        return questions.did_all(meaning, [account.name for _, account in done])

    return act


def _cancel(_request: Request, _nudge_id: int) -> Message:
    return questions.NOTHING_CHANGED
