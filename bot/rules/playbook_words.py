"""The readers of a playbook's YAML, version 1.2: `no` and `on` are words, and 12:30 is no number.

PyYAML by itself knows version 1.1. Its reader in C takes a twentieth of the time of the one in
Python, whose sentences about mistakes are the better ones.
"""

import re
from typing import Final

import yaml

# The core schema (yaml.org/spec/1.2.2, 10.3.2), with dates, `_` between digits, and `<<`. What a
# word of each kind can begin with comes last.
_KINDS: Final = (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
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
    """Reads in Python."""


class Quick(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """Reads in C, where PyYAML was built with it."""


for _reader in (Exact, Quick):
    for _kind, _pattern, _first in _KINDS:
        _tag = f"tag:yaml.org,2002:{_kind}"
        _reader.add_implicit_resolver(_tag, re.compile(f"(?:{_pattern})$"), _first)
