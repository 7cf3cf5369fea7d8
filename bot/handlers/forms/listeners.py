"""Forms open and come back: views.open within the trigger's time, one effect a submission."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk.models.views import View

from bot.context import Context
from bot.handlers.accounts import forms as account_forms
from bot.handlers.accounts import value
from bot.handlers.base.form import FieldError, Form, FormOutdated, read_metadata
from bot.handlers.base.open_form import open_form
from bot.handlers.base.replies import channel
from bot.handlers.base.request import Request
from bot.handlers.forms import views
from bot.handlers.forms.submissions import SUBMITS
from bot.handlers.lifecycle import decision
from bot.handlers.members import forms
from bot.handlers.promises import forms as promises_forms
from bot.messages.accounts.forms import result
from bot.messages.kit.form_parts import CALLBACK_PREFIX
from bot.messages.kit.message import Message
from bot.rules.errors import UserError
from bot.slack import CouldNotRead
from db import outbox
from db.accounts import accounts
from db.core.tx import begin, read
from db.models import Account, Person
from db.ops import inbox
from db.touchpoints import touchpoints
from db.workspace import channels

Body = dict[str, Any]

log = logging.getLogger(__name__)


def register(app: App, linchpin: Context) -> None:
    """Listens to buttons that open a form (`form:log`, value: an account's id) and to forms."""

    @app.action(re.compile(rf"^{CALLBACK_PREFIX}"))
    def opened(ack: Ack, body: Body, context: BoltContext) -> None:
        _open(linchpin, context["speaker"], body)
        ack()

    @app.action("more:done")
    def more(ack: Ack, body: Body, context: BoltContext) -> None:
        _expand_form(linchpin, context["speaker"], body)
        ack()

    @app.view(re.compile(rf"^{CALLBACK_PREFIX}"))
    def submitted(ack: Ack, body: Body, context: BoltContext) -> None:
        answer = _handle_submission(linchpin, context["speaker"], body)
        linchpin.wake()
        ack(**answer)


def open_touchpoint_form(
    context: Context, speaker: Person, body: Body, verb: str, number: int
) -> bool:
    """Opens the form behind a touchpoint's button; raises `UserError` where it has ended."""
    with read(context.engine, speaker.workspace_id) as tx:
        request = Request(tx, context, speaker, "", channel(body), "button", context.now())
        view = views.touchpoint_form(request, verb, number)
    return open_form(context, body["trigger_id"], view)


def _open(context: Context, speaker: Person, body: Body) -> None:
    action = body["actions"][0]
    name = action["action_id"].removeprefix(CALLBACK_PREFIX).partition(":")[0]
    number = str(action.get("value", ""))
    with read(context.engine, speaker.workspace_id) as tx:
        request = Request(tx, context, speaker, "", channel(body), "form", context.now())
        account = accounts.by_id(tx, int(number)) if number.isdecimal() else None
        view = FORMS_BY_NAME[name](request, account)
    open_form(context, body["trigger_id"], view)


def _expand_form(context: Context, speaker: Person, body: Body) -> None:
    """Shows the whole form in place of the short one. Slack keeps what was filled in, as block and
    action ids stay the same: docs.slack.dev/surfaces/modals, "Preserving input entry"."""
    view = body["view"]
    ids = read_metadata(view)
    with read(context.engine, speaker.workspace_id) as tx:
        channel = str(ids.get("channel", ""))
        request = Request(tx, context, speaker, "", channel, "form", context.now())
        found = touchpoints.by_id(tx, int(ids["touchpoint"]))
        whole = views.done(request, found, whole=True) if found is not None else None
    if whole is None:
        return  # it was planned anew: submitting the form says so
    try:
        context.slack.update_view(view["id"], whole.to_dict(), view["hash"])
    except CouldNotRead as error:
        log.info("a form was closed or changed before it grew: %s", error)


FORMS_BY_NAME: dict[str, Callable[[Request, Account | None], View]] = {
    "log": account_forms.log,
    "move": account_forms.move,
    "add": lambda request, _account: account_forms.add(request),
    "promise": promises_forms.new,
    "away": lambda request, _account: forms.away(request),
    "decision": decision.form,
    "value": value.form,
}


def _handle_submission(context: Context, speaker: Person, body: Body) -> Body:
    """The ack's body: nothing closes the form, else errors at fields, or another view."""
    view = body["view"]
    once = f"{view['callback_id']}:{view['id']}:{view['hash']}"[:200]
    try:
        with begin(context.engine, speaker.workspace_id) as tx:
            now = context.now()
            if not inbox.first_time(tx, once, now):
                return inbox.find_answer(tx, once) or {}
            channel = str(read_metadata(view).get("channel", ""))
            form = Form(Request(tx, context, speaker, "", channel, "form", now), view)
            said = _run_submission(form)
            answer = _show_result(form, said, once) if said is not None else {}
            inbox.remember_answer(tx, once, answer)
            return answer
    except FieldError as error:
        return {"response_action": "errors", "errors": {error.block_id: error.sentence}}
    except FormOutdated as anew:
        return {"response_action": "update", "view": anew.view.to_dict()}


def _run_submission(form: Form) -> Message | None:
    try:
        return SUBMITS[form.view["callback_id"].removeprefix(CALLBACK_PREFIX)](form)
    except UserError as error:
        raise FieldError(form.inputs[0], form.unmarked(error.sentence)) from None


def _show_result(form: Form, message: Message, once: str) -> Body:
    """Says the result where the form was asked for, or in the form's place."""
    request = form.request
    here = channels.by_id(request.tx, request.channel) if request.channel else None
    if here is None or not here.is_member or here.is_archived:
        return {"response_action": "update", "view": result(message).to_dict()}
    outbox.enqueue_ephemeral(
        request.tx,
        dedupe_key=f"said:{once}",
        channel=request.channel,
        user=request.speaker.user_id,
        payload=message.payload(),
        now=request.now,
        # Where the message was that was logged: in its thread, if it stands in one.
        thread_ts=str(form.ids.get("thread") or "") or None,
    )
    return {}
