"""Words and blocks from one place, for the packages that only need a few of them."""

from __future__ import annotations

from bot.messages.kit.blocks import actions, button, context, divider, section, text_message
from bot.messages.kit.text import day, example_day, mention, plain, quoted, short, unstyled, when

__all__ = ["actions", "button", "context", "divider", "section", "text_message"]
__all__ += ["day", "example_day", "mention", "plain", "quoted", "short", "unstyled", "when"]
