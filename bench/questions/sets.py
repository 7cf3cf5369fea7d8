"""The sets of questions: read from YAML, checked, and made into dataclasses.

A set is a list of `questions`; forty.yaml also has the `setup` that is typed before any set. The
keys are those of the dataclasses below; what `effect` may hold is in EFFECTS.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
SETUP = "forty"
USUAL = ("forty", "kinds")

KINDS = frozenset(
    """renewals risk due ownership promises log undo stage decisions value people advocacy nudges
    away settings help refuse nothing two context why setup""".split()
)
PEOPLE = frozenset("priya tom maya diego aiko sam gus olga".split())

#: Which facts each effect may name.
EFFECTS: dict[str, frozenset[str]] = {
    effect: frozenset(keys.split())
    for effect, keys in {
        "interaction": "account kind on text text_never",
        "promise": "account text text_never due owner",
        "promise_kept": "account text on",
        "promise_moved": "account text due",
        "promise_broken": "account text",
        "value": "account amount currency confirmed text text_never",
        "decision": "account outcome alternative reason reason_never on renewal",
        "stage": "account stage",
        "renewal": "account date",
        "manager": "account person",
        "amount": "account amount currency",
        "contact": "account name",
        "contact_left": "account name",
        "reminder": "account person on text",
        "touchpoint": "account state by note until",
        "advocacy": "account act state on text",
        "away": "person cover from until",
        "setting": "person digest_day digest_hour digest_off quiet_from quiet_to",
        "undone": "",
        "asks": "",
    }.items()
}
WORDS = frozenset("text text_never note reason reason_never".split())
#: Tables that a question may forbid to change; "touchpoint" means that none may be done.
UNTOUCHED = frozenset("interaction touchpoint decision promise value_entry contact".split())

Json = dict[str, Any]


class SetError(ValueError):
    """A set that cannot be used; the text says where and why."""


@dataclass(frozen=True)
class Effect:
    """One thing that the rows must hold: facts are single values, or lists of which one is right;
    texts are lists that must all be there."""

    what: str
    facts: Json

    @property
    def account(self) -> str:
        return str(self.facts.get("account", ""))


@dataclass(frozen=True)
class Expected:
    """What a good answer shows (`says` with "a|b" as either, `never`), and what it changes."""

    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    untouched: tuple[str, ...] = ()

    def is_only(self, what: str) -> bool:
        return [effect.what for effect in self.effects] == [what]


@dataclass(frozen=True)
class Question:
    """What one person types, and what makes an answer right: one of `expected`."""

    id: str
    kind: str
    who: str
    where: str  # dm, #channel, nudge:#channel
    text: str
    expected: tuple[Expected, ...]
    follows: str = ""


@dataclass(frozen=True)
class Typed:
    """A line of the setup."""

    who: str
    text: str


def load_set(name: str) -> list[Question]:
    """The questions of a set by its name (forty, kinds, aside) or file. Raises SetError."""
    path = _path(name)
    written = _read(path).get("questions")
    if not isinstance(written, list) or not written:
        raise SetError(f"{path.name} has no questions")
    questions = [_question(each) for each in written]
    known: set[str] = set()
    for question in questions:
        if question.id in known:
            raise SetError(f"{question.id} is there twice")
        if question.follows and question.follows not in known:
            raise SetError(f"{question.id} follows {question.follows}, which is not before it")
        known.add(question.id)
    return questions


def load_setup() -> list[Typed]:
    """What is typed before any set."""
    return [Typed(each["who"], each["text"]) for each in _read(_path(SETUP))["setup"]]


def _path(name: str) -> Path:
    return Path(name) if name.endswith((".yaml", ".yml")) else FOLDER / f"{name}.yaml"


def _read(path: Path) -> Json:
    found = yaml.safe_load(path.read_text("utf-8"))
    if not isinstance(found, dict):
        raise SetError(f"{path.name} is not a set")
    return found


def _question(written: Json) -> Question:
    id = str(written.get("id", written))
    try:
        return Question(
            id=str(written["id"]),
            kind=_one_of(written["kind"], KINDS),
            who=_one_of(written["who"], PEOPLE),
            where=_where(written["where"]),
            text=str(written["text"]),
            expected=tuple(_alternatives(written)),
            follows=str(written.get("follows", "")),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SetError(f"{id}: {type(error).__name__} {error}") from None


def _alternatives(written: Json) -> Iterator[Expected]:
    """What is asked for, and each of what `or` accepts instead."""
    known = {"id", "kind", "who", "where", "text", "follows", "note", "or"}
    yield _expected({key: value for key, value in written.items() if key not in known})
    others = written.get("or", [])
    for other in others if isinstance(others, list) else [others]:
        yield _expected(other)


def _expected(written: Json) -> Expected:
    if left := written.keys() - {"says", "never", "effect", "untouched"}:
        raise ValueError(f"unknown keys: {', '.join(map(str, left))}")
    return Expected(
        says=_texts(written.get("says")),
        never=_texts(written.get("never")),
        effects=tuple(_effects(written.get("effect", "none"))),
        untouched=tuple(_one_of(each, UNTOUCHED) for each in _texts(written.get("untouched"))),
    )


def _effects(written: Any) -> Iterator[Effect]:
    if written in ("none", None):
        return
    for each in written if isinstance(written, list) else [written]:
        ((what, facts),) = each.items()
        _one_of(what, frozenset(EFFECTS))
        if what in ("undone", "asks"):
            yield Effect(what, {"choices": _texts(facts) if what == "asks" else ()})
            continue
        # YAML reads the key `on` as true.
        named = {"on" if key is True else str(key): value for key, value in facts.items()}
        # Of a contact anything may be told: all of it must be kept.
        if what != "contact" and (unknown := named.keys() - EFFECTS[what]):
            raise ValueError(f"{what} knows no {', '.join(sorted(unknown))}")
        yield Effect(
            what, {key: _texts(v) if key in WORDS else v for key, v in named.items() if v != ""}
        )


def _texts(written: Any) -> tuple[str, ...]:
    if written is None:
        return ()
    return tuple(str(each) for each in (written if isinstance(written, list) else [written]))


def _where(written: str) -> str:
    bare = written.removeprefix("nudge:")
    if not (written == "dm" or bare.startswith("#")):
        raise ValueError(f"where is {written!r}")
    return written


def _one_of(word: str, known: frozenset[str]) -> str:
    if word not in known:
        raise ValueError(f"{word!r} is none of {', '.join(sorted(known))}")
    return word
