"""What people are told of an import, as plain values: the terminal and Slack only print them."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.rules.imports.result import Outcome, Question, Result
from bot.rules.text.words import plural

_SENTENCE_END = re.compile(r"(?<=[.?]) ")


class Group(NamedTuple):
    """Rows of a file with the same fate; `rows` are a line each, which may be fewer."""

    title: str  # "New"
    total: int
    rows: Sequence[str]


def questions_of(outcome: Outcome) -> list[Question]:
    """What the files leave open, each once; what nothing can come in without goes first."""
    asked = [each for part in outcome.parts.values() for each in part.questions]
    return sorted({each.key: each for each in asked}.values(), key=lambda each: not each.needed)


def groups_of(outcome: Outcome) -> list[Group]:
    """What would come in, what waits for an answer, what is kept and what is left out."""
    parts = list(outcome.parts.values())
    changes = [change for part in parts for change in part.changes]
    new = [f"{each.account} · {each.what}" for each in changes if each.added]
    changed = [f"{each.account} · {each.what}" for each in changes if not each.added]
    rejects = [(one.row, one.reason) for part in parts for one in part.rejects]
    found = [
        Group("New", sum(part.added for part in parts), new),
        Group("Changed", sum(part.updated for part in parts), changed),
        Group("Past interactions", sum(part.interactions for part in parts), ()),
    ]
    for number, question in enumerate(questions_of(outcome), 1):
        waiting = [each for each in rejects if question.kind == "stage" and _waits(each, question)]
        rejects = [each for each in rejects if each not in waiting]
        rows = [f"row {row}" for row, _ in waiting]
        found.append(Group(f"Waiting for question {number}", len(rows), rows))
    kept = [
        f"{one.account} · {one.why}; the file says {one.what}"
        for part in parts
        for one in part.kept
    ]
    found.append(Group("Kept as it is in Slack", len(kept), kept))
    left = [line for part in parts for line in _skipped_lines(part)]
    left += [f"row {row}: {reason}" for row, reason in rejects]
    skipped = sum(len(rows) for part in parts for rows in part.skipped.values())
    found.append(Group("Left out", len(rejects) + skipped, left))
    found.append(Group("Unchanged", sum(part.unchanged for part in parts), ()))
    return [group for group in found if group.total]


def _waits(reject: tuple[int, str], question: Question) -> bool:
    return reject[1].startswith(f'no stage "{question.word}"')


def _skipped_lines(part: Result) -> list[str]:
    return [f"{plural(len(rows), 'row')}: {why}" for why, rows in part.skipped.items()]


def is_known_already(outcome: Outcome) -> bool:
    """Whether all that the files say is here already."""
    titles = {group.title for group in groups_of(outcome)}
    return titles == {"Unchanged"} and not questions_of(outcome)


def question_title(question: Question) -> str:
    """What is asked, in one line."""
    word, kind = question.word, question.kind
    if kind == "dates":
        return f'Is {question.example} in "{word}" day first or month first?'
    if kind == "stage":
        return f'Which stage is "{word}"?'
    if kind == "owner":
        return f'Who is "{word}"?'
    if kind == "conclusion":
        return f'How did deals at "{word}" end?'
    if kind == "company":
        return f'Is "{word}" a customer that is here already?'
    if word in ("name", "account"):
        return "Which column is the account's name?"
    return f'Is "{word}" the column of stages?'


def question_detail(question: Question) -> str:
    """What stands open until it is answered."""
    rows = plural(question.rows, "row")
    return {
        "stage": f"{rows}, not imported until you choose",
        "owner": f"{rows}, without a manager until you choose",
        "conclusion": f"{plural(question.rows, 'deal')}, taken as still open until you choose",
    }.get(question.kind, question.text)


def without_options(words: str) -> str:
    """Without sentences that name options of the terminal, which nobody can type in Slack."""
    return " ".join(each for each in _SENTENCE_END.split(words) if "--" not in each)
