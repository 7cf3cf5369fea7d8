"""A department's digest: what stands above and below the lines of its first list of a week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.messages.digests.rows import show_buttons
from bot.messages.digests.thanks import Done, thanks_to
from bot.messages.kit.blocks import section
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, join_lines, more_line, short, unstyled
from bot.rules.facts.standing import Counts
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
class MondayParts:
    """What stands above and below a list's lines."""

    head: Message
    foot: Message
    is_empty: bool  # nothing was due, is due, or is to be told


def monday_parts(
    name: str,
    today: date,
    opens: str,
    *,
    done: Done,
    answered: int,
    carried: int,
    postponed: int,
    this: Counts,
    promises: Sequence[str],
    learned: Sequence[str],
) -> MondayParts:
    """The head and the foot of a department's list: what became of its touchpoints last week, what
    comes within seven days, its promises, and the first lines that were `learned`."""
    last = done.count + done.skipped + carried + postponed
    later = this.later + this.postponed
    told = [f"{done.count:,} of {last:,} done" if last else "nothing was due"]
    told[0] += f" ({answered:,} with an answer)" if answered else ""
    told += _counted((carried, "carried over"), (postponed, "postponed"), (done.skipped, "skipped"))
    ahead = _counted((this.unclaimed, "due today"), (this.claimed, "claimed"), (later, "later"))
    weeks = f"Last week: {', '.join(told)}. This week: {', '.join(ahead) or 'nothing is due'}."
    head = f"*{short(name)} digest, {day(today, today)}*\n{weeks}"
    thanks = thanks_to(done, MAX_THANKED)
    parts = [
        _promises(promises),
        _learned(learned, answered),
        f"*Thanks* to {thanks}" if thanks else "",
    ]
    kept = [part for part in parts if part]
    buttons, labels = show_buttons(
        opens,
        {
            "done": done.count,
            "answers": answered,
            "week": this.open + later,
            "carried": carried,
            "put off": postponed,
        },
    )
    foot = join_lines(*kept, f"Buttons: {labels}." if labels else "")
    below = (*map(section, kept), *([buttons] if buttons else []))
    is_empty = not (last or this.open + later or kept)
    return MondayParts(
        Message(unstyled(head), (section(head),)), Message(unstyled(foot), below), is_empty
    )


def promise_line(account: str, text: str, due_on: date, who: str, today: date) -> str:
    """ "*Promise due Wed 11 Nov:* API limit raised for Granite Peak · Diego Santos"."""
    return (
        f"*Promise {'due' if due_on >= today else 'overdue since'} {day(due_on, today)}:* "
        f"{short(text, _MAX_LINE_LENGTH)} for {short(account, _MAX_NAME_LENGTH)} · "
        f"{short(who, _MAX_NAME_LENGTH)}"
    )


def learned_line(account: str, kind: str, text: str, by: str) -> str:
    """ "• Hearthside Hotels, a risk: new IT head · Diego Santos"."""
    return (
        f"• {short(account, _MAX_NAME_LENGTH)}{_KINDS.get(kind, '')}: "
        f"{short(text, _MAX_LINE_LENGTH)} · {short(by, _MAX_NAME_LENGTH)}"
    )


def _counted(*parts: tuple[int, str]) -> list[str]:
    return [f"{count:,} {words}" for count, words in parts if count]


def _promises(lines: Sequence[str]) -> str:
    more = len(lines) - MAX_PROMISES
    rest = f"… and {plural(more, 'more promise')}" if more > 0 else ""
    return join_lines(*lines[:MAX_PROMISES], rest)


def _learned(lines: Sequence[str], total: int) -> str:
    if not lines:
        return ""
    return join_lines("*Learned last week*", *lines, more_line(total - len(lines)))
