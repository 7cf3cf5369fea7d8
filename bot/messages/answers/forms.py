"""What asks for the one thing a play brings back, and what was kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.messages.kit import form_parts
from bot.messages.kit.blocks import actions, compose, context
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, mention, on, one_line, plain
from bot.messages.touchpoints.buttons import verb_button
from bot.rules.answers import MAX_TEXT_LENGTH, QUESTIONS, Answer
from bot.rules.playbook.sections import Records
from bot.rules.touchpoint_verbs import VERBS, WRITE, Verb

#: A form has room for more, and nobody fills it in.
MAX_A_WEEK = 10
MAX_LINE_LENGTH = 400
MAX_QUOTED = 5


@dataclass(frozen=True)
class AnswerForm:
    """The form about one touchpoint; `last` is the newest line of its kind, `known` its own."""

    touchpoint_id: int
    account_id: int
    account: str
    title: str
    kind: Records
    by: str
    last: tuple[str, str | None, datetime] | None = None
    known: Answer | None = None
    renews_on: date | None = None


def answer_form(about: AnswerForm, owners: Sequence[tuple[str, str]], channel: str) -> View:
    """Shown when it is done already; `owners` may keep a promise, the likeliest first."""
    question, known = QUESTIONS[about.kind], about.known or Answer("")
    blocks: list[Block] = [context(f"*{plain(about.account)}* · {plain(about.title)} · {about.by}")]
    if about.last is not None:
        blocks.append(context(_last_line(*about.last)))
    blocks += _inputs(about, known, owners)
    blocks.append(actions(verb_button("nothing-new", about.touchpoint_id)))
    ids = {"touchpoint": about.touchpoint_id, "channel": channel}
    return form_parts.form("answer", question.title, "Save", blocks, ids, close="Not now")


def week_form(rows: Sequence[tuple[int, str, str, Records]], channel: str) -> View:
    """One field for each touchpoint of a week: (id, account, title, what it brings back)."""
    blocks: list[Block] = [context("One line each; leave empty what you do not know.")]
    for number, account, title, kind in rows[:MAX_A_WEEK]:
        question = QUESTIONS[kind]
        blocks.append(
            form_parts.text_input(
                str(number),
                f"{account}: {question.words}",
                placeholder=question.placeholder,
                optional=True,
                most=MAX_TEXT_LENGTH,
                hint=title,
            )
        )
    return form_parts.form("answers_week", "Add answers", "Save", blocks, {"channel": channel})


def _last_line(text: str, by: str | None, at: datetime) -> str:
    who = f"{mention(by)}, " if by else ""
    return f'Last written there: "{one_line(text, 200)}" ({who}{on(at)})'


def _inputs(about: AnswerForm, known: Answer, owners: Sequence[tuple[str, str]]) -> list[Block]:
    fields = _fields(about, known, owners)
    if about.kind in ("value", "person"):
        return fields
    return [
        *fields,
        form_parts.contact_input(about.account_id, "With whom", initial=_picked(known)),
    ]


def _picked(known: Answer) -> tuple[int, str] | None:
    return (known.contact_id, known.who) if known.contact_id else None


def _fields(about: AnswerForm, known: Answer, owners: Sequence[tuple[str, str]]) -> list[Block]:
    question, kind = QUESTIONS[about.kind], about.kind
    is_date = kind == "decision date"
    text = form_parts.text_input(
        "text",
        "Who decides" if is_date else question.words,
        initial=known.text,
        placeholder=question.placeholder,
        most=MAX_TEXT_LENGTH,
        focus=not is_date,
        hint="An amount is shown to you before it counts." if kind == "value" else "",
    )
    if kind == "value":
        label = "Confirmed by (nobody: our estimate)"
        return [text, form_parts.contact_input(about.account_id, label, initial=_picked(known))]
    if is_date:
        stays = f"Their renewal date stays {day(about.renews_on)}." if about.renews_on else ""
        return [form_parts.date_input("due_on", question.words, known.due_on, hint=stays), text]
    if kind == "goal":
        return [text, form_parts.date_input("due_on", "By when", known.due_on, optional=True)]
    if kind == "promise":
        keeper = form_parts.select_input("owner", "Owner", owners, owners[0][0])
        return [text, form_parts.date_input("due_on", "By when", known.due_on), keeper]
    return [text]


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


def did(
    touchpoint_id: int,
    account: str,
    title: str,
    verb: Verb,
    hint: str = "",
    until: date | None = None,
) -> Message:
    """Says what a reply in the thread did, with Undo; `until` is the day that a snooze named."""
    past = f"💤 Snoozed until {day(until)}" if until else VERBS[verb].past
    text = f"{past}: *{plain(account)}* · {plain(title)}"
    undo = () if verb in ("undo", "release") else (actions(verb_button("undo", touchpoint_id)),)
    return compose(text, hint, *undo)


def quoted(account: str, where: str, lines: Sequence[tuple[datetime, str]]) -> str:
    """Tells an author that their lines (when, what) were used in `where`."""
    one = len(lines) == 1
    head = f"Your line of {on(lines[0][0])} is" if one else f"{len(lines)} lines of yours are"
    words = ", ".join(f'"{one_line(each, MAX_LINE_LENGTH)}"' for _, each in lines[:MAX_QUOTED])
    return f"{head} in {where} *{plain(account)}*: {words}"
