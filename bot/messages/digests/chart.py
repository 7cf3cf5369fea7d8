"""The picture of the company's digest: accounts by stage over time, and the value they got."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from bot.messages.kit import pictures
from bot.rules.text.money import format_money
from bot.rules.text.words import cut, plural

KIND: Final = "company"
#: So many currencies have a plot of their own; all of them stand in the words.
MAX_CURRENCIES: Final = 2
#: Slack's limit for a file's alternative text.
MAX_ALT_TEXT_LENGTH = 1000
_KINDS = ("confirmed", "claimed")

ChartData = Mapping[str, Any]


def chart_title(facts: ChartData) -> str:
    parts = "Renewals ahead, accounts" if facts.get("renewals") else "Accounts"
    return f"{parts} by stage, and the value they got, to {_short_day(facts['days'][-1])}"


def chart_alt_text(facts: ChartData) -> str:
    """What the picture shows, in words: its alternative text."""
    stages = [
        f"{name} {counts[-1]:,}"
        + (f" ({counts[-1] - counts[0]:+,})" if counts[-1] != counts[0] else "")
        for name, counts in facts["stages"].items()
    ]
    weeks = plural(len(facts["days"]), "week")
    value = f"{sum(facts['confirmed']):,} confirmed, {sum(facts['claimed']):,} claimed"
    worth = [f"{_money_text(each)}." for each in facts.get("money", ())]
    ahead = f"{_renewals_text(facts['renewals'])} " if facts.get("renewals") else ""
    return cut(
        f"{chart_title(facts)}. {ahead}Accounts now, and the change since "
        f"{_short_day(facts['days'][0])}: {', '.join(stages)}. Value noted in these {weeks}: "
        f"{' '.join([f'{value}.', *worth])}",
        MAX_ALT_TEXT_LENGTH,
    )


def draw_chart(facts: ChartData) -> bytes:
    """A PNG with two plots, one above the other, over the same weeks."""
    with_value = any(facts["claimed"]) or any(facts["confirmed"])
    worth = list(facts.get("money", ()))[:MAX_CURRENCIES]
    ahead = facts.get("renewals")
    rows = 1 + with_value + len(worth) + bool(ahead)
    made, plots = pictures.new_figure(9, 3.8 + 1.8 * (rows - 1), rows=rows)
    if ahead:
        _draw_renewals(plots.pop(0), ahead)
    _draw_stages(plots[0], facts)
    if with_value:
        _draw_value(plots[1], facts)
    for plot, money in zip(plots[2:], worth, strict=False):
        _draw_amounts(plot, money)
    for plot in plots:
        _label_weeks(plot, facts)
    return pictures.to_png(made)


def _draw_renewals(plot: Any, ahead: ChartData) -> None:
    """What renews month by month, in thousands of the main currency."""
    rows = [
        ("at risk", [risk / 100_000 for _, _, risk in ahead["months"]]),
        ("not at risk", [safe / 100_000 for _, safe, _ in ahead["months"]]),
    ]
    colours = (pictures.COLOURS[5], pictures.COLOURS[0])
    pictures.draw_stacked_bars(plot, rows, len(ahead["months"]), width=0.7, colours=colours)
    plot.set_xticks(range(len(ahead["months"])), [_month(each) for each, _, _ in ahead["months"]])
    plot.yaxis.set_major_formatter("{x:,.0f}")
    pictures.draw_title(plot, _renewals_title(ahead), _beside_text(ahead))
    pictures.draw_legend(plot)


def _renewals_title(ahead: ChartData) -> str:
    return f"Renewals by month, {ahead['currency'] or ''} thousand a year".replace("  ", " ")


def _renewals_text(ahead: ChartData) -> str:
    """ "Renewals by month, EUR thousand a year: Dec 9.6, none at risk; Jan 60, of them 18 at
    risk. Not in the chart: GBP 63,000 (2 renewals)."."""
    months = [
        f"{_month(month)} {_thousands(safe + risk)}"
        + (f", of them {_thousands(risk)} at risk" if risk else ", none at risk" if safe else "")
        for month, safe, risk in ahead["months"]
    ]
    beside = _beside_text(ahead)
    return f"{_renewals_title(ahead)}: {'; '.join(months)}.{f' {beside}.' if beside else ''}"


def _beside_text(ahead: ChartData) -> str:
    """What the bars leave out: other currencies, and renewals without an amount."""
    parts = [
        f"{format_money(amount, code)} ({plural(count, 'renewal')})"
        for code, amount, count in ahead["others"]
    ]
    if ahead["unknown"]:
        parts.append(f"{plural(ahead['unknown'], 'renewal')} without an amount")
    return f"Not in the chart: {', '.join(parts)}" if parts else ""


def _month(iso: str) -> str:
    return f"{date.fromisoformat(iso):%b}"


def _thousands(hundredths: int) -> str:
    return f"{hundredths / 100_000:,.1f}".removesuffix(".0")


def _draw_stages(plot: Any, facts: ChartData) -> None:
    rows = [(cut(name, 24), counts) for name, counts in facts["stages"].items()]
    totals = pictures.draw_stacked_bars(plot, rows, len(facts["days"]), width=0.86)
    pictures.use_whole_numbers(plot)
    pictures.draw_title(plot, "Accounts by stage", f"{plural(int(totals[-1]), 'account')} now")
    pictures.draw_legend(plot)


def _draw_value(plot: Any, facts: ChartData) -> None:
    confirmed, claimed = facts["confirmed"], facts["claimed"]
    _draw_claims(plot, confirmed, claimed)
    pictures.use_whole_numbers(plot)
    about = f"{sum(confirmed):,} confirmed, {sum(claimed):,} claimed"
    pictures.draw_title(plot, "Value they got, a week", about)
    pictures.draw_legend(plot)


def _draw_amounts(plot: Any, money: ChartData) -> None:
    """What was noted in one currency, in whole units."""
    confirmed, claimed = ([cents / 100 for cents in money[how]] for how in _KINDS)
    _draw_claims(plot, confirmed, claimed)
    plot.yaxis.set_major_formatter("{x:,.0f}")
    title = f"What it is worth, in {money['currency']}, a week"
    pictures.draw_title(plot, title, _money_text(money))
    pictures.draw_legend(plot)


def _draw_claims(plot: Any, confirmed: list[float], claimed: list[float]) -> None:
    rows = [("confirmed by them", confirmed), ("claimed by us", claimed)]
    colours = (pictures.COLOURS[2], "#c9c9c9")
    pictures.draw_stacked_bars(plot, rows, len(confirmed), width=0.86, colours=colours)


def _money_text(money: ChartData) -> str:
    """ "14,000 EUR confirmed, 2,000 EUR claimed"."""
    sums = {how: format_money(sum(money[how]), money["currency"]) for how in _KINDS}
    return ", ".join(f"{amount} {how}" for how, amount in sums.items())


def _label_weeks(plot: Any, facts: ChartData) -> None:
    days = facts["days"]
    step = max(1, len(days) // 9)
    shown = list(range(len(days)))[::-1][::step][::-1]
    plot.set_xticks(shown, [_short_day(days[at]) for at in shown])
    plot.set_xlim(-0.6, len(days) - 0.4)


def _short_day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%b}"
