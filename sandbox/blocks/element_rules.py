"""Slack's rules for block elements: buttons, menus, pickers, inputs."""

from __future__ import annotations

from sandbox.blocks.checks import (
    Check,
    Report,
    Shape,
    anything,
    at_least_one,
    boolean,
    by_type,
    exactly_one,
    integer,
    like,
    list_of,
    one_of,
    string,
    text,
)
from sandbox.model import Json

STYLE = one_of("primary", "danger")
ID = string(255)
DATE = like(r"\d{4}-\d{2}-\d{2}", "a date like 2026-11-20")
TIME = like(r"([01]\d|2[0-3]):[0-5]\d", "a time like 09:30")
USER = string(30)
URL = string(3000)
ALT = string(2000)

CONFIRM = Shape(
    {
        "title": text(100, plain=True),
        "text": text(300),
        "confirm": text(30, plain=True),
        "deny": text(30, plain=True),
        "style": STYLE,
    },
    ("title", "text", "confirm", "deny"),
)


def option(plain: bool = True, **more: Check) -> Shape:
    """An option of a menu: label 75, value 150, description 75."""
    fields = {"text": text(75, plain), "value": string(150), "description": text(75, plain)}
    return Shape({**fields, **more}, ("text", "value"))


MENU_OPTION = option()
OPTIONS = list_of(MENU_OPTION, 100)
GROUP = Shape({"label": text(75, plain=True), "options": OPTIONS}, ("label", "options"))
GROUPS = list_of(GROUP, 100)
CHOICE = option(plain=False)
OVERFLOW_OPTION = option(plain=True, url=URL)


Fields = dict[str, Check]


def _element(fields: Fields, required: tuple[str, ...] = (), *also: Check) -> Shape:
    base: Fields = {"type": anything, "action_id": ID}
    return Shape({**base, **fields}, ("type", *required), also)


def _menu(fields: Fields, *also: Check) -> Shape:
    common: Fields = {
        "confirm": CONFIRM,
        "placeholder": text(150, plain=True),
        "focus_on_load": boolean,
    }
    return _element({**common, **fields}, (), *also)


def _multi(fields: Fields, *also: Check) -> Shape:
    return _menu({**fields, "max_selected_items": integer(1, 100)}, *also)


def _typed(fields: Fields) -> Shape:
    trigger = one_of("on_enter_pressed", "on_character_entered")
    config = Shape({"trigger_actions_on": list_of(trigger, 2)})
    shared: Fields = {
        "placeholder": text(150, plain=True),
        "focus_on_load": boolean,
        "dispatch_action_config": config,
    }
    return _element({**shared, **fields})


EITHER = exactly_one("options", "option_groups")
FILTER = Shape(
    {
        "include": list_of(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    (),
    (at_least_one("include", "exclude_external_shared_channels", "exclude_bot_users"),),
)
BUTTON = _element(
    {
        "text": text(75, plain=True),
        "url": URL,
        "value": string(2000),
        "style": STYLE,
        "confirm": CONFIRM,
        "accessibility_label": string(75),
        "visible_to_user_ids": list_of(USER, 100),
    },
    ("text",),
)


def _shown_file(report: Report, path: str, value: Json) -> None:
    """Slack refuses in these words a file that is gone, no picture or not yet processed."""
    if not report.shows(str(value.get("id") or value.get("url"))):
        report.add(path, "invalid slack file")


FILE_ID = like(r"F[A-Z0-9]{8,}", "a file's id like F0123ABCD")
SLACK_FILE = Shape({"id": FILE_ID, "url": URL}, (), (exactly_one("id", "url"), _shown_file))
IMAGE = Shape(
    {"type": anything, "image_url": URL, "slack_file": SLACK_FILE, "alt_text": ALT},
    ("alt_text",),
    (exactly_one("image_url", "slack_file"),),
)
FIXED: Fields = {"options": OPTIONS, "option_groups": GROUPS}
CONVERSATION: Fields = {
    "default_to_current_conversation": boolean,
    "response_url_enabled": boolean,
    "filter": FILTER,
}
SELECTS: Fields = {
    "static_select": _menu({**FIXED, "initial_option": MENU_OPTION}, EITHER),
    "external_select": _menu({"min_query_length": integer(0, 100), "initial_option": MENU_OPTION}),
    "users_select": _menu({"initial_user": USER}),
    "channels_select": _menu({"initial_channel": USER, "response_url_enabled": boolean}),
    "conversations_select": _menu({"initial_conversation": USER, **CONVERSATION}),
    "multi_static_select": _multi({**FIXED, "initial_options": OPTIONS}, EITHER),
    "multi_external_select": _multi(
        {"min_query_length": integer(0, 100), "initial_options": OPTIONS}
    ),
    "multi_users_select": _multi({"initial_users": list_of(USER, 100)}),
    "multi_channels_select": _multi({"initial_channels": list_of(USER, 100)}),
    "multi_conversations_select": _multi(
        {"initial_conversations": list_of(USER, 100), **CONVERSATION}
    ),
}
CHOICES: Fields = {"options": list_of(CHOICE, 10), "confirm": CONFIRM, "focus_on_load": boolean}
PICKERS: Fields = {
    "datepicker": _menu({"initial_date": DATE}),
    "timepicker": _menu({"initial_time": TIME, "timezone": string(60)}),
    "datetimepicker": _element(
        {
            "initial_date_time": integer(10**9, 10**10 - 1),
            "confirm": CONFIRM,
            "focus_on_load": boolean,
        }
    ),
    "checkboxes": _element({**CHOICES, "initial_options": list_of(CHOICE, 10)}, ("options",)),
    "radio_buttons": _element({**CHOICES, "initial_option": CHOICE}, ("options",)),
}
INPUTS: Fields = {
    "plain_text_input": _typed(
        {
            "initial_value": string(3000, 0),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        }
    ),
    "number_input": _typed(
        {
            "is_decimal_allowed": boolean,
            "initial_value": integer(-(10**12)),
            "min_value": integer(-(10**12)),
            "max_value": integer(-(10**12)),
        }
    ),
    "email_text_input": _typed({"initial_value": string(3000)}),
    "url_text_input": _typed({"initial_value": string(3000)}),
}
OVERFLOW = _element({"options": list_of(OVERFLOW_OPTION, 5, 2), "confirm": CONFIRM}, ("options",))

ACTION_ELEMENTS: Fields = {"button": BUTTON, "overflow": OVERFLOW, **SELECTS, **PICKERS}
IN_ACTIONS = by_type(ACTION_ELEMENTS, "action element")
AS_ACCESSORY = by_type({**ACTION_ELEMENTS, "image": IMAGE}, "accessory")
IN_INPUT = by_type({**SELECTS, **PICKERS, **INPUTS}, "input element")
