"""Applies reactions on messages of touchpoints: those present count, in whatever order their events
come. On a list a number is a line, ✅ and 👀 ask first, the others point at the menu."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.actions.actor import REACTION_PREFIX, Actor, is_reaction
from bot.actions.responses import whole_lists
from bot.actions.responses.respond import respond
from bot.actions.responses.undo import PreviousState, forget_previous, made_by
from bot.actions.touchpoints.plays import records_of
from bot.actions.touchpoints.rendering import refresh_nudge
from bot.actions.work import Work
from bot.messages.answers.forms import done_question
from bot.messages.kit.blocks import text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import mention, plain
from bot.messages.lists import forms
from bot.messages.promises import promise as promises
from bot.rules.errors import UserError
from bot.rules.touchpoint_verbs import NUMBERS, Meaning, bare_name, meaning
from db import outbox
from db.lists import lists
from db.models import PROMISE, RENEWAL, Account, ListLine, Reaction, Touchpoint
from db.touchpoints import reactions, touchpoints

_THUMBS_UP = ("+1", "thumbsup")
_MOVED_TEXT = "It stands in a newer message by now: answer it there."
_RENEWAL_TEXT = "Record the outcome with the buttons: a reaction does not say what they decided."


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
    def is_number(self) -> bool:
        return bare_name(self.name) in NUMBERS

    @property
    def meaning(self) -> Meaning | None:
        """What it asks for: a number, that a line is done."""
        return "done" if self.is_number else meaning(self.name)


def apply_reaction(work: Work, seen: ReactionEvent) -> bool:
    """Does or undoes what a reaction means; returns whether it changed anything."""
    asks_back = bare_name(seen.name) in _THUMBS_UP
    nudge_id = outbox.find_message(work.tx, seen.channel, seen.ts)
    if nudge_id is None or (seen.meaning is None and not asks_back):
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
    if asks_back:
        _ask_what_is_meant(work, seen, [touchpoint for _, touchpoint, _ in lines])
        return False
    if seen.is_number:
        return _apply_to_line(work, nudge_id, seen, lines)
    if len(lines) > 1:
        return _apply_to_all(work, nudge_id, seen)
    pairs = touchpoints.list_of_nudge(work.tx, nudge_id)
    if not pairs:  # what it showed stands elsewhere by now
        _reply(work, seen, _MOVED_TEXT)
    return len(pairs) == 1 and _apply(work, nudge_id, seen, pairs[0][0])


def _apply_to_line(
    work: Work,
    nudge_id: int,
    seen: ReactionEvent,
    lines: Sequence[tuple[ListLine, Touchpoint, Account]],
) -> bool:
    number = NUMBERS.index(bare_name(seen.name)) + 1
    found = next((each for each in lines if each[0].number == number and not each[0].hidden), None)
    if found is None:
        _reply(work, seen, f"This list has no line {number}.")
        return False
    _, touchpoint, account = found
    name, holder = plain(account.name), touchpoint.by_user
    if seen.present and touchpoint.state in touchpoints.OPEN_STATES:
        if touchpoint.nudge_id != nudge_id:
            _reply(work, seen, f"{name} stands in a newer message by now: answer it there.")
            return False
        if touchpoint.state == "claimed" and holder != seen.user:
            hint = "nothing was changed. The line's menu has *Done*."
            _reply(work, seen, f"Line {number}, {name}, is {mention(holder or '')}'s: {hint}")
            return False
    return _apply(work, nudge_id, seen, touchpoint)


def _apply_to_all(work: Work, nudge_id: int, seen: ReactionEvent) -> bool:
    """✅ and 👀 on a list ask which lines are meant; taken away, they undo what was answered."""
    verb = seen.meaning
    assert verb is not None
    if verb not in ("done", "claim"):
        _reply(work, seen, forms.use_menu(verb))
    elif not seen.present:
        source = f"{REACTION_PREFIX}{verb}"
        return bool(whole_lists.undo_lines(work, nudge_id, seen.user, source))
    else:
        mine, others = whole_lists.open_lines(work, nudge_id, seen.user, verb)
        names = [account.name for _, account in mine]
        _reply(work, seen, forms.about_all(nudge_id, verb, names, others))
    return False


def _apply(work: Work, nudge_id: int, seen: ReactionEvent, found: Touchpoint) -> bool:
    """Does or undoes it for one touchpoint; to break a promise the person is asked why."""
    # What others did at the same moment is read from here on.
    touchpoint = touchpoints.lock_touchpoint(work.tx, found.id)
    assert touchpoint is not None
    if touchpoint.kind == RENEWAL:
        _reply(work, seen, _RENEWAL_TEXT)
        return False
    active = reactions.list_active(work.tx, nudge_id)
    if not seen.present:
        return _undo_reaction(work, touchpoint, active, seen)
    if _is_outdated(touchpoint, active, seen):
        return False
    is_open_promise = touchpoint.kind == PROMISE and touchpoint.state in touchpoints.OPEN_STATES
    if seen.meaning == "skip" and is_open_promise:
        _reply(work, seen, promises.reason_needed_message(touchpoint.id, touchpoint.title))
        return False
    changed = _apply_verb(work, touchpoint, seen)
    if changed and seen.meaning == "done":
        _ask_for_answer(work, touchpoint, seen)
    return changed


def _ask_what_is_meant(work: Work, seen: ReactionEvent, listed: Sequence[Touchpoint]) -> None:
    """A thumbs-up means "seen" to some and "done" to others: it is asked about, once."""
    once = replace(seen, event_ts="thumbs-up")
    if len(listed) > 1:
        _reply(work, once, forms.THUMBS_UP_ON_LIST)
    elif listed and listed[0].state in touchpoints.NUDGED_STATES:
        account = work.tx.require(Account, listed[0].account_id)
        _reply(work, once, forms.thumbs_up(listed[0].id, account.name, listed[0].title))


def _ask_for_answer(work: Work, touchpoint: Touchpoint, seen: ReactionEvent) -> None:
    """Asks whoever reacted for the one line that the play brings back: a reaction opens no form."""
    account = work.tx.require(Account, touchpoint.account_id)
    kind = records_of(work.playbook, touchpoint)
    if kind is not None:
        _reply(work, seen, done_question(touchpoint.id, account.name, kind))


def _apply_verb(work: Work, touchpoint: Touchpoint, seen: ReactionEvent) -> bool:
    def tell(words: str) -> None:
        _reply(work, seen, words, ":more")

    assert seen.meaning is not None
    try:
        by = Actor(*made_by(seen.user, seen.name))
        return respond(replace(work, by=by), touchpoint, seen.meaning, tell=tell)
    except UserError as error:
        tell(error.sentence)
        return False


def _is_outdated(touchpoint: Touchpoint, active: list[Reaction], seen: ReactionEvent) -> bool:
    """Whether a later reaction made the state already, and this one's event came late."""
    later = [r for r in active if float(r.event_ts) > float(seen.event_ts)]
    author = touchpoint.by_user, touchpoint.source
    return seen.meaning in ("claim", "snooze") and any(
        made_by(r.user_id, r.name) == author for r in later
    )


def _undo_reaction(
    work: Work, touchpoint: Touchpoint, active: list[Reaction], seen: ReactionEvent
) -> bool:
    """Undoes what a reaction did, unless the person has another one there of the same meaning."""
    authors = {made_by(reaction.user_id, reaction.name) for reaction in active}
    author = made_by(seen.user, seen.name)
    if author in authors or (touchpoint.by_user, touchpoint.source) != author:
        return False
    previous = PreviousState.before(touchpoint)
    if is_reaction(previous.source) and (previous.by, previous.source) not in authors:
        forget_previous(work.tx, touchpoint)
    since = touchpoint.state_at
    try:
        respond(replace(work, by=Actor(*author)), touchpoint, "undo")
    except UserError as error:
        _reply(work, replace(seen, present=True), error.sentence)
        return False
    for each in active:
        # What came too late while the removed one was there counts now; so does what was added
        # after its removal, in whatever order two processes heard of them.
        other = replace(seen, user=each.user_id, name=each.name, present=True)
        is_alike = other.is_number == seen.is_number and other.meaning is not None
        is_of_line = not seen.is_number or bare_name(each.name) == bare_name(seen.name)
        counts = each.at >= since or float(each.event_ts) > float(seen.event_ts)
        if touchpoint.state == "nudged" and is_alike and is_of_line and counts:
            _apply_verb(work, touchpoint, other)
    return True


def _reply(work: Work, seen: ReactionEvent, answer: Message | str, of: str = "") -> None:
    """Answers whoever reacted, where they did; `of` tells two answers to one reaction apart. What
    is taken away is not answered."""
    if not seen.present:
        return
    message = text_message(answer) if isinstance(answer, str) else answer
    outbox.enqueue_ephemeral(
        work.tx,
        dedupe_key=f"whisper:{seen.channel}:{seen.ts}:{seen.user}:{seen.event_ts}{of}",
        channel=seen.channel,
        user=seen.user,
        payload=message.payload(),
        now=work.now,
    )
