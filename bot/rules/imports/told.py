"""What people are told of an import, as plain values: the terminal and Slack only print them."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.rules.imports.result import Outcome, Question, Result
from bot.rules.text.words import plural

_MAX_WAITING = 3
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
    questions = questions_of(outcome)
    asked = {question.key for question in questions}
    waits = [each for part in parts for each in part.waiting.values()]
    rejects = [
        (one.row, one.reason)
        for part in parts
        for one in part.rejects
        if part.waiting.get(one.row, ("", ""))[1] not in asked
    ]
    found = [
        Group("New", sum(part.added for part in parts), new),
        Group("Changed", sum(part.updated for part in parts), changed),
        Group("Past interactions", sum(part.interactions for part in parts), ()),
    ]
    for title, question in _waited_for(questions):
        rows = [name for name, key in waits if key == question.key]
        if found[-1].title == title:
            rows = [*found.pop().rows, *rows]
        found.append(Group(title, len(rows), rows))
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


def _waited_for(questions: Sequence[Question]) -> Iterator[tuple[str, Question]]:
    """The questions for which rows wait, each with its title; one title for all but a few."""
    waited = [(number, one) for number, one in enumerate(questions, 1) if one.kind == "stage"]
    last = waited[-1][0] if waited else 0
    for place, (number, question) in enumerate(waited):
        several = place >= _MAX_WAITING and len(waited) > _MAX_WAITING + 1
        what = f"questions {waited[_MAX_WAITING][0]} to {last}" if several else f"question {number}"
        yield f"Waiting for {what}", question


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
        return f"Is {question.example} day first or month first?"
    if kind == "stage":
        return f'Which stage is "{word}"?'
    if kind == "owner":
        return f'Who is "{word}"?'
    if kind == "conclusion":
        return f'How did deals at "{word}" end?'
    if kind == "company":
        return f'Is "{word}" the same customer as "{question.example}"?'
    if word in ("name", "account"):
        return "Which column is the account's name?"
    return f'Is "{word}" the column of stages?'


def question_detail(question: Question) -> str:
    """What stands open until it is answered."""
    rows = plural(question.rows, "row")
    return {
        "stage": f"{rows}, not imported until you choose",
        "owner": f"{rows}, without a manager until you choose",
        "company": "Taken as the same until you choose",
        "conclusion": f"{plural(question.rows, 'deal')}, taken as still open until you choose",
    }.get(question.kind, question.text)


def account_without_owner(outcome: Outcome, word: str) -> str:
    """One of the accounts whose owner the file calls so and nobody was found."""
    told = f"owner {word} ("
    changes = (change for part in outcome.parts.values() for change in part.changes)
    return next((change.account for change in changes if told in change.what), "acme")


def without_options(words: str) -> str:
    """Without sentences that name options of the terminal, which nobody can type in Slack."""
    return " ".join(each for each in _SENTENCE_END.split(words) if "--" not in each)
