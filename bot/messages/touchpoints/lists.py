"""Touchpoints as lists show them: Home, `/next` and the rows behind a number, in the same words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block, SectionBlock

from bot.messages.kit.blocks import actions, context, page_buttons, section
from bot.messages.kit.message import Message
from bot.messages.kit.text import limit_names, plain, short, unstyled_list, when
from bot.messages.touchpoints.buttons import touchpoint_menu
from bot.rules.facts.standing import Counts
from bot.rules.playbook.sections import Attention
from bot.rules.text.words import plural

MAX_ROWS = 15
MAX_POSTPONED = 5
_MAX_NAME_LENGTH = 80


@dataclass(frozen=True)
class Row:
    """A touchpoint as a line: `when` it is or was due, whose it is, and the one thing to know."""

    id: int
    account: str
    title: str
    kind: str
    state: str
    when: str
    owner: str = ""
    about: str = ""

    def line(self, joint: str = "\n") -> str:
        """ "*Acme* · Kick-off call · *3 days overdue*", and below it the one thing to know."""
        about = " · ".join(filter(None, (self.owner, self.about)))
        what = f"*{short(self.account)}* · {short(self.title)} · {self.when}"
        return joint.join(filter(None, (what, f"{about[:1].upper()}{about[1:]}")))

    def block(self, block_id: str) -> SectionBlock:
        """The line with its menu."""
        block = section(self.line(), accessory=touchpoint_menu(self.id, self.state, self.kind))
        block.block_id = block_id[:255]
        return block


@dataclass(frozen=True)
class Group:
    """Rows that stand alike: their heading, and those of them that a page shows."""

    title: str
    rows: Sequence[Row]


def own_title(count: int) -> str:
    return f"Yours today: {_count(count)}"


def unclaimed_title(name: str, count: int) -> str:
    return f"Unclaimed in {plain(name)}: {_count(count)}"


def _count(count: int) -> str:
    return f"{count:,}" if count else "none"


def later_parts(counts: Counts) -> list[str]:
    """ "2 more due within 7 days", "1 postponed", "9 planned for later"."""
    more = "more " if counts.open else ""
    parts = (
        (counts.later, f"{more}due within 7 days"),
        (counts.postponed, "postponed"),
        (counts.planned, "planned for later"),
    )
    return [f"{count:,} {words}" for count, words in parts if count]


def list_message(
    groups: Sequence[Group], head: str, query: str, page: int = 1, pages: int = 1, note: str = ""
) -> Message:
    """The touchpoints of someone, each with its menu.

    `head` says what was asked for, where that is a part. `query` are the words after `/next`; a
    click on a menu shows the list anew. `note` says what else waits.
    """
    blocks: list[Block] = [context(head)] if head else []
    lines = [head] if head else []
    for group in groups:
        blocks.append(section(f"*{group.title}*"))
        blocks += [row.block(f"next:{row.id}:{_line(query, page)}") for row in group.rows]
        lines += [f"*{group.title}*", *(row.line(": ") for row in group.rows)]
    turns = page_buttons(page, pages, f"/next {query} page".replace("  ", " "))
    blocks += [actions(*turns)] if turns else []
    rest = f"Page {page} of {pages}." if pages > 1 else ""
    notes = [words for words in (rest, note) if words]
    return Message(
        unstyled_list(lines[0], lines[1:], " ".join(notes)), (*blocks, *map(context, notes))
    )


def _line(query: str, page: int) -> str:
    return f"{query} page {page}".strip() if page > 1 else query


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


def postponed_reason(postponed_because: str, account: str, owner: str, limits: Attention) -> str:
    """`postponed_because` is a touchpoint's, `owner` is shown as it is."""
    if postponed_because == "channel":
        return f"{owner} has reached its limit of {limits.channel_a_day} a day"
    if postponed_because == "person":
        return f"{owner} has reached the limit of {limits.person_a_day} a day"
    if postponed_because == "answered":
        return "asked less than 30 days ago: nothing new"
    if postponed_because == "value":
        return f"{short(account, _MAX_NAME_LENGTH)} confirmed no value this term or last"
    if postponed_because == "rest":
        return f"{short(account, _MAX_NAME_LENGTH)} may not be asked for favours now"
    made = int(postponed_because.partition(":")[2] or limits.customer_a_week)
    if made >= limits.customer_a_week:
        return asked_text(account, made)
    other = "other " if made else ""
    asks = plural(limits.customer_a_week - made, f"{other}ask is", f"{other}asks are")
    shown = f"{asks} shown and not answered yet"
    return f"{asked_text(account, made)}, and {shown}" if made else shown


def asked_text(account: str, made: int) -> str:
    """What happened or is claimed; asks that are only shown are not in it."""
    times = {1: "once", 2: "twice"}.get(made, f"{made} times")
    return f"{short(account, _MAX_NAME_LENGTH)} has been asked {times} this week"
