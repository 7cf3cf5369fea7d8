"""One submitted form: its values, the person, the ids it carried; errors at their field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from slack_sdk.models.views import View

from bot.handlers.base.plain_text import strip_markup
from bot.handlers.base.request import Request
from bot.rules.errors import UserError


class FieldError(Exception):
    """What is wrong, and at which input it stands (its block_id)."""

    def __init__(self, block_id: str, sentence: str) -> None:
        super().__init__(sentence)
        self.block_id = block_id
        self.sentence = sentence


class FormOutdated(Exception):
    """The form was overtaken: nothing was saved, and `view` tells why and takes its place."""

    def __init__(self, view: View) -> None:
        super().__init__("the form is shown anew")
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
        """What the form remembered when it was opened."""
        return read_metadata(self.view)

    @property
    def inputs(self) -> list[str]:
        """The block_ids of what can be filled in, in order."""
        return [b["block_id"] for b in self.view["blocks"] if b["type"] == "input"]

    def text(self, block_id: str) -> str:
        """What was typed, without spaces around it; "" for nothing."""
        return str(self._field(block_id).get("value") or "").strip()

    def choice(self, block_id: str) -> str:
        """The value that was picked; "" for none."""
        return str((self._field(block_id).get("selected_option") or {}).get("value", ""))

    def user(self, block_id: str) -> str:
        return str(self._field(block_id).get("selected_user") or "")

    def day(self, block_id: str) -> date | None:
        found = self._field(block_id).get("selected_date")
        return date.fromisoformat(found) if found else None

    @contextmanager
    def at(self, block_id: str) -> Iterator[None]:
        """Lets an error of an action stand at this field."""
        try:
            yield
        except UserError as error:
            raise FieldError(block_id, self.unmarked(error.sentence)) from None

    def unmarked(self, sentence: str) -> str:
        """A sentence without Slack's markup: errors at a field are plain text."""
        return strip_markup(self.request.tx, sentence, self.request.speaker.tz)

    def _field(self, block_id: str) -> dict[str, Any]:
        values = self.view.get("state", {}).get("values", {}).get(block_id, {})
        return next(iter(values.values()), {})
