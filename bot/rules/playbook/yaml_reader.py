"""Reads a playbook's text as plain values, with the line and column of each. Uses YAML's node tree
and not its loader: the loader lets the last of two equal keys win, and keeps no position of plain
values."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import yaml
from yaml.error import MarkedYAMLError, YAMLError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Path = tuple[str | int, ...]
Place = tuple[int, int]

_TAG: Final = "tag:yaml.org,2002:"
#: Far above any playbook; anchors that contain each other have no end.
_MAX_VALUES: Final = 20_000
_MAX_DEPTH: Final = 30


class InvalidYaml(Exception):
    """The text is no YAML; `places` holds positions and sentences to show as they are."""

    def __init__(self, places: list[tuple[Place, str]]) -> None:
        super().__init__(places)
        self.places = places


# PyYAML knows version 1.1 of YAML; in 1.2 `no` and `on` are words, and 12:30 is no number.
# The core schema (yaml.org/spec/1.2.2, 10.3.2), with dates, `_` between digits, and `<<`: the tag,
# the pattern, and the characters that such a word can begin with.
_PATTERNS: Final = (
    ("null", r"~|null|Null|NULL|", [*"~nN", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9_]+|0o[0-7_]+|0x[0-9a-fA-F_]+", list("-+0123456789")),
    (
        "float",
        r"[-+]?([0-9][0-9_]*\.[0-9_]*|\.[0-9_]+)([eE][-+]?[0-9]+)?"
        r"|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        list("-+.0123456789"),
    ),
    ("timestamp", r"\d{4}-\d\d-\d\d", list("0123456789")),
    ("merge", r"<<", ["<"]),
)


class Exact(yaml.BaseLoader):  # type: ignore[misc]
    """Reads in Python: slower, with the better sentences about mistakes."""


class Quick(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """Reads in C, in a twentieth of the time, where PyYAML was built with it."""


for _reader in (Exact, Quick):
    for _kind, _pattern, _first in _PATTERNS:
        _reader.add_implicit_resolver(_TAG + _kind, re.compile(f"(?:{_pattern})$"), _first)


@dataclass
class Document:
    """The plain values of a playbook, with the line and column (from 1) of each value and key."""

    data: Any = None
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    doubles: list[tuple[Path, Place, Place]] = field(default_factory=list)

    def place(self, path: Path, *, of_key: bool = False) -> Place:
        """The position of that value (or key), or of the nearest part around it that is written."""
        known = self.keys if of_key else self.values
        if path in known:
            return known[path]
        return self.place(path[:-1]) if path else (1, 1)

    def rename_key(self, old: str, new: str) -> None:
        """Renames a top-level key, unless the new one is there too."""
        if old in self.data and new not in self.data:
            self.data[new] = self.data.pop(old)
            for places in (self.values, self.keys):
                for path in [path for path in places if path[0:1] == (old,)]:
                    places[new, *path[1:]] = places.pop(path)


def read_yaml(text: str) -> Document:
    """The document; InvalidYaml when it is no YAML. Its data is None for an empty text."""
    root = _compose(text)
    document = Document()
    if root is not None:
        document.data = _Reader(document).value(root, ())
    return document


def _compose(text: str) -> Node | None:
    """The root node. Text that C cannot read is read in Python, which says better what is wrong."""
    root: Node | None
    try:
        root = yaml.compose(text, Loader=Quick)
    except (YAMLError, ValueError):
        try:
            root = yaml.compose(text, Loader=Exact)
        except MarkedYAMLError as error:
            raise InvalidYaml(_tab_errors(text) or [_error_place(error)]) from None
        except (YAMLError, ValueError, RecursionError) as error:
            what = str(error).splitlines()[0] if str(error) else "it is too deep"
            raise InvalidYaml([((1, 1), f"this is no YAML text: {what}")]) from None
    return root


def _tab_errors(text: str) -> list[tuple[Place, str]]:
    """The lines that are indented with a tab: the usual reason, and all of them at once."""
    sentence = "a tab is used to indent, YAML wants spaces: write two for each level."
    lines = enumerate(text.splitlines(), 1)
    indents = ((n, line[: len(line) - len(line.lstrip())]) for n, line in lines)
    return [((n, indent.index("\t") + 1), sentence) for n, indent in indents if "\t" in indent]


def _error_place(error: MarkedYAMLError) -> tuple[Place, str]:
    mark = error.problem_mark or error.context_mark
    place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    what = (error.problem or error.context or "it cannot be read").rstrip(".")
    if what.startswith("but ") and error.context:
        what = f"{error.context}, {what}"
    return place, f"this is not YAML: {what}; look at quotes, colons and indents here and above."


class _Reader:
    """Turns nodes into plain values and notes the position of each in the document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.seen = 0

    def value(self, node: Node, path: Path) -> Any:
        place = _start(node)
        self.seen += 1
        if self.seen > _MAX_VALUES or len(path) > _MAX_DEPTH:
            raise InvalidYaml([(place, "this goes on without end: do anchors hold themselves?")])
        self.document.values[path] = place
        if isinstance(node, MappingNode):
            return self.mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*path, at)) for at, item in enumerate(node.value)]
        return _scalar(node)

    def mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        own: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag == f"{_TAG}merge":
                merged |= self.merged(value_node, path)
                continue
            if not isinstance(key_node, ScalarNode):
                sentence = "a key must be one word; does a value need quotes here?"
                raise InvalidYaml([(_start(key_node), sentence)])
            key, here = str(key_node.value), _start(key_node)
            spot = (*path, key)
            if key in own:
                self.document.doubles.append((spot, here, self.document.keys[spot]))
                continue
            self.document.keys[spot] = here
            own[key] = self.value(value_node, spot)
            if value_node.start_mark.index == value_node.end_mark.index:
                self.document.values[spot] = here  # nothing is written: YAML looks at the next line
        return merged | own

    def merged(self, node: Node, path: Path) -> dict[str, Any]:
        """The values that `<<: *anchor` adds; the first of several anchors wins, as in YAML."""
        place = self.document.values[path]
        nodes = node.value if isinstance(node, SequenceNode) else [node]
        values = [self.value(item, path) for item in nodes]
        self.document.values[path] = place
        merged: dict[str, Any] = {}
        for value in reversed(values):
            merged |= value if isinstance(value, dict) else {}
        return merged


def _start(node: Node) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1


_KINDS: Final[dict[str, Callable[[str], Any]]] = {
    "bool": lambda text: text.casefold() == "true",
    "null": lambda text: None,
    "int": lambda text: int(text.replace("_", ""), 0),
    "float": float,
    "timestamp": date.fromisoformat,
}


def _scalar(node: Node) -> Any:
    text = str(node.value)
    try:
        return _KINDS.get(str(node.tag).removeprefix(_TAG), str)(text)
    except ValueError:
        return text
