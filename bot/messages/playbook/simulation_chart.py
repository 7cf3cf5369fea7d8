"""The picture of a simulation: nudges by week, a colour for each department."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import cycle
from typing import Any

from bot.messages.kit.pictures import FAINT, INK, new_figure, to_png

# Told apart by people who see colours differently: the palette of Okabe and Ito, darker first.
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7f6bb3", "#999999")


def draw_chart(name: str, weeks: Sequence[date], rows: Mapping[str, Sequence[int]]) -> bytes:
    """A PNG with a bar a week, `rows` one on top of the other; empty rows are left out."""
    from matplotlib.ticker import MaxNLocator

    made, plot = new_figure(9, 4)
    totals = [0] * len(weeks)
    shown = [(label, counts) for label, counts in rows.items() if any(counts)]
    for (label, counts), colour in zip(shown, cycle(COLOURS), strict=False):
        places = range(len(weeks))
        plot.bar(places, counts, bottom=totals, label=label, color=colour, width=0.7)
        totals = [below + count for below, count in zip(totals, counts, strict=True)]
    labels = [f"{week.day} {week:%b}" for week in weeks]
    step = max(1, len(weeks) // 13)
    plot.set_xticks(range(0, len(weeks), step), labels[::step])
    locator: Any = MaxNLocator(integer=True, nbins=5)
    plot.yaxis.set_major_locator(locator)
    total, most = sum(totals), max(totals, default=0)
    about = f"{total:,} nudges in {len(weeks)} weeks, {most:,} in the busiest"
    title = f'What "{name}" would send, by week'
    plot.set_title(title, loc="left", color=INK, fontsize=12, fontweight="bold", pad=20)
    plot.text(0, 1.03, about, transform=plot.transAxes, color=FAINT, fontsize=9)
    if shown:
        # At the right of the plot, in the order of what is drawn, the top one first.
        handles, labels = plot.get_legend_handles_labels()
        place: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (1.01, 1.0)}
        look: dict[str, Any] = {"frameon": False, "fontsize": 9, "labelcolor": INK}
        plot.legend(handles[::-1], labels[::-1], **place, **look)
    return to_png(made)
