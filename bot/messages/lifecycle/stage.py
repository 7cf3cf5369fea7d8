"""Moves and the board: what `/stage` answers and what a channel hears of a move."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from bot.messages.kit.blocks import (
    MAX_SECTION_LENGTH,
    actions,
    button,
    compose,
    context,
    section,
    text_message,
)
from bot.messages.kit.message import Message
from bot.messages.kit.text import (
    bullet_list,
    join_lines,
    more_line,
    one_line,
    plain,
    quoted,
    share_out,
    short,
    unstyled,
)
from bot.rules.text.words import plural

MAX_UPCOMING = 5
# A reason is cut here in messages; the whole of it stays in the history.
MAX_REASON_LENGTH = 1500


@dataclass(frozen=True)
class MoveCard:
    """A move: from where to where, why, and what it set going."""

    account: str
    before: str
    now_in: str
    decision: str
    reason: str | None
    cancelled: int
    upcoming: Sequence[str]


@dataclass(frozen=True)
class BoardStage:
    """One stage of the board; `longest` are (account, how long in it, pace)."""

    key: str
    name: str
    decision: str
    count: int
    expected_days: int | None
    longest: tuple[tuple[str, str, str], ...]


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
    way = f"{plain(card.before)} → *{plain(card.now_in)}*"
    head = f"*{plain(card.account)}*: {way}{_reason_text(card)}"
    cancelled: list[Block] = []
    if card.cancelled:
        what = f"{plural(card.cancelled, 'touchpoint')} of {plain(card.before)}"
        are = "is" if card.cancelled == 1 else "are"
        cancelled.append(context(f"{what} {are} no longer needed."))
    return compose(join_lines(head, _decision(card)), next_steps(card), *cancelled)


def announcement(card: MoveCard, by: str) -> Message:
    """What a channel hears of a move; `by` is a name."""
    who = f" by {by}" if by else ""
    head = (
        f"*{plain(card.account)}* moved from {plain(card.before)} to "
        f"*{plain(card.now_in)}*{who}{_reason_text(card)}"
    )
    first = card.upcoming[:1]
    following = f"Next: {first[0]}" if first else ""
    more = join_lines(_decision(card), following)
    return compose(head, context(more) if more else "")


def undo_announcement(account: str, left: str, now_in: str, by: str) -> Message:
    """What a channel hears when the decision that moved an account was recorded by mistake."""
    who = by or "Somebody"
    return text_message(
        f"{who} undid the move of *{plain(account)}* to {plain(left)}. It is in "
        f"*{plain(now_in)}* again."
    )


def board(board: Board) -> Message:
    """Every stage with its accounts: what `/stage` alone answers."""
    if board.total == 0:
        return text_message(
            "No accounts yet. `/account add Acme Corporation` adds the first; "
            "To import a list, drop its CSV file into our direct messages."
        )
    head = f"*{plural(board.total, 'account')}*, stage by stage"
    rows = [_stage_line(stage) for stage in board.stages]
    if board.elsewhere:
        what = plural(board.elsewhere, "account")
        rows.append(f"{what} in stages that the playbook no longer has")
    hint = f"`/stage {board.stages[0].key}` lists one stage, `/stage acme` shows one account."
    # Slack takes 50 blocks: stages of a very long playbook share them.
    sections = map(section, (head, *share_out(rows, 40)))
    move = actions(button("Move an account…", "form:move", "any"))
    return Message(unstyled("\n".join([head, *rows])), (*sections, context(hint), move))


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
    return compose(head, "\n".join(rows))


def _stage_line(stage: BoardStage) -> str:
    line = f"*{plain(stage.name)}* · {stage.count:,}"
    if stage.longest:
        names = ", ".join(_account_text(*account) for account in stage.longest)
        more = more_line(stage.count - len(stage.longest))
        line += f"\n{names}" + (f" {more}" if more else "")
    return line


def _account_text(name: str, since: str, pace: str) -> str:
    late = f", {pace}" if pace else ""
    return f"{short(name)} ({since}{late})"


def _reason_text(card: MoveCard) -> str:
    return f", because {one_line(card.reason, MAX_REASON_LENGTH)}" if card.reason else ""


def _decision(card: MoveCard) -> str:
    return f'They now decide: "{plain(card.decision)}"' if card.decision else ""


def next_steps(card: MoveCard) -> str:
    """What a move set going."""
    if not card.upcoming:
        return "Nothing is planned for this stage."
    rows = card.upcoming
    hint = f": `/next {quoted(card.account)}`"
    return "*Next*\n" + bullet_list(rows, MAX_UPCOMING, hint)
