"""A person's morning as a message: what is theirs, questions to them, what was released, news.

What stands above and below the lines stays as it was posted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block, SectionBlock

from bot.messages.kit.blocks import button, compose, context, section
from bot.messages.kit.message import Message
from bot.messages.kit.text import (
    day,
    join_lines,
    limit_names,
    mention,
    more_line,
    one_line,
    plain,
)
from bot.messages.lists.day_list import DayList, Frame, Line, day_list
from bot.messages.touchpoints.buttons import verb_button, verb_menu
from bot.messages.touchpoints.nudge import Nudge, nudge_menu, row_text
from bot.rules.text.words import plural

Row = Block
Rows = Sequence[Block]

#: So many lines and news stand in the message; Slack takes 50 blocks.
MAX_LINES = 20
MAX_NEWS = 10
MAX_LISTED_NEWS = 15
HEAD = "above:head"
_MAX_TEXT_LENGTH = 300


def person_list(lines: Sequence[Line], questions: Rows, frame: Frame) -> Message:
    """The message as it has to look now."""
    above, below = frame
    shown = lines[:MAX_LINES]
    more = more_line(len(lines) - len(shown), ": `/next mine`")
    rest = [context(more)] if more else []
    return compose(*above, *_rows(shown), *rest, *questions, *below)


def folded(shown: DayList) -> Message:
    """What was done and learned of an earlier morning; a digest stays."""
    kept = [block for block in shown.above if block.block_id != HEAD]
    return compose(*kept).followed_by(day_list(shown)) if kept else day_list(shown)


def set_head(payload: dict[str, Any], first: Rows) -> dict[str, Any]:
    """A message's payload with another first line."""
    new = {row.block_id: row.to_dict() for row in first}
    blocks = [new.get(block.get("block_id"), block) for block in payload.get("blocks", [])]
    return {**payload, "blocks": blocks}


def is_morning(payload: dict[str, Any]) -> bool:
    """Whether a message is somebody's morning, and not one nudge."""
    return any(str(b.get("block_id")).startswith("above:") for b in payload.get("blocks", []))


def head(today: date, touchpoints: int, questions: int, told: int) -> Rows:
    """ "Tue 1 Dec: 3 touchpoints and 1 question for you"; nothing where a digest is all."""
    counts = [
        plural(count, what)
        for count, what in ((touchpoints, "touchpoint"), (questions, "question"))
        if count
    ] or [plural(told, "update")] * bool(told)
    text = f"*{day(today, today)}: {' and '.join(counts)} for you*"
    return [_named(section(text), HEAD)] if counts else []


def released_row(nudge: Nudge, department: str, days: int) -> SectionBlock:
    """A claim that ended without an answer."""
    text = f"Released to {plain(department)}: no update from you in {plural(days, 'day')}"
    row = section(f"{nudge.what}\n{text}", verb_button("claim", nudge.id, "I'll take it"))
    return _named(row, f"below:released:{nudge.id}")


def passed_row(accounts: Sequence[str]) -> Block:
    """The renewals that passed: each stands in a message of its own."""
    names = limit_names([plain(name) for name in accounts], MAX_NEWS)
    row = context(f"{plural(len(accounts), 'renewal')} passed, outcome not recorded: {names}")
    row.block_id = "below:passed"
    return row


def missing_row(accounts: Sequence[str], done: int, today: date) -> SectionBlock:
    """The accounts of the touchpoints that were done this week and have no answer yet."""
    have = "has" if len(accounts) == 1 else "have"
    first = f"*{len(accounts):,} of your {done:,} done this week {have} no answer yet*"
    names = limit_names([plain(name) for name in accounts], MAX_NEWS)
    add = button("Add answers…", "answers:week", today.isoformat())
    return _named(section(f"{first}\n{names}", add), "below:missing")


def news_rows(news: Sequence[tuple[str, dict[str, str] | None]]) -> list[Block]:
    """News: sentences, and what their buttons do (label, action_id, value). What has a button
    stands alone; the rest is one list."""
    alone = [(text, does) for text, does in news if does][:MAX_NEWS]
    rows: list[Block] = [
        _named(section(text, button(**does)), f"below:news:{number}")
        for number, (text, does) in enumerate(alone)
    ]
    listed = [f"• {text}" for text, does in news if (text, does) not in alone]
    more = more_line(len(listed) - MAX_LISTED_NEWS, ": `/linchpin digest`")
    text = join_lines(*listed[:MAX_LISTED_NEWS], more)
    return [*rows, _named(section(text), "below:news")] if text else rows


def digest_rows(digests: Sequence[Message]) -> list[Block]:
    """The digests that head the message."""
    rows = [block for digest in digests for block in digest.blocks]
    for number, block in enumerate(rows):
        block.block_id = f"above:digest:{number}"
    return rows


def question_row(
    question_id: int, account: str, text: str, asked_by: str, answered_by: str | None
) -> SectionBlock:
    """What somebody asks the reader about an account that was handed over."""
    row = f'*{plain(account)}* · {asked_by} asks: "{one_line(text, _MAX_TEXT_LENGTH)}"'
    if answered_by is not None:
        return section(f"{row}\n✅ Answered by {mention(answered_by)}")
    return section(row, button("Answer…", "handoff:answer", str(question_id)))


def _rows(lines: Iterable[Line]) -> list[Block]:
    rows: list[Block] = []
    covered = ""
    for line in lines:
        if line.is_open and line.covered != covered:
            covered = line.covered
            rows += [context(f"You cover for {covered}:")] if covered else []
        rows.append(_row(line))
    return rows


def _row(line: Line) -> Block:
    nudge = line.nudge
    if line.state in ("done", "skipped", "cancelled"):
        return section(row_text(nudge), nudge_menu(nudge))
    if not line.is_open:
        where = f"snoozed until {line.until}" if line.until else line.elsewhere or "moved"
        return section(f"{nudge.what}\n{where[0].upper()}{where[1:]}")
    if line.claimed_on:
        asked = f"{nudge.what}\nYou claimed it on {line.claimed_on}. Still on it?"
        row = section(asked, verb_menu(nudge.id, ("keep", "done", "release")))
    else:
        renewal = f"{nudge.renewal[:1].upper()}{nudge.renewal[1:]}"
        row = section(join_lines(f"{nudge.what} · {nudge.due}", renewal), nudge_menu(nudge))
    return _named(row, f"touchpoint-{nudge.id}")


def _named(row: SectionBlock, block_id: str) -> SectionBlock:
    row.block_id = block_id
    return row
