"""Reactions on a list: a number is a line, ✅ and 👀 ask first, the others point at the menu."""

from __future__ import annotations

from dataclasses import replace

from bot.actions.actor import REACTION_PREFIX, Actor
from bot.actions.responses import whole_lists
from bot.actions.responses.reaction_events import ReactionEvent, ask_for_answer, reply_privately
from bot.actions.responses.respond import respond
from bot.actions.work import Work
from bot.messages.kit.blocks import text_message
from bot.messages.kit.text import mention, plain
from bot.messages.lists import questions
from bot.messages.lists.day_list import NUMBERS
from bot.rules.errors import UserError
from bot.rules.touchpoint_verbs import Meaning
from db.lists import lists
from db.models import Account, ListLine, Touchpoint
from db.touchpoints import touchpoints


def apply_to_list(work: Work, nudge_id: int, seen: ReactionEvent, meaning: Meaning | None) -> bool:
    """Does or undoes what a reaction on a list means; returns whether it changed anything."""
    if seen.bare_name in NUMBERS:
        return _apply_number(work, nudge_id, seen)
    if meaning in ("done", "claim"):
        if seen.present:
            _ask_about_all(work, nudge_id, seen, meaning)
            return False
        source = f"{REACTION_PREFIX}{meaning}"
        return bool(whole_lists.undo_lines(work, nudge_id, seen.user, source))
    if seen.present and meaning is not None:
        reply_privately(work, seen, text_message(questions.use_menu(meaning)))
    return False


def _ask_about_all(work: Work, nudge_id: int, seen: ReactionEvent, meaning: Meaning) -> None:
    found = whole_lists.open_lines(work, nudge_id, seen.user, meaning)
    names = [account.name for _, account in found.mine]
    reply_privately(work, seen, questions.about_all(nudge_id, meaning, names, found.others))


def _apply_number(work: Work, nudge_id: int, seen: ReactionEvent) -> bool:
    number = NUMBERS.index(seen.bare_name) + 1
    found = next(
        (each for each in lists.lines(work.tx, nudge_id) if each[0].number == number), None
    )
    if found is None or found[0].hidden:
        if seen.present:
            reply_privately(work, seen, text_message(f"This list has no line {number}."))
        return False
    line, touchpoint, account = found
    by = Actor(seen.user, REACTION_PREFIX + seen.bare_name)
    locked = touchpoints.lock_touchpoint(work.tx, touchpoint.id)
    assert locked is not None
    if not seen.present:
        return _undo_number(work, locked, by)
    return _do_number(work, nudge_id, seen, by, (line, locked, account))


def _do_number(
    work: Work,
    nudge_id: int,
    seen: ReactionEvent,
    by: Actor,
    found: tuple[ListLine, Touchpoint, Account],
) -> bool:
    line, touchpoint, account = found
    if touchpoint.state in touchpoints.OPEN_STATES and touchpoint.nudge_id != nudge_id:
        where = f"{plain(account.name)} stands in a newer message by now: answer it there."
        reply_privately(work, seen, text_message(where))
        return False
    if touchpoint.state == "claimed" and touchpoint.by_user != seen.user:
        has_it = (
            f"Line {line.number}, {plain(account.name)}, is {mention(touchpoint.by_user or '')}"
        )
        hint = "'s: nothing was changed. The line's menu has *Done*."
        reply_privately(work, seen, text_message(has_it + hint))
        return False

    def tell(words: str) -> None:
        reply_privately(work, seen, text_message(words), ":more")

    try:
        changed = respond(replace(work, by=by), touchpoint, "done", tell=tell)
    except UserError as error:
        reply_privately(work, seen, text_message(error.sentence))
        return False
    if changed:
        ask_for_answer(work, touchpoint, seen)
    return changed


def _undo_number(work: Work, touchpoint: Touchpoint, by: Actor) -> bool:
    """Only its doer's removal undoes it."""
    if (touchpoint.by_user, touchpoint.source) != (by.user, by.source):
        return False
    try:
        return respond(replace(work, by=by), touchpoint, "undo")
    except UserError:
        return False
