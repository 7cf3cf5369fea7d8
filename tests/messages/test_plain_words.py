"""No riddles: what people read has short sentences, one form of dates and no terminal options.

The sentences are looked at twice: as they stand in the code, all of them, and as they come out of
the walk through everything that Linchpin says.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.messages.test_every_message import (
    SAYING,
    expects_all,
    opens_forms,
    types_all,
    works_on_nudges,
)
from tests.story import Story

BOT = Path(__file__).resolve().parents[2] / "bot"
MOST_WORDS = 25
#: Not read in Slack: the terminal, logs of Slack's answers, words that files are understood by.
ELSEWHERE = ("terminal", "slack", "settings.py", "manifest.py", "language", "imports")
DATES = "another form of dates"
_DAY = r"\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
#: Any way to write a day but "Fri 18 Dec" and "Fri 18 Dec 2026".
_OTHER_DATES = re.compile(
    rf"(?<!Mon )(?<!Tue )(?<!Wed )(?<!Thu )(?<!Fri )(?<!Sat )(?<!Sun )\b{_DAY}"
    rf"|{_DAY}[a-z]|\b\d{{4}}-\d\d-\d\d\b|\b\d\d?/\d\d?/\d{{2,4}}\b|<!date"
)
#: What is typed or was said by people stands in backticks, quotes or behind a > of its own.
_WORDS_OF_PEOPLE = re.compile(r'`[^`]*`|"[^"]*"|^(?:>|&gt;).*$', re.MULTILINE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n| · | → ")


def faults(text: str) -> Iterator[str]:
    """What is wrong with a text that people read."""
    if re.search("[\u00ab\u00bb]", text):
        yield "guillemets"
    if "(s)" in text:
        yield '"(s)"'
    if re.search(r"(?<![\w-])--\w", text):
        yield "an option of the terminal"
    if re.search(r"\{[A-Z_]+\}|\{\w+[.(]", text):
        yield "a placeholder that is not filled in"
    bare = _WORDS_OF_PEOPLE.sub("X", text)
    if _OTHER_DATES.search(bare):
        yield DATES
    for sentence in _SENTENCE_END.split(bare):
        if len(sentence.split()) > MOST_WORDS:
            yield f"{len(sentence.split())} words in a sentence"


def everything(story: Story) -> Iterator[str]:
    """Every text that was shown so far, labels and titles too; not the examples in a field."""
    for method in SAYING:
        for call in story.slack.calls(method):
            yield from texts({key: call.args.get(key) for key in ("text", "blocks", "view")})
    for person in story.slack.people:
        for one in story.slack.ephemerals(person):
            yield from texts({"text": one.text, "blocks": one.blocks})


def texts(value: Any) -> Iterator[str]:
    """The texts of a payload."""
    if isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key in ("text", "alt_text") and isinstance(inner, str):
                yield inner
            elif key not in ("hint", "placeholder"):
                yield from texts(inner)


def literals(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The strings of a module with their lines, X for what is filled in; without docstrings."""
    known: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            known.add(id(node.value))
        if isinstance(node, ast.JoinedStr):
            known.update(map(id, node.values))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (v.value if isinstance(v, ast.Constant) else "X" for v in node.values)
            yield node.lineno, "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and id(node) not in known:
            yield node.lineno, str(node.value)


def is_sentence(text: str) -> bool:
    """Not a pattern or a list of words for the computer."""
    return bool(re.match(r"[A-Z*:X`]", text)) and not re.search(r"\\|\(\?|^[\w ,]+$", text)


def test_every_sentence_of_the_code_is_plain() -> None:
    found = [
        f"{path.relative_to(BOT)}:{line}: {fault}: {text}"
        for path in sorted(BOT.rglob("*.py"))
        if not set(path.relative_to(BOT).parts) & set(ELSEWHERE)
        for line, text in literals(ast.parse(path.read_text()))
        if is_sentence(text)
        for fault in faults(text)
        if fault != DATES  # an example of what to type, in backticks by another module
    ]
    assert found == [], "\n".join(found)


def test_everything_that_is_said_is_plain(story: Story) -> None:
    story.types("priya", "/account add Acme stage onboarding manager @tom renews 2027-01-15")
    story.types("priya", "/account add Acme Two")
    types_all(story, "Acme", note="they like the export")
    opens_forms(story)
    story.until("2026-11-25 12:00")
    works_on_nudges(story)
    story.until("2026-12-08 12:00")
    expects_all(story)
    found = {f"{fault}: {text}" for text in everything(story) for fault in faults(text)}
    assert not found, "\n".join(sorted(found))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("She said \u00abyes\u00bb.", "guillemets"),
        ("3 touchpoint(s) wait.", '"(s)"'),
        ("Run it with --undo.", "an option of the terminal"),
        ("Acme renews on 18 Dec.", DATES),
        ("Acme renews on 2026-12-18.", DATES),
        ("Due <!date^1795424400^{date_short}|Mon 23 Nov>.", DATES),
        ("Shorten it: {quoted(name)}.", "a placeholder that is not filled in"),
        ("word " * 26, "26 words in a sentence"),
    ],
)
def test_each_fault_is_found(text: str, fault: str) -> None:
    assert list(faults(text)) == [fault]


@pytest.mark.parametrize(
    "text",
    [
        'Acme renews Fri 15 Jan 2027: `/account acme renews 2027-01-15`. "on 18 Dec," they said.',
        "Five words are in here. " * 6,
        "> " + "word " * 40,
    ],
)
def test_plain_words_and_words_of_people_are_let_through(text: str) -> None:
    assert list(faults(text)) == []
