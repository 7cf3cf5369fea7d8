"""What a message is: the text that says it all, and the blocks that show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import Block


@dataclass(frozen=True)
class Message:
    """`text` is what notifications and screen readers get, so it holds the whole meaning."""

    text: str
    blocks: tuple[Block, ...] = ()

    def followed_by(self, other: Message) -> Message:
        """Both in one message."""
        return Message(f"{self.text}\n{other.text}", (*self.blocks, *other.blocks))

    def payload(self) -> dict[str, Any]:
        """The two arguments of chat.postMessage, as plain values."""
        return {"text": self.text, "blocks": [block.to_dict() for block in self.blocks]}
