"""Each limit of Slack's, just kept and just broken."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.blocks.rules import check_message, check_metadata, check_view
from sandbox.errors import SlackError


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def section(text: str = "words", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str = "Go", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(text), **more}


def option(text: str = "One", value: str = "1") -> dict[str, Any]:
    return {"text": plain(text), "value": value}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def overflow(count: int) -> dict[str, Any]:
    return {"type": "overflow", "action_id": "o", "options": [option()] * count}


def select(count: int, **more: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "s", "options": [option()] * count, **more}


def image(alt: str) -> dict[str, Any]:
    return {"type": "image", "image_url": "https://example.com/i.png", "alt_text": alt}


def own_image(**file: str) -> dict[str, Any]:
    return {"type": "image", "slack_file": file, "alt_text": "a chart"}


def context(count: int) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * count}


def fields(count: int, length: int = 1) -> dict[str, Any]:
    return {"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * length}] * count}


KEPT: dict[str, list[dict[str, Any]]] = {
    "50 blocks": [section()] * 50,
    "a section of 3000": [section("x" * 3000)],
    "10 fields of 2000": [fields(10, 2000)],
    "a header of 150": [{"type": "header", "text": plain("x" * 150)}],
    "25 actions": [actions(*[button(action_id=str(n)) for n in range(25)])],
    "10 in a context": [context(10)],
    "a label of 75": [actions(button("x" * 75))],
    "a value of 2000": [actions(button(value="x" * 2000))],
    "an id of 255": [section(block_id="x" * 255)],
    "overflow of 2": [actions(overflow(2))],
    "overflow of 5": [actions(overflow(5))],
    "100 options": [actions(select(100))],
    "one action_id in two blocks": [section(accessory=button(action_id="a"))] * 2,
    "an accessory image": [section(accessory=image("a cat"))],
    "an image by its file's id": [own_image(id="F00000001")],
    "an image by its file's address": [own_image(url="https://files.slack.com/a.png")],
    "a divider": [{"type": "divider"}],
    "a confirm dialog": [
        actions(
            button(
                confirm={
                    "title": plain("Sure?"),
                    "text": plain("Really?"),
                    "confirm": plain("Yes"),
                    "deny": plain("No"),
                }
            )
        )
    ],
}
BROKEN: dict[str, list[Any]] = {
    "51 blocks": [section()] * 51,
    "a section of 3001": [section("x" * 3001)],
    "an empty section": [section("")],
    "a section without anything": [{"type": "section"}],
    "11 fields": [fields(11)],
    "a field of 2001": [fields(1, 2001)],
    "a header of 151": [{"type": "header", "text": plain("x" * 151)}],
    "a header in mrkdwn": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
    "26 actions": [actions(*[button(action_id=str(n)) for n in range(26)])],
    "no actions": [actions()],
    "11 in a context": [context(11)],
    "a button in a context": [{"type": "context", "elements": [button()]}],
    "a label of 76": [actions(button("x" * 76))],
    "a label in mrkdwn": [actions({"type": "button", "text": {"type": "mrkdwn", "text": "Go"}})],
    "a value of 2001": [actions(button(value="x" * 2001))],
    "an action_id of 256": [actions(button(action_id="x" * 256))],
    "a block_id of 256": [section(block_id="x" * 256)],
    "overflow of 1": [actions(overflow(1))],
    "overflow of 6": [actions(overflow(6))],
    "101 options": [actions(select(101))],
    "no options": [actions(select(0))],
    "an option of 76": [actions(select(1) | {"options": [option("x" * 76)]})],
    "an option value of 151": [actions(select(1) | {"options": [option(value="x" * 151)]})],
    "a placeholder of 151": [actions(select(1, placeholder=plain("x" * 151)))],
    "an unknown style": [actions(button(style="blue"))],
    "a url of 3001": [actions(button(url="https://" + "x" * 3000))],
    "an empty alt_text": [image("")],
    "an image without alt_text": [{"type": "image", "image_url": "https://example.com/i.png"}],
    "an image by id and address": [own_image(id="F00000001", url="https://files.slack.com/a.png")],
    "an image by neither": [own_image()],
    "an image by an address for an id": [own_image(id="https://files.slack.com/a.png")],
    "an image from two places": [image("a chart") | own_image(id="F00000001")],
    "a label for screen readers of 76": [actions(button(accessibility_label="x" * 76))],
    "a block that nobody here sends": [{"type": "table", "rows": [[]]}],
    "an unknown field": [section(colour="red")],
    "an unknown element": [actions({"type": "lever"})],
    "an input as an action": [actions({"type": "plain_text_input", "action_id": "x"})],
    "a block_id twice": [section(block_id="a"), section(block_id="a")],
    "an action_id twice in a block": [actions(button(action_id="a"), button(action_id="a"))],
    "emoji on mrkdwn": [
        {"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}
    ],
    "a text that is a string": [{"type": "section", "text": "x"}],
    "a block that is a string": ["section"],
    "a bad date": [actions({"type": "datepicker", "action_id": "d", "initial_date": "20 Nov"})],
}


@pytest.mark.parametrize("blocks", KEPT.values(), ids=KEPT.keys())
def test_a_limit_that_is_kept_passes(blocks: list[dict[str, Any]]) -> None:
    check_message("words", blocks, shows=bool)


@pytest.mark.parametrize("blocks", BROKEN.values(), ids=BROKEN.keys())
def test_a_limit_that_is_broken_is_told_with_its_place(blocks: list[Any]) -> None:
    with pytest.raises(SlackError) as refused:
        check_message("words", blocks, shows=bool)
    assert refused.value.error == "invalid_blocks"
    assert "json-pointer:/blocks" in refused.value.details[0]


@pytest.mark.parametrize(
    ("text", "blocks", "error"),
    [
        (None, None, "no_text"),
        ("", None, "no_text"),
        (None, [section()], "no_text"),
        ("x" * 40_001, None, "msg_too_long"),
    ],
)
def test_a_message_needs_a_text_of_a_bearable_length(
    text: str | None, blocks: list[dict[str, Any]] | None, error: str
) -> None:
    with pytest.raises(SlackError, match=error):
        check_message(text, blocks, shows=bool)


def modal(**more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("Title"), "blocks": [section()], **more}


INPUT = {
    "type": "input",
    "label": plain("Words"),
    "element": {"type": "plain_text_input", "action_id": "typed"},
}


@pytest.mark.parametrize(
    "view",
    [
        modal(),
        modal(title=plain("x" * 24), submit=plain("x" * 24), close=plain("x" * 24)),
        modal(private_metadata="x" * 3000, callback_id="x" * 255),
        modal(blocks=[section()] * 100),
        modal(blocks=[INPUT], submit=plain("Save")),
    ],
)
def test_a_view_within_its_limits_passes(view: dict[str, Any]) -> None:
    check_view(view, shows=bool)


@pytest.mark.parametrize(
    "view",
    [
        modal(title=plain("x" * 25)),
        modal(submit=plain("x" * 25)),
        modal(close=plain("x" * 25)),
        modal(private_metadata="x" * 3001),
        modal(callback_id="x" * 256),
        modal(blocks=[section()] * 101),
        modal(blocks=[]),
        modal(blocks=[INPUT]),
        modal(colour="red"),
        {"type": "modal", "blocks": [section()]},
        {"type": "home", "blocks": [section()]},
        {"type": "window"},
    ],
)
def test_a_view_beyond_its_limits_is_refused(view: dict[str, Any]) -> None:
    with pytest.raises(SlackError, match="invalid_arguments"):
        check_view(view, shows=bool)


def test_metadata_is_a_type_and_a_payload() -> None:
    check_metadata({"event_type": "nudge", "event_payload": {"id": "7"}})
    for wrong in ({"event_type": "nudge"}, {"event_type": "n", "event_payload": "7"}):
        with pytest.raises(SlackError, match="invalid_metadata_format"):
            check_metadata(wrong)
