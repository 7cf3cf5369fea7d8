"""Shortcuts come in: from a message's menu, also in threads, and from anywhere.

"Log to an account" takes the message's text and a link to it along; the account is filled in where
the message names one or stands in the account's own channel.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import Ack, App, BoltContext
from slack_sdk.models.views import View

from bot.actions.accounts import lookup
from bot.context import Context
from bot.handlers.accounts import forms as account_forms
from bot.handlers.accounts import value
from bot.handlers.base.open_form import DID_NOT_OPEN, open_form
from bot.handlers.base.parsing import unescape
from bot.handlers.base.request import Request
from bot.messages.accounts.forms import lookup as lookup_form
from bot.messages.accounts.value_form import MAX_TEXT_LENGTH
from bot.messages.kit import form_parts
from bot.messages.kit.parts import text_message
from bot.rules.text.words import cut
from db import outbox
from db.accounts import accounts as known_accounts
from db.core.tx import begin, read
from db.models import Account, Person

Body = dict[str, Any]
LOG_MESSAGE_SHORTCUT = "log_message"
VALUE_MESSAGE_SHORTCUT = "value_message"
LOG_SHORTCUT = "log_interaction"
LOOKUP_SHORTCUT = "account_lookup"


def register(app: App, linchpin: Context) -> None:
    """Listens to the shortcuts of the manifest."""

    @app.shortcut(LOG_MESSAGE_SHORTCUT)
    def log_message(ack: Ack, body: Body, context: BoltContext) -> None:
        _open(linchpin, context["speaker"], body, _log_form)
        ack()

    @app.shortcut(VALUE_MESSAGE_SHORTCUT)
    def value_message(ack: Ack, body: Body, context: BoltContext) -> None:
        _open(linchpin, context["speaker"], body, _value_form)
        ack()

    @app.shortcut(LOG_SHORTCUT)
    def log(ack: Ack, body: Body, context: BoltContext) -> None:
        _open(linchpin, context["speaker"], body, lambda request, _: account_forms.log(request))
        ack()

    @app.shortcut(LOOKUP_SHORTCUT)
    def account(ack: Ack, body: Body, context: BoltContext) -> None:
        _open(linchpin, context["speaker"], body, lambda _request, _body: lookup_form())
        ack()


def _open(context: Context, speaker: Person, body: Body, view_of: Any) -> None:
    channel = str(body.get("channel", {}).get("id", ""))
    with read(context.engine, speaker.workspace_id) as tx:
        request = Request(tx, context, speaker, "", channel, "shortcut", context.now())
        view: View = view_of(request, body)
    if not open_form(context, body["trigger_id"], view):
        _reply_failed(context, speaker, body["trigger_id"])


def _reply_failed(context: Context, speaker: Person, trigger: str) -> None:
    with begin(context.engine, speaker.workspace_id) as tx:
        outbox.enqueue_post(
            tx,
            dedupe_key=f"unopened:{trigger}"[:200],
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
    """The account whose channel this is, or that the message names; none for an archived one."""
    found = known_accounts.by_channel(request.tx, request.channel)
    found = found or lookup.find_mentioned(request.tx, said)
    return found if found is not None and found.archived_at is None else None


def _message_date(request: Request, message: Body) -> date:
    """The day of the message, as the person's calendar has it."""
    at = datetime.fromtimestamp(float(message["ts"]), UTC)
    return min(at.astimezone(ZoneInfo(request.speaker.tz)).date(), request.today)


def _message_link(body: Body, message: Body) -> str:
    """The message's address, as chat.getPermalink would give it; made here to save a call."""
    domain, channel = body.get("team", {}).get("domain"), body.get("channel", {}).get("id")
    if not domain or not channel:
        return ""
    ts, thread = message["ts"], message.get("thread_ts")
    link = f"https://{domain}.slack.com/archives/{channel}/p{ts.replace('.', '')}"
    return f"{link}?thread_ts={thread}&cid={channel}" if thread and thread != ts else link
