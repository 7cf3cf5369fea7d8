"""What an import did or would do, as plain values for the terminal's tables."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from bot.rules.errors import UserError
from bot.rules.imports.sheet import Reject
from bot.rules.text.words import plural

#: Real exports have many rows without an account: they are reported in one line.
NO_ACCOUNT: Final = "no account named"
#: "Acme; Globex" and "Acme / Globex" in the cell of one account.
_TWO_COMPANIES: Final = re.compile(r"\S\s*;\s*\S|\S\s+/\s+\S")


def two_companies(cell: str) -> str | None:
    """Why a row is left out whose cell names two companies; None for one."""
    if not _TWO_COMPANIES.search(cell):
        return None
    return f'"{cell}" are two companies: give each its own row'


class Change(NamedTuple):
    """One account that comes in or changes; `what` is a few words for each field."""

    account: str
    added: bool
    what: str


class Choice(NamedTuple):
    """An answer that can be given to a question: its value and how people read it."""

    value: str  # "dmy", a stage's key, "ignore"
    label: str  # "Day first: Sat 3 Apr 2027"


class Question(NamedTuple):
    """What a file leaves open. The terminal shows the flag that answers it, Slack buttons or a
    menu; `choices` are empty where a person of the workspace is meant."""

    kind: Literal["dates", "stage", "owner", "column", "conclusion", "company"]
    word: str  # of the file: a heading, a stage, an owner
    text: str  # "12 renewal dates can be read both ways. No date in the file proves either."
    rows: int  # that wait for it or lose a value by it
    needed: bool  # nothing can be imported before it is answered
    choices: Sequence[Choice] = ()
    suggested: str | None = None  # the value of a choice
    example: str = ""  # a cell of the file, or the customer that is here

    @property
    def key(self) -> str:
        """What an answer is kept by."""
        return f"{self.kind}:{self.word}"


def flag_for(question: Question) -> str:
    """How the terminal answers a question: "Say which: --dates dmy or --dates mdy"."""
    if question.kind == "dates":
        return "Say which: --dates dmy or --dates mdy"
    if question.kind == "column":
        ways = [
            f'--map "{choice.value}={question.word}"'
            if question.word in ("name", "account")
            else f'--map "{question.word}={choice.value}"'
            for choice in question.choices
        ]
        return f"Say which: {' or '.join(ways[:3])}"
    if question.kind == "stage":
        return f'Say it with --stage "{question.word}=STAGE"'
    values = " or ".join(choice.value for choice in question.choices) or "@PERSON"
    return f'Say it with --answer "{question.key}={values}"'


def answers_of_flags(
    maps: Sequence[str], stages: Sequence[str], dates: str | None, others: Sequence[str] = ()
) -> dict[str, str]:
    """The answers that `--map`, `--stage`, `--dates` and `--answer` give; UserError for one without
    "="."""
    answers = {"dates:": dates} if dates else {}
    given = (("column:", "--map", maps), ("stage:", "--stage", stages), ("", "--answer", others))
    for kind, flag, options in given:
        for option in options:
            word, equals, value = (part.strip() for part in option.rpartition("="))
            if not equals:
                raise UserError(
                    f'I cannot use {flag} "{option}": write {flag} "Their column=field".'
                )
            answers[f"{kind}{word}"] = value
    return answers


class KeptValue(NamedTuple):
    """A value of the file that was not taken, because of what people said in Slack."""

    account: str
    why: str  # "moved in Slack", "changed in Slack", "archived"
    what: str


@dataclass
class Result:
    """The outcome of one part of an import, row by row; `planned` counts touchpoints."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejects: list[Reject] = field(default_factory=list)
    kept: list[KeptValue] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    interactions: int = 0
    skipped: dict[str, list[int]] = field(default_factory=dict)  # reason -> rows, one line each
    omitted: dict[str, list[tuple[int, str]]] = field(default_factory=dict)  # why -> row, cell
    waiting: dict[int, tuple[str, str]] = field(
        default_factory=dict
    )  # row -> account, question key
    silent: int = 0  # new accounts of which the file names no stage
    noun: str = "account"  # of what `added` and `updated` count

    @property
    def rejected(self) -> int:
        return len(self.rejects) + sum(map(len, self.skipped.values()))

    def reject(self, row: int, reason: str) -> None:
        self.rejects.append(Reject(row, reason))

    def omit(self, why: str, row: int, cell: str) -> None:
        """Leaves a cell out, not its row."""
        self.omitted.setdefault(why, []).append((row, cell))

    def tell_omitted(self) -> None:
        """A note on each kind of cells that were left out."""
        for why, cells in self.omitted.items():
            row, cell = cells[0]
            count = plural(len(cells), "cell")
            self.notes.append(f'{count} left empty: {why} "{cell[:60]}" (row {row}).')

    def skip(self, reason: str, *rows: int) -> None:
        """Leaves rows out that are reported in one line."""
        self.skipped.setdefault(reason, []).extend(rows)

    def take(self, piece: "Result") -> None:
        """Adds the result of a piece of the file."""
        self.added += piece.added
        self.updated += piece.updated
        self.unchanged += piece.unchanged
        self.interactions += piece.interactions
        self.silent += piece.silent
        self.rejects = sorted(self.rejects + piece.rejects)
        self.kept += piece.kept
        self.notes += piece.notes
        self.changes += piece.changes
        self.questions += piece.questions
        for reason, rows in piece.skipped.items():
            self.skip(reason, *rows)


class PlannedCounts(NamedTuple):
    """Numbers of touchpoints: planned, on the fullest day of one owner, cancelled."""

    touchpoints: int
    fullest_day: int
    cancelled: int

    def text(self, verb: str) -> str:
        """ "12 touchpoints are planned from now on …"; empty for none."""
        if not self.touchpoints:
            return ""
        what = plural(self.touchpoints, "touchpoint")
        return f"{what} {verb} from now on, at most {self.fullest_day} a day for one owner."


@dataclass(frozen=True)
class Outcome:
    """What an import did, by what its files list; `run` is None when there was nothing to do."""

    parts: Mapping[str, Result]
    planned: PlannedCounts
    run: int | None

    @property
    def needed(self) -> list[Question]:
        """The questions without whose answers nothing can be imported."""
        return [each for part in self.parts.values() for each in part.questions if each.needed]

    @property
    def notes(self) -> list[str]:
        """What the files leave open, each once."""
        return list(dict.fromkeys(note for part in self.parts.values() for note in part.notes))


class UndoResult(NamedTuple):
    """What undoing an import did; `left` are (account, reason) of those that were not restored."""

    source: str
    deleted: int
    restored: int
    touchpoints: int
    interactions: int
    left: Sequence[tuple[str, str]]
