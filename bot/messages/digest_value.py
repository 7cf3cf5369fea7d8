"""The part of the weekly digest about value: what was noted, the curves, what has not grown."""

from __future__ import annotations

from bot.messages.digest_facts import Digest, Grown, Value
from bot.messages.digest_lines import day, name
from bot.messages.value import curve_bar, told
from bot.rules.words import plural


def value(facts: Digest) -> str:
    """Empty when nothing was noted and nobody was asked."""
    got = facts.value
    if not got.has_news:
        return ""
    told_ = [f"{got.confirmed:,} confirmed by customers"] if got.confirmed else []
    told_ += [f"{got.claimed:,} claimed by us"] if got.claimed else []
    title = f"*Value* · {', '.join(told_) or 'nothing new'} since {day(facts.since)}"
    rows = [_curve(each) for each in got.curves]
    more = got.accounts - len(got.curves)
    if more > 0:
        rows.append(f"… and {plural(more, 'more account')}: `/value NAME` shows one")
    return "\n".join([title, *rows, *_flat(got)])


def _curve(each: Grown) -> str:
    """«Acme · cycle 1 ▓▓ 2 entries confirmed → cycle 2 ▓▓▓ 3 entries confirmed»."""
    most = max((one.total for one in each.curve), default=0)
    steps = [f"cycle {one.cycle:,} {curve_bar(one, most)} {told(one)}" for one in each.curve]
    return f"• *{name(each.account)}* · " + " → ".join(steps)


def _flat(got: Value) -> list[str]:
    if not got.flat_count:
        return []
    shown = ", ".join(name(account) for account in got.flat)
    more = got.flat_count - len(got.flat)
    rest = f" and {more:,} more" if more > 0 else ""
    return [f"_Two thirds through, and no more confirmed than in the last cycle:_ {shown}{rest}"]
