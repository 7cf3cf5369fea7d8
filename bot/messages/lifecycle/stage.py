"""Moves and the board: what `/stage` answers and what a channel hears of a move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.messages.kit.message import Message
from bot.messages.kit.parts import (
    MAX_SECTION_LENGTH,
    actions,
    button,
    context,
    limit_lines,
    mention,
    on,
    plain,
    quoted,
    section,
    short,
    text_message,
    unstyled,
    when,
)
from bot.rules.text.words import plural

MAX_UPCOMING = 5
# A reason is cut here in messages; the whole of it stays in the history.
MAX_REASON_LENGTH = 1500


@dataclass(frozen=True)
class UpcomingTouchpoint:
    """A touchpoint that is planned or open; `owner` is shown as it is."""

    title: str
    owner: str
    due_at: datetime
    state: str = "planned"
    held: str | None = None  # until when and why

    def line(self) -> str:
        at = "now" if self.state in ("nudged", "claimed") else self.held or on(self.due_at)
        return f"• {plain(self.title)}: {self.owner}, {at}"


@dataclass(frozen=True)
class MoveCard:
    """A move: from where to where, why, and what it set going."""

    account: str
    before: str
    now_in: str
    decision: str
    reason: str | None
    cancelled: int
    upcoming: tuple[UpcomingTouchpoint, ...]


@dataclass(frozen=True)
class BoardStage:
    """One stage of the board; `longest` are (account, days in stage, pace)."""

    key: str
    name: str
    decision: str
    count: int
    expected_days: int | None
    longest: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True)
class Board:
    """Every stage; `elsewhere` counts accounts in stages that the playbook no longer has."""

    stages: tuple[BoardStage, ...]
    elsewhere: int

    @property
    def total(self) -> int:
        return sum(stage.count for stage in self.stages) + self.elsewhere


def moved(card: MoveCard) -> Message:
    """The private answer to whoever moved an account."""
    head = (
        f"*{plain(card.account)}*: {plain(card.before)} → "
        f"*{plain(card.now_in)}*{_reason_text(card)}"
    )
    story = "\n".join(filter(None, (head, _decision(card))))
    blocks: list[Block] = [section(story), section(next_steps(card))]
    dropped = ""
    if card.cancelled:
        what = plural(card.cancelled, "touchpoint")
        dropped = f"{what} of {plain(card.before)} {_is_or_are(card.cancelled)} no longer needed."
        blocks.append(context(dropped))
    return Message(
        unstyled("\n".join(filter(None, (story, next_steps(card), dropped)))), tuple(blocks)
    )


def announcement(card: MoveCard, by: str | None) -> Message:
    """What a channel hears of a move."""
    who = f" by {mention(by)}" if by else ""
    head = (
        f"*{plain(card.account)}* moved from {plain(card.before)} to "
        f"*{plain(card.now_in)}*{who}{_reason_text(card)}"
    )
    first = card.upcoming[:1]
    following = f"Next: {first[0].line().removeprefix('• ')}." if first else ""
    more = " ".join(filter(None, (_decision(card), following)))
    blocks: list[Block] = [section(head)]
    if more:
        blocks.append(context(more))
    return Message(unstyled(" ".join(filter(None, (f"{head}.", more)))), tuple(blocks))


def undo_announcement(account: str, left: str, now_in: str, by: str | None) -> Message:
    """What a channel hears when the decision that moved an account was recorded by mistake."""
    who = mention(by) if by else "Somebody"
    text = (
        f"{who} took the move of *{plain(account)}* to {plain(left)} back: it is in "
        f"*{plain(now_in)}* as before."
    )
    return text_message(text)


def conflict_message(
    account: str, now_in: str, by: str | None, at: datetime, again: tuple[str, str] | None
) -> Message:
    """Tells whoever came second; `again` is (stage, command) for the case they still want it."""
    who = mention(by) if by else "Somebody else"
    text = (
        f"{who} moved *{plain(account)}* to *{plain(now_in)}* meanwhile, {when(at)}. "
        "Nothing of yours was changed."
    )
    blocks: list[Block] = [section(text)]
    if again is not None:
        wanted, command = again
        blocks.append(actions(button(f"Still move it to {wanted}", "command:again", command)))
    return Message(unstyled(text), tuple(blocks))


def board(found: Board) -> Message:
    """Every stage with its accounts: what `/stage` alone answers."""
    if found.total == 0:
        text = (
            "No accounts yet. `/account add Acme Corporation` adds the first; "
            "`python -m bot import FILE.csv` on the server brings in a whole list."
        )
        return text_message(text)
    head = f"*{plural(found.total, 'account')}*, stage by stage"
    rows = [_stage_line(stage) for stage in found.stages]
    if found.elsewhere:
        what = plural(found.elsewhere, "account")
        rows.append(f"{what} in stages that the playbook no longer has")
    hint = f"`/stage {found.stages[0].key}` lists one stage, `/stage acme` shows one account."
    # Slack takes 50 blocks: stages of a very long playbook share them.
    shared = -(-len(rows) // 40)
    groups = ["\n".join(rows[at : at + shared]) for at in range(0, len(rows), shared)]
    blocks = [section(head), *(section(group) for group in groups), context(hint)]
    blocks.append(actions(button("Move an account…", "form:move", "any")))
    return Message(unstyled(f"{head}\n" + "\n".join(rows)), tuple(blocks))


def stage_message(stage: BoardStage) -> Message:
    """One stage with its accounts, longest in it first: what `/stage renewal` answers."""
    asks = f'\nThey decide: "{plain(stage.decision)}"' if stage.decision else ""
    head = f"*{plain(stage.name)}* · {plural(stage.count, 'account')}{asks}"
    rows: list[str] = []
    for account in stage.longest:
        row = f"• {_account_text(*account)}"
        if sum(map(len, rows)) + len(rows) + len(row) > MAX_SECTION_LENGTH - 100:
            break
        rows.append(row)
    if stage.count > len(rows):
        rows.append(f"… and {stage.count - len(rows):,} more: `/stage acme` shows one.")
    blocks = [section(head), *([section("\n".join(rows))] if rows else [])]
    return Message(unstyled("\n".join([head, *rows])), tuple(blocks))


def _stage_line(stage: BoardStage) -> str:
    line = f"*{plain(stage.name)}* · {stage.count:,}"
    if stage.longest:
        named = ", ".join(_account_text(*account) for account in stage.longest)
        more = stage.count - len(stage.longest)
        line += f"\n{named}" + (f" … and {more:,} more" if more > 0 else "")
    return line


def _account_text(name: str, days: int, pace: str) -> str:
    late = f", {pace}" if pace else ""
    return f"{short(name)} ({plural(days, 'day') if days else 'new'}{late})"


def _is_or_are(count: int) -> str:
    return "is" if count == 1 else "are"


def _reason_text(card: MoveCard) -> str:
    return (
        f", because {short(' '.join(card.reason.split()), MAX_REASON_LENGTH)}"
        if card.reason
        else ""
    )


def _decision(card: MoveCard) -> str:
    return f'They now decide: "{plain(card.decision)}"' if card.decision else ""


def next_steps(card: MoveCard) -> str:
    """What a move set going."""
    if not card.upcoming:
        return "Nothing is planned for this stage."
    rows = [row.line() for row in card.upcoming]
    name = quoted(card.account).replace("{", "{{").replace("}", "}}")
    rest = f"… and {{n}} more: `/next {name}`"
    return "What happens next:\n" + limit_lines(rows, MAX_UPCOMING, rest)
