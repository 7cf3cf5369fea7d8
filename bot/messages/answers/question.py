"""The private question after a reaction or a reply in the thread, and what was kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.messages.kit.blocks import actions, compose
from bot.messages.kit.message import Message
from bot.messages.kit.text import on, one_line, plain
from bot.messages.touchpoints.buttons import verb_button
from bot.rules.answers import QUESTIONS, Answer
from bot.rules.playbook.sections import Records
from bot.rules.touchpoint_verbs import VERBS, WRITE, Verb

MAX_LINE_LENGTH = 400
MAX_QUOTED = 5


def done_question(touchpoint_id: int, account: str, kind: Records) -> Message:
    """Asks the person alone for the one line; it is done whatever they say."""
    text = f"*Done: {plain(account)}.* {QUESTIONS[kind].words} One line is enough."
    verbs = (WRITE, "nothing-new", "undo")
    buttons = (verb_button(verb, touchpoint_id, primary=verb == WRITE) for verb in verbs)
    return compose(text, actions(*buttons))


def kept(touchpoint_id: int, account: str, kind: Records, answer: Answer) -> Message:
    """What was written down of a reply in the thread, and what it leaves open."""
    line = one_line(answer.line(kind), MAX_LINE_LENGTH)
    text = f'*Done: {plain(account)}.* Written down as {QUESTIONS[kind].label.casefold()}: "{line}"'
    label, missing = "Correct it…", ""
    if answer.is_vague(kind):
        label, missing = _NOT_NAMED if kind == "alternative" else _NO_DAY
    more = verb_button(WRITE, touchpoint_id, label, primary=bool(missing))
    return compose(text, missing, actions(more, verb_button("undo", touchpoint_id)))


_NOT_NAMED = ("Name them…", 'Which ones? The brief says "not named" until then.')
_NO_DAY = ("Add the day…", "By when? No day was named.")


def did(touchpoint_id: int, account: str, title: str, verb: Verb, hint: str = "") -> Message:
    """Says what a reply in the thread did, with Undo."""
    text = f"{VERBS[verb].past}: *{plain(account)}* · {plain(title)}"
    undo = () if verb in ("undo", "release") else (actions(verb_button("undo", touchpoint_id)),)
    return compose(text, hint, *undo)


def quoted(account: str, where: str, lines: Sequence[tuple[datetime, str]]) -> str:
    """Tells an author that their lines (when, what) were used in `where`."""
    one = len(lines) == 1
    head = f"Your line of {on(lines[0][0])} is" if one else f"{len(lines)} lines of yours are"
    words = ", ".join(f'"{one_line(each, MAX_LINE_LENGTH)}"' for _, each in lines[:MAX_QUOTED])
    return f"{head} in {where} *{plain(account)}*: {words}"
