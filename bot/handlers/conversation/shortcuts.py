"""Shortcuts, from a message's menu or from anywhere. "Log to an account" fills in the message's
text and a link to it, and the account where the message names one or was posted in the account's
own channel."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from slack_bolt import App
from slack_sdk.models.views import View

from bot.actions.accounts import lookup
from bot.context import Context
from bot.handlers.accounts import forms as account_forms
from bot.handlers.accounts import value
from bot.handlers.base.clicks import Body, listener
from bot.handlers.base.parsing import unescape
from bot.handlers.base.replies import DID_NOT_OPEN, open_form
from bot.handlers.base.request import Request, read_request
from bot.messages.accounts.forms import lookup as lookup_form
from bot.messages.accounts.value_form import MAX_TEXT_LENGTH
from bot.messages.kit import form_parts
from bot.messages.kit.blocks import text_message
from bot.rules.text.words import cut
from db import outbox
from db.accounts import accounts as known_accounts
from db.core.tx import begin
from db.models import Account, Member

LOG_MESSAGE_SHORTCUT = "log_message"
VALUE_MESSAGE_SHORTCUT = "value_message"
LOG_SHORTCUT = "log_interaction"
LOOKUP_SHORTCUT = "account_lookup"


def register(app: App, linchpin: Context) -> None:
    """Listens to the shortcuts of the manifest."""

    for shortcut, form in FORMS.items():
        app.shortcut(shortcut)(listener(linchpin, partial(_open, form)))


def _open(
    form: Callable[[Request, Body], View], context: Context, speaker: Member, body: Body
) -> None:
    channel = str(body.get("channel", {}).get("id", ""))
    with read_request(context, speaker, "shortcut", channel) as request:
        view = form(request, body)
    if open_form(context, body["trigger_id"], view):
        return
    with begin(context.engine, speaker.workspace_id) as tx:
        outbox.enqueue_post(
            tx,
            dedupe_key=f"unopened:{body['trigger_id']}"[:200],
            kind="talk",
            channel=speaker.user_id,
            payload=text_message(DID_NOT_OPEN).payload(),
            now=context.now(),
        )
    context.wake()


def _log_form(request: Request, body: Body) -> View:
    message = body["message"]
    said = request.readable(unescape(str(message.get("text") or ""))).strip()
    link = _message_link(body, message)
    text = f"{cut(said, form_parts.MAX_INPUT_LENGTH - len(link) - 1)}\n{link}".strip()
    return account_forms.log(
        request,
        _find_meant_account(request, said),
        text=text,
        on=_message_date(request, message),
        thread=str(message.get("thread_ts") or ""),
    )


def _value_form(request: Request, body: Body) -> View:
    """What they got, in the words of the message: an entry is one line."""
    said = request.readable(unescape(str(body["message"].get("text") or ""))).strip()
    text = cut(" ".join(said.split()), MAX_TEXT_LENGTH)
    return value.form(request, _find_meant_account(request, said), text=text)


def _find_meant_account(request: Request, said: str) -> Account | None:
    """The account whose channel this is, or that the message names; None for an archived one."""
    account = known_accounts.by_channel(request.tx, request.channel)
    account = account or lookup.find_mentioned(request.tx, said)
    return account if account is not None and account.archived_at is None else None


def _message_date(request: Request, message: Body) -> date:
    """The day of the message, as the person's calendar has it."""
    at = datetime.fromtimestamp(float(message["ts"]), UTC)
    return min(at.astimezone(ZoneInfo(request.speaker.tz)).date(), request.today)


def _message_link(body: Body, message: Body) -> str:
    """The message's address as chat.getPermalink gives it; built here to save a call."""
    domain, channel = body.get("team", {}).get("domain"), body.get("channel", {}).get("id")
    if not domain or not channel:
        return ""
    ts, thread = message["ts"], message.get("thread_ts")
    link = f"https://{domain}.slack.com/archives/{channel}/p{ts.replace('.', '')}"
    return f"{link}?thread_ts={thread}&cid={channel}" if thread and thread != ts else link


FORMS: dict[str, Callable[[Request, Body], View]] = {
    LOG_MESSAGE_SHORTCUT: _log_form,
    VALUE_MESSAGE_SHORTCUT: _value_form,
    LOG_SHORTCUT: lambda request, _body: account_forms.log(request),
    LOOKUP_SHORTCUT: lambda _request, _body: lookup_form(),
}
