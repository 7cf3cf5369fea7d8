"""Types the questions and says of each whether the answer was right, half or wrong.

A question that follows another is typed after it in the same conversation: before its button was
pressed ("make it Friday"), or, if something is to be taken back, after. Half is what a person
gets with a second step: a dialog that is filled in, another button, a command that is written out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bench.questions.facts import Found, Rows, changes, is_taken_back, read_rows
from bench.questions.seen import Button, Seen, command_lines, holds
from bench.questions.sets import Expected, Question
from bench.questions.typist import Moment, Typist

RIGHT, HALF, WRONG = "right", "half", "wrong"
_MOST_TRIES, _MOST_OFFERED = 6, 3
_TAKES_BACK = re.compile(r"undo|take (it |that )?back|delete|nothing", re.IGNORECASE)
#: How an answer begins that has none; right only where nothing was asked of us.
_UNSURE = re.compile(
    r"^\W*(sorry, )?((I am |I'm )?not (understood|sure)|I (did not|didn't|don't) understand)",
    re.IGNORECASE | re.MULTILINE,
)
_MAY_BE_UNSURE = ("nothing", "refuse")


@dataclass(frozen=True)
class Verdict:
    """How a question was answered; `unmeant` is what was changed or offered and not meant."""

    question: Question
    mark: str
    seen: Seen
    why: str = ""
    unmeant: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Asked:
    """A question as it was answered, with the rows before it and at its end."""

    question: Question
    seen: Seen
    before: Rows
    after: Rows
    touchpoint: int | None
    earlier: Rows  # before the question that this one follows


def ask_all(
    typist: Typist,
    start: Moment,
    questions: Sequence[Question],
    only: Callable[[Question], bool] = lambda _: True,
) -> Iterator[Verdict]:
    """A verdict on each of the questions that are asked for; those they follow are typed too."""
    typist.back_to(start)
    rows = read_rows(typist.engine)
    following: dict[str, list[Question]] = {}
    for question in questions:
        following.setdefault(question.follows, []).append(question)

    def ask(question: Question, moment: Moment, earlier: Rows) -> Iterator[Verdict]:
        wanted = only(question)
        after = following.get(question.id, [])
        if not (wanted or any(_is_needed(each, following, only) for each in after)):
            return
        typist.back_to(moment)
        asked, said, clicked = _ask(typist, question, earlier)
        if wanted:
            yield _judge(typist, asked, moment, said)
        for each in after:
            undoes = each.expected[0].is_only("undone")
            yield from ask(each, clicked if undoes else said, asked.before)

    for question in following[""]:
        yield from ask(question, start, rows)


def _is_needed(
    question: Question, following: dict[str, list[Question]], only: Callable[[Question], bool]
) -> bool:
    after = following.get(question.id, [])
    return only(question) or any(_is_needed(each, following, only) for each in after)


def _ask(typist: Typist, question: Question, earlier: Rows) -> tuple[_Asked, Moment, Moment]:
    """Types it and presses what it offers as certain; also the moments after both."""
    before = read_rows(typist.engine)
    nudge = typist.nudge(question.where)
    seen = typist.types(question.who, question.where, question.text)
    said = typist.moment()
    many = any(len(expected.effects) > 1 for expected in question.expected)
    _press(typist, question.who, seen.proposals if many else seen.proposals[:1])
    touchpoint = nudge.touchpoint if nudge else None
    asked = _Asked(question, seen, before, read_rows(typist.engine), touchpoint, earlier)
    return asked, said, typist.moment()


def _press(typist: Typist, who: str, buttons: Sequence[Button]) -> None:
    """Presses each once that still stands there."""
    for button in buttons:
        if "view_id" in button.place or button in list(typist.buttons(who, button)):
            typist.clicks(who, button)


# -- verdicts


def _judge(typist: Typist, asked: _Asked, moment: Moment, said: Moment) -> Verdict:
    """The best of the verdicts on what is accepted."""
    found = [_weigh(asked, expected) for expected in asked.question.expected]
    best = min(found, key=lambda one: (RIGHT, WRONG).index(one.mark))
    if best.mark == RIGHT or best.unmeant:
        return best
    if _second_step(typist, asked, moment, said):
        return Verdict(asked.question, HALF, asked.seen, best.why)
    return best


def _weigh(asked: _Asked, expected: Expected) -> Verdict:
    problems = [*_said_wrong(asked.seen.text, expected)]
    if asked.question.kind not in _MAY_BE_UNSURE and _UNSURE.search(asked.seen.text):
        problems.append("is not sure")
    unmeant: list[str] = []
    if not expected.effects or expected.is_only("asks"):
        unmeant += _unwanted(asked)
        for effect in expected.effects:
            shown = "\n".join([asked.seen.text, *(one.label for one in asked.seen.buttons)])
            missing = [one for one in effect.facts["choices"] if not holds(shown, one)]
            problems += [f"does not offer {one}" for one in missing]
    elif expected.is_only("undone"):
        problems += _not_undone(asked)
    else:
        missing_facts, unmeant = _missing(asked, expected)
        problems += missing_facts
    problems += [f"unmeant: {one:.300}" for one in unmeant[:_MOST_OFFERED]]
    mark = WRONG if problems else RIGHT
    return Verdict(asked.question, mark, asked.seen, "; ".join(problems), tuple(unmeant))


def _said_wrong(text: str, expected: Expected) -> Iterator[str]:
    yield from (f"does not say {one!r}" for one in expected.says if not holds(text, one))
    yield from (f"says {one!r}" for one in expected.never if holds(text, one))


def _unwanted(asked: _Asked) -> list[str]:
    """Every change, where nothing was to be changed or offered."""
    return [str(one) for one in changes(asked.before, asked.after)]


def _missing(asked: _Asked, expected: Expected) -> tuple[list[str], list[str]]:
    """What the rows do not hold after the click, and what was changed instead."""
    found = Found(asked.before, asked.after, asked.touchpoint)
    missing = [effect for effect in expected.effects if not found.holds(effect)]
    unmeant = [str(one) for one in found.strangers(expected.effects)]
    touched = [table for table in expected.untouched if found.touches(table)]
    if (len(missing) == len(expected.effects) or touched) and not unmeant:
        unmeant = [str(one) for one in found.changes]
    problems = [f"no {effect.what} {effect.facts}" for effect in missing]
    return problems + [f"{table} was touched" for table in touched], unmeant


def _not_undone(asked: _Asked) -> list[str]:
    """Problems with taking the last thing back: done, offered, or said that there was none."""
    if not changes(asked.earlier, asked.before):
        moved = changes(asked.before, asked.after)
        told = bool(_TAKES_BACK.search(asked.seen.text))
        return [] if told and not moved else ["does not say that there is nothing to take back"]
    offers = any(_TAKES_BACK.search(one.label) for one in asked.seen.buttons)
    if is_taken_back(asked.earlier, asked.after):
        return []
    untouched = not changes(asked.before, asked.after)
    return [] if offers and untouched else ["the last thing was not taken back"]


# -- half


def _second_step(typist: Typist, asked: _Asked, moment: Moment, said: Moment) -> bool:
    """Whether one more step leads to a right answer."""
    for attempt in list(_attempts(typist, asked, moment, said))[:_MOST_TRIES]:
        seen = attempt()
        if seen is None:
            continue
        rows = read_rows(typist.engine)
        for expected in asked.question.expected:
            if expected.is_only("asks") or expected.is_only("undone"):
                continue
            if _weigh(replace(asked, seen=seen, after=rows), expected).mark == RIGHT:
                return True
    return False


def _written_out(text: str) -> list[str]:
    """The commands that are offered to be typed; a page of help is no offer."""
    lines = command_lines(text)
    return lines if len(lines) <= _MOST_OFFERED else []


def _attempts(
    typist: Typist, asked: _Asked, moment: Moment, said: Moment
) -> Iterator[Callable[[], Seen | None]]:
    """The steps that a person might try next."""
    who = asked.question.who

    def press(button: Button) -> Seen | None:
        typist.back_to(said)
        seen = typist.clicks(who, button)
        if seen.modal and asked.question.expected[0].effects:
            return typist.submits(who, seen.modal)
        return seen

    def submit() -> Seen | None:
        typist.back_to(said)
        return typist.submits(who, asked.seen.modal) if asked.seen.modal else None

    def type_command(line: str) -> Seen | None:
        typist.back_to(moment)
        return typist.types(who, "dm", line)

    if asked.seen.modal:
        yield submit
    for button in asked.seen.buttons:
        if button.action_id.startswith(("command:", "form:")) and "ts" in button.place:
            yield partial(press, button)
    for line in _written_out(asked.seen.text):
        yield partial(type_command, line)
