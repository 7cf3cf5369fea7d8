"""The pieces that forms are put together from, each within Slack's limits. Limits:
docs.slack.dev/reference/views and /block-kit (title, submit and close 24 characters,
private_metadata 3000, an option's text 75, a label 2000, typed text 3000)."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from slack_sdk.models import blocks as slack
from slack_sdk.models.views import View

from bot.rules.text.words import cut

MAX_TITLE_LENGTH = 24
MAX_OPTION_LENGTH = 75
MAX_LABEL_LENGTH = 2000
MAX_INPUT_LENGTH = 3000
#: Every input's action; an account's has its own, so that Slack asks for suggestions by it.
FIELD_ACTION = "field"
ACCOUNT = "account"
CONTACT = "contact"
CALLBACK_PREFIX = "form:"


def form(
    name: str,
    title: str,
    submit: str | None,
    blocks: Sequence[slack.Block],
    ids: Mapping[str, object],
    close: str = "Cancel",
) -> View:
    """A modal called `form:<name>`; `ids` come back with it and are all it remembers."""
    return View(
        type="modal",
        callback_id=f"{CALLBACK_PREFIX}{name}",
        title=_plain(title, MAX_TITLE_LENGTH),
        submit=_plain(submit, MAX_TITLE_LENGTH) if submit else None,
        close=_plain(close, MAX_TITLE_LENGTH),
        private_metadata=json.dumps(dict(ids), separators=(",", ":")),
        blocks=list(blocks),
    )


def account_ids(
    account: tuple[int, str] | None, seen: int | None, channel: str
) -> dict[str, str | int]:
    """The ids of a form about an account in the stage that it had entered for the `seen`th time."""
    if account is None or seen is None:
        return {"channel": channel}
    return {"channel": channel, "account": account[0], "seen": seen}


def text_input(
    block_id: str,
    label: str,
    *,
    initial: str = "",
    placeholder: str = "",
    optional: bool = False,
    multiline: bool = False,
    most: int = MAX_INPUT_LENGTH,
    focus: bool = False,
    hint: str = "",
) -> slack.InputBlock:
    """A line or several to type."""
    element = slack.PlainTextInputElement(
        action_id=FIELD_ACTION,
        initial_value=cut(initial, most) or None,
        placeholder=_plain(placeholder, 150) if placeholder else None,
        multiline=multiline,
        max_length=most,
        focus_on_load=focus or None,
    )
    return input_block(block_id, label, element, optional, hint)


def account_input(initial: tuple[int, str] | None = None) -> slack.InputBlock:
    """The account: typed in part, picked from what Linchpin suggests."""
    element = slack.ExternalDataSelectElement(
        action_id=ACCOUNT,
        placeholder=_plain("Type a part of its name", 150),
        min_query_length=0,
        initial_option=menu_option(str(initial[0]), initial[1]) if initial else None,
    )
    return input_block(ACCOUNT, "Account", element)


def contact_input(
    account: int | None, label: str = "Contact", *, initial: tuple[int, str] | None = None
) -> slack.InputBlock:
    """A person at the customer, picked or typed; its value is for `contacts.resolve`. The
    account's id stands in the action, as Slack sends no other inputs with a typeahead."""
    element = slack.ExternalDataSelectElement(
        action_id=f"{CONTACT}:{account or ''}",
        placeholder=_plain("Pick a person, or type a name and role", 150),
        min_query_length=0,
        initial_option=menu_option(str(initial[0]), initial[1]) if initial else None,
    )
    return input_block(CONTACT, label, element, optional=True)


def select_input(
    block_id: str, label: str, choices: Sequence[tuple[str, str]], initial: str | None = None
) -> slack.InputBlock:
    """One of a few; `choices` are (value, label)."""
    element = slack.StaticSelectElement(action_id=FIELD_ACTION, **_options(choices[:100], initial))
    return input_block(block_id, label, element)


def radio_input(
    block_id: str,
    label: str,
    choices: Sequence[tuple[str, str]],
    initial: str | None = None,
    *,
    optional: bool = True,
) -> slack.InputBlock:
    """One of at most ten, all to be seen at once."""
    element = slack.RadioButtonsElement(action_id=FIELD_ACTION, **_options(choices[:10], initial))
    return input_block(block_id, label, element, optional)


def date_input(
    block_id: str,
    label: str,
    initial: date | None = None,
    *,
    optional: bool = False,
    hint: str = "",
) -> slack.InputBlock:
    element = slack.DatePickerElement(
        action_id=FIELD_ACTION, initial_date=initial.isoformat() if initial else None
    )
    return input_block(block_id, label, element, optional, hint)


def member_input(
    block_id: str, label: str, initial: str | None = None, *, optional: bool = True
) -> slack.InputBlock:
    """Somebody of the workspace, or nobody."""
    element = slack.UserSelectElement(action_id=FIELD_ACTION, initial_user=initial)
    return input_block(block_id, label, element, optional)


def menu_option(value: str, words: str, description: str = "") -> slack.Option:
    """One choice of a menu, in plain text: nothing hides in an account's name."""
    about = _plain(description, MAX_OPTION_LENGTH) if description else None
    return slack.Option(value=value, text=_plain(words, MAX_OPTION_LENGTH), description=about)


def input_block(
    block_id: str,
    label: str,
    element: slack.InputInteractiveElement,
    optional: bool = False,
    hint: str = "",
) -> slack.InputBlock:
    """An input with its label; `hint` is the small line below it."""
    return slack.InputBlock(
        block_id=block_id,
        label=_plain(label, MAX_LABEL_LENGTH),
        element=element,
        optional=optional,
        hint=_plain(hint, MAX_LABEL_LENGTH) if hint else None,
    )


def _options(choices: Sequence[tuple[str, str]], initial: str | None) -> dict[str, Any]:
    options = {value: menu_option(value, words) for value, words in choices}
    return {
        "options": list(options.values()),
        "initial_option": options.get(initial) if initial else None,
    }


def _plain(words: str, limit: int) -> slack.PlainTextObject:
    # Without emoji: ":tada:" in a name stays as it is written.
    return slack.PlainTextObject(text=cut(words, limit), emoji=False)
