"""Answers to a CSV file: what it would do, with two buttons, and what came of it."""

import re
from collections.abc import Sequence
from itertools import chain

from bot.messages.kit.blocks import actions, button, section, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import join_lines, limit_lines, short, unstyled
from bot.rules.imports.result import PlannedCounts, Result
from bot.rules.text.words import plural

MAX_ROWS = 5
_SENTENCE_END = re.compile(r"(?<=[.?]) ")


def preview_message(
    name: str, parts: Sequence[Result], planned: PlannedCounts, file_id: str
) -> Message:
    """What bringing the file in would do; nothing was written."""
    changes = any(part.added or part.updated or part.interactions for part in parts)
    if not changes:
        head = f"*{short(name)}* would change nothing: everything in it is here already."
        return text_message(join_lines(head, *_rejected_lines(parts)))
    head = f"*{short(name)}* would {_preview_text(parts)}."
    plans, examples = _planned(planned, "would be planned"), _example_lines(parts)
    body = join_lines(head, plans, examples, *_note_lines(parts), *_rejected_lines(parts))
    choices = actions(
        button("Import", "setup:import", file_id, "primary"),
        button("Cancel", "setup:leave", file_id),
    )
    text = f"{body}\nNothing was written yet. Buttons: Import, Cancel."
    return Message(unstyled(text), (section(body), choices))


def imported_message(name: str, parts: Sequence[Result], planned: PlannedCounts) -> Message:
    """What came in. It can be taken back in the terminal."""
    head = f"*{short(name)}* was imported: {_imported_text(parts)}."
    back = "`/stage` shows them. Whoever runs Linchpin can undo the import."
    plans = _planned(planned, "are planned")
    notes = (*_note_lines(parts), *_rejected_lines(parts))
    return text_message(join_lines(head, plans, *notes, back))


def refused_message(sentence: str) -> Message:
    """Why a file cannot be imported."""
    said = _without_options(sentence)
    if said != sentence:
        said += " Correct the file and drop it here again."
    return text_message(said)


def cancelled_message(name: str) -> Message:
    return text_message(f"*{short(name)}* was not imported. Nothing was written.")


def _preview_text(parts: Sequence[Result]) -> str:
    added, updated, past, out = _count_parts(parts)
    said = [f"add {added}", *(f"update {n}" for n in updated), *(f"record {n}" for n in past)]
    said += [f"leave out {n}" for n in out]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def _imported_text(parts: Sequence[Result]) -> str:
    added, updated, past, out = _count_parts(parts)
    said = [f"{added} added", *(f"{n} updated" for n in updated), *(f"{n} recorded" for n in past)]
    return ", ".join([*said, *(f"{n} left out" for n in out)])


def _count_parts(parts: Sequence[Result]) -> tuple[str, list[str], list[str], list[str]]:
    """What is added; and, where there are any, what is updated, interactions, rows left out."""
    added, updated = sum(p.added for p in parts), sum(p.updated for p in parts)
    past, out = sum(p.interactions for p in parts), sum(p.rejected for p in parts)
    return (
        plural(added, parts[0].noun),
        [plural(updated, parts[0].noun)] if updated else [],
        [plural(past, "past interaction")] if past else [],
        [plural(out, "row")] if out else [],
    )


def _planned(planned: PlannedCounts, verb: str) -> str:
    if not planned.touchpoints:
        return ""
    what = plural(planned.touchpoints, "touchpoint")
    return f"{what} {verb} from now on, at most {planned.fullest_day} a day for one owner."


def _example_lines(parts: Sequence[Result]) -> str:
    changes = [change for part in parts for change in part.changes]
    rows = [f"• {short(change.account)}: {short(change.what, 120)}" for change in changes]
    return limit_lines(rows, MAX_ROWS, ".")


def _note_lines(parts: Sequence[Result]) -> list[str]:
    """What the file leaves open; what only an option can change is left out."""
    notes = dict.fromkeys(note for part in parts for note in part.notes)
    return [short(note, 200) for note in notes if "--" not in note][:MAX_ROWS]


def _rejected_lines(parts: Sequence[Result]) -> list[str]:
    rows = [f"• Row {one.row}: {_reject_reason(one.reason)}" for p in parts for one in p.rejects]
    skipped = chain.from_iterable(part.skipped.items() for part in parts)
    rows = [f"• {plural(len(n), 'row')}: {_reject_reason(why)}" for why, n in skipped] + rows
    if not rows:
        return []
    hint = "."
    return ["Left out:", limit_lines(rows, MAX_ROWS, hint)]


def _reject_reason(reason: str) -> str:
    return short(_without_options(reason), 200)


def _without_options(words: str) -> str:
    """Without sentences that name options of the terminal, which nobody can type here."""
    return " ".join(each for each in _SENTENCE_END.split(words) if "--" not in each)
