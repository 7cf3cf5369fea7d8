"""A channel's list of the day: open, with a line for each touchpoint, and folded to what was done.

Lines keep their place and their number for as long as the list stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block, SectionBlock

from bot.messages.digests.monday import MondayParts
from bot.messages.kit.blocks import actions, button, compose, context, section
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, limit_names, one_line, plain
from bot.messages.touchpoints.buttons import verb_button
from bot.messages.touchpoints.nudge import MAX_ANSWER_LENGTH, MAX_NOTE_LENGTH, Nudge, nudge_menu
from bot.rules.answers import QUESTIONS
from bot.rules.text.words import plural
from bot.rules.touchpoint_verbs import NUMBERS

#: So many lines stand in the message; Slack takes 50 blocks.
MAX_LINES = 10
#: So many lines of a folded list have a button of their own.
MAX_UNWRITTEN = 10
_UNWRITTEN = "nothing written down"


@dataclass(frozen=True)
class Line:
    """One touchpoint's line. `exception` is where it differs from "today, unclaimed"; `who` is the
    name of who has it or ended it; `elsewhere` says where it stands now, if not here."""

    nudge: Nudge
    number: int
    exception: str = ""
    who: str = ""
    elsewhere: str = ""
    until: str = ""  # the day until which it is snoozed
    is_hidden: bool = False
    is_carried_over: bool = False
    claimed_on: str = ""  # the day, while "still on it?" waits for an answer
    covered: str = ""  # whose it is, if the reader stands in

    @property
    def state(self) -> str:
        """unclaimed, claimed, done, skipped, snoozed, cancelled or moved."""
        if self.elsewhere and self.nudge.is_open:
            return "moved"
        if self.nudge.state == "planned":
            return "snoozed" if self.until else "moved"
        return "unclaimed" if self.nudge.state == "nudged" else self.nudge.state

    @property
    def is_open(self) -> bool:
        return self.state in ("unclaimed", "claimed")

    @property
    def is_unwritten(self) -> bool:
        nudge = self.nudge
        return self.state == "done" and nudge.records is not None and nudge.answered_at is None


Frame = tuple[Sequence[Block], Sequence[Block]]


@dataclass(frozen=True)
class DayList:
    """A list as its message shows it; `above` and `below` stay as they were posted."""

    whose: str
    day: date
    today: date
    lines: Sequence[Line]
    is_folded: bool = False
    above: Sequence[Block] = field(default=())
    below: Sequence[Block] = field(default=())


def frame(parts: Sequence[MondayParts], waiting: int) -> Frame:
    """What stands above and below a list's lines: digests, and what was postponed."""
    above = [block for each in parts for block in each.head.blocks]
    below = [block for each in parts for block in each.foot.blocks]
    if waiting:
        below.append(context(f"{waiting} more tomorrow: the channel has had its new lines today."))
    for name, blocks in (("above", above), ("below", below)):
        for number, block in enumerate(blocks):
            block.block_id = f"{name}:{number}"
    return above, below


def kept_frame(payload: Mapping[str, Any]) -> Frame:
    """The same, of a list that was posted."""
    blocks = Block.parse_all(payload.get("blocks", []))
    above = [block for block in blocks if str(block.block_id).startswith("above:")]
    return above, [block for block in blocks if str(block.block_id).startswith("below:")]


def day_list(shown: DayList) -> Message:
    """The list, folded once the next one was posted or nothing in it is open."""
    if not shown.lines:
        return compose(*shown.above, *shown.below)
    if shown.is_folded or not any(line.is_open for line in shown.lines):
        return _folded(shown)
    visible = [line for line in shown.lines if not line.is_hidden]
    hidden = len(shown.lines) - len(visible)
    buttons = [
        button("Mark several done…", "list:several", "open"),
        button("How to do these", "list:how", "open"),
    ]
    if hidden:
        buttons.insert(0, button(f"Show {hidden} more", "list:more", "hidden"))
    legend = context(_legend(visible))
    rows = _rows(visible)
    above = [*shown.above, context(_day_counts(shown))] if shown.above else [section(_head(shown))]
    return compose(*above, *rows, *shown.below, actions(*buttons), legend)


def line_row(line: Line) -> SectionBlock:
    """A line with its menu."""
    block = section(_line_text(line), None if line.state == "moved" else nudge_menu(line.nudge))
    block.block_id = f"touchpoint-{line.nudge.id}"
    return block


def decision_line(nudge: Nudge) -> str:
    """ "They decide: "…" · write down: their goal": what stands under a play's title."""
    return " · ".join(filter(None, (nudge.they_decide, nudge.write_down)))


def _rows(visible: Iterable[Line]) -> list[Block]:
    rows: list[Block] = []
    play = None
    for line in visible:
        heading = (line.nudge.title, line.nudge.decision, line.nudge.records)
        if heading != play:
            play = heading
            rows.append(section(f"*{plain(line.nudge.title)}*"))
            why = decision_line(line.nudge)
            rows += [context(why)] if why else []
        rows.append(line_row(line))
    return rows


def _head(shown: DayList) -> str:
    when = day(shown.day, shown.today)
    counts = " · ".join(_counts(shown.lines))
    return f"*{shown.whose} today, {when}: {plural(len(shown.lines), 'touchpoint')}*\n{counts}"


def _day_counts(shown: DayList) -> str:
    """What stands under a digest's head: "Tue 1 Dec: 1 done · 3 unclaimed"."""
    return f"{day(shown.day, shown.today)}: {' · '.join(_counts(shown.lines))}"


def _counts(lines: Sequence[Line]) -> list[str]:
    """How many are in which state; the parts add up to all lines."""
    states = Counter(line.state for line in lines)
    carried = sum(line.is_carried_over for line in lines if line.state == "unclaimed")
    how_many = "all" if carried == states["unclaimed"] else carried
    more = f" ({how_many} carried over)" if carried else ""
    words = {"cancelled": "no longer needed", "moved": "moved"}
    order = ("done", "claimed", "snoozed", "skipped", "cancelled", "moved", "unclaimed")
    return [
        f"{states[state]} {words.get(state, state)}{more if state == 'unclaimed' else ''}"
        for state in order
        if states[state]
    ]


def _line_text(line: Line) -> str:
    done = "✅ " if line.state == "done" else ""
    return f"*{line.number}*   {done}{' · '.join(_line_parts(line))}"


def _line_parts(line: Line) -> list[str]:
    nudge, who = line.nudge, line.who
    note = f": {one_line(nudge.reason, MAX_NOTE_LENGTH)}" if nudge.reason else ""
    told = {
        "unclaimed": [line.exception],
        "claimed": [line.exception, f"claimed by {who}"],
        "done": [_result(line), who],
        "skipped": [f"skipped by {who}{note}"],
        "snoozed": [f"snoozed until {line.until} by {who}"],
        "cancelled": [f"no longer needed{note}"],
        "moved": [line.elsewhere or "moved to a later list"],
    }
    return [plain(nudge.account), *filter(None, told[line.state])]


def _result(line: Line) -> str:
    """What a line that is done brought back."""
    nudge = line.nudge
    if line.is_unwritten:
        return _UNWRITTEN
    if nudge.records is None:
        return ""
    if nudge.answer is None:
        return "asked: nothing new"
    label = QUESTIONS[nudge.records].label.lower()
    return f"*{label}:* {one_line(nudge.answer, MAX_ANSWER_LENGTH)}"


def _legend(visible: Sequence[Line]) -> str:
    most = min(MAX_LINES, max(line.number for line in visible))
    numbers = f":{NUMBERS[0]}:" + (f" to :{NUMBERS[most - 1]}:" if most > 1 else "")
    return f"React: {numbers} done · 👀 take what is unclaimed · ✅ all done. Remove to undo."


def _folded(shown: DayList) -> Message:
    """What was done and learned, and where the rest stands now."""
    done = [line for line in shown.lines if line.state == "done"]
    when = day(shown.day, shown.today)
    head = f"*{shown.whose}, {when}: {len(done)} of {len(shown.lines)} done*"
    head = f"✅ {head}" if done else head
    written = [line for line in done if not line.is_unwritten]
    unwritten = [line for line in done if line.is_unwritten]
    rows: list[Block] = [section(head, button(f"Show all {len(shown.lines)}", "list:all", "all"))]
    learned = "\n".join(" · ".join(_line_parts(line)) for line in written)
    rows += [section(learned)] if learned else []
    for line in unwritten[:MAX_UNWRITTEN]:
        write = verb_button("write", line.nudge.id)
        rows.append(section(" · ".join(_line_parts(line)), write))
    still = [line for line in shown.lines if line.is_open and not line.elsewhere]
    rows += [line_row(line) for line in still[:MAX_LINES]]
    rest = _rest_text([line for line in shown.lines if line not in done and line not in still])
    rows += [context(rest)] if rest else []
    return compose(*rows)


def _rest_text(rest: Sequence[Line]) -> str:
    """Where those stand that were not done here: "Moved to Wed 2 Dec: Acme, Initech"."""
    groups: dict[str, dict[str, None]] = {}
    for line in rest:
        where = {
            "moved": line.elsewhere or "Moved",
            "snoozed": f"Snoozed until {line.until}",
            "skipped": "Skipped",
            "cancelled": "No longer needed",
        }.get(line.state, line.elsewhere)
        names = groups.setdefault(where[:1].upper() + where[1:], {})
        names[plain(line.nudge.account)] = None  # each account once
    return " · ".join(
        f"{where}: {limit_names(list(names), MAX_LINES)}" for where, names in groups.items()
    )
