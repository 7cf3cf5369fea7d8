"""A reaction as Slack reports it, and the private answers to it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions.touchpoints.plays import records_of
from bot.actions.work import Work
from bot.messages.answers.question import done_question
from bot.messages.kit.message import Message
from db import outbox
from db.accounts import accounts
from db.models import Touchpoint


@dataclass(frozen=True)
class ReactionEvent:
    """A reaction that was added (`present`) or removed; `event_ts` orders the events."""

    channel: str
    ts: str
    user: str
    name: str
    present: bool
    event_ts: str

    @property
    def bare_name(self) -> str:
        """Slack's name without a skin tone."""
        return self.name.strip(":").partition("::")[0]


def reply_privately(work: Work, seen: ReactionEvent, message: Message, of: str = "") -> None:
    """Answers whoever reacted, where they did; `of` tells two answers to one reaction apart."""
    outbox.enqueue_ephemeral(
        work.tx,
        dedupe_key=f"whisper:{seen.channel}:{seen.ts}:{seen.user}:{seen.event_ts}{of}",
        channel=seen.channel,
        user=seen.user,
        payload=message.payload(),
        now=work.now,
    )


def ask_for_answer(work: Work, touchpoint: Touchpoint, seen: ReactionEvent) -> None:
    """Asks whoever reacted for the one line that the play brings back: a reaction opens no form."""
    account = accounts.by_id(work.tx, touchpoint.account_id)
    kind = records_of(work.playbook, touchpoint)
    if account is not None and kind is not None and touchpoint.state == "done":
        reply_privately(work, seen, done_question(touchpoint.id, account.name, kind))
