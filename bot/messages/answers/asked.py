"""Answers to what people ask in plain words: the first line says it, the rest shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.messages.accounts.account import TimelineEvent
from bot.messages.digests.portfolio import AccountRow
from bot.messages.kit.blocks import compose, context
from bot.messages.kit.message import Message
from bot.messages.kit.money import sums_text
from bot.messages.kit.text import (
    day,
    join_lines,
    limit_lines,
    limit_names,
    more_line,
    one_line,
    plain,
    short,
)
from bot.messages.touchpoints.nudge import Nudge
from bot.rules.text.money import Money
from bot.rules.text.words import plural

MAX_ROWS = 15
MAX_RISKS = 10
PROMISE = "promise"  # the kind of a promise's nudge
_MAX_NAMED = 25
_MAX_QUOTE_LENGTH = 300


def when_text(since: date | None, until: date | None) -> str:
    """ " from Mon 23 Nov to Sun 21 Feb 2027", to follow what happens then."""
    if since is not None and since == until:
        return f" on {day(since)}"
    first = f" from {day(since)}" if since is not None else ""
    last = f" {'to' if first else 'up to'} {day(until)}" if until is not None else ""
    return f"{first}{last}"


def count_text(count: int, most: int, one: str, many: str | None = None) -> str:
    """ "3 renewals", "500 renewals or more" where no more were looked for."""
    return f"{plural(count, one, many)}{' or more' if count >= most else ''}"


def renewals(
    head: str,
    rows: Sequence[tuple[AccountRow, str]],
    worths: Sequence[Money | None],
    currency: str | None,
    unknown: str,
) -> Message:
    """The renewals of a span, each with more about it; `head` says how many, whose and when,
    `worths` has the amounts of all. `unknown` tells of accounts without a date."""
    missing = sum(worth is None for worth in worths)
    money = sums_text(worths, currency)
    together = f", {money}{' together' if len(worths) > 1 else ''}" if money else ""
    not_known = f" (amount not known of {missing:,})" if missing and money else ""
    shown = [f"• {row.line(about)}" for row, about in rows[:MAX_ROWS]]
    told = join_lines(f"{head}{together}{not_known}:", *shown, more_line(len(worths) - MAX_ROWS))
    return compose(told if rows else f"{head}.", context(unknown) if unknown else "")


def risks(
    whose: str,
    soon: Sequence[AccountRow],
    later: Sequence[AccountRow],
    counts: Sequence[str],
    watched: Sequence[tuple[str, str]],
) -> Message:
    """Who is at risk and why: those that renew within 90 days first."""
    rows = [f"• {row.risk_line()}" for row in (*soon, *later)]
    head = f"*At risk{whose}:* {', '.join(filter(None, counts))}"
    watch = [f"• {short(name)}: {why}" for name, why in watched]
    return compose(
        join_lines(head, *rows) if rows else f"No account{whose} is at risk.",
        join_lines("To watch:", *watch) if watch else "",
        context("At risk: something is known against it."),
    )


def listed(head: str, lines: Sequence[str]) -> Message:
    """Lines with what they are above them."""
    return compose(join_lines(f"*{head}:*", limit_lines(lines, MAX_ROWS)) if lines else head)


def accounts(head: str, stages: Sequence[tuple[str, Sequence[str]]], left_out: int) -> Message:
    """The accounts of somebody, stage by stage."""
    lines = [
        f"*{plain(stage)}* · {len(names):,}: {limit_names([*map(short, names)], _MAX_NAMED)}"
        for stage, names in stages
    ]
    return compose(join_lines(head, *lines, more_line(left_out)))


def renews_line(name: str, renews_on: date | None, today: date, stake: str) -> str:
    """ "*Acme* renews Fri 18 Dec, in 25 days (EUR 9,600 a year)."."""
    if renews_on is None:
        return f"The renewal date of *{plain(name)}* is not known."
    worth = f" ({stake})" if stake else ""
    ahead = (renews_on - today).days
    if ahead < 0:
        ago = plural(-ahead, "day")
        return (
            f"*{plain(name)}* was to renew {day(renews_on)}, {ago} ago{worth}. "
            "No decision is recorded since."
        )
    away = f"in {plural(ahead, 'day')}" if ahead else "today"
    return f"*{plain(name)}* renews {day(renews_on)}, {away}{worth}."


def quotes(events: Sequence[TimelineEvent]) -> str:
    """What was logged, in its own words: "… is our champion" (meeting, Wed 18 Nov, Sam)."""
    return "\n".join(_quote(event) for event in events)


def _quote(event: TimelineEvent) -> str:
    kind, _, said = event.what.partition(": ")
    by = f", {plain(event.by)}" if event.by else ""
    return f'"{one_line(said, _MAX_QUOTE_LENGTH)}" ({kind}, {day(event.on)}{by})'


@dataclass(frozen=True)
class Why:
    """A touchpoint with whose it is, and the stage whose play it is."""

    nudge: Nudge
    whose: str
    stage: str


def why(found: Sequence[Why]) -> Message:
    """Why each of them came."""
    if not found:
        return compose("No message of mine asks you for anything now. `/next` shows what is open.")
    return compose(*(_why(each) for each in found))


def _why(each: Why) -> str:
    nudge = each.nudge
    because = "a promise to them" if nudge.kind == PROMISE else "asked for by what is recorded"
    if each.stage:
        because = f"a play of {plain(each.stage)}"
    return join_lines(
        f"*{short(nudge.account)}* · {short(nudge.title)}: {because}, {nudge.due}, "
        f"for {plain(each.whose)}.",
        nudge.task,
        f'Their decision: "{plain(nudge.decision)}"' if nudge.decision else "",
        plain(nudge.helps),
    )
