""" "Term 3 against term 2", and the rows behind each of its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block, ButtonElement

from bot.messages.accounts.value import currency_note
from bot.messages.kit.message import Message
from bot.messages.kit.parts import (
    actions,
    button,
    context,
    day,
    mention,
    plain,
    section,
    short,
    unstyled,
)
from bot.rules.text.words import plural

MAX_PEOPLE = 8


@dataclass(frozen=True)
class TermColumn:
    """One term; `stages` are (name, days), `people` Slack users with the most done first."""

    number: int
    began: date
    ended: date | None
    outcome: str | None
    days: int
    stages: tuple[tuple[str, int], ...]
    touchpoints: int
    value: str
    departments: tuple[str, ...]
    people: tuple[str, ...]

    @property
    def when(self) -> str:
        if self.ended is None:
            return f"since {day(self.began)}, {plural(self.days, 'day')} so far"
        how = f", {plain(self.outcome)}" if self.outcome else ""
        return f"{day(self.began)} to {day(self.ended)}, {plural(self.days, 'day')}{how}"


@dataclass(frozen=True)
class Comparison:
    """The newest first; `stages` are the names of the playbook's, in order."""

    account_id: int
    account: str
    sides: tuple[TermColumn, ...]
    stages: tuple[str, ...]
    currency: str | None


@dataclass(frozen=True)
class TermRows:
    """One page of the rows behind a number; `what` is stages, touchpoints or people."""

    account_id: int
    account: str
    term: int
    what: str
    lines: tuple[str, ...]
    total: int
    page: int
    last: int


_TITLES = {
    "stages": "where it stood",
    "touchpoints": "touchpoints done",
    "people": "who took part, and how often",
}


def comparison_message(shown: Comparison) -> Message:
    """Two terms beside each other; the buttons show the rows behind the numbers of each."""
    this, *before = shown.sides
    against = f" against term {before[0].number:,}" if before else ""
    head = f"*{plain(shown.account)}*: term {this.number:,}{against}"
    blocks: list[Block] = [section(head)]
    told = [_column_text(shown, side) for side in shown.sides]
    for side, text in zip(shown.sides, told, strict=True):
        blocks += [section(text), actions(*_row_buttons(shown.account_id, side.number))]
    foot = currency_note(shown.currency)
    blocks.append(context(foot))
    if before and before[0].number > 1:
        line = f"/account id:{shown.account_id} terms {before[0].number}"
        blocks.append(actions(button("Earlier terms", "command:terms", line)))
    return Message(unstyled("\n".join([head, *told, foot])), tuple(blocks))


def rows(shown: TermRows) -> Message:
    """The rows behind one number."""
    what = _TITLES[shown.what]
    head = f"*{plain(shown.account)}*, term {shown.term:,}: {what} ({shown.total:,})"
    # Mentions of colleagues are ours; what strangers wrote was made plain where it was gathered.
    listed = "\n".join(f"• {line}" for line in shown.lines) or "Nothing yet."
    line = f"/account id:{shown.account_id} terms {shown.term}"
    buttons: list[ButtonElement] = []
    if shown.page > 1:
        buttons.append(button("Newer", "command:newer", f"{line} {shown.what} {shown.page - 1}"))
    if shown.page < shown.last:
        buttons.append(button("Older", "command:older", f"{line} {shown.what} {shown.page + 1}"))
    buttons.append(button("Terms", "command:terms", line))
    return Message(
        unstyled(f"{head}\n{listed}"), (section(head), section(listed), actions(*buttons))
    )


def _column_text(shown: Comparison, side: TermColumn) -> str:
    spent = dict(side.stages)
    known = [name for name in shown.stages if name in spent]
    order = [*known, *(name for name in spent if name not in known)]
    stages = ", ".join(f"{short(name)} {spent[name]:,}" for name in order) or "none yet"
    return "\n".join(
        (
            f"*Term {side.number:,}*: {side.when}",
            f"Days in each stage: {stages}",
            f"Touchpoints done: {side.touchpoints:,}",
            f"Value: {side.value}",
            f"Took part: {_participants_text(side)}",
        )
    )


def _participants_text(side: TermColumn) -> str:
    """ "Marketing, Operations: @Maya, @Diego"; who logged something need not be of a department."""
    departments = ", ".join(short(name) for name in side.departments)
    return ": ".join(filter(None, (departments, _people(side.people)))) or "nobody yet"


def _people(people: Sequence[str]) -> str:
    more = len(people) - MAX_PEOPLE
    rest = f" and {more} more" if more > 0 else ""
    return ", ".join(mention(user) for user in people[:MAX_PEOPLE]) + rest


def _row_buttons(account_id: int, number: int) -> list[ButtonElement]:
    line = f"/account id:{account_id} terms {number}"
    return [
        button("Stages", "command:rows:stages", f"{line} stages"),
        button("Touchpoints", "command:rows:touchpoints", f"{line} touchpoints"),
        button("Value", "command:rows:value", f"/value id:{account_id} term {number}"),
        button("People", "command:rows:people", f"{line} people"),
    ]
