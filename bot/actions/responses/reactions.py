"""Applies reactions on nudges: those present count, in whatever order their events come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.actions.actor import REACTION_PREFIX, Actor, is_reaction
from bot.actions.responses import list_reactions
from bot.actions.responses.reaction_events import ReactionEvent, ask_for_answer, reply_privately
from bot.actions.responses.respond import respond
from bot.actions.responses.undo import PreviousState, forget_previous, made_by
from bot.actions.touchpoints.rendering import refresh_nudge
from bot.actions.work import Work
from bot.messages.kit.blocks import text_message
from bot.messages.lists import questions
from bot.messages.lists.day_list import NUMBERS
from bot.messages.promises import promise as promises
from bot.rules import touchpoint_verbs
from bot.rules.errors import UserError
from bot.rules.touchpoint_verbs import Meaning
from db import outbox
from db.accounts import accounts
from db.lists import lists
from db.models import PROMISE, RENEWAL, Reaction, Touchpoint
from db.touchpoints import reactions, touchpoints

_THUMBS_UP = ("+1", "thumbsup")
_MOVED_TEXT = "It stands in a newer message by now: answer it there."
_RENEWAL_TEXT = "Record the outcome with the buttons: a reaction does not say what they decided."


def apply_reaction(work: Work, seen: ReactionEvent) -> bool:
    """Does or undoes what a reaction on a nudge means; returns whether it changed anything.

    On a list numbers are lines. A promise is not broken by a reaction: the person is asked for the
    reason.
    """
    meaning = touchpoint_verbs.meaning(seen.name)
    nudge_id = outbox.find_message(work.tx, seen.channel, seen.ts)
    if nudge_id is None:
        return False
    if meaning is None and seen.bare_name not in (*NUMBERS, *_THUMBS_UP):
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
    lines = lists.lines(work.tx, nudge_id)
    if seen.bare_name in _THUMBS_UP:
        _ask_what_is_meant(work, seen, [touchpoint for _, touchpoint, _ in lines])
        return False
    if len(lines) > 1 or seen.bare_name in NUMBERS:
        return list_reactions.apply_to_list(work, nudge_id, seen, meaning)
    if meaning is None:
        return False
    return _apply_to_nudge(work, nudge_id, seen, meaning)


def _apply_to_nudge(work: Work, nudge_id: int, seen: ReactionEvent, meaning: Meaning) -> bool:
    """The same, on a message of one touchpoint."""
    pairs = touchpoints.list_of_nudge(work.tx, nudge_id)
    if not pairs and seen.present:  # what it showed stands elsewhere by now
        reply_privately(work, seen, text_message(_MOVED_TEXT))
    # What others did at the same moment is read from here on.
    touchpoint = touchpoints.lock_touchpoint(work.tx, pairs[0][0].id) if len(pairs) == 1 else None
    if touchpoint is None:
        return False
    if touchpoint.kind == RENEWAL:
        if seen.present:
            reply_privately(work, seen, text_message(_RENEWAL_TEXT))
        return False
    active = reactions.list_active(work.tx, nudge_id)
    if not seen.present:
        return _undo_reaction(work, touchpoint, meaning, active, seen)
    if _is_outdated(touchpoint, meaning, active, seen):
        return False
    is_open_promise = touchpoint.kind == PROMISE and touchpoint.state in touchpoints.OPEN_STATES
    if meaning == "skip" and is_open_promise:
        question = promises.reason_needed_message(touchpoint.id, touchpoint.title)
        reply_privately(work, seen, question)
        return False
    changed = _apply_verb(work, touchpoint, meaning, seen, seen.user)
    if changed and meaning == "done":
        ask_for_answer(work, touchpoint, seen)
    return changed


def _ask_what_is_meant(work: Work, seen: ReactionEvent, listed: Sequence[Touchpoint]) -> None:
    """A thumbs-up means "seen" to some and "done" to others: it is asked about, once."""
    if not seen.present or not listed:
        return
    once = replace(seen, event_ts="thumbs-up")
    if len(listed) > 1:
        reply_privately(work, once, text_message(questions.THUMBS_UP_ON_LIST))
    elif listed[0].state in touchpoints.NUDGED_STATES:
        account = accounts.by_id(work.tx, listed[0].account_id)
        assert account is not None
        message = questions.thumbs_up(listed[0].id, account.name, listed[0].title)
        reply_privately(work, once, message)


def _apply_verb(
    work: Work, touchpoint: Touchpoint, meaning: Meaning, seen: ReactionEvent, user: str
) -> bool:
    by = Actor(user, REACTION_PREFIX + meaning)

    def tell(words: str) -> None:
        reply_privately(work, replace(seen, user=user), text_message(words), ":more")

    try:
        return respond(replace(work, by=by), touchpoint, meaning, tell=tell)
    except UserError as error:
        tell(error.sentence)
        return False


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
        reply_privately(work, seen, text_message(error.sentence))
        return False
    for reaction in active:
        # What came too late while the removed one was there counts now; so does what was added
        # after its removal, in whatever order two processes heard of them.
        other = touchpoint_verbs.meaning(reaction.name)
        counts = reaction.at >= since or float(reaction.event_ts) > float(seen.event_ts)
        if touchpoint.state == "nudged" and other is not None and counts:
            _apply_verb(work, touchpoint, other, seen, reaction.user_id)
    return True
