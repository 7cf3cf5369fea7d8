"""What a channel hears of accounts that came into a stage by themselves before their renewal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import ButtonElement

from bot.messages.kit.blocks import actions, button, compose, context, section, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, mention, more_line, plain

MAX_ROWS = 20


@dataclass(frozen=True)
class Entered:
    """An account that came into a stage by itself; `id` is the move's."""

    id: int
    account_id: int
    account: str
    stage: str
    decision: str
    why: str
    renews_on: date
    is_assumed: bool

    @property
    def renews(self) -> str:
        assumed = " if its terms last a year: no date is known" if self.is_assumed else ""
        return f"renews {day(self.renews_on)}{assumed}"


def entered(row: Entered) -> Message:
    """One account."""
    head = f"*{plain(row.account)}* entered *{plain(row.stage)}* by itself: {row.renews}."
    decision = f'They now decide: "{plain(row.decision)}"' if row.decision else ""
    return compose(head, decision, actions(_undo(row)))


def entered_list(rows: Sequence[Entered], undone: Message | None = None) -> Message:
    """Several of one day, each with its Undo; `undone` says what was just taken back."""
    stage = plain(rows[0].stage) if rows else "it"
    head = f"*{len(rows):,} accounts entered {stage} by themselves*, as they renew soon"
    shown = rows[:MAX_ROWS]
    lines = [section(f"• *{plain(row.account)}* {row.renews}", _undo(row)) for row in shown]
    more = more_line(len(rows) - MAX_ROWS, ": `/stage` lists all")
    notes = [context(each) for each in (more, undone.text if undone else "") if each]
    return compose(head, *lines, *notes)


def undone(account: str, left: str, now_in: str, by: str | None) -> Message:
    who = mention(by) if by else "Somebody"
    return text_message(
        f"{who} took it back: *{plain(account)}* is in *{plain(now_in)}* as before, and does not "
        f"enter {plain(left)} by itself for this renewal."
    )


def _undo(row: Entered) -> ButtonElement:
    return button("Undo", "entered:undo", str(row.id))
