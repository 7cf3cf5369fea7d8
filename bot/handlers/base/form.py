"""A submitted form: its values, the person, the ids it carried, errors at their field."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from slack_sdk.models.views import View

from bot.actions.accounts.accounts import require_live
from bot.actions.contacts import contacts
from bot.handlers.base.plain_text import strip_markup
from bot.handlers.base.request import Request
from bot.messages.kit.form_parts import CONTACT
from bot.rules.errors import UserError
from bot.rules.language.dates import FURTHEST_YEARS, parse_future
from bot.rules.text.clean import clean
from db.accounts import accounts
from db.models import Account, Contact


class FieldError(Exception):
    """What is wrong, and the block_id of the input below which it is shown."""

    def __init__(self, block_id: str, sentence: str) -> None:
        super().__init__(sentence)
        self.block_id = block_id
        self.sentence = sentence


class FormOutdated(Exception):
    """Something changed meanwhile: nothing was saved; `view` tells why and replaces the form."""

    def __init__(self, view: View) -> None:
        super().__init__("the form is outdated")
        self.view = view


def read_metadata(view: dict[str, Any]) -> dict[str, Any]:
    """The ids that a view was opened with."""
    return dict(json.loads(view.get("private_metadata") or "{}"))


@dataclass(frozen=True)
class Form:
    """A form of `request.speaker`, inside one transaction; `view` is Slack's."""

    request: Request
    view: dict[str, Any]

    @cached_property
    def ids(self) -> dict[str, Any]:
        """The ids it was opened with."""
        return read_metadata(self.view)

    @property
    def inputs(self) -> list[str]:
        """The block_ids of what can be filled in, in order."""
        return [b["block_id"] for b in self.view["blocks"] if b["type"] == "input"]

    def text(self, block_id: str) -> str:
        """What was typed, without spaces around it; "" for nothing."""
        return clean(str(self._field(block_id).get("value") or "")).strip()

    def choice(self, block_id: str) -> str:
        """The value that was picked; "" for none."""
        return str((self._field(block_id).get("selected_option") or {}).get("value", ""))

    def choices(self, block_id: str) -> list[str]:
        """The values that were ticked."""
        return [str(each["value"]) for each in self._field(block_id).get("selected_options") or ()]

    def user(self, block_id: str) -> str:
        """The Slack user that was picked; "" for none."""
        return str(self._field(block_id).get("selected_user") or "")

    def conversation(self, block_id: str) -> str | None:
        """The channel that was picked, if any."""
        return self._field(block_id).get("selected_conversation")

    def day(self, block_id: str) -> date | None:
        """The date that was picked, if any."""
        picked = self._field(block_id).get("selected_date")
        day = date.fromisoformat(picked) if picked else None
        if day and not 1990 <= day.year <= self.request.today.year + FURTHEST_YEARS:
            raise FieldError(block_id, f"{picked} is too far away to be meant.")
        return day

    def future_day(self, block_id: str) -> date | None:
        """The same, of today or later."""
        picked = self.day(block_id)
        try:
            return picked and parse_future(picked.isoformat(), self.request.today)
        except ValueError as error:
            raise FieldError(block_id, str(error)) from None

    def colleague(self, block_id: str) -> str | None:
        """The Slack user id of the full member that was picked, if any."""
        if not self.user(block_id):
            return None
        with self.at(block_id):
            return self.request.person(f"<@{self.user(block_id)}>", "Priya").user_id

    def account(self) -> Account:
        """The account that was picked."""
        picked = self.choice("account")
        account = accounts.by_id(self.request.tx, int(picked) if picked.isdecimal() else None)
        if account is None:
            raise FieldError("account", "That account is no longer there: pick another.")
        return account

    def live_account(self) -> Account:
        """The same, when it is not archived."""
        account = self.account()
        with self.at("account"):
            return require_live(account)

    def contact(self, account: Account) -> Contact | None:
        """The contact that was picked or typed, added if new."""
        with self.at(CONTACT):
            return contacts.resolve(self.request.work, account, self.choice(CONTACT))

    def seen_entry(self, account: Account) -> int | None:
        """The stage entry that was shown when the form was opened; None for another account."""
        return self.ids.get("seen") if self.ids.get("account") == account.id else None

    @contextmanager
    def at(self, block_id: str) -> Iterator[None]:
        """Shows an error of an action at this field."""
        try:
            yield
        except UserError as error:
            raise FieldError(block_id, self.unmarked(error.sentence)) from None

    def unmarked(self, sentence: str) -> str:
        """A sentence without Slack's markup: errors at a field are plain text."""
        return strip_markup(self.request.tx, sentence)

    def _field(self, block_id: str) -> dict[str, Any]:
        values = self.view.get("state", {}).get("values", {}).get(block_id, {})
        return next(iter(values.values()), {})
