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
    one_of,
    string,
    text,
    unique,
)
from sandbox.blocks.element_rules import (
    ALT,
    AS_ACCESSORY,
    BUTTON,
    ID,
    IMAGE,
    IN_ACTIONS,
    IN_INPUT,
    SLACK_FILE,
    URL,
)
from sandbox.model import Json

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MOST_MARKDOWN = 12_000


def _block(required: tuple[str, ...] = (), *also: Check, **fields: Check) -> Shape:
    return Shape({"type": anything, "block_id": ID, **fields}, required, also)


IN_CONTEXT = by_type(
    {"image": IMAGE, "plain_text": text(3000, plain=True), "mrkdwn": text(3000)}, "context element"
)
RICH_PART = by_type(
    {
        kind: Shape(
            dict.fromkeys(
                ("type", "elements", "style", "indent", "border", "offset", "language"), anything
            ),
            ("elements",),
        )
        for kind in (
            "rich_text_section",
            "rich_text_list",
            "rich_text_quote",
            "rich_text_preformatted",
        )
    },
    "rich text element",
)
RICH_TEXT = _block(("elements",), elements=list_of(RICH_PART, 100, 0))
CELL = by_type(
    {
        "raw_text": Shape({"type": anything, "text": string(3000, 0)}, ("text",)),
        "raw_number": Shape({"type": anything, "value": anything, "text": anything}, ("value",)),
        "rich_text": RICH_TEXT,
    },
    "table cell",
)
COLUMN = Shape({"align": one_of("left", "center", "right"), "is_wrapped": boolean})


def _column(report: Report, path: str, value: Any) -> None:
    """Slack takes null for a column that keeps its defaults."""
    if value is not None:
        COLUMN(report, path, value)


CARD_IMAGE = Shape({"type": anything, "image_url": URL, "alt_text": ALT}, ("alt_text",))
EVERYWHERE: dict[str, Check] = {
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
    "rich_text": RICH_TEXT,
    "card": _block(
        (),
        at_least_one("hero_image", "title", "actions", "body"),
        hero_image=CARD_IMAGE,
        icon=CARD_IMAGE,
        title=text(150),
        subtitle=text(150),
        body=text(200),
        actions=list_of(by_type({"button": BUTTON}, "card action"), 5),
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
MESSAGE_ONLY: dict[str, Check] = {
    "markdown": _block(("text",), text=string(MOST_MARKDOWN)),
    "table": _block(
        ("rows",), rows=list_of(list_of(CELL, 20), 100), column_settings=list_of(_column, 20, 0)
    ),
}
MODAL_ONLY: dict[str, Check] = {
    "alert": _block(
        ("text",), text=text(3000), level=one_of("default", "info", "warning", "error", "success")
    )
}
ON_SURFACE = {
    "message": by_type({**EVERYWHERE, **MESSAGE_ONLY}, "block"),
    "modal": by_type({**EVERYWHERE, **MODAL_ONLY}, "block"),
    "home": by_type(EVERYWHERE, "block"),
}


def check_blocks(blocks: Any, surface: str, report: Report, path: str = "/blocks") -> None:
    """Check a list of blocks; "surface" is "message", "modal" or "home"."""
    least = 0 if surface == "message" else 1
    list_of(ON_SURFACE[surface], MOST_BLOCKS[surface], least)(report, path, blocks)
    if report.problems:
        return
    _check_ids(blocks, report, path)
    _check_once_a_message(blocks, report, path)


def _check_ids(blocks: list[Json], report: Report, path: str) -> None:
    """A block_id once a message or view; an action_id once a block."""
    unique("block_id", [b["block_id"] for b in blocks if "block_id" in b], report, path)
    for index, block in enumerate(blocks):
        ids = [element["action_id"] for element in elements(block) if "action_id" in element]
        unique("action_id", ids, report, f"{path}/{index}")


def _check_once_a_message(blocks: list[Json], report: Report, path: str) -> None:
    if sum(block["type"] == "table" for block in blocks) > 1:
        report.add(path, "only one table is allowed in a message")
    written = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if written > MOST_MARKDOWN:
        report.add(path, f"markdown blocks hold more than {MOST_MARKDOWN} characters together")


def elements(block: Json) -> Iterator[Json]:
    """The interactive elements of a block."""
    yield from (e for e in block.get("elements", []) if "action_id" in e or e["type"] == "button")
    yield from block.get("actions", [])
    for name in ("accessory", "element"):
        if name in block and block[name]["type"] != "image":
            yield block[name]


def with_ids(blocks: list[Json], mint: Any) -> list[Json]:
    """The blocks as Slack keeps them: a block_id and action_ids given where there were none."""
    kept = [{**block, "block_id": block.get("block_id") or mint()} for block in blocks]
    for block in kept:
        for element in elements(block):
            element.setdefault("action_id", mint())
    return kept
