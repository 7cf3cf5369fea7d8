"""The picture of the company's digest: what renews month by month, and how much is at risk."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from bot.messages.kit import pictures
from bot.rules.text.money import format_money
from bot.rules.text.words import cut, plural

#: Slack's limit for a file's alternative text.
MAX_ALT_TEXT_LENGTH: Final = 1000
_SAFE, _RISKY = "#1d5fa8", "#c1440e"

ChartData = Mapping[str, Any]


def picture(ahead: ChartData, today: date) -> dict[str, Any]:
    """What a message carries of it until it is drawn."""
    name = f"linchpin-renewals-{today}.png"
    return {"name": name, "title": chart_title(ahead), "facts": ahead}


def chart_title(ahead: ChartData) -> str:
    return f"Renewals by month, {ahead['currency'] or ''} thousand a year".replace("  ", " ")


def chart_alt_text(ahead: ChartData) -> str:
    """ "Renewals by month, EUR thousand a year. Dec 9.6, none at risk; Jan 60, of them 18 at
    risk; Feb 24, all at risk; Mar 0."."""
    months = [f"{_month(month)} {_amounts(safe, risk)}" for month, safe, risk in ahead["months"]]
    return cut(f"{chart_title(ahead)}. {'; '.join(months)}.", MAX_ALT_TEXT_LENGTH)


def beside_text(ahead: ChartData) -> str:
    """ "Not in the chart, none at risk: GBP 63,000 (2 renewals) · USD 30,000 (1 renewal)"."""
    parts = [
        f"{format_money(amount, code)} ({plural(count, 'renewal')}{_risk(risk)})"
        for code, amount, count, risk in ahead["others"]
    ]
    count, risk = ahead["unknown"]
    if count:
        parts.append(f"{plural(count, 'renewal')} without an amount{_risk(risk)}")
    none = not risk and not any(each[3] for each in ahead["others"])
    return f"Not in the chart{', none at risk' if none else ''}: {' · '.join(parts)}" * bool(parts)


def draw_chart(ahead: ChartData) -> bytes:
    """A PNG that can be read at 300 pixels: no axis, the numbers stand at the bars."""
    made, plot = pictures.new_figure(6, 3.5)
    made.set_layout_engine("constrained", w_pad=0.14, h_pad=0.14)
    risky = [risk / 100_000 for _, _, risk in ahead["months"]]
    safe = [safe / 100_000 for _, safe, _ in ahead["months"]]
    places = range(len(risky))
    style: dict[str, Any] = {"width": 0.56, "linewidth": 0}
    hatched = {**style, "color": _RISKY, "hatch": "//", "edgecolor": "#f3c4ae"}
    told: dict[str, Any] = {"va": "bottom", "fontsize": 16, "fontweight": "bold"}
    plot.bar(places, safe, bottom=risky, color=_SAFE, label="not at risk", **style)
    plot.bar(places, risky, label="at risk", **hatched)
    for place, rest, risk in zip(places, safe, risky, strict=True):
        if total := rest + risk:
            plot.text(place, total, _thousands(total), color=pictures.INK, ha="center", **told)
        if risk:
            plot.text(place + 0.3, 0, _thousands(risk), color=_RISKY, **told)
    plot.set_xticks(places, [_month(month) for month, _, _ in ahead["months"]])
    plot.tick_params(axis="x", labelsize=16, labelcolor=pictures.INK)
    plot.yaxis.set_visible(False)
    plot.set_title(
        chart_title(ahead), loc="left", color=pictures.INK, fontsize=16, fontweight="bold", pad=36
    )
    legend: dict[str, Any] = {
        "loc": "lower left",
        "bbox_to_anchor": (-0.02, 1.0),
        "ncols": 2,
        "frameon": False,
    }
    plot.legend(fontsize=14, labelcolor=pictures.INK, handlelength=1, borderpad=0, **legend)
    return pictures.to_png(made)


def _amounts(safe: int, risk: int) -> str:
    total = _thousands((safe + risk) / 100_000)
    if not safe + risk:
        return total
    if not risk:
        return f"{total}, none at risk"
    return f"{total}, {f'of them {_thousands(risk / 100_000)}' if safe else 'all'} at risk"


def _risk(count: int) -> str:
    return f", {count:,} at risk" if count else ""


def _month(iso: str) -> str:
    return f"{date.fromisoformat(iso):%b}"


def _thousands(amount: float) -> str:
    return f"{amount:,.1f}".removesuffix(".0")
