"""The accounts that digests and Home tell of: at risk, not known enough, renewing soon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.messages.facts.gaps import GapLine, not_recorded_text
from bot.messages.kit.money import amount, sums
from bot.messages.kit.text import cut_markup, day, join_lines, more_line, short
from bot.rules.reasons import is_soon
from bot.rules.text.money import Money, format_money
from bot.rules.text.words import plural

_MAX_NAME_LENGTH = 40
_MAX_REASON_LENGTH = 60
_MAX_RISKS = 3


@dataclass(frozen=True)
class AccountRow:
    """An account: `worth` is what renews on its date, `risks` are known against it, `missing` is
    not known. `manager` is what the reader calls them, `link` writes to them."""

    id: int
    name: str
    renews_on: date | None
    today: date
    worth: Money | None = None
    manager_id: str | None = None
    manager: str = ""
    link: str = ""
    tier: str | None = None
    risks: Sequence[str] = ()
    missing: Sequence[GapLine] = ()
    has_brief: bool = False

    def line(self, *about: str) -> str:
        """ "*Acme* · Fri 18 Dec (17 days) · EUR 9,600 · Sam Carter", and below it what is told."""
        is_later = bool(self.risks) and not is_soon(self.renews_on, self.today)
        name = f"*{'At risk later: ' if is_later else ''}{short(self.name)}*"
        parts = (name, self._when(), amount(self.worth), short(self.manager))
        return join_lines(" · ".join(filter(None, parts)), " · ".join(filter(None, about)))

    def risk_line(self) -> str:
        """With what is known against it."""
        return self.line(*self.risks[:_MAX_RISKS])

    def not_known_line(self) -> str:
        """With what is not known."""
        return self.line(not_recorded_text(self.missing))

    def full_line(self) -> str:
        """With both."""
        return self.line(*self.risks[:_MAX_RISKS], not_recorded_text(self.missing))

    def _when(self) -> str:
        if self.renews_on is None:
            return "renewal date not known"
        ahead = (self.renews_on - self.today).days
        days = f"{plural(-ahead, 'day')} ago" if ahead < 0 else plural(ahead, "day")
        return f"{day(self.renews_on, self.today)} ({days if ahead else 'today'})"


@dataclass(frozen=True)
class Portfolio:
    """The accounts that renew within 90 days, and those at risk later. `watched` are (account,
    why) of the first of `watched_count` others to look at, `no_date` the first of `no_date_count`
    whose renewal date is not known."""

    renewing: Sequence[AccountRow] = ()
    later: Sequence[AccountRow] = ()
    watched: Sequence[tuple[str, str]] = ()
    watched_count: int = 0
    no_date: Sequence[str] = ()
    no_date_count: int = 0
    currency: str | None = None  # the main one

    def __bool__(self) -> bool:
        return bool(self.later or self.renewing or self.no_date)

    def part(self, field: str, value: str | None) -> Portfolio:
        """The accounts with that value in that field."""
        renewing, later = (
            [row for row in rows if getattr(row, field) == value]
            for rows in (self.renewing, self.later)
        )
        return replace(self, renewing=renewing, later=later)

    @property
    def at_risk(self) -> list[AccountRow]:
        """Those that renew within 90 days and are at risk."""
        return [row for row in self.renewing if row.risks]

    @property
    def not_known(self) -> list[AccountRow]:
        """Those that renew within 90 days and of which not enough is known."""
        return [row for row in self.renewing if row.missing]


def risk_text(portfolio: Portfolio, most: int) -> str:
    """ "*At risk: 2 of 7 renewals* within 90 days, EUR 42,000 of EUR 93,600 a year", then which;
    at most so many of each."""
    rows = [f"• {_risk(row)}" for row in portfolio.at_risk[:most]]
    no_date = plural(portfolio.no_date_count, "account")
    return join_lines(
        f"{_head(portfolio)}{_stakes(portfolio)}"
        if portfolio.renewing
        else "*No renewal within 90 days*",
        *rows,
        more_line(len(portfolio.at_risk) - len(rows)),
        _later(portfolio.later, most),
        f"*Renewal date not known:* {no_date}" if portfolio.no_date_count else "",
    )


def not_known_text(portfolio: Portfolio, most: int) -> str:
    """ "*Not known enough: 3 of 7*", then which and what is missing; empty for none."""
    found = portfolio.not_known
    if not found:
        return ""
    rows = [_missing(row, min(most, 2)) for row in found[:most]]
    more = len(found) - len(rows)
    rows += [f"{more:,} more"] if more else []
    of = f"{len(found):,} of {len(portfolio.renewing):,}"
    return f"*Not known enough: {of}*\n{' · '.join(rows)}"


def portfolio_counts(portfolio: Portfolio) -> dict[str, int]:
    """The numbers whose rows a menu opens."""
    return {
        "renewals": len(portfolio.renewing),
        "risk": len(portfolio.at_risk),
        "risk later": len(portfolio.later),
        "unknown": len(portfolio.not_known),
        "no date": portfolio.no_date_count,
    }


def renewal_text(row: AccountRow, *about: str) -> str:
    """ "*Granite Peak* · Fri 15 Jan 2027 · EUR 18,000", and more about it."""
    on = day(row.renews_on, row.today) if row.renews_on else ""
    parts = (f"*{short(row.name, _MAX_NAME_LENGTH)}*", on, amount(row.worth), *about)
    return " · ".join(filter(None, parts))


def _head(portfolio: Portfolio) -> str:
    count = f"{len(portfolio.at_risk) or 'none'}"
    return f"*At risk: {count} of {plural(len(portfolio.renewing), 'renewal')}* within 90 days"


def _later(rows: Sequence[AccountRow], most: int) -> str:
    if not rows:
        return ""
    told = [_risk(row).replace("*", "", 2) for row in rows[: most // 2]]
    more = more_line(len(rows) - len(told)).removeprefix("… and ")
    return " · ".join(filter(None, [f"*At risk later: {len(rows):,}*", *told, more]))


def _risk(row: AccountRow) -> str:
    """ "*Old Quay Shipping* · Fri 15 Jan 2027 · EUR 18,000 · complaint open · Sam Carter"."""
    first = cut_markup(row.risks[0].partition(" (")[0], _MAX_REASON_LENGTH)
    more = f" and {len(row.risks) - 1:,} more" if len(row.risks) > 1 else ""
    reasons = first[:1].lower() + first[1:] + more
    return renewal_text(row, reasons, short(row.manager, _MAX_NAME_LENGTH))


def _missing(row: AccountRow, most: int) -> str:
    """ "O'Hara Provisions (confirmed value, decision maker and 1 more)"."""
    shown = ", ".join(gap.name for gap in row.missing[:most])
    more = len(row.missing[most:])
    return f"{short(row.name, _MAX_NAME_LENGTH)} ({shown}{f' and {more:,} more' if more else ''})"


def _stakes(portfolio: Portfolio) -> str:
    """ ", EUR 42,000 of EUR 93,600 a year": what is at risk of what renews, by currency."""
    total = sums([row.worth for row in portfolio.renewing], portfolio.currency)
    risky = sums([row.worth for row in portfolio.at_risk], portfolio.currency)
    told = [
        f"{format_money(risky[code], code)} of {format_money(total[code], code)}"
        for code in total
        if code in risky
    ] or [format_money(hundredths, code) for code, hundredths in total.items()]
    return f", {' and '.join(told)} a year" if told else ""
