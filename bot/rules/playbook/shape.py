"""Mistakes in single parts of a playbook: pydantic's errors as sentences for people."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.rules.playbook.models import Playbook
from bot.rules.playbook.problems import did_you_mean
from bot.rules.playbook.yaml_reader import Document, Path

#: Path, sentence, and whether the mistake is the key itself.
Shape = Iterator[tuple[Path, str, bool]]

_FILLED_IN: Final = (("version",), ("text",), ("source",))
_NOT_WRITTEN: Final = {"key", *(path[0] for path in _FILLED_IN)}
_INHERITED: Final = {("company",), ("without_manager",)}

_MAPPING: Final = "must be a mapping, with lines like `key: value` below it."
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
    "tier": "tier: [A, B]",
    "timezone": "timezone: Europe/Dublin",
    "title": "title: Kick-off call",
}

#: By pydantic's type of error, or the word that it begins with.
_SENTENCES: Final = {
    "bool": "must be true or false.",
    "dict": _MAPPING,
    "float": "must be a number, like 1.5.",
    "greater_than_equal": "must be 1 or more.",
    "int": "must be a whole number, like 30.",
    "less_than_equal": "is too large, {le} is the most.",
    "mapping": _MAPPING,
    "model": _MAPPING,
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
        (*path[:-1], _suggest_key(path))
        for path in (error["loc"] for error in errors if error["type"] == "extra_forbidden")
    }
    for error in errors:
        path: Path = error["loc"]
        if path not in misspelled and _is_written(error, document):
            yield path, _sentence(error, path), error["type"] == "extra_forbidden"


def _computed_keys(data: Mapping[str, Any]) -> Shape:
    for path in _FILLED_IN:
        if path[0] in data:
            yield path, "leave it out, it is filled in when the file is read.", True
    departments = data.get("departments")
    for key, raw in departments.items() if isinstance(departments, Mapping) else ():
        if isinstance(raw, Mapping) and "key" in raw:
            yield ("departments", key, "key"), f'leave it out, "{key}" above is the key.', True


def _is_written(error: ErrorDetails, document: Document) -> bool:
    """Whether the mistake is in the file, not in what was filled in from another part of it."""
    path: Path = error["loc"]
    if path in _FILLED_IN:
        return False  # _computed_keys reports that it is there at all
    if error["type"] == "too_short" and error["input"]:
        return False  # pydantic counts only the items that are right, and reports the others
    if error["type"] != "missing":
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
    if kind == "literal_error" and isinstance(error["input"], str):
        known = re.findall(r"'([^']+)'", error["ctx"]["expected"])
        return f'"{error["input"]}" is not known here, {did_you_mean(error["input"], known)}'
    if error["input"] is None and name == "channel":
        return 'it is empty: YAML takes # for a remark, write it in quotes, "#operations".'
    if error["input"] is None:
        return f"it is empty, write something like `{_EXAMPLES.get(name, name + ': …')}`."
    sentence = _SENTENCES.get(kind) or _SENTENCES.get(kind.partition("_")[0], error["msg"])
    return sentence.format(**error.get("ctx", {}))


def _known_keys(path: Path) -> list[str]:
    model: type[BaseModel] = Playbook
    for part in path:
        field = _fields(model).get(str(part))
        model = (_model_in(field.annotation) if field else None) or model
    written = ("key",) if path[:1] == ("stages",) else ()
    return [key for key in _fields(model) if key in written or key not in _NOT_WRITTEN]


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that a field holds, itself or as its items: Play for tuple[Play, ...]."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)


def _suggest_key(path: Path) -> str:
    near = get_close_matches(str(path[-1]).casefold(), _known_keys(path[:-1]), 1, 0.55)
    return near[0] if near else ""
