"""A reaction on a nudge, as a level: what is there counts, in whatever order events come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.actions.actor import REACTION_PREFIX, Actor, is_reaction
from bot.actions.responses.respond import respond
from bot.actions.responses.undo import forget_previous, previous_author
from bot.actions.touchpoints.rendering import refresh_nudge
from bot.actions.work import Work
from bot.messages.kit.message import Message
from bot.messages.kit.parts import text_message
from bot.messages.promises import promise as promises
from bot.rules import touchpoint_verbs
from bot.rules.errors import UserError
from bot.rules.touchpoint_verbs import Meaning
from db import outbox
from db.core.tx import Tx
from db.models import PROMISE, Reaction, Touchpoint
from db.touchpoints import reactions, touchpoints


@dataclass(frozen=True)
class ReactionEvent:
    """A reaction as Slack tells of it; `event_ts` orders what is told of one reaction."""

    channel: str
    ts: str
    user: str
    name: str
    present: bool
    event_ts: str


def apply_reaction(work: Work, seen: ReactionEvent) -> bool:
    """Does or undoes what a reaction on one of our nudges means; says whether it changed anything.

    A message that tells of several touchpoints has menus instead: a reaction on it means nothing.
    A promise is not broken by one: the person is asked what becomes of it.
    """
    meaning = touchpoint_verbs.meaning(seen.name)
    nudge_id = outbox.find_message(work.tx, seen.channel, seen.ts)
    if meaning is None or nudge_id is None:
        return False
    place = seen.channel, seen.ts, seen.user, seen.name
    was_spent = not seen.present and reactions.is_ignored(work.tx, *place)
    if not _is_first_report(work.tx, seen, work.now):
        return False
    if was_spent:  # it did not count any more: now the message need not say so
        refresh_nudge(work, nudge_id)
        return False
    told = touchpoints.list_of_nudge(work.tx, nudge_id)
    if len(told) != 1:
        return False
    # What others did at the same moment is seen from here on.
    touchpoint = touchpoints.lock_touchpoint(work.tx, told[0][0].id)
    if touchpoint is None:
        return False
    standing = reactions.list_active(work.tx, nudge_id)
    if not seen.present:
        return _undo_reaction(work, touchpoint, meaning, standing, seen)
    if _is_outdated(touchpoint, meaning, standing, seen):
        return False
    if (
        meaning == "skip"
        and touchpoint.kind == PROMISE
        and touchpoint.state in touchpoints.OPEN_STATES
    ):
        _reply_privately(
            work.tx, seen, promises.reason_needed_message(touchpoint.id, touchpoint.title), work.now
        )
        return False
    return _apply_verb(work, touchpoint, meaning, seen.user)


def _is_first_report(tx: Tx, seen: ReactionEvent, now: datetime) -> bool:
    return reactions.record_reaction(
        tx,
        seen.channel,
        seen.ts,
        seen.user,
        seen.name,
        present=seen.present,
        event_ts=seen.event_ts,
        now=now,
    )


def _apply_verb(work: Work, touchpoint: Touchpoint, meaning: Meaning, user: str) -> bool:
    try:
        return respond(
            replace(work, by=Actor(user, REACTION_PREFIX + meaning)), touchpoint, meaning
        )
    except UserError:
        # Somebody was quicker, and the message says so already: a reaction needs no answer.
        return False


def _is_outdated(
    touchpoint: Touchpoint, meaning: Meaning, standing: list[Reaction], seen: ReactionEvent
) -> bool:
    """Whether a later reaction made the state already, and this one's event only came late."""
    made_it = [
        r for r in standing if _reaction_author(r) == (touchpoint.by_user, touchpoint.source)
    ]
    later = any(float(r.event_ts) > float(seen.event_ts) for r in made_it)
    return later and meaning in ("claim", "snooze")


def _undo_reaction(
    work: Work,
    touchpoint: Touchpoint,
    meaning: Meaning,
    standing: list[Reaction],
    seen: ReactionEvent,
) -> bool:
    """Undoes what a reaction did, unless another of the same meaning by that person stands."""
    made = {_reaction_author(reaction) for reaction in standing}
    mine = (seen.user, REACTION_PREFIX + meaning)
    if mine in made or (touchpoint.by_user, touchpoint.source) != mine:
        return False
    was_made = previous_author(touchpoint)
    if is_reaction(was_made[1]) and was_made not in made:
        forget_previous(work.tx, touchpoint)
    since = touchpoint.state_at
    try:
        respond(replace(work, by=Actor(seen.user, mine[1])), touchpoint, "undo")
    except UserError as error:
        _reply_privately(work.tx, seen, text_message(error.sentence), work.now)
        return False
    for reaction in standing:
        # What came too late while this one stood counts now; and so does what was added after it
        # was taken back, whatever the clocks of two processes say of when they were told.
        said = touchpoint_verbs.meaning(reaction.name)
        counts = reaction.at >= since or float(reaction.event_ts) > float(seen.event_ts)
        if touchpoint.state == "nudged" and said is not None and counts:
            _apply_verb(work, touchpoint, said, reaction.user_id)
    return True


def _reaction_author(reaction: Reaction) -> tuple[str, str]:
    """Who and from where, as a touchpoint remembers what this reaction did."""
    return reaction.user_id, f"{REACTION_PREFIX}{touchpoint_verbs.meaning(reaction.name)}"


def _reply_privately(tx: Tx, seen: ReactionEvent, message: Message, now: datetime) -> None:
    outbox.enqueue_ephemeral(
        tx,
        dedupe_key=f"whisper:{seen.channel}:{seen.ts}:{seen.user}:{seen.event_ts}",
        channel=seen.channel,
        user=seen.user,
        payload=message.payload(),
        now=now,
    )
