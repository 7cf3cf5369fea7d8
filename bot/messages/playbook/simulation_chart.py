"""The picture of a simulation: nudges by week, a colour for each department."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.messages.kit import pictures


def draw_chart(name: str, weeks: Sequence[date], rows: Mapping[str, Sequence[int]]) -> bytes:
    """A PNG with a bar a week, `rows` one on top of the other; empty rows are left out."""
    made, (plot,) = pictures.new_figure(9, 4)
    below = [0] * len(weeks)
    at = range(len(weeks))
    shown = [(label, counts) for label, counts in rows.items() if any(counts)]
    for (label, counts), colour in zip(shown, pictures.COLOURS * 3, strict=False):
        plot.bar(at, counts, bottom=below, label=label, color=colour, width=0.7)
        below = [one + more for one, more in zip(below, counts, strict=True)]
    step = max(1, len(weeks) // 13)
    plot.set_xticks(list(at)[::step], [f"{week.day} {week:%b}" for week in weeks][::step])
    pictures.use_whole_numbers(plot)
    total, most = sum(below), max(below, default=0)
    about = f"{total:,} nudges in {len(weeks)} weeks, {most:,} in the busiest"
    pictures.draw_title(plot, f'What "{name}" would send, by week', about)
    if shown:
        pictures.draw_legend(plot)
    return pictures.to_png(made)
