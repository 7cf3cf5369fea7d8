"""Opens forms within the time of Slack's trigger, and submits each once."""

import re
from collections.abc import Callable

from slack_bolt import Ack, App, BoltContext
from slack_sdk.models.views import View

from bot.actions.workspace.setup import FieldErrors
from bot.context import Context
from bot.handlers.accounts import forms as account_forms
from bot.handlers.accounts import value
from bot.handlers.advocacy import command as advocacy
from bot.handlers.base.clicks import Body, listener
from bot.handlers.base.form import FieldError, Form, FormOutdated, read_metadata
from bot.handlers.base.replies import channel, open_form
from bot.handlers.base.request import Request, begin_request, read_request
from bot.handlers.contacts import people
from bot.handlers.contracts import contracts
from bot.handlers.forms import views
from bot.handlers.forms.submissions import SUBMITS
from bot.handlers.lifecycle import decision
from bot.handlers.members import forms
from bot.handlers.promises import forms as promises_forms
from bot.messages.accounts.forms import lookup, result
from bot.messages.kit.form_parts import CALLBACK_PREFIX
from bot.messages.kit.message import Message
from bot.rules.errors import UserError
from db import outbox
from db.models import Account, Member
from db.ops import inbox
from db.workspace import channels


def register(app: App, linchpin: Context) -> None:
    """Listens to buttons that open a form (`form:log`, value: an account's id) and to forms."""
    ours = re.compile(rf"^{CALLBACK_PREFIX}")
    app.action(ours)(listener(linchpin, _open))

    @app.view(ours)
    def submitted(ack: Ack, body: Body, context: BoltContext) -> None:
        answer = _handle_submission(linchpin, context["speaker"], body)
        linchpin.wake()
        ack(**answer)


def open_touchpoint_form(
    context: Context, speaker: Member, body: Body, verb: str, number: int
) -> bool:
    """Opens the form behind a touchpoint's button; `UserError` when the touchpoint has ended."""
    with read_request(context, speaker, "button", channel(body)) as request:
        view = views.touchpoint_form(request, verb, number)
    return open_form(context, body["trigger_id"], view)


def _open(context: Context, speaker: Member, body: Body) -> None:
    action = body["actions"][0]
    name = action["action_id"].removeprefix(CALLBACK_PREFIX).partition(":")[0]
    number = str(action.get("value", ""))
    with read_request(context, speaker, "form", channel(body)) as request:
        account = request.tx.require(Account, int(number)) if number.isdecimal() else None
        view = FORMS_BY_NAME[name](request, account)
    open_form(context, body["trigger_id"], view)


FORMS_BY_NAME: dict[str, Callable[[Request, Account | None], View]] = {
    "log": account_forms.log,
    "lookup": lambda _request, _account: lookup(),
    "move": account_forms.move,
    "add": lambda request, _account: account_forms.add(request),
    "promise": promises_forms.new,
    "away": lambda request, _account: forms.away(request),
    "decision": decision.form,
    "value": value.form,
    "contact": people.form,
    "contract": contracts.form,
    "advocacy": advocacy.form,
}


def _handle_submission(context: Context, speaker: Member, body: Body) -> Body:
    """The ack's body: empty to close the form, or errors at fields, or another view."""
    view = body["view"]
    once = f"{view['callback_id']}:{view['id']}:{view['hash']}"[:200]
    asked_in = str(read_metadata(view).get("channel", ""))
    try:
        with begin_request(context, speaker, "form", asked_in) as request:
            if not inbox.first_time(request.tx, once, request.now):
                return inbox.find_answer(request.tx, once) or {}
            form = Form(request, view)
            message = _run_submission(form)
            answer = _show_result(form, message, once) if message is not None else {}
            inbox.remember_answer(request.tx, once, answer)
            return answer
    except FieldError as error:
        return {"response_action": "errors", "errors": {error.block_id: error.sentence}}
    except FieldErrors as wrong:
        return {"response_action": "errors", "errors": wrong.errors}
    except FormOutdated as anew:
        return {"response_action": "update", "view": anew.view.to_dict()}


def _run_submission(form: Form) -> Message | None:
    try:
        return SUBMITS[form.view["callback_id"].removeprefix(CALLBACK_PREFIX)](form)
    except UserError as error:
        raise FieldError(form.inputs[0], form.unmarked(error.sentence)) from None


def _show_result(form: Form, message: Message, once: str) -> Body:
    """Posts the result where the form was asked for, or shows it in the form's place."""
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
        # A logged message of a thread is answered in the thread.
        thread_ts=str(form.ids.get("thread") or "") or None,
    )
    return {}
