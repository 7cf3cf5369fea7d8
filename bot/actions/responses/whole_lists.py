"""What a person does to several lines of a list at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.actions.actor import Actor
from bot.actions.responses.respond import respond
from bot.actions.work import Work
from bot.rules.touchpoint_verbs import Verb
from db.digests.readers import display_names
from db.lists import lists
from db.models import Account, Touchpoint
from db.touchpoints import touchpoints

Pair = tuple[Touchpoint, Account]


def open_lines(
    work: Work, nudge_id: int, user: str, verb: Verb
) -> tuple[list[Pair], list[tuple[str, str]]]:
    """What `verb` would change of a list, and (account, who has it) of claims that stay others'."""
    here = [
        (touchpoint, account)
        for _, touchpoint, account in lists.lines(work.tx, nudge_id)
        if touchpoint.nudge_id == nudge_id and touchpoint.state in touchpoints.NUDGED_STATES
    ]
    held = [pair for pair in here if pair[0].state == "claimed" and pair[0].by_user != user]
    names = display_names(work.tx, {t.by_user for t, _ in held if t.by_user})
    free = [
        (touchpoint, account)
        for touchpoint, account in here
        if touchpoint.state == "nudged" or (verb == "done" and touchpoint.by_user == user)
    ]
    return free, [(a.name, names.get(t.by_user or "", "somebody")) for t, a in held]


def act_on_lines(
    work: Work, nudge_id: int, verb: Verb, source: str, only: Collection[int] | None = None
) -> list[Pair]:
    """Does the verb to the lines that the person may act on, or `only` some; returns those."""
    user = work.by.user or ""
    as_asked = replace(work, by=Actor(user, source))
    changed = []
    for touchpoint, account in open_lines(work, nudge_id, user, verb)[0]:
        if only is not None and touchpoint.id not in only:
            continue
        locked = touchpoints.lock_touchpoint(work.tx, touchpoint.id)
        if locked is not None and respond(as_asked, locked, verb):
            changed.append((locked, account))
    return changed


def undo_lines(work: Work, nudge_id: int, user: str, source: str) -> list[Pair]:
    """Undoes what a person did to several lines by one reaction; returns those that it changed."""
    as_done = replace(work, by=Actor(user, source))
    changed = []
    for _, touchpoint, account in lists.lines(work.tx, nudge_id):
        if (touchpoint.by_user, touchpoint.source) == (user, source):
            locked = touchpoints.lock_touchpoint(work.tx, touchpoint.id)
            if locked is not None and respond(as_done, locked, "undo"):
                changed.append((locked, account))
    return changed
