"""Direct messages and mentions come in: each is answered once, where it was said.

A mention is answered in its thread, where everyone in the channel reads it; what is the asker's own
is shown to the asker alone. Where people of other companies read, nothing about accounts is shown.
"""

from __future__ import annotations

import re
from typing import Any

from slack_bolt import App, BoltContext

from bot.context import Context
from bot.handlers.base.idempotency import effect_once
from bot.handlers.base.parsing import unescape
from bot.handlers.commands import run_command
from bot.handlers.sentences import read_intent
from bot.messages.kit.parts import text_message
from bot.messages.workspace import conversation as messages
from bot.slack import CouldNotRead
from db import outbox
from db.core.tx import Tx, begin, read
from db.models import Person
from db.ops import inbox
from db.playbook import versions
from db.workspace import channels

Event = dict[str, Any]


def register(app: App, linchpin: Context) -> None:
    """Listens to direct messages and to being mentioned."""

    @app.event("message")
    def message(event: Event, body: dict[str, Any], context: BoltContext) -> None:
        # A file dropped into the conversation is answered by `dropped_file`.
        said = is_from_person(event) and not event.get("files")
        if event.get("channel_type") == "im" and said:
            _answer(linchpin, context["speaker"], body, event)

    @app.event("app_mention")
    def mention(event: Event, body: dict[str, Any], context: BoltContext) -> None:
        if is_from_person(event):
            _answer(linchpin, context["speaker"], body, event)


def is_from_person(event: Event) -> bool:
    """Whether somebody said this now: no edit, no joining, no bot, not the program itself."""
    subtype = event.get("subtype")
    said = subtype in (None, "file_share", "thread_broadcast", "me_message")
    return said and not event.get("bot_id") and bool(event.get("user")) and "edited" not in event


def _answer(linchpin: Context, speaker: Person, body: dict[str, Any], event: Event) -> None:
    if _is_repeated(linchpin, body["event_id"]):
        return
    now = linchpin.now()
    sentence = _sentence(linchpin, event)
    outside = _is_shared_outside(linchpin, body, event["channel"])
    with read(linchpin.engine, linchpin.workspace) as tx:
        playbook = versions.in_force(tx, linchpin.playbook_file)
    payload = (
        text_message(messages.SHARED_CHANNEL_TEXT).payload()
        if outside
        else run_command(
            linchpin,
            speaker,
            f"say {sentence}",
            channel=event["channel"],
            once=f"said:{_dedupe_key(event)}",
            source="talk",
        )
    )
    mine = outside or read_intent(playbook, sentence).is_personal
    with effect_once(linchpin, body, now) as tx:
        if tx is not None and mine and not _is_dm(event):
            _answer_privately(linchpin, tx, event, payload)
        elif tx is not None:
            _answer_openly(linchpin, tx, event, payload)
    linchpin.wake()


def _is_repeated(linchpin: Context, event_id: str) -> bool:
    with read(linchpin.engine, linchpin.workspace) as tx:
        return inbox.is_known(tx, event_id)


def _sentence(linchpin: Context, event: Event) -> str:
    """The words, without the mention of the program, as they were typed."""
    mine = re.compile(rf"<@{re.escape(linchpin.bot_user)}(?:\|[^>]*)?>[,:]?")
    return unescape(mine.sub(" ", str(event.get("text") or ""))).strip()


def _is_shared_outside(linchpin: Context, body: dict[str, Any], channel: str) -> bool:
    """Whether others than colleagues read the answer; a channel nobody can tell of counts so."""
    if body["event"].get("channel_type") == "im":
        return False
    if body.get("is_ext_shared_channel"):
        return True
    with read(linchpin.engine, linchpin.workspace) as tx:
        known = channels.by_id(tx, channel)
    if known is not None:
        return known.is_shared_outside
    try:
        facts = linchpin.slack.channel(channel)
    except CouldNotRead:
        return True
    with begin(linchpin.engine, linchpin.workspace) as tx:
        return channels.save(tx, facts, linchpin.now()).is_shared_outside


def _answer_openly(linchpin: Context, tx: Tx, event: Event, payload: dict[str, Any]) -> None:
    """In the DM, or in the thread of the mention."""
    thread = event.get("thread_ts") if _is_dm(event) else event.get("thread_ts") or event["ts"]
    outbox.enqueue_post(
        tx,
        dedupe_key=f"said:{_dedupe_key(event)}",
        kind="talk",
        channel=event["channel"],
        payload={**payload, **({"thread_ts": thread} if thread else {})},
        now=linchpin.now(),
    )


def _answer_privately(linchpin: Context, tx: Tx, event: Event, payload: dict[str, Any]) -> None:
    """To the asker alone; in a DM that is an ordinary message."""
    if _is_dm(event):
        _answer_openly(linchpin, tx, event, payload)
        return
    outbox.enqueue_ephemeral(
        tx,
        dedupe_key=f"said:{_dedupe_key(event)}",
        channel=event["channel"],
        user=event["user"],
        payload=payload,
        now=linchpin.now(),
        # Slack shows a private line in a thread only where there is one already.
        thread_ts=event.get("thread_ts"),
    )


def _is_dm(event: Event) -> bool:
    return event.get("channel_type") == "im"


def _dedupe_key(event: Event) -> str:
    """Names a message: the same one can come as two events."""
    return f"{event['channel']}:{event['ts']}"
