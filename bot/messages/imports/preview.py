"""A dropped file: what it would do, what it leaves open, and what came of it."""

import hashlib
import re
from collections.abc import Sequence
from datetime import date

from slack_sdk.models import blocks as slack
from slack_sdk.models.views import View

from bot.messages.kit.blocks import actions, button, compose, context, section, text_message
from bot.messages.kit.form_parts import form, menu_option
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, join_lines, join_words, limit_lines, quoted, share_out, short
from bot.rules.imports.result import Choice, Outcome, Question, UndoResult
from bot.rules.imports.told import (
    account_without_owner,
    groups_of,
    is_known_already,
    question_detail,
    question_title,
    questions_of,
    without_options,
)
from bot.rules.text.words import cut, plural

_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_WAITING = re.compile(r"\*Waiting for questions? [\d to]+:")
_MAX_NOTES = 5
#: Questions in one message, within Slack's 50 blocks; the next ones come up as these are answered.
_MAX_QUESTIONS = 15
_MAX_OPTIONS = 100
_PAGE = 100  # rows in a form


def preview_message(
    file: tuple[int, str], rows: int, outcome: Outcome, answers: Sequence[str]
) -> Message:
    """What bringing the file (its row's id and name) in would do; nothing was written."""
    number, name = file
    if is_known_already(outcome) and not answers:
        said = f"*{short(name)}* would change nothing: everything in it is here already."
        return text_message(join_lines(said, *_note_lines(outcome)))
    asked = questions_of(outcome)
    head = f"*{short(name)}: {plural(rows, 'row')}, nothing written yet*\n{_todo(asked, outcome)}"
    parts: list[str | slack.Block] = [head, _group_lines(outcome)]
    # Until the dates are known, nobody knows what would be planned.
    plans = "" if outcome.needed else outcome.planned.text("would be planned")
    parts.append(join_lines(plans, *_note_lines(outcome)))
    for place, question in enumerate(asked[:_MAX_QUESTIONS], 1):
        parts += _question_blocks(number, place, question)
    if len(asked) > _MAX_QUESTIONS:
        parts.append(f"{plural(len(asked) - _MAX_QUESTIONS, 'question')} more, after these.")
    if answers:
        parts.append(context("Answered: " + " · ".join(short(one, 100) for one in answers[:20])))
    parts.append(actions(*_buttons(number, rows, outcome, answers)))
    return compose(*parts)


def _todo(asked: Sequence[Question], outcome: Outcome) -> str:
    needed = len(outcome.needed)
    numbers = [str(number) for number in range(1, len(asked) + 1)]
    can_wait = _name_questions(numbers[needed:], "can wait.")
    if needed:
        first = f"Answer {_name_questions(numbers[:needed], 'to import.').lower()}"
    elif outcome.run is None:
        return "Nothing can come in" + (" before you answer a question." if asked else ".")
    else:
        first = "*Import* brings it in."
    return f"{first} {can_wait}".strip()


def _name_questions(numbers: Sequence[str], what: str) -> str:
    """ "Question 1 can wait.", "Questions 3 to 8 can wait."; empty for none."""
    if not numbers:
        return ""
    some = f"{numbers[0]} to {numbers[-1]}" if len(numbers) > 2 else join_words(numbers)
    return f"Question{'s' if len(numbers) > 1 else ''} {some} {what}"


def _group_lines(outcome: Outcome) -> str:
    """A line for each group, with an example."""
    lines = []
    for title, count, rows in groups_of(outcome):
        example = short(_with_days(without_options(rows[0])), 200) if rows else ""
        lead = ", like " if count > 1 else " · "
        lines.append(f"*{title}: {count:,}*" + (lead + example if example else ""))
    return "\n".join(lines)


def _with_days(words: str) -> str:
    """With its dates as people read them."""
    return _DATE.sub(lambda found: day(date.fromisoformat(found[0])), words)


def _note_lines(outcome: Outcome) -> list[str]:
    notes = [said for note in outcome.notes if (said := without_options(note))]
    return [limit_lines([short(note, 200) for note in notes], _MAX_NOTES, ".")] if notes else []


def _question_blocks(number: int, place: int, question: Question) -> list[slack.Block]:
    title = short(question_title(question), 200)
    said = f"*{place}. {title}*\n{short(question_detail(question), 500)}"
    where = f"import:{number}:{mark(question.key)}"
    if question.kind in ("dates", "company"):
        buttons = [
            button(choice.label, f"import:answer:{at}", mark(choice.value))
            for at, choice in enumerate(question.choices)
        ]
        return [section(said), slack.ActionsBlock(block_id=where, elements=buttons)]
    block = section(said, _picker(question))
    block.block_id = where
    return [block]


def _picker(question: Question) -> slack.InteractiveElement:
    if question.kind == "owner":
        return slack.UserSelectElement(action_id="import:answer", placeholder="Choose a person")
    what = {"stage": "Choose a stage", "column": "Choose a column"}.get(question.kind, "Choose")
    options = [
        menu_option(mark(choice.value), _option_label(question, choice))
        for choice in question.choices[:_MAX_OPTIONS]
    ]
    return slack.StaticSelectElement(action_id="import:answer", placeholder=what, options=options)


def _option_label(question: Question, choice: Choice) -> str:
    if question.kind == "stage" and choice.value == "none":
        return "Leave this row out" if question.rows == 1 else f"Leave these {question.rows:,} out"
    return cut(choice.label, 60) + (" (suggested)" if choice.value == question.suggested else "")


def mark(words: str) -> str:
    """A question or an answer as clicks name it: a file's words may be longer than Slack takes."""
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def _buttons(
    number: int, rows: int, outcome: Outcome, answers: Sequence[str]
) -> list[slack.ButtonElement]:
    found = []
    if not outcome.needed and outcome.run is not None:
        found.append(button("Import", "import:go", str(number), "primary"))
    found.append(button(f"Show all {rows:,} rows", "import:rows", str(number)))
    if answers:
        found.append(button("Clear answers", "import:anew", str(number)))
    return [*found, button("Cancel", "import:cancel", str(number))]


def rows_view(file: tuple[int, str], outcome: Outcome, page: int) -> View:
    """All rows of the file by what becomes of them, a page at a time."""
    number, name = file
    lines = [
        f"*{title}* {short(_with_days(without_options(row)), 250)}"
        for title, _, rows in groups_of(outcome)
        for row in rows
    ]
    last = max(1, -(-len(lines) // _PAGE))
    page = min(max(page, 1), last)
    shown = lines[(page - 1) * _PAGE : page * _PAGE]
    parts: list[slack.Block] = [section(f"*{short(name)}*, page {page} of {last}")]
    parts += [section(text) for text in share_out(shown, 12)] if shown else []
    unchanged = sum(part.unchanged for part in outcome.parts.values())
    if unchanged:
        parts.append(context(f"{plural(unchanged, 'row')} would change nothing."))
    turns = [("Previous", page - 1), ("Next", page + 1)]
    turns = [(label, to) for label, to in turns if 1 <= to <= last]
    if turns:
        parts.append(
            actions(*(button(label, f"import:page:{to}", f"{to}:{number}") for label, to in turns))
        )
    return form("rows", "What would come in", None, parts, {}, close="Close")


def imported_message(file: tuple[int, str], outcome: Outcome) -> Message:
    """What came in, what stands open, and a button that takes it back."""
    number, name = file
    head = f"*{short(name)}* was imported. `/stage` shows it."
    notes = join_lines(outcome.planned.text("are planned"), *_note_lines(outcome))
    asked = questions_of(outcome)
    open_ = [_left_open(one, outcome) for one in asked if one.kind == "owner"]
    again = "To answer what stands open, drop the file again: what came in stays as it is."
    rest = again if len(asked) > len(open_) else ""
    undo = actions(button("Undo", "import:undo", str(number)))
    groups = _WAITING.sub("*Not imported, stage not known:", _group_lines(outcome))
    return compose(head, groups, notes, limit_lines(open_, _MAX_NOTES, "."), rest, undo)


def _left_open(question: Question, outcome: Outcome) -> str:
    """What can be done after the import about an owner that nobody found."""
    example = quoted(account_without_owner(outcome, question.word))
    rows = plural(question.rows, "row")
    return (
        f'"{short(question.word)}" was not found: {rows} without a manager. '
        f"`/account {short(example)} manager @…` names one."
    )


def undone_message(undone: UndoResult) -> Message:
    """What was taken back, and what was left."""
    counts = [
        f"{plural(number, noun)} {past}"
        for number, noun, past in (
            (undone.deleted, "account", "deleted"),
            (undone.restored, "account", "restored"),
            (undone.touchpoints, "planned touchpoint", "removed"),
            (undone.interactions, "interaction", "removed"),
        )
        if number or past == "deleted"
    ]
    left = [f"• {short(name)}: {why}" for name, why in undone.left]
    rest = join_lines("Left as they are:", limit_lines(left, 20, ".")) if left else ""
    return compose(
        f"The import of *{short(undone.source)}* was taken back: {join_words(counts)}.", rest
    )


def refused_message(sentence: str) -> Message:
    """Why a file cannot be imported."""
    said = without_options(sentence)
    if said != sentence:
        said += " Correct the file and drop it here again."
    return text_message(said)


def cancelled_message(name: str) -> Message:
    return text_message(f"*{short(name)}* was not imported. Nothing was written.")
