"""What a message is: the text that says it all, and the blocks that show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import Block


@dataclass(frozen=True)
class Message:
    """`text` is what notifications and screen readers get, so it holds the whole meaning. A
    `picture` is drawn and uploaded when the message is sent, and shown in its image block
    (bot/nudges/charts.py)."""

    text: str
    blocks: tuple[Block, ...] = ()
    picture: Mapping[str, Any] | None = None

    def followed_by(self, other: Message) -> Message:
        """Both in one message."""
        text = "\n".join(filter(None, (self.text, other.text)))
        return Message(text, (*self.blocks, *other.blocks))

    def payload(self) -> dict[str, Any]:
        """The two arguments of chat.postMessage and the picture, if any, as plain values."""
        message = {"text": self.text, "blocks": [block.to_dict() for block in self.blocks]}
        return message if self.picture is None else {**message, "picture": self.picture}
