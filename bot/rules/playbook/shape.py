"""What each part of a playbook must look like: pydantic's findings, told in our words."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.rules.playbook.models import Company, Department, Play, Playbook, Stage
from bot.rules.playbook.problems import did_you_mean
from bot.rules.playbook.sections import (
    Advocacy,
    Attention,
    Handoffs,
    Outcome,
    Pace,
    Participation,
    Promises,
    Renewals,
    Terms,
    Value,
)
from bot.rules.playbook.yaml_reader import Document, Path

#: path, sentence, whether the mistake is the key itself
Shape = Iterator[tuple[Path, str, bool]]

_FILLED_IN: Final = (("version",), ("text",), ("source",))
_NOT_WRITTEN: Final = {"key", *(path[0] for path in _FILLED_IN)}
_INHERITED: Final = {("company",), ("without_manager",)}

_EXAMPLES: Final = {
    "ask": "ask: Ask {account} what a good first month looks like.",
    "channel": 'channel: "#operations"',
    "decision": "decision: Did we choose well?",
    "departments": "departments:",
    "destination": "destination: advocacy",
    "due": "due: 2 business days after entry",
    "helps": "helps: They see who does what by when.",
    "key": "key: kickoff",
    "owner": "owner: operations",
    "stages": "stages:",
    "timezone": "timezone: Europe/Dublin",
    "title": "title: Kick-off call",
}

_KINDS: Final = {
    "bool_parsing": "must be true or false.",
    "bool_type": "must be true or false.",
    "dict_type": "must be a mapping, with lines like `key: value` below it.",
    "float_parsing": "must be a number, like 1.5.",
    "float_type": "must be a number, like 1.5.",
    "greater_than_equal": "must be 1 or more.",
    "int_from_float": "must be a whole number, like 30.",
    "int_parsing": "must be a whole number, like 30.",
    "int_type": "must be a whole number, like 30.",
    "literal_error": "must be one of {expected}.",
    "less_than_equal": "is too large, {le} is the most.",
    "mapping_type": "must be a mapping, with lines like `key: value` below it.",
    "model_attributes_type": "must be a mapping, with lines like `key: value` below it.",
    "model_type": "must be a mapping, with lines like `key: value` below it.",
    "string_too_long": "is too long, {max_length} characters are the most.",
    "string_too_short": "is empty, write something after the colon.",
    "string_type": "must be text, put it in quotes.",
    "too_short": "is empty, add at least one.",
    "tuple_type": "must be a list, with a dash before each item.",
}


def shape_problems(document: Document, refused: ValidationError | None) -> Shape:
    """Every mistake in the shape of single parts, given what validation refused."""
    yield from _computed_keys(document.data)
    errors = refused.errors(include_url=False) if refused else []
    misspelled = {
        (*e["loc"][:-1], _suggest_key(e["loc"]))
        for e in errors
        if _is_error_of_kind(e, "extra_forbidden")
    }
    for error in errors:
        path: Path = error["loc"]
        if path not in misspelled and _is_written(error, document):
            yield path, _sentence(error, path), _is_error_of_kind(error, "extra_forbidden")


def _computed_keys(data: Mapping[str, Any]) -> Shape:
    """Keys that the loader fills in itself."""
    for path in _FILLED_IN:
        if path[0] in data:
            yield path, "leave it out, it is filled in when the file is read.", True
    departments = data.get("departments")
    for key, raw in departments.items() if isinstance(departments, Mapping) else ():
        if isinstance(raw, Mapping) and "key" in raw:
            yield ("departments", key, "key"), f'leave it out, "{key}" above is the key.', True


def _is_error_of_kind(error: ErrorDetails, kind: str) -> bool:
    return error["type"] == kind


def _is_written(error: ErrorDetails, document: Document) -> bool:
    """Whether the mistake is in the file, not in what was filled in from another part of it."""
    path: Path = error["loc"]
    if path in _FILLED_IN:
        return False  # that it is there at all is the mistake
    if _is_error_of_kind(error, "too_short") and error["input"]:
        return False  # pydantic counts only the items that are right, and tells of the others
    if not _is_error_of_kind(error, "missing"):
        return path in document.values or path in document.keys or not path
    return path not in _INHERITED and path[:-1] in document.values


def _sentence(error: ErrorDetails, path: Path) -> str:
    kind, name = error["type"], str(path[-1]) if path else ""
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if kind == "missing":
        return f"it is missing, add a line like `{_EXAMPLES.get(name, name + ':')}`."
    if kind == "extra_forbidden":
        return f'no key "{name}" here, {did_you_mean(name, _known_keys(path[:-1]))}'
    if error["input"] is None:
        return _empty(name)
    return _KINDS.get(kind, error["msg"]).format(**error.get("ctx", {}))


def _empty(name: str) -> str:
    if name == "channel":
        return 'it is empty: YAML takes # for a remark, write it in quotes, "#operations".'
    return f"it is empty, write something like `{_EXAMPLES.get(name, name + ': …')}`."


def _known_keys(path: Path) -> list[str]:
    """The keys that may stand at that path."""
    return [name for name in _model_at(path).model_fields if _may_be_written(name, path)]


def _may_be_written(name: str, path: Path) -> bool:
    return name not in _NOT_WRITTEN or (name == "key" and path[:1] == ("stages",))


def _model_at(path: Path) -> type[BaseModel]:
    match path:
        case ("company", *_):
            return Company
        case ("handoffs", *_):
            return Handoffs
        case ("promises", *_):
            return Promises
        case ("renewals", *_):
            return Renewals
        case ("departments", _, *_):
            return Department
        case ("terms", *_):
            return Terms
        case ("value", *_):
            return Value
        case ("decisions", _, *_) | ("stages", _, "outcomes", _, *_):
            return Outcome
        case ("attention", *_):
            return Attention
        case ("pace", *_):
            return Pace
        case ("participation", *_):
            return Participation
        case ("advocacy", *_):
            return Advocacy
        case ("stages", _, "plays", *_):
            return Play
        case ("stages", *_):
            return Stage
    return Playbook


def _suggest_key(path: Path) -> str:
    """The known key that an unknown one most likely stands for; "" when none is near."""
    near = get_close_matches(str(path[-1]).casefold(), _known_keys(path[:-1]), 1, 0.55)
    return near[0] if near else ""
