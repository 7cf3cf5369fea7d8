"""Applies reactions on nudges: those present count, in whatever order their events come."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.actions.actor import REACTION_PREFIX, Actor, is_reaction
from bot.actions.responses.respond import respond
from bot.actions.responses.undo import PreviousState, forget_previous, made_by
from bot.actions.touchpoints.plays import records_of
from bot.actions.touchpoints.rendering import refresh_nudge
from bot.actions.work import Work
from bot.messages.answers.question import done_question
from bot.messages.kit.blocks import text_message
from bot.messages.kit.message import Message
from bot.messages.promises import promise as promises
from bot.rules import touchpoint_verbs
from bot.rules.errors import UserError
from bot.rules.touchpoint_verbs import Meaning
from db import outbox
from db.accounts import accounts
from db.models import PROMISE, Reaction, Touchpoint
from db.touchpoints import reactions, touchpoints


@dataclass(frozen=True)
class ReactionEvent:
    """A reaction that was added (`present`) or removed; `event_ts` orders the events."""

    channel: str
    ts: str
    user: str
    name: str
    present: bool
    event_ts: str


def apply_reaction(work: Work, seen: ReactionEvent) -> bool:
    """Does or undoes what a reaction on a nudge means; returns whether it changed anything.

    A reaction on a message of several touchpoints means nothing: such a message has menus. A
    promise is not broken by a reaction: the person is asked for the reason.
    """
    meaning = touchpoint_verbs.meaning(seen.name)
    nudge_id = outbox.find_message(work.tx, seen.channel, seen.ts)
    if meaning is None or nudge_id is None:
        return False
    place = seen.channel, seen.ts, seen.user, seen.name
    was_ignored = not seen.present and reactions.is_ignored(work.tx, *place)
    if not reactions.record_reaction(
        work.tx, *place, present=seen.present, event_ts=seen.event_ts, now=work.now
    ):
        return False
    if was_ignored:  # the message says that it does not count, and need not any more
        refresh_nudge(work, nudge_id)
        return False
    pairs = touchpoints.list_of_nudge(work.tx, nudge_id)
    # What others did at the same moment is read from here on.
    touchpoint = touchpoints.lock_touchpoint(work.tx, pairs[0][0].id) if len(pairs) == 1 else None
    if touchpoint is None:
        return False
    active = reactions.list_active(work.tx, nudge_id)
    if not seen.present:
        return _undo_reaction(work, touchpoint, meaning, active, seen)
    if _is_outdated(touchpoint, meaning, active, seen):
        return False
    is_open_promise = touchpoint.kind == PROMISE and touchpoint.state in touchpoints.OPEN_STATES
    if meaning == "skip" and is_open_promise:
        question = promises.reason_needed_message(touchpoint.id, touchpoint.title)
        _reply_privately(work, seen, question)
        return False
    changed = _apply_verb(work, touchpoint, meaning, seen, seen.user)
    if changed and meaning == "done":
        _ask_for_answer(work, touchpoint, seen)
    return changed


def _apply_verb(
    work: Work, touchpoint: Touchpoint, meaning: Meaning, seen: ReactionEvent, user: str
) -> bool:
    by = Actor(user, REACTION_PREFIX + meaning)

    def tell(words: str) -> None:
        _reply_privately(work, replace(seen, user=user), text_message(words), ":more")

    try:
        return respond(replace(work, by=by), touchpoint, meaning, tell=tell)
    except UserError:
        return False  # somebody was quicker, as the message says: a reaction needs no answer


def _ask_for_answer(work: Work, touchpoint: Touchpoint, seen: ReactionEvent) -> None:
    """Asks whoever reacted for the one line that the play brings back: a reaction opens no form."""
    account = accounts.by_id(work.tx, touchpoint.account_id)
    kind = records_of(work.playbook, touchpoint)
    if account is not None and kind is not None and touchpoint.state == "done":
        _reply_privately(work, seen, done_question(touchpoint.id, account.name, kind))


def _is_outdated(
    touchpoint: Touchpoint, meaning: Meaning, active: list[Reaction], seen: ReactionEvent
) -> bool:
    """Whether a later reaction made the state already, and this one's event came late."""
    later = [r for r in active if float(r.event_ts) > float(seen.event_ts)]
    author = touchpoint.by_user, touchpoint.source
    return meaning in ("claim", "snooze") and any(made_by(r) == author for r in later)


def _undo_reaction(
    work: Work,
    touchpoint: Touchpoint,
    meaning: Meaning,
    active: list[Reaction],
    seen: ReactionEvent,
) -> bool:
    """Undoes what a reaction did, unless the person has another one there of the same meaning."""
    authors = {made_by(reaction) for reaction in active}
    author = (seen.user, REACTION_PREFIX + meaning)
    if author in authors or (touchpoint.by_user, touchpoint.source) != author:
        return False
    previous = PreviousState.before(touchpoint)
    if is_reaction(previous.source) and (previous.by, previous.source) not in authors:
        forget_previous(work.tx, touchpoint)
    since = touchpoint.state_at
    try:
        respond(replace(work, by=Actor(*author)), touchpoint, "undo")
    except UserError as error:
        _reply_privately(work, seen, text_message(error.sentence))
        return False
    for reaction in active:
        # What came too late while the removed one was there counts now; so does what was added
        # after its removal, in whatever order two processes heard of them.
        other = touchpoint_verbs.meaning(reaction.name)
        counts = reaction.at >= since or float(reaction.event_ts) > float(seen.event_ts)
        if touchpoint.state == "nudged" and other is not None and counts:
            _apply_verb(work, touchpoint, other, seen, reaction.user_id)
    return True


def _reply_privately(work: Work, seen: ReactionEvent, message: Message, of: str = "") -> None:
    outbox.enqueue_ephemeral(
        work.tx,
        dedupe_key=f"whisper:{seen.channel}:{seen.ts}:{seen.user}:{seen.event_ts}{of}",
        channel=seen.channel,
        user=seen.user,
        payload=message.payload(),
        now=work.now,
    )
