"""The menu of a promise in a list, and "Take it back"."""

import re

from slack_bolt import App

from bot.actions.promises import promises as actions
from bot.actions.responses.respond import respond
from bot.context import Context
from bot.handlers.base import clicks
from bot.handlers.base.clicks import Body
from bot.handlers.base.request import Request
from bot.handlers.promises import forms
from bot.handlers.promises.command import list_promises
from bot.messages.kit.message import Message
from bot.messages.promises import promise as messages
from bot.rules.errors import UserError
from db.models import Member
from db.promises import promises


def register(app: App, linchpin: Context) -> None:
    """Listens to the buttons of promises."""
    app.action("promise:undo")(clicks.action_listener(linchpin, undo_promise))
    app.action(re.compile(r"^promise:menu:"))(clicks.listener(linchpin, _on_choice))


def _on_choice(context: Context, speaker: Member, body: Body) -> None:
    if clicks.clicked_value(body).startswith("change:"):
        clicks.open_form_for(context, speaker, body, forms.change)
    else:
        clicks.run_action(context, speaker, body, _mark_kept)


def undo_promise(request: Request, promise_id: int) -> Message | None:
    """Takes a promise back; None when it is gone already."""
    undone = actions.undo_promise(request.work, promise_id)
    if undone is None:
        return None
    return messages.undone_message(undone.account.name, undone.promise.text)


def _mark_kept(request: Request, promise_id: int) -> Message:
    """Marks it as kept and returns the list as it is then."""
    promised = promises.lock_promise(request.tx, promise_id)
    if promised is None:
        raise UserError("That promise is no longer there: it was taken back.")
    respond(request.work, promised.touchpoint, "done")
    return list_promises(request, promised.account)
