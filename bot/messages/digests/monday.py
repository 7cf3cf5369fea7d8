"""A department's digest: what stands above and below the lines of its first list of a week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block

from bot.messages.digests.rows import show_buttons
from bot.messages.digests.thanks import Done, thanks_to
from bot.messages.kit.blocks import section
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, join_lines, more_line, short, unstyled
from bot.rules.text.words import plural

MAX_PROMISES = 2
MAX_LEARNED = 3
MAX_THANKED = 4
_MAX_NAME_LENGTH = 60
_MAX_LINE_LENGTH = 90
_KINDS = {
    "risk": ", a risk",
    "goal": ", a goal",
    "alternative": ", an alternative",
    "person": ", a contact",
    "decision date": ", the decision date",
    "promise": ", a promise",
}


@dataclass(frozen=True)
class LearnedLine:
    """A line that somebody wrote down; `kind` is what it records."""

    account: str
    kind: str
    text: str
    by: str


@dataclass(frozen=True)
class DuePromise:
    """A promise that is overdue or due this week, and who keeps it."""

    account: str
    text: str
    due_on: date
    who: str


@dataclass(frozen=True)
class LastWeek:
    """What became of a department's touchpoints in the week before this one."""

    done: Done
    answered: int = 0
    carried: int = 0
    postponed: int = 0

    @property
    def total(self) -> int:
        return self.done.count + self.done.skipped + self.carried + self.postponed


@dataclass(frozen=True)
class ThisWeek:
    """What is open or comes within seven days; what was postponed comes later."""

    unclaimed: int = 0
    claimed: int = 0
    later: int = 0

    @property
    def total(self) -> int:
        return self.unclaimed + self.claimed + self.later


@dataclass(frozen=True)
class DepartmentWeek:
    """Everything the digest of a department tells."""

    name: str
    today: date
    last: LastWeek
    this: ThisWeek
    opens: str  # what its buttons carry
    promises: Sequence[DuePromise] = ()
    learned: Sequence[LearnedLine] = ()
    learned_count: int = 0


@dataclass(frozen=True)
class MondayParts:
    """What stands above and below a list's lines; the texts are for notifications and screen
    readers."""

    head_text: str
    head_blocks: tuple[Block, ...]
    foot_text: str
    foot_blocks: tuple[Block, ...]
    is_empty: bool = False  # nothing was due, is due, or is to be told

    @property
    def message(self) -> Message:
        """Both without any lines between them."""
        blocks = (*self.head_blocks, *self.foot_blocks)
        return Message(join_lines(self.head_text, self.foot_text), blocks)


def monday_parts(week: DepartmentWeek) -> MondayParts:
    """The head and the foot of a department's list."""
    head = f"*{short(week.name)} digest, {day(week.today, week.today)}*\n{_weeks(week)}"
    thanks = thanks_to(week.last.done, MAX_THANKED)
    thanked = f"*Thanks* to {thanks}" if thanks else ""
    parts = [part for part in (_promises(week), _learned(week), thanked) if part]
    buttons, labels = show_buttons(
        week.opens,
        {
            "done": week.last.done.count,
            "answers": week.last.answered,
            "week": week.this.total,
            "carried": week.last.carried,
            "put off": week.last.postponed,
        },
    )
    foot = join_lines(*parts, f"Buttons: {labels}." if labels else "")
    return MondayParts(
        unstyled(head),
        (section(head),),
        unstyled(foot),
        (*map(section, parts), *([buttons] if buttons else [])),
        is_empty=not (week.last.total or week.this.total or parts),
    )


def _weeks(week: DepartmentWeek) -> str:
    last, this = week.last, week.this
    told = [f"{last.done.count:,} of {last.total:,} done"] if last.total else ["nothing was due"]
    told[0] += f" ({last.answered:,} with an answer)" if last.answered else ""
    told += _counted(
        (last.carried, "carried over"),
        (last.postponed, "postponed"),
        (last.done.skipped, "skipped"),
    )
    ahead = _counted(
        (this.unclaimed, "due today"), (this.claimed, "claimed"), (this.later, "later")
    )
    return f"Last week: {', '.join(told)}. This week: {', '.join(ahead) or 'nothing is due'}."


def _counted(*parts: tuple[int, str]) -> list[str]:
    return [f"{count:,} {words}" for count, words in parts if count]


def _promises(week: DepartmentWeek) -> str:
    rows = [
        f"*Promise {'due' if row.due_on >= week.today else 'overdue since'} "
        f"{day(row.due_on, week.today)}:* {short(row.text, _MAX_LINE_LENGTH)} for "
        f"{short(row.account, _MAX_NAME_LENGTH)} · {short(row.who, _MAX_NAME_LENGTH)}"
        for row in week.promises[:MAX_PROMISES]
    ]
    more = len(week.promises) - len(rows)
    return join_lines(*rows, f"… and {plural(more, 'more promise')}" if more > 0 else "")


def _learned(week: DepartmentWeek) -> str:
    rows = [
        f"• {short(row.account, _MAX_NAME_LENGTH)}{_KINDS.get(row.kind, '')}: "
        f"{short(row.text, _MAX_LINE_LENGTH)} · {short(row.by, _MAX_NAME_LENGTH)}"
        for row in week.learned
    ]
    more = more_line(week.learned_count - len(rows))
    return join_lines("*Learned last week*", *rows, more) if rows else ""
