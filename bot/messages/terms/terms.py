""" "Term 3 against term 2", and the rows behind each of its numbers."""

from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block, ButtonElement

from bot.messages.accounts.value import currency_note
from bot.messages.kit.blocks import actions, button, compose, context, page_buttons
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, limit_names, mention, plain, short
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
    known_from: date | None = None  # what was before is not known

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
    "stages": "days in each stage",
    "touchpoints": "touchpoints done",
    "people": "our involvement",
}


def comparison_message(shown: Comparison) -> Message:
    """Two terms beside each other; the buttons show the rows behind the numbers of each."""
    this, *before = shown.sides
    against = f" against term {before[0].number:,}" if before else ""
    head = f"*{plain(shown.account)}*: term {this.number:,}{against}"
    parts: list[str | Block] = [head]
    for side in shown.sides:
        buttons = actions(*_row_buttons(shown.account_id, side.number))
        parts += [_column_text(shown, side), buttons]
    parts.append(context(currency_note(shown.currency)))
    if before and before[0].number > 1:
        line = f"/account id:{shown.account_id} terms {before[0].number}"
        parts.append(actions(button("Earlier terms", "command:terms", line)))
    return compose(*parts)


def rows(shown: TermRows) -> Message:
    """The rows behind one number."""
    head = f"*{plain(shown.account)}*, term {shown.term:,}: {_TITLES[shown.what]} ({shown.total:,})"
    # Mentions of colleagues are ours; what strangers wrote was made plain where it was gathered.
    listed = "\n".join(f"• {line}" for line in shown.lines) or "Nothing yet."
    line = f"/account id:{shown.account_id} terms {shown.term}"
    turns = page_buttons(shown.page, shown.last, f"{line} {shown.what}")
    return compose(head, listed, actions(*turns, button("Terms", "command:terms", line)))


def _column_text(shown: Comparison, side: TermColumn) -> str:
    spent = dict(side.stages)
    known = [name for name in shown.stages if name in spent]
    order = [*known, *(name for name in spent if name not in known)]
    stages = ", ".join(f"{short(name)} {spent[name]:,}" for name in order) or "none yet"
    if side.known_from is not None and side.ended is not None and side.ended <= side.known_from:
        return f"*Term {side.number:,}*: {side.when}\nNo more is recorded."
    before = f" (not known before {day(side.known_from)})" if side.known_from else ""
    return (
        f"*Term {side.number:,}*: {side.when}\nDays in each stage: {stages}{before}\n"
        f"Touchpoints done: {side.touchpoints:,}\nValue: {side.value}\n"
        f"Our involvement: {_participants_text(side)}"
    )


def _participants_text(side: TermColumn) -> str:
    """ "Marketing, Operations: @Maya, @Diego"; who logged something need not be of a department."""
    departments = ", ".join(short(name) for name in side.departments)
    people = limit_names([mention(user) for user in side.people], MAX_PEOPLE)
    return ": ".join(filter(None, (departments, people))) or "none recorded"


def _row_buttons(account_id: int, number: int) -> list[ButtonElement]:
    line = f"/account id:{account_id} terms {number}"
    return [
        button("Stages", "command:rows:stages", f"{line} stages"),
        button("Touchpoints", "command:rows:touchpoints", f"{line} touchpoints"),
        button("Value", "command:rows:value", f"/value id:{account_id} term {number}"),
        button("People", "command:rows:people", f"{line} people"),
    ]
