"""The buttons of a list, of its private questions, and the form for several lines at once."""

from collections.abc import Callable
from functools import partial

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
from bot.messages.lists import forms
from bot.messages.lists.day_list import Line
from bot.rules.errors import UserError
from bot.rules.touchpoint_verbs import Meaning
from db import outbox
from db.core.tx import Tx, begin
from db.lists import lists
from db.models import Member
from db.outbox import pending

_GONE = "This list is no longer known here. The newest one in the channel has its lines."


def register(app: App, linchpin: Context) -> None:
    """Listens to what stands below a list, and to the questions after a reaction."""
    for name, build in _OPENS.items():
        app.action(name)(listener(linchpin, partial(_open, build)))
    app.action("list:all-done")(action_listener(linchpin, partial(_act, "done")))
    app.action("list:all-claim")(action_listener(linchpin, partial(_act, "claim")))
    app.action("list:cancel")(action_listener(linchpin, lambda *_: forms.NOTHING_CHANGED))


def submit_several(form: Form) -> Message:
    """Marks the lines done that were ticked."""
    picked = {int(value) for block in form.inputs for value in form.choices(block)}
    if not picked:
        raise UserError("Tick at least one line.")
    nudge_id = int(form.ids["nudge"])
    done = whole_lists.act_on_lines(form.request.work, nudge_id, "done", "form", picked)
    return forms.did_all("done", [account.name for _, account in done])


def _open(
    build: Callable[[Request, int], View], context: Context, speaker: Member, body: Body
) -> None:
    def view(request: Request) -> View:
        nudge_id = _find(request.tx, body)
        if nudge_id is None or pending.was_lost(request.tx, nudge_id):
            raise UserError(_GONE)
        return build(request, nudge_id)

    open_form_of(context, speaker, body, view)
    if build is _more:
        with begin(context.engine, speaker.workspace_id) as tx:
            if (nudge_id := _find(tx, body)) is not None:
                lists.open_hidden(tx, nudge_id)


def _find(tx: Tx, body: Body) -> int | None:
    return outbox.find_message(tx, channel(body), str(body["container"].get("message_ts", "")))


def _lines(request: Request, nudge_id: int) -> list[Line]:
    posted = lists.of_nudge(request.tx, nudge_id)
    if posted is None:
        raise UserError(_GONE)
    return line_views(request.work, posted, lists.lines(request.tx, nudge_id))


def _several(request: Request, nudge_id: int) -> View:
    user = request.speaker.user_id
    mine, _ = whole_lists.open_lines(request.work, nudge_id, user, "done")
    ids = {touchpoint.id for touchpoint, _ in mine}
    lines = [line for line in _lines(request, nudge_id) if line.nudge.id in ids]
    if not lines:
        raise UserError("Nothing in this list is left to mark done.")
    return forms.several(nudge_id, lines, request.channel)


def _how(request: Request, nudge_id: int) -> View:
    return forms.how_view(line.nudge for line in _lines(request, nudge_id))


def _more(request: Request, nudge_id: int) -> View:
    hidden = [line for line in _lines(request, nudge_id) if line.is_hidden]
    return forms.lines_view(hidden, "More lines")


def _all(request: Request, nudge_id: int) -> View:
    return forms.lines_view(_lines(request, nudge_id), "All lines")


_OPENS = {"list:several": _several, "list:how": _how, "list:more": _more, "list:all": _all}


def _act(meaning: Meaning, request: Request, nudge_id: int) -> Message:
    # As if by the reaction that was asked about: taking it away undoes it.
    source = f"{REACTION_PREFIX}{meaning}"
    done = whole_lists.act_on_lines(request.work, nudge_id, meaning, source)
    return forms.did_all(meaning, [account.name for _, account in done])
