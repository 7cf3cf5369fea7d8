"""What `/next` answers: who owns which touchpoint, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import OverflowMenuElement, SectionBlock

from bot.messages.facts.standing import Standing, count_parts
from bot.messages.kit.blocks import context, section, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import (
    limit_names,
    more_line,
    plain,
    short,
    unstyled_list,
    when,
)
from bot.messages.touchpoints.buttons import verb_menu
from bot.rules.facts.standing import Counts
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
    state: str
    standing: Standing

    def line(self) -> str:
        what = f"*{plain(self.account)}* · {plain(self.title)}"
        return f"{what}\n{self.owner} · {self.standing.words()}"


def list_message(
    shown: Sequence[NextItem], counts: Counts, whose: str, query: str, note: str = ""
) -> Message:
    """The first of the touchpoints of someone, soonest first, each with its menu.

    `query` are the words after `/next`; a click on a menu shows the list anew. `note` says what
    else waits.
    """
    if not shown:
        return text_message(note or f"Nothing is open or planned for {whose}. Enjoy it.")
    parts = f" · {' · '.join(count_parts(counts))}" if counts.total > 1 else ""
    head = f"*{plural(counts.total, 'touchpoint')} for {whose}*, soonest first{parts}"
    rest = more_line(counts.total - len(shown), ". `/next acme` shows one account's.")
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
