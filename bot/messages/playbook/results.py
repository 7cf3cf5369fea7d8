"""What `/linchpin plays` answers: counts, with the rows behind them one click away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from slack_sdk.models.blocks import Block

from bot.messages.kit.blocks import actions, button, context, page_buttons, section, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import mention, on, short, unstyled_list
from bot.rules.results import (
    MIN_FOR_PERCENTAGE,
    RECENT_COUNT,
    Ended,
    PlayResult,
    Share,
    StageResult,
    StageStay,
)
from bot.rules.text.words import plural

PAGE_SIZE = 8
ROWS_PAGE_SIZE = 20
MAX_REASONS = 3
_Row = TypeVar("_Row")
_SHOW_COMMAND = "/linchpin plays show"

EXPLANATION = (
    f"The last 365 days. These are counts, not causes. Fewer than {MIN_FOR_PERCENTAGE} are "
    'marked as few. "Well": the customer\'s next decision in the same term was '
    "recorded as good."
)


@dataclass(frozen=True)
class StageLine:
    """A stage in this quarter and in the last; None where nobody left it."""

    key: str
    name: str
    now: StageResult | None
    before: StageResult | None


def page(
    found: Sequence[tuple[PlayResult, str, str]],
    stages: Sequence[StageLine],
    query: str,
    number: int,
) -> Message:
    """One page, from 1, of stages and of (play, its stage's name, its owner's); `query` are the
    words after `/linchpin plays` that ask for the same."""
    if not found and not stages:
        return text_message(
            "No play has been done or skipped here in the last 365 days, so there is nothing to "
            "count yet. `/linchpin plays` shows all departments and stages."
        )
    plays, number, pages = _page(found, number, PAGE_SIZE)
    head = f"*Results of the process*{f': {short(query)}' if query else ''}"
    blocks: list[Block] = [section(head), context(EXPLANATION)]
    lines: list[str] = []
    if stages and number == 1:
        blocks.append(section("*Stages*, this quarter against the last"))
        for stage in stages:
            line = f"• {short(stage.name)}: {_quarter(stage.now)}; last quarter "
            lines.append(line + _quarter(stage.before))
            command = f"{_SHOW_COMMAND} {stage.key}"
            shows = button("Show these", f"command:stage:{stage.key}", command)
            blocks.append(section(lines[-1], shows))
    for place, (result, name, owner) in enumerate(plays):
        lines.append(_play(result, name, owner))
        command = f"{_SHOW_COMMAND} {'/'.join(result.place)}"
        blocks.append(section(lines[-1], button("Show these", f"command:show:{place}", command)))
    blocks += _page_buttons(query, number, pages)
    rest = f"Page {number} of {pages}: `/linchpin plays{f' {query}' if query else ''} {number}`."
    text = unstyled_list(f"{head}\n{EXPLANATION}", lines, rest if pages > 1 else "")
    return Message(text, tuple(blocks))


def rows(ended: Sequence[Ended], title: str, stage: str, place: str, number: int) -> Message:
    """The touchpoints behind a play's numbers, the newest first."""
    newest = sorted(ended, key=lambda one: (one.at, one.id), reverse=True)
    head = f"*{short(title)}* · {short(stage)} · {plural(len(newest), 'touchpoint')}"
    none = "Nothing was done or skipped in the last 365 days."
    return _list_message(head, [_touchpoint_line(one) for one in newest], none, place, number)


def leavers(
    left: Sequence[StageStay], begun: datetime, stage: str, key: str, number: int
) -> Message:
    """The accounts that left a stage, the last first; `begun` is when this quarter began."""
    newest = sorted(left, key=lambda one: (one.left_at, one.account), reverse=True)
    head = f"*{short(stage)}* · {plural(len(newest), 'account')} left it, this quarter and the last"
    none = "No account has left it in this quarter or the last."
    return _list_message(head, [_leaver_line(one, begun) for one in newest], none, key, number)


def _list_message(head: str, rows: Sequence[str], none: str, place: str, number: int) -> Message:
    some, number, pages = _page(rows, number, ROWS_PAGE_SIZE)
    lines = some or [none]
    half = len(lines) // 2 + 1
    parts = ("\n".join(part) for part in (lines[:half], lines[half:]) if part)
    buttons = _page_buttons(f"show {place}", number, pages, back=True)
    rest = f"Page {number} of {pages}." if pages > 1 else ""
    return Message(
        unstyled_list(head, lines, rest), (section(head), *map(section, parts), *buttons)
    )


def _page(rows: Sequence[_Row], number: int, size: int) -> tuple[list[_Row], int, int]:
    pages = max(1, -(-len(rows) // size))
    number = min(max(number, 1), pages)
    return list(rows[(number - 1) * size : number * size]), number, pages


def retirement(result: PlayResult, stage: str) -> str:
    """The proposal to an admin; they decide, in the playbook's file."""
    why = f" The reasons given: {_reasons(result)}." if result.reasons else ""
    return (
        f"*{short(result.title)}* ({short(stage)}) was skipped in {result.skipped_of_last} of its "
        f"last {RECENT_COUNT}.{why} Does the playbook need it? `/linchpin plays {result.place[0]}` "
        "shows the numbers. You are not asked about it again."
    )


def _play(result: PlayResult, stage: str, owner: str) -> str:
    counts = [f"{result.done:,} done"]
    if result.snoozed:
        counts.append(f"{result.snoozed:,} snoozed")
    if result.skipped:
        why = f" ({_reasons(result)})" if result.reasons else ""
        counts.append(f"{result.skipped:,} skipped{why}")
    wait = f" · median {_wait_text(result.wait)} to act" if result.wait is not None else ""
    after = [
        f"after it was {word}, the decision came out well in {_share(share)}"
        for word, share in (("done", result.after_done), ("skipped", result.after_skipped))
        if share.known
    ]
    outcome = "; ".join(after).capitalize() if after else "No decision has come after it yet"
    text = (
        f"*{short(result.title)}* · {short(stage)} · {short(owner)}\n"
        f"{', '.join(counts)}{wait}\n{outcome}."
    )
    if not result.retire:
        return text
    skipped = f"{result.skipped_of_last} of the last {RECENT_COUNT}"
    return f"{text}\n:wastebasket: Skipped in {skipped}: is it needed?"


def _quarter(result: StageResult | None) -> str:
    if result is None:
        return "nobody left it"
    days = f", median {plural(result.days, 'day')}" if result.days is not None else ""
    return f"{_share(result.went_on)} went forward{days}"


def _share(share: Share) -> str:
    """ "8 of 12 (67%)"; few are no percentage."""
    note = "few" if share.is_few else f"{share.well / share.known:.0%}"
    return f"{share.well:,} of {share.known:,} ({note})"


def _reasons(result: PlayResult) -> str:
    told = [f"{short(words, 60)} {count:,}" for words, count in result.reasons[:MAX_REASONS]]
    more = len(result.reasons) - MAX_REASONS
    return ", ".join(told) + (f" and {plural(more, 'other')}" if more > 0 else "")


def _wait_text(wait: timedelta) -> str:
    hours = wait / timedelta(hours=1)
    if hours < 1:
        return "less than an hour"
    if hours < 48:
        return plural(round(hours), "hour")
    return plural(round(hours / 24), "day")


def _touchpoint_line(one: Ended) -> str:
    who = f" by {mention(one.by)}" if one.by else ""
    what = "done" if one.done else f"skipped{f': {short(one.reason, 60)}' if one.reason else ''}"
    went = {True: " · came out well", False: " · did not come out well", None: ""}[one.went]
    return f"• *{short(one.account, 60)}* {what}, {on(one.at)}{who}{went}"


def _leaver_line(one: StageStay, begun: datetime) -> str:
    quarter = "" if one.left_at >= begun else ", last quarter"
    way = f"{'went forward' if one.forward else 'went'} to {short(one.to)}"
    days = plural(round(one.days), "day")
    return f"• *{short(one.account, 60)}* {way} after {days}, {on(one.left_at)}{quarter}"


def _page_buttons(query: str, number: int, pages: int, *, back: bool = False) -> list[Block]:
    line = f"/linchpin plays {query}".rstrip()
    turns = [button("All plays", "command:plays", "/linchpin plays")] if back else []
    turns += page_buttons(number, pages, line, newer="Before", older="More")
    return [actions(*turns)] if turns else []
