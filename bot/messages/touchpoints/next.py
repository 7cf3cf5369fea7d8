"""What `/next` answers: who owns which touchpoint, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import OverflowMenuElement, SectionBlock

from bot.messages.kit.blocks import context, section, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import (
    limit_names,
    mention,
    more_line,
    on,
    plain,
    short,
    unstyled_list,
    when,
)
from bot.messages.touchpoints.buttons import verb_menu
from bot.rules.text.words import plural
from bot.rules.touchpoint_verbs import claim_or_release

MAX_ROWS = 15
MAX_POSTPONED = 5


@dataclass(frozen=True)
class NextItem:
    """An open touchpoint as a line."""

    id: int
    account: str
    title: str
    owner: str
    due_at: datetime
    state: str
    by: str | None
    held: str | None = None  # until when and why

    def line(self) -> str:
        at = f"due {on(self.due_at)}"
        if self.state == "claimed" and self.by is not None:
            at = f"👀 {mention(self.by)} has it, {at}"
        elif self.state == "nudged":
            at = f"open, {at}"
        elif self.held is not None:
            at = self.held
        return f"*{plain(self.account)}* · {plain(self.title)}\n{self.owner} · {at}"


def list_message(
    shown: Sequence[NextItem], total: int, whose: str, query: str, note: str = ""
) -> Message:
    """The first of the `total` open touchpoints of someone, soonest first, each with its menu.

    `query` are the words after `/next`; a click on a menu shows the list anew. `note` says what
    else waits.
    """
    if not shown:
        return text_message(note or f"Nothing is open or planned for {whose}. Enjoy it.")
    head = f"*{plural(total, 'touchpoint')} for {whose}*, soonest first"
    rest = more_line(total - len(shown), ". `/next acme` shows one account's.")
    notes = [words for words in (rest, note) if words]
    rows = (_touchpoint_block(item, query) for item in shown)
    lines = (item.line().replace("\n", ": ") for item in shown)
    return Message(
        unstyled_list(head, lines, " ".join(notes)), (section(head), *rows, *map(context, notes))
    )


def postponed_briefs_text(held: Sequence[tuple[str, datetime]], a_day: int) -> str:
    """ "2 briefs before renewals are held: Acme until …"; empty when none is."""
    if not held:
        return ""
    named = limit_names([f"*{short(name, 60)}*" for name, _ in held], MAX_POSTPONED)
    are = "is" if len(held) == 1 else "are"
    return (
        f"{plural(len(held), 'brief')} before a renewal {are} held until {when(held[0][1])}: "
        f"{named}. You have had {a_day:,} today, the nearest renewals first."
    )


def touchpoint_menu(touchpoint_id: int, state: str) -> OverflowMenuElement:
    """What can be done with an open touchpoint, as a list shows it."""
    verbs = ["done", claim_or_release(state), "skip"]
    if state != "planned":
        verbs.append("snooze")
    return verb_menu(touchpoint_id, verbs)


def _touchpoint_block(item: NextItem, query: str) -> SectionBlock:
    block = section(item.line(), accessory=touchpoint_menu(item.id, item.state))
    block.block_id = f"next:{item.id}:{query}"[:255]
    return block
