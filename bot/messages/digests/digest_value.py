"""The parts of the weekly digest about value, about decisions, and about promises."""

from __future__ import annotations

from bot.messages.accounts.value import curve_bar, measured_text
from bot.messages.digests.facts import AccountCurve, DecisionNews, Digest
from bot.messages.digests.lines import short_day, short_name
from bot.messages.kit.text import join_lines, more_line
from bot.messages.promises.promise import Line
from bot.rules.text.words import plural

MOST_PROMISES = 6


def value(facts: Digest) -> str:
    """What was noted, and the curves; empty when there is nothing of it."""
    got = facts.value
    if not got.has_news:
        return ""
    counts = [f"{got.confirmed:,} confirmed by customers"] if got.confirmed else []
    counts += [f"{got.claimed:,} claimed by us"] if got.claimed else []
    title = f"*Value* · {', '.join(counts)} since {short_day(facts.since)}"
    rows = [_curve(account) for account in got.curves]
    more = got.accounts - len(got.curves)
    if more > 0:
        rows.append(f"… and {plural(more, 'more account')}: `/value NAME` shows one")
    return join_lines(title, *rows)


def _curve(each: AccountCurve) -> str:
    """ "Acme · term 1 ▓▓ 2 entries confirmed → term 2 ▓▓▓ 3 entries confirmed"."""
    most = max((one.total for one in each.curve), default=0)
    steps = [f"term {one.term:,} {curve_bar(one, most)} {measured_text(one)}" for one in each.curve]
    return f"• *{short_name(each.account)}* · " + " → ".join(steps)


def decisions(facts: Digest) -> str:
    """What customers decided, newest first; empty when nobody did."""
    if not facts.decisions:
        return ""
    title = f"*Decided by customers* · {facts.decisions_count:,} since {short_day(facts.since)}"
    rows = [decided(row) for row in facts.decisions]
    hint = ": `/decision NAME` shows one account's"
    return join_lines(title, *rows, more_line(facts.decisions_count - len(rows), hint))


def decided(row: DecisionNews) -> str:
    by = f" · {short_name(row.by)}" if row.by else ""
    return f"• *{short_name(row.account)}*: {row.what}{by}"


def promises(facts: Digest) -> str:
    """What is overdue, then what has to be kept next; empty when there is none."""
    if not facts.promises:
        return ""
    late = sum(line.standing == "overdue" for line in facts.promises)
    soon = len(facts.promises) - late
    told = [f"{late:,} overdue"] if late else []
    told += [f"{soon:,} to keep within two weeks"] if soon else []
    rows = [promise(line) for line in facts.promises[:MOST_PROMISES]]
    more = more_line(len(facts.promises) - len(rows), ": `/promise NAME` lists an account's")
    return join_lines(f"*Promises* · {', '.join(told)}", *rows, more)


def promise(line: Line) -> str:
    return f"• *{short_name(line.account)}*: {line.told()}"
