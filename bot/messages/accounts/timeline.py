"""An account's whole story, ten entries a page, newest first."""

from dataclasses import dataclass

from bot.messages.accounts.account import TimelineEvent
from bot.messages.kit.blocks import actions, button, compose, context, page_buttons
from bot.messages.kit.message import Message
from bot.messages.kit.text import plain, quoted
from bot.rules.text.words import plural

PAGE_SIZE = 10


@dataclass(frozen=True)
class TimelinePage:
    """One page; `number` and `last` count from 1, `total` are all entries."""

    account_id: int
    account: str
    number: int
    last: int
    total: int
    entries: tuple[TimelineEvent, ...]


def page(story: TimelinePage) -> Message:
    """The page, with buttons that put the next one in its place."""
    head = f"*{plain(story.account)}*: {plural(story.total, 'entry', 'entries')}, newest first"
    rows = "\n".join(entry.line() for entry in story.entries) or "None recorded yet."
    where = f"Page {story.number:,} of {story.last:,}"
    hint = f"{where}. `/account {quoted(story.account)} timeline 2` shows page 2."
    foot = hint if story.last > 1 else where
    line = f"/account id:{story.account_id}"
    turns = page_buttons(story.number, story.last, f"{line} timeline")
    buttons = actions(
        *turns,
        button("Card", "command:card", line),
        button("Goals and risks", "command:goals", f"{line} goals"),
        button("Value", "command:value", f"/value id:{story.account_id}"),
        button("Terms", "command:terms", f"{line} terms"),
    )
    return compose(head, rows, context(foot), buttons)
