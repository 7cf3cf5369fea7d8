"""Slack's rules for lists of blocks, on each surface: message, modal, home."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.blocks.checks import (
    Check,
    Report,
    Shape,
    anything,
    at_least_one,
    boolean,
    by_type,
    exactly_one,
    list_of,
    text,
    unique,
)
from sandbox.blocks.element_rules import (
    ALT,
    AS_ACCESSORY,
    ID,
    IMAGE,
    IN_ACTIONS,
    IN_INPUT,
    SLACK_FILE,
    URL,
)
from sandbox.model import Json

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}


def _block(required: tuple[str, ...] = (), *also: Check, **fields: Check) -> Shape:
    return Shape({"type": anything, "block_id": ID, **fields}, required, also)


IN_CONTEXT = by_type(
    {"image": IMAGE, "plain_text": text(3000, plain=True), "mrkdwn": text(3000)}, "context element"
)
BLOCKS: dict[str, Check] = {
    "section": _block(
        (),
        at_least_one("text", "fields"),
        text=text(3000),
        fields=list_of(text(2000), 10),
        accessory=AS_ACCESSORY,
        expand=boolean,
    ),
    "header": _block(("text",), text=text(150, plain=True)),
    "divider": _block(),
    "context": _block(("elements",), elements=list_of(IN_CONTEXT, 10)),
    "actions": _block(("elements",), elements=list_of(IN_ACTIONS, 25)),
    "image": _block(
        ("alt_text",),
        exactly_one("image_url", "slack_file"),
        image_url=URL,
        slack_file=SLACK_FILE,
        alt_text=ALT,
        title=text(2000, plain=True),
    ),
    "input": _block(
        ("label", "element"),
        label=text(2000, plain=True),
        element=IN_INPUT,
        hint=text(2000, plain=True),
        optional=boolean,
        dispatch_action=boolean,
    ),
}
BLOCK = by_type(BLOCKS, "block")


def check_blocks(blocks: Any, surface: str, report: Report, path: str = "/blocks") -> None:
    """Check a list of blocks; "surface" is "message", "modal" or "home"."""
    least = 0 if surface == "message" else 1
    list_of(BLOCK, MOST_BLOCKS[surface], least)(report, path, blocks)
    if report.problems:
        return
    _check_ids(blocks, report, path)


def _check_ids(blocks: list[Json], report: Report, path: str) -> None:
    """A block_id once a message or view; an action_id once a block."""
    unique("block_id", [b["block_id"] for b in blocks if "block_id" in b], report, path)
    for index, block in enumerate(blocks):
        ids = [element["action_id"] for element in elements(block) if "action_id" in element]
        unique("action_id", ids, report, f"{path}/{index}")


def elements(block: Json) -> Iterator[Json]:
    """The interactive elements of a block."""
    yield from (e for e in block.get("elements", []) if "action_id" in e or e["type"] == "button")
    for name in ("accessory", "element"):
        if name in block and block[name]["type"] != "image":
            yield block[name]


def texts(value: Any) -> Iterator[str]:
    """Every text in blocks, those of menus and their options too."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "text" and isinstance(inner, str):
                yield inner
            else:
                yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def with_ids(blocks: list[Json], mint: Any) -> list[Json]:
    """The blocks as Slack keeps them: a block_id and action_ids given where there were none."""
    kept = [{**block, "block_id": block.get("block_id") or mint()} for block in blocks]
    for block in kept:
        for element in elements(block):
            element.setdefault("action_id", mint())
    return kept
