"""What all pictures share. matplotlib is an extra (`charts`), loaded where one is drawn."""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, FAINT, LINE = "#1d1c1d", "#616061", "#dddddd"


def can_draw() -> bool:
    """Whether pictures can be drawn here; without matplotlib messages come without."""
    return find_spec("matplotlib") is not None


def new_figure(width: float, height: float) -> tuple[Figure, Axes]:
    """An empty picture of that size in inches, and its plot."""
    # No pyplot: it keeps every figure and looks for a screen.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    made = Figure(figsize=(width, height), dpi=160, facecolor="white", layout="constrained")
    FigureCanvasAgg(made)
    plot = made.add_subplot()
    plot.spines[["top", "right", "left"]].set_visible(False)
    plot.spines["bottom"].set_color(LINE)
    plot.tick_params(colors=FAINT, labelsize=9, length=0)
    plot.grid(axis="y", color=LINE, linewidth=0.6)
    plot.set_axisbelow(True)
    return made, plot


def to_png(made: Figure) -> bytes:
    buffer = BytesIO()
    made.savefig(buffer, format="png")
    return buffer.getvalue()
