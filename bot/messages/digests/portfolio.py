"""The accounts of a digest: at risk, at risk later, not known enough, and what is at stake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.messages.kit.text import cut_markup, day, join_lines, more_line, short
from bot.messages.reasons.watch import NOTHING_TO_WATCH, RiskyAccount, WatchView
from bot.rules.text.money import Money, format_money
from bot.rules.text.words import plural

_MAX_NAME_LENGTH = 40
_MAX_REASON_LENGTH = 60


@dataclass(frozen=True)
class RenewingAccount:
    """An account that renews within 90 days, and what renews then."""

    id: int
    account: str
    on: date
    worth: Money | None


@dataclass(frozen=True)
class NotKnown:
    """An account of which not enough is known; `missing` names what."""

    account: str
    missing: Sequence[str]

    def line(self, most: int | None = None) -> str:
        """ "O'Hara Provisions (confirmed value, decision maker and 1 more)"."""
        shown = ", ".join(self.missing[:most])
        more = len(self.missing[most:]) if most is not None else 0
        rest = f" and {more:,} more" if more else ""
        return f"{short(self.account, _MAX_NAME_LENGTH)} ({shown}{rest})"


@dataclass(frozen=True)
class Portfolio:
    """What is known against accounts, what is not known of them, and which renew within 90 days;
    `no_date` is how many have no renewal date."""

    watch: WatchView = NOTHING_TO_WATCH
    renewing: Sequence[RenewingAccount] = ()
    at_risk: frozenset[int] = frozenset()  # the ids of those at risk among the renewing
    not_known: Sequence[NotKnown] = field(default_factory=tuple)
    no_date: int = 0

    def __bool__(self) -> bool:
        return bool(self.watch.later_count or self.renewing or self.no_date)

    @property
    def others(self) -> list[RenewingAccount]:
        """Those that renew within 90 days and are not at risk."""
        return [each for each in self.renewing if each.id not in self.at_risk]


def risk_text(portfolio: Portfolio, today: date, most: int) -> str:
    """ "*At risk: 2 of 7 renewals* within 90 days, EUR 42,000 of EUR 93,600 a year", then which;
    at most so many of each."""
    watch = portfolio.watch
    count = f"{watch.at_risk_count:,}" if watch.at_risk_count else "none"
    of = plural(len(portfolio.renewing), "renewal")
    head = f"*At risk: {count} of {of}* within 90 days{_stakes(portfolio)}"
    rows = [f"• {_risk(row, today)}" for row in watch.at_risk[:most]]
    return join_lines(
        head if portfolio.renewing else "*No renewal within 90 days*",
        *rows,
        more_line(watch.at_risk_count - len(rows)),
        _later(watch, today, most),
        f"*Renewal date not known:* {plural(portfolio.no_date, 'account')}"
        if portfolio.no_date
        else "",
    )


def not_known_text(portfolio: Portfolio, most: int) -> str:
    """ "*Not known enough: 3 of 7*", then which and what is missing; empty for none."""
    if not portfolio.not_known:
        return ""
    rows = [row.line(min(most, 2)) for row in portfolio.not_known[:most]]
    more = len(portfolio.not_known) - len(rows)
    rows += [f"{more:,} more"] if more else []
    of = f"{len(portfolio.not_known):,} of {len(portfolio.renewing):,}"
    return f"*Not known enough: {of}*\n{' · '.join(rows)}"


def portfolio_counts(portfolio: Portfolio) -> dict[str, int]:
    """The numbers whose rows a menu opens."""
    return {
        "renewals": len(portfolio.renewing),
        "risk": portfolio.watch.at_risk_count,
        "risk later": portfolio.watch.later_count,
        "unknown": len(portfolio.not_known),
        "no date": portfolio.no_date,
    }


def renewal_text(row: RenewingAccount, today: date) -> str:
    """ "*Granite Peak* · Fri 15 Jan 2027 · EUR 18,000"."""
    parts = [f"*{short(row.account, _MAX_NAME_LENGTH)}*", day(row.on, today), _amount(row.worth)]
    return " · ".join(filter(None, parts))


def sums(amounts: Sequence[Money | None]) -> dict[str, int]:
    """Currency -> hundredths; two currencies are never added up."""
    added: dict[str, int] = {}
    for money in amounts:
        if money is not None:
            code = money.currency or ""
            added[code] = added.get(code, 0) + money.hundredths
    return added


def _later(watch: WatchView, today: date, most: int) -> str:
    if not watch.later_count:
        return ""
    head = f"*At risk later: {watch.later_count:,}*"
    rows = [_risk(row, today, bold=False) for row in watch.later[: most // 2]]
    more = more_line(watch.later_count - len(rows))
    return " · ".join(filter(None, [head, *rows, more.removeprefix("… and ")]))


def _risk(row: RiskyAccount, today: date, *, bold: bool = True) -> str:
    """ "*Old Quay Shipping* · Fri 15 Jan 2027 · EUR 18,000 · complaint open · Sam Carter"."""
    name = short(row.account, _MAX_NAME_LENGTH)
    parts = [
        f"*{name}*" if bold else name,
        day(row.renews_on, today) if row.renews_on else "",
        _amount(row.worth),
        _reasons(row.reasons),
        short(row.manager, _MAX_NAME_LENGTH) if row.manager else "",
    ]
    return " · ".join(filter(None, parts))


def _reasons(reasons: Sequence[str]) -> str:
    first = cut_markup(reasons[0].partition(" (")[0], _MAX_REASON_LENGTH)
    more = f" and {len(reasons) - 1:,} more" if len(reasons) > 1 else ""
    return first[:1].lower() + first[1:] + more


def _amount(worth: Money | None) -> str:
    return format_money(worth.hundredths, worth.currency or "").strip() if worth else ""


def _stakes(portfolio: Portfolio) -> str:
    """ ", EUR 42,000 of EUR 93,600 a year": what is at risk of what renews, by currency."""
    total = sums([row.worth for row in portfolio.renewing])
    risky = sums([row.worth for row in portfolio.renewing if row.id in portfolio.at_risk])
    told = [
        f"{format_money(risky[code], code)} of {format_money(total[code], code)}"
        for code in total
        if code in risky
    ] or [format_money(amount, code) for code, amount in total.items()]
    return f", {' and '.join(told)} a year" if told else ""
