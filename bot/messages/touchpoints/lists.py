"""Touchpoints as lists show them: Home, `/next` and the rows behind a number, in the same words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from slack_sdk.models.blocks import Block, SectionBlock

from bot.messages.facts.standing import Standing, overdue_text
from bot.messages.kit.blocks import actions, context, page_buttons, section
from bot.messages.kit.message import Message
from bot.messages.kit.money import stake
from bot.messages.kit.text import day, limit_names, plain, short, unstyled_list, when
from bot.messages.touchpoints.buttons import touchpoint_menu
from bot.rules.answers import QUESTIONS
from bot.rules.facts.standing import Counts
from bot.rules.playbook.sections import Records
from bot.rules.text.money import Money
from bot.rules.text.words import plural

MAX_ROWS = 15
MAX_POSTPONED = 5
_OPEN = ("nudged", "claimed")


@dataclass(frozen=True)
class Row:
    """A touchpoint as a line. `owner` is whose it is where the heading does not say it, `has` who
    has claimed it: "you" for the reader. `renews_on` is a renewal within 90 days."""

    id: int
    account: str
    title: str
    kind: str
    standing: Standing
    due_on: date
    today: date
    owner: str = ""
    has: str = ""
    claimed_on: date | None = None
    records: Records | None = None
    renews_on: date | None = None
    worth: Money | None = None

    @property
    def first_line(self) -> str:
        what = f"*{short(self.account)}* · {short(self.title)}"
        return f"{what} · {self.when()}"

    def line(self) -> str:
        """ "*Acme* · Kick-off call · *3 days overdue*", and below it the one thing to know."""
        about = " · ".join(filter(None, (self.owner, self._about())))
        return f"{self.first_line}\n{about[:1].upper()}{about[1:]}".strip()

    def when(self) -> str:
        """When it is or was due, or comes back."""
        standing = self.standing
        if standing.state not in _OPEN and (standing.snoozed_until or standing.held):
            return standing.words()
        return overdue_text(standing.overdue, self.due_on, self.today)

    def _about(self) -> str:
        write = f"write down: {QUESTIONS[self.records].write_down}" if self.records else ""
        if self.claimed_on is not None:
            claimed = f"claimed by {self.has} {self._claimed_text()}"
            return " · ".join(filter(None, (claimed, write if self.has == "you" else "")))
        if self.renews_on is None:
            return ""
        return f"renews {day(self.renews_on, self.today)}{stake(self.worth, ' · ')}"

    def _claimed_text(self) -> str:
        assert self.claimed_on is not None
        ago = (self.today - self.claimed_on).days
        days = {0: "today", 1: "yesterday"}
        return days.get(ago, f"on {day(self.claimed_on, self.today)}")

    def block(self, block_id: str) -> SectionBlock:
        """The line with its menu."""
        menu = touchpoint_menu(self.id, self.standing.state, self.kind)
        block = section(self.line(), accessory=menu)
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
        lines += [f"*{group.title}*", *(row.line().replace("\n", ": ") for row in group.rows)]
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
