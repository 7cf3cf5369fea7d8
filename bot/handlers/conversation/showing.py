"""*Show here*: a private answer, shown to all who read the channel, where they all may see it."""

import json

from slack_bolt import App

from bot.context import Context
from bot.handlers.base.clicks import Body, clicked_value, listener
from bot.handlers.base.replies import channel, click_id, reply_privately
from bot.handlers.commands import run_command
from bot.messages.workspace.conversation import show_here
from bot.slack import CouldNotRead
from db import outbox
from db.core.tx import read
from db.members import members
from db.models import Member

_NOT_ALL = "Guests or people of other companies read here, so only you see it."
#: A button carries so much.
_MOST = 2000


def register(app: App, linchpin: Context) -> None:
    """Listens to the button."""
    app.action("talk:show")(listener(linchpin, _show))


def may_all_see(linchpin: Context, where: str) -> bool:
    """Whether everybody who reads a channel is a full member of this workspace, as Slack says."""
    try:
        readers = linchpin.slack.readers(where)
    except CouldNotRead:
        return False
    with read(linchpin.engine, linchpin.workspace) as tx:
        known = [
            members.by_user_id(tx, user) for user in readers or [] if user != linchpin.bot_user
        ]
        ours = [one is not None and _is_ours(one, tx.workspace) for one in known]
    return readers is not None and all(ours)


def _is_ours(one: Member, workspace: str) -> bool:
    return one.team_id == workspace and not one.is_guest


def with_button(payload: Body, sentence: str, thread: str) -> Body:
    """The private answer with *Show here* below; a proposal has none."""
    line = json.dumps({"say": sentence, "thread": thread}, ensure_ascii=False)
    proposes = '"primary"' in json.dumps(payload.get("blocks", []))
    if proposes or len(line) > _MOST or not payload.get("blocks"):
        return payload
    return {**payload, "blocks": [*payload["blocks"], show_here(line).to_dict()][:50]}


def _show(linchpin: Context, speaker: Member, body: Body) -> None:
    asked, where = json.loads(clicked_value(body)), channel(body)
    if not may_all_see(linchpin, where):
        reply_privately(linchpin, speaker, body, _NOT_ALL)
        return
    line, once = f"say {asked['say']}", f"show:{click_id(body)}"
    payload = run_command(linchpin, speaker, line, channel=where, once=once, source="talk")
    with linchpin.begin(linchpin.now()) as work:
        outbox.enqueue_post(
            work.tx,
            dedupe_key=once[:200],
            kind="talk",
            channel=where,
            payload={**payload, "thread_ts": asked["thread"]},
            now=work.now,
        )
    linchpin.wake()
