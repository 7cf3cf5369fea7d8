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

ChartData = Mapping[str, Any]


def chart_title(facts: ChartData) -> str:
    return f"Accounts by stage, and the value they got, to {_short_day(facts['days'][-1])}"


def chart_alt_text(facts: ChartData) -> str:
    """What the picture shows, in words: for who cannot see it."""
    stages = [
        f"{name} {counts[-1]:,}"
        + (f" ({counts[-1] - counts[0]:+,})" if counts[-1] != counts[0] else "")
        for name, counts in facts["stages"].items()
    ]
    weeks = plural(len(facts["days"]), "week")
    value = f"{sum(facts['confirmed']):,} confirmed, {sum(facts['claimed']):,} claimed"
    worth = [f"{_money_text(each)}." for each in facts.get("money", ())]
    return cut(
        f"{chart_title(facts)}. Accounts now, and the change since {_short_day(facts['days'][0])}: "
        f"{', '.join(stages)}. Value noted in these {weeks}: "
        f"{' '.join([f'{value}.', *worth])}",
        MAX_ALT_TEXT_LENGTH,
    )


def draw_chart(facts: ChartData) -> bytes:
    """A PNG with two plots, one above the other, over the same weeks."""
    with_value = any(facts["claimed"]) or any(facts["confirmed"])
    worth = list(facts.get("money", ()))[:MAX_CURRENCIES]
    rows = 1 + with_value + len(worth)
    made, plots = pictures.new_figure(9, 3.8 + 1.8 * (rows - 1), rows=rows)
    _draw_stages(plots[0], facts)
    if with_value:
        _draw_value(plots[1], facts)
    for plot, money in zip(plots[2:], worth, strict=False):
        _draw_amounts(plot, money)
    for plot in plots:
        _label_weeks(plot, facts)
    return pictures.to_png(made)


def _draw_stages(plot: Any, facts: ChartData) -> None:
    at = range(len(facts["days"]))
    below = [0] * len(facts["days"])
    stages = list(facts["stages"].items())
    for (name, counts), colour in zip(stages, pictures.COLOURS * 3, strict=False):
        plot.bar(at, counts, bottom=below, label=cut(name, 24), color=colour, width=0.86)
        below = [one + more for one, more in zip(below, counts, strict=True)]
    pictures.use_whole_numbers(plot)
    pictures.draw_title(plot, "Accounts by stage", f"{plural(below[-1], 'account')} now")
    pictures.draw_legend(plot)


def _draw_value(plot: Any, facts: ChartData) -> None:
    at = range(len(facts["days"]))
    confirmed, claimed = facts["confirmed"], facts["claimed"]
    plot.bar(at, confirmed, label="confirmed by them", color=pictures.COLOURS[2], width=0.86)
    plot.bar(at, claimed, bottom=confirmed, label="claimed by us", color="#c9c9c9", width=0.86)
    pictures.use_whole_numbers(plot)
    about = f"{sum(confirmed):,} confirmed, {sum(claimed):,} claimed"
    pictures.draw_title(plot, "Value they got, a week", about)
    pictures.draw_legend(plot)


def _draw_amounts(plot: Any, money: ChartData) -> None:
    """What was noted in one currency, in whole units."""
    confirmed, claimed = ([each / 100 for each in money[how]] for how in ("confirmed", "claimed"))
    at = range(len(confirmed))
    plot.bar(at, confirmed, label="confirmed by them", color=pictures.COLOURS[2], width=0.86)
    plot.bar(at, claimed, bottom=confirmed, label="claimed by us", color="#c9c9c9", width=0.86)
    plot.yaxis.set_major_formatter("{x:,.0f}")
    pictures.draw_title(
        plot, f"What it is worth, in {money['currency']}, a week", _money_text(money)
    )
    pictures.draw_legend(plot)


def _money_text(money: ChartData) -> str:
    """ "14,000 EUR confirmed, 2,000 EUR claimed"."""
    told = (
        f"{format_money(sum(money[how]), money['currency'])} {how}"
        for how in ("confirmed", "claimed")
    )
    return ", ".join(told)


def _label_weeks(plot: Any, facts: ChartData) -> None:
    days = facts["days"]
    step = max(1, len(days) // 9)
    shown = list(range(len(days)))[::-1][::step][::-1]
    plot.set_xticks(shown, [_short_day(days[at]) for at in shown])
    plot.set_xlim(-0.6, len(days) - 0.4)


def _short_day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%b}"
