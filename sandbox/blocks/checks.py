"""Small checks out of which the rules for blocks, elements and views are put together.

A check looks at one value and adds what is wrong to a `Report`, with the path to it, in the
manner of Slack's `response_metadata.messages`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

Shows = Callable[[str], bool]


class Report:
    """What is wrong, as sentences "[ERROR] words [json-pointer:/blocks/0/text]".

    `shows` tells whether a slack_file (an id or an address) is a picture the bot may show.
    """

    def __init__(self, shows: Shows = lambda _: True) -> None:
        self.problems: list[str] = []
        self.shows = shows

    def add(self, path: str, words: str) -> None:
        """Note one problem."""
        self.problems.append(f"[ERROR] {words} [json-pointer:{path}]")


Check = Callable[[Report, str, Any], None]


@dataclass(frozen=True)
class Shape:
    """The fields an object may have, and those it must have. `also` checks across fields."""

    fields: Mapping[str, Check]
    required: Collection[str] = ()
    also: tuple[Check, ...] = field(default=())

    def __call__(self, report: Report, path: str, value: Any) -> None:
        """Check one object."""
        if not isinstance(value, dict):
            report.add(path, "must be an object")
            return
        self._check_names(report, path, value)
        for name, check in self.fields.items():
            if name in value:
                check(report, f"{path}/{name}", value[name])
        for cross in self.also:
            cross(report, path, value)

    def _check_names(self, report: Report, path: str, value: dict[str, Any]) -> None:
        for name in value:
            if name not in self.fields:
                report.add(f"{path}/{name}", f"unknown field: {name}")
        for name in self.required:
            if name not in value:
                report.add(path, f"missing required field: {name}")


def anything(report: Report, path: str, value: Any) -> None:
    """Takes any value."""


def string(longest: int, shortest: int = 1) -> Check:
    """A string of so many characters."""

    def check(report: Report, path: str, value: Any) -> None:
        if not isinstance(value, str):
            report.add(path, "must be a string")
        elif len(value) > longest:
            report.add(path, f"must be no more than {longest} characters (it has {len(value)})")
        elif len(value) < shortest:
            report.add(path, f"must be at least {shortest} character")

    return check


def boolean(report: Report, path: str, value: Any) -> None:
    """true or false."""
    if not isinstance(value, bool):
        report.add(path, "must be true or false")


def integer(least: int = 0, most: int = 10**12) -> Check:
    """A whole number in a range; Slack takes it as a string too."""

    def check(report: Report, path: str, value: Any) -> None:
        text = str(value)
        if isinstance(value, bool) or not re.fullmatch(r"-?\d+(\.\d+)?", text):
            report.add(path, "must be a number")
        elif not least <= float(text) <= most:
            report.add(path, f"must be between {least} and {most}")

    return check


def one_of(*words: str) -> Check:
    """One of these words."""

    def check(report: Report, path: str, value: Any) -> None:
        if value not in words:
            report.add(path, f"must be one of {', '.join(words)}")

    return check


def like(pattern: str, words: str) -> Check:
    """A string that looks like this."""

    def check(report: Report, path: str, value: Any) -> None:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            report.add(path, f"must be {words}")

    return check


def list_of(each: Check, most: int, least: int = 1) -> Check:
    """A list of so many, each checked."""

    def check(report: Report, path: str, value: Any) -> None:
        if not isinstance(value, list):
            report.add(path, "must be a list")
            return
        if not least <= len(value) <= most:
            report.add(path, f"must have {least} to {most} items (it has {len(value)})")
        for index, item in enumerate(value):
            each(report, f"{path}/{index}", item)

    return check


def by_type(shapes: Mapping[str, Check], what: str) -> Check:
    """An object whose `type` says which shape it must have."""

    def check(report: Report, path: str, value: Any) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in shapes:
            report.add(path, f"unsupported {what} type: {kind}")
        else:
            shapes[kind](report, path, value)

    return check


def text(longest: int, plain: bool = False) -> Check:
    """A text object; `plain` admits plain_text only."""
    body = string(longest)
    shapes: dict[str, Check] = {
        "plain_text": Shape({"type": anything, "text": body, "emoji": boolean}, ("text",))
    }
    if not plain:
        shapes["mrkdwn"] = Shape({"type": anything, "text": body, "verbatim": boolean}, ("text",))
    return by_type(shapes, "text object")


def exactly_one(*names: str) -> Check:
    """One, and only one, of these fields is there."""

    def check(report: Report, path: str, value: Any) -> None:
        if sum(name in value for name in names) != 1:
            report.add(path, f"must have exactly one of {', '.join(names)}")

    return check


def at_least_one(*names: str) -> Check:
    """One or more of these fields are there and not empty."""

    def check(report: Report, path: str, value: Any) -> None:
        if not any(value.get(name) for name in names):
            report.add(path, f"must have one of {', '.join(names)}")

    return check


def unique(name: str, found: Collection[str], report: Report, path: str) -> None:
    """Complain about every id that comes twice."""
    seen: set[str] = set()
    for word in found:
        if word in seen:
            report.add(path, f"`{name}` {word} is used more than once")
        seen.add(word)
