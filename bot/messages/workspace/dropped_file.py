"""Answers to a CSV file: what it would do, with two buttons, and what came of it."""

import re

from bot.messages.kit.blocks import actions, button, section, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import join_lines, join_words, limit_lines, short, unstyled
from bot.rules.imports.result import Outcome, Result
from bot.rules.text.words import plural

MAX_ROWS = 5
_SENTENCE_END = re.compile(r"(?<=[.?]) ")


def preview_message(name: str, outcome: Outcome, file_id: str) -> Message:
    """What bringing the file in would do; nothing was written."""
    (part,) = outcome.parts.values()
    if not (part.added or part.updated or part.interactions):
        head = f"*{short(name)}* would change nothing: everything in it is here already."
        return text_message(join_lines(head, *_rejected_lines(part)))
    head = f"*{short(name)}* would {join_words(_counts(part, '{verb} {count}'))}."
    rows = [f"• {short(change.account)}: {short(change.what, 120)}" for change in part.changes]
    plans, examples = outcome.planned.text("would be planned"), limit_lines(rows, MAX_ROWS, ".")
    body = join_lines(head, plans, examples, *_note_lines(outcome), *_rejected_lines(part))
    choices = actions(
        button("Import", "setup:import", file_id, "primary"),
        button("Cancel", "setup:leave", file_id),
    )
    text = f"{body}\nNothing was written yet. Buttons: Import, Cancel."
    return Message(unstyled(text), (section(body), choices))


def imported_message(name: str, outcome: Outcome) -> Message:
    """What came in. It can be taken back in the terminal."""
    (part,) = outcome.parts.values()
    counts = ", ".join(_counts(part, "{count} {past}"))
    head = f"*{short(name)}* was imported: {counts}."
    back = "`/stage` shows them. Whoever runs Linchpin can undo the import."
    notes = (*_note_lines(outcome), *_rejected_lines(part))
    return text_message(join_lines(head, outcome.planned.text("are planned"), *notes, back))


def refused_message(sentence: str) -> Message:
    """Why a file cannot be imported."""
    said = _without_options(sentence)
    if said != sentence:
        said += " Correct the file and drop it here again."
    return text_message(said)


def cancelled_message(name: str) -> Message:
    return text_message(f"*{short(name)}* was not imported. Nothing was written.")


def _counts(part: Result, shape: str) -> list[str]:
    """What is added, and what else there is: "update 3 accounts" or "3 accounts updated"."""
    counts = (
        (part.added, part.noun, "add", "added"),
        (part.updated, part.noun, "update", "updated"),
        (part.interactions, "past interaction", "record", "recorded"),
        (part.rejected, "row", "leave out", "left out"),
    )
    return [
        shape.format(verb=verb, count=plural(number, noun), past=past)
        for number, noun, verb, past in counts
        if number or verb == "add"
    ]


def _note_lines(outcome: Outcome) -> list[str]:
    return [short(note, 200) for note in outcome.notes if "--" not in note][:MAX_ROWS]


def _rejected_lines(part: Result) -> list[str]:
    rows = [f"• {plural(len(n), 'row')}: {_reject_reason(why)}" for why, n in part.skipped.items()]
    rows += [f"• Row {one.row}: {_reject_reason(one.reason)}" for one in part.rejects]
    return ["Left out:", limit_lines(rows, MAX_ROWS, ".")] if rows else []


def _reject_reason(reason: str) -> str:
    return short(_without_options(reason), 200)


def _without_options(words: str) -> str:
    """Without sentences that name options of the terminal, which nobody can type here."""
    return " ".join(each for each in _SENTENCE_END.split(words) if "--" not in each)
