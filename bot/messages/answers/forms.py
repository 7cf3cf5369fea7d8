"""The form that asks for the one thing a play brings back, and the one for a whole week's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.messages.kit import form_parts
from bot.messages.kit.blocks import actions, context
from bot.messages.kit.text import day, mention, on, one_line, plain
from bot.messages.touchpoints.buttons import verb_button
from bot.rules.answers import MAX_TEXT_LENGTH, QUESTIONS, Answer
from bot.rules.playbook.sections import Records

#: A form has room for more, and nobody fills it in.
MAX_A_WEEK = 10


@dataclass(frozen=True)
class AnswerForm:
    """What the form about one touchpoint shows; `last` is the newest line of its kind: what, who,
    when. `known` is what was written down already."""

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
    """Shown when it is done already: closing it takes nothing away. `owners` are (key, name) of
    those who may keep a promise, the likeliest first."""
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
