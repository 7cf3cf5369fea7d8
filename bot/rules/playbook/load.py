"""Reads a playbook, and reports all its mistakes at once."""

import hashlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path as File

from pydantic import ValidationError

from bot.rules.playbook import yaml_reader
from bot.rules.playbook.checks import find_problems
from bot.rules.playbook.models import Playbook
from bot.rules.playbook.problems import PlaybookError, Problem
from bot.rules.playbook.shape import shape_problems
from bot.rules.playbook.yaml_reader import Document, InvalidYaml, Path

#: Keys of older playbooks, and what they are called now.
_OLD_KEYS = {"cycles": "terms"}


def load(path: str | File) -> Playbook:
    """The playbook in that file; PlaybookError with every mistake in it."""
    source = str(path)
    try:
        text = File(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _single_error(source, "the file is not UTF-8 text, save it as UTF-8.") from None
    except OSError as error:
        what = (error.strerror or "it cannot be read").lower()
        raise _single_error(source, f"the file cannot be read ({what}), check its name.") from None
    return parse(text, source)


@lru_cache(maxsize=8)
def parse(text: str, source: str = "playbook.yaml") -> Playbook:
    """The playbook that `text` describes, the same object for the same text; PlaybookError."""
    document = _read_document(text, source)
    problems = [
        Problem(source, *place, ".".join(map(str, path)), message)
        for path, place, message in _find_problems(document)
    ]
    if problems:
        raise PlaybookError(problems)
    version = hashlib.sha256(text.encode()).hexdigest()[:12]
    origin = {"version": version, "text": text, "source": File(source).name}
    return Playbook.model_validate({**document.data, **origin})


def _single_error(source: str, message: str) -> PlaybookError:
    return PlaybookError([Problem(source, 1, 1, "", message)])


def _read_document(text: str, source: str) -> Document:
    try:
        document = yaml_reader.read_yaml(text)
    except InvalidYaml as error:
        raise PlaybookError(
            Problem(source, *place, "", message) for place, message in error.places
        ) from None
    if document.data is None:
        raise _single_error(source, "the playbook is empty, start from playbooks/default.yaml.")
    if not isinstance(document.data, Mapping):
        raise _single_error(
            source, "a playbook is a mapping, begin with lines like `destination: advocacy`."
        )
    for old, new in _OLD_KEYS.items():
        document.rename_key(old, new)
    return document


def _find_problems(document: Document) -> Iterator[tuple[Path, yaml_reader.Place, str]]:
    for path, place, first in document.doubles:
        yield path, place, f'the key "{path[-1]}" stands on line {first[0]} already, keep one.'
    for path, message in find_problems(document.data):
        yield path, document.place(path), message
    refused = None
    try:
        Playbook.model_validate(document.data)
    except ValidationError as error:
        refused = error
    for path, message, of_key in shape_problems(document, refused):
        yield path, document.place(path, of_key=of_key), message
