"""Slack's rules for messages and views as a whole; raises SlackError as Slack would answer."""

from __future__ import annotations

from typing import Any

from sandbox.blocks.block_rules import check_blocks
from sandbox.blocks.checks import (
    Check,
    Report,
    Shape,
    Shows,
    anything,
    boolean,
    list_of,
    one_of,
    string,
    text,
)
from sandbox.blocks.element_rules import GROUP, MENU_OPTION
from sandbox.errors import SlackError
from sandbox.model import Json

LONGEST_TEXT = 40_000
LONGEST_UPDATE = 4_000
KIND_TEXT = 4_000

_VIEW: dict[str, Check] = {
    "type": one_of("modal", "home"),
    "blocks": anything,
    "private_metadata": string(3000, 0),
    "callback_id": string(255),
    "external_id": string(255),
}
_MODAL: dict[str, Check] = {
    **_VIEW,
    "title": text(24, plain=True),
    "submit": text(24, plain=True),
    "close": text(24, plain=True),
    "clear_on_close": boolean,
    "notify_on_close": boolean,
    "submit_disabled": boolean,
}
VIEWS = {
    "modal": Shape(_MODAL, ("type", "title", "blocks")),
    "home": Shape(_VIEW, ("type", "blocks")),
}
METADATA = Shape(
    {"event_type": string(255), "event_payload": anything}, ("event_type", "event_payload")
)


def check_message(said: Any, blocks: Any, longest: int = LONGEST_TEXT, *, shows: Shows) -> None:
    """`no_text`, `msg_too_long`, `invalid_blocks`. That blocks need a text is our strictness."""
    if not said:
        why = ["a message with blocks needs a `text` for screen readers"] if blocks else []
        raise SlackError("no_text", why)
    if not isinstance(said, str):
        raise SlackError("invalid_arguments", ["[ERROR] text must be a string"])
    if len(said) > longest:
        raise SlackError("msg_too_long")
    report = Report(shows)
    check_blocks(blocks or [], "message", report)
    if report.problems:
        raise SlackError("invalid_blocks", report.problems)


def check_view(view: Any, surfaces: tuple[str, ...] = ("modal",), *, shows: Shows) -> None:
    """`invalid_arguments` with every problem of a view."""
    report = Report(shows)
    surface = view.get("type") if isinstance(view, dict) else None
    if surface not in surfaces:
        report.add("/view/type", f"must be {' or '.join(surfaces)}")
    else:
        VIEWS[surface](report, "/view", view)
        check_blocks(view.get("blocks"), surface, report, "/view/blocks")
        _check_submit(view, report)
    if report.problems:
        raise SlackError("invalid_arguments", report.problems)


def _check_submit(view: Json, report: Report) -> None:
    blocks = view.get("blocks") or []
    has_input = not report.problems and any(block["type"] == "input" for block in blocks)
    if view["type"] == "modal" and has_input and "submit" not in view:
        report.add("/view", "a modal with input blocks needs `submit`")


def check_metadata(metadata: Json | None) -> None:
    """`invalid_metadata_format` unless it is an event_type and an event_payload object."""
    if not metadata:
        return
    report = Report()
    METADATA(report, "/metadata", metadata)
    if not report.problems and not isinstance(metadata["event_payload"], dict):
        report.add("/metadata/event_payload", "must be an object")
    if report.problems:
        raise SlackError("invalid_metadata_format", report.problems)


def check_options(answer: Json) -> None:
    """`invalid_arguments` unless a block_suggestion's answer is options or option_groups."""
    report = Report()
    shape = Shape(
        {"options": list_of(MENU_OPTION, 100, 0), "option_groups": list_of(GROUP, 100, 0)}
    )
    shape(report, "", answer)
    if report.problems:
        raise SlackError("invalid_arguments", report.problems)
