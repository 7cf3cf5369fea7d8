"""What `/linchpin plays` answers: counts, with the rows behind them one click away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk.models.blocks import Block, InteractiveElement

from bot.messages.kit.message import Message
from bot.messages.kit.parts import (
    actions,
    button,
    context,
    on,
    person,
    section,
    short,
    spoken_list,
    text_message,
)
from bot.rules.results import FEW, LAST, Ended, PlayResult, Share, StageResult
from bot.rules.text.words import plural

A_PAGE = 8
ROWS_A_PAGE = 20
MOST_REASONS = 3
_SHOW = "/linchpin plays show"

ABOUT = (
    f"The last 365 days. These are counts, not causes; fewer than {FEW} are marked as few, and say "
    "little. «Well»: the stage's decision was recorded as good, or the account went forward."
)


@dataclass(frozen=True)
class PlayLine:
    result: PlayResult
    stage: str
    owner: str


@dataclass(frozen=True)
class StageLine:
    """A stage in this quarter and in the last; None where nobody left it."""

    key: str
    name: str
    now: StageResult | None
    before: StageResult | None


@dataclass(frozen=True)
class Left:
    """An account that left a stage after so many days, and where it went."""

    account: str
    to: str
    at: datetime
    days: int
    forward: bool
    this_quarter: bool


@dataclass(frozen=True)
class Results:
    plays: Sequence[PlayLine]
    stages: Sequence[StageLine]


def page(results: Results, query: str, number: int) -> Message:
    """One page, from 1; `query` are the words after `/linchpin plays` that ask for the same."""
    if not results.plays and not results.stages:
        text = (
            "No play has been done or skipped here in the last 365 days, so there is nothing to "
            "count yet. `/linchpin plays` shows all departments and stages."
        )
        return text_message(text)
    pages = max(1, -(-len(results.plays) // A_PAGE))
    number = min(max(number, 1), pages)
    shown = results.plays[(number - 1) * A_PAGE : number * A_PAGE]
    head = f"*Results of the process*{f': {short(query)}' if query else ''}"
    blocks: list[Block] = [section(head), context(ABOUT)]
    stages = [_stage(line) for line in results.stages] if number == 1 else []
    if stages:
        blocks.append(section("*Stages*, this quarter against the last"))
        for line, text in zip(results.stages, stages, strict=True):
            shows = button("Show these", f"command:stage:{line.key}", f"{_SHOW} {line.key}")
            blocks.append(section(text, shows))
    rows = [_play(line) for line in shown]
    for at, (play, text) in enumerate(zip(shown, rows, strict=True)):
        blocks.append(section(text, _show(play.result, at)))
    blocks += _turn(query, number, pages)
    rest = f"Page {number} of {pages}: `/linchpin plays{f' {query}' if query else ''} {number}`."
    text = spoken_list(f"{head}\n{ABOUT}", [*stages, *rows], rest if pages > 1 else "")
    return Message(text, tuple(blocks))


def rows(ended: Sequence[Ended], title: str, stage: str, place: str, number: int) -> Message:
    """The touchpoints behind a play's numbers, the newest first."""
    newest = sorted(ended, key=lambda one: (one.at, one.id), reverse=True)
    head = f"*{short(title)}* · {short(stage)} · {plural(len(newest), 'touchpoint')}"
    none = "Nothing was done or skipped in the last 365 days."
    return _listed(head, [_row(one) for one in newest], none, place, number)


def leavers(left: Sequence[Left], stage: str, key: str, number: int) -> Message:
    """The accounts behind a stage's numbers, the last to leave it first."""
    newest = sorted(left, key=lambda one: (one.at, one.account), reverse=True)
    head = f"*{short(stage)}* · {plural(len(newest), 'account')} left it, this quarter and the last"
    none = "No account has left it in this quarter or the last."
    return _listed(head, [_left(one) for one in newest], none, key, number)


def _listed(head: str, rows: Sequence[str], none: str, place: str, number: int) -> Message:
    pages = max(1, -(-len(rows) // ROWS_A_PAGE))
    number = min(max(number, 1), pages)
    told = list(rows[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE]) or [none]
    half = len(told) // 2 + 1
    blocks: list[Block] = [section(head)]
    blocks += [section("\n".join(some)) for some in (told[:half], told[half:]) if some]
    blocks += _turn(f"show {place}", number, pages, back=True)
    rest = f"Page {number} of {pages}." if pages > 1 else ""
    return Message(spoken_list(head, told, rest), tuple(blocks))


def retirement(result: PlayResult, stage: str) -> str:
    """The proposal to an admin; they decide, in the playbook's file."""
    why = f" The reasons given: {_reasons(result)}." if result.reasons else ""
    return (
        f"*{short(result.title)}* ({short(stage)}) was skipped in {result.skipped_of_last} of its "
        f"last {LAST}.{why} Does the playbook need it? Take it out, or say it otherwise: "
        f"`/linchpin plays {result.place[0]}` shows the numbers. I do not bring this up again."
    )


def _play(line: PlayLine) -> str:
    result = line.result
    counts = [f"{result.done:,} done"]
    if result.snoozed:
        counts.append(f"{result.snoozed:,} snoozed")
    if result.skipped:
        why = f" ({_reasons(result)})" if result.reasons else ""
        counts.append(f"{result.skipped:,} skipped{why}")
    wait = f" · median {_span(result.wait)} to act" if result.wait is not None else ""
    after = [
        f"after it was {word}, the decision came out well in {_share(share)}"
        for word, share in (("done", result.after_done), ("skipped", result.after_skipped))
        if share.known
    ]
    told = "; ".join(after).capitalize() if after else "No decision has come after it yet"
    retire = (
        f"\n:wastebasket: Skipped in {result.skipped_of_last} of the last {LAST}: is it needed?"
        if result.retire
        else ""
    )
    return (
        f"*{short(result.title)}* · {short(line.stage)} · {short(line.owner)}\n"
        f"{', '.join(counts)}{wait}\n{told}.{retire}"
    )


def _stage(line: StageLine) -> str:
    return f"• {short(line.name)}: {_quarter(line.now)}; last quarter {_quarter(line.before)}"


def _quarter(result: StageResult | None) -> str:
    if result is None:
        return "nobody left it"
    days = f", median {plural(result.days, 'day')}" if result.days is not None else ""
    return f"{_share(result.went_on)} went forward{days}"


def _share(share: Share) -> str:
    """«8 of 12 (67%)»; few are no percentage."""
    if share.is_few:
        return f"{share.well:,} of {share.known:,} (few)"
    return f"{share.well:,} of {share.known:,} ({share.well / share.known:.0%})"


def _reasons(result: PlayResult) -> str:
    told = [f"{short(words, 60)} {count:,}" for words, count in result.reasons[:MOST_REASONS]]
    more = len(result.reasons) - MOST_REASONS
    return ", ".join(told) + (f" and {plural(more, 'other')}" if more > 0 else "")


def _span(wait: timedelta) -> str:
    hours = wait / timedelta(hours=1)
    if hours < 1:
        return "less than an hour"
    if hours < 48:
        return plural(round(hours), "hour")
    return plural(round(hours / 24), "day")


def _row(one: Ended) -> str:
    who = f" by {person(one.by)}" if one.by else ""
    what = "done" if one.done else f"skipped{f': {short(one.reason, 60)}' if one.reason else ''}"
    went = {True: " · came out well", False: " · did not come out well", None: ""}[one.went]
    return f"• *{short(one.account, 60)}* {what}, {on(one.at)}{who}{went}"


def _left(one: Left) -> str:
    which = "" if one.this_quarter else ", last quarter"
    way = "went forward" if one.forward else "went"
    days = plural(one.days, "day")
    return (
        f"• *{short(one.account, 60)}* {way} to {short(one.to)} after {days}, {on(one.at)}{which}"
    )


def _show(result: PlayResult, at: int) -> InteractiveElement:
    line = f"{_SHOW} {'/'.join(result.place)}"
    return button("Show these", f"command:show:{at}", line)


def _turn(query: str, number: int, pages: int, *, back: bool = False) -> list[Block]:
    line = f"/linchpin plays {query}".rstrip()
    turns = []
    if back:
        turns.append(button("All plays", "command:plays", "/linchpin plays"))
    if number > 1:
        turns.append(button("Before", "command:before", f"{line} {number - 1}"))
    if number < pages:
        turns.append(button("More", "command:more", f"{line} {number + 1}"))
    return [actions(*turns)] if turns else []
