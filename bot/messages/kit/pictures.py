"""What all pictures share. matplotlib is an extra (`charts`), loaded where one is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, FAINT, LINE = "#1d1c1d", "#616061", "#dddddd"
# Told apart by people who see colours differently: the palette of Okabe and Ito, darker first.
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7f6bb3", "#999999")


def can_draw() -> bool:
    """Whether pictures can be drawn here; without matplotlib messages come without."""
    return find_spec("matplotlib") is not None


def new_figure(width: float, height: float, rows: int = 1) -> tuple[Figure, list[Axes]]:
    """An empty picture of that size in inches with `rows` plots, one above the other."""
    # No pyplot: it keeps every figure and looks for a screen.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    made = Figure(figsize=(width, height), dpi=160, facecolor="white", layout="constrained")
    FigureCanvasAgg(made)
    plots = [made.add_subplot(rows, 1, at + 1) for at in range(rows)]
    for plot in plots:
        plot.spines[["top", "right", "left"]].set_visible(False)
        plot.spines["bottom"].set_color(LINE)
        plot.tick_params(colors=FAINT, labelsize=9, length=0)
        plot.grid(axis="y", color=LINE, linewidth=0.6)
        plot.set_axisbelow(True)
    return made, plots


def draw_stacked_bars(
    plot: Axes,
    rows: Sequence[tuple[str, Sequence[float]]],
    count: int,
    *,
    width: float,
    colours: Sequence[str] = COLOURS * 3,
) -> list[float]:
    """`count` bars, each of the rows (label, values) one on the other; returns their heights."""
    heights: list[float] = [0] * count
    for (label, values), colour in zip(rows, colours, strict=False):
        plot.bar(range(count), values, bottom=heights, label=label, color=colour, width=width)
        heights = [below + value for below, value in zip(heights, values, strict=True)]
    return heights


def draw_title(plot: Axes, words: str, about: str = "") -> None:
    plot.set_title(
        words, loc="left", color=INK, fontsize=12, fontweight="bold", pad=20 if about else 8
    )
    if about:
        plot.text(0, 1.03, about, transform=plot.transAxes, color=FAINT, fontsize=9)


def draw_legend(plot: Axes) -> None:
    """At the right of the plot, in the order of what is drawn, the top one first."""
    handles, labels = plot.get_legend_handles_labels()
    plot.legend(
        handles[::-1],
        labels[::-1],
        loc="upper left",
        bbox_to_anchor=(1.01, 1.0),
        frameon=False,
        fontsize=9,
        labelcolor=INK,
    )


def to_png(made: Figure) -> bytes:
    buffer = BytesIO()
    made.savefig(buffer, format="png")
    return buffer.getvalue()


def use_whole_numbers(plot: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    locator: Any = MaxNLocator(integer=True, nbins=5)
    plot.yaxis.set_major_locator(locator)
