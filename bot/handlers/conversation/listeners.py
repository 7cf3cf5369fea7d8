"""Direct messages and mentions: each is answered once, where it was said. A mention is answered to
the asker alone, who may show the answer to all where all may see it. Where people of other
companies read, nothing about accounts is shown."""

import re

from slack_bolt import App, BoltContext

from bot.actions.work import Work
from bot.context import Context
from bot.handlers.answers import thread
from bot.handlers.base.clicks import Body
from bot.handlers.base.idempotency import effect_once
from bot.handlers.base.parsing import unescape
from bot.handlers.commands import run_command
from bot.handlers.conversation import showing
from bot.messages.kit.blocks import text_message
from bot.messages.workspace import conversation as messages
from bot.slack import CouldNotRead
from db import outbox
from db.core.tx import read
from db.models import Member
from db.ops import inbox
from db.workspace import channels

Event = Body


def register(app: App, linchpin: Context) -> None:
    """Listens to direct messages and to being mentioned."""

    @app.event("message")
    def message(event: Event, body: Body, context: BoltContext) -> None:
        # A file dropped into the conversation is answered by `dropped_file`.
        said = is_from_person(event) and not event.get("files")
        if event.get("channel_type") == "im" and said:
            _answer(linchpin, context["speaker"], body, event)

    @app.event("app_mention")
    def mention(event: Event, body: Body, context: BoltContext) -> None:
        if is_from_person(event):
            _answer(linchpin, context["speaker"], body, event)


def is_from_person(event: Event) -> bool:
    """Whether somebody said this now: no edit, no joining, no bot, not the program itself."""
    subtype = event.get("subtype")
    said = subtype in (None, "file_share", "thread_broadcast", "me_message")
    return said and not event.get("bot_id") and bool(event.get("user")) and "edited" not in event


def _answer(linchpin: Context, speaker: Member, body: Body, event: Event) -> None:
    with linchpin.read(linchpin.now()) as work:
        if inbox.is_known(work.tx, body["event_id"]):
            return
    sentence = _sentence(linchpin, event)
    where, once, under = event["channel"], _dedupe_key(event), str(event.get("thread_ts") or "")
    if _is_shared_outside(linchpin, body, where):
        payload = text_message(messages.SHARED_CHANNEL_TEXT).payload()
    elif (answer := thread.reply(linchpin, speaker, event, sentence)) is not None:
        payload = answer.payload()
    else:
        line = f"say {sentence}"
        payload = run_command(
            linchpin, speaker, line, channel=where, once=once, source="talk", thread=under
        )
        if not _is_dm(event) and showing.may_all_see(linchpin, where):
            payload = showing.with_button(payload, sentence, under or event["ts"])
    with effect_once(linchpin, body) as answering:
        if answering is not None and _is_dm(event):
            _answer_in_dm(answering, event, payload)
        elif answering is not None:
            _answer_privately(answering, event, payload)
    linchpin.wake()


def _sentence(linchpin: Context, event: Event) -> str:
    """The words, without the mention of the program, as they were typed."""
    mention = re.compile(rf"<@{re.escape(linchpin.bot_user)}(?:\|[^>]*)?>[,:]?")
    return unescape(mention.sub(" ", str(event.get("text") or ""))).strip()


def _is_shared_outside(linchpin: Context, body: Body, channel: str) -> bool:
    """Whether people of other companies may read the answer; also when Slack cannot say."""
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
    with linchpin.begin(linchpin.now()) as work:
        channels.save(work.tx, facts, work.playbook, work.now)
    return facts.is_shared_outside


def _answer_in_dm(work: Work, event: Event, payload: Body) -> None:
    thread = event.get("thread_ts")
    outbox.enqueue_post(
        work.tx,
        dedupe_key=_dedupe_key(event),
        kind="talk",
        channel=event["channel"],
        payload={**payload, **({"thread_ts": thread} if thread else {})},
        now=work.now,
    )


def _answer_privately(work: Work, event: Event, payload: Body) -> None:
    """Answers the asker alone, in a channel."""
    outbox.enqueue_ephemeral(
        work.tx,
        dedupe_key=_dedupe_key(event),
        channel=event["channel"],
        user=event["user"],
        payload=payload,
        now=work.now,
        # Slack shows a private line in a thread only where there is one already.
        thread_ts=event.get("thread_ts"),
    )


def _is_dm(event: Event) -> bool:
    return event.get("channel_type") == "im"


def _dedupe_key(event: Event) -> str:
    """The key of a message, which can come as two events."""
    return f"said:{event['channel']}:{event['ts']}"
