"""The picture of a simulation: nudges by week, a colour for each department."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.messages.kit import pictures


def draw_chart(name: str, weeks: Sequence[date], rows: Mapping[str, Sequence[int]]) -> bytes:
    """A PNG with a bar a week, `rows` one on top of the other; empty rows are left out."""
    made, (plot,) = pictures.new_figure(9, 4)
    shown = [(label, counts) for label, counts in rows.items() if any(counts)]
    totals = pictures.draw_stacked_bars(plot, shown, len(weeks), width=0.7)
    labels = [f"{week.day} {week:%b}" for week in weeks]
    step = max(1, len(weeks) // 13)
    plot.set_xticks(range(0, len(weeks), step), labels[::step])
    pictures.use_whole_numbers(plot)
    total, most = sum(totals), max(totals, default=0)
    about = f"{total:,} nudges in {len(weeks)} weeks, {most:,} in the busiest"
    pictures.draw_title(plot, f'What "{name}" would send, by week', about)
    if shown:
        pictures.draw_legend(plot)
    return pictures.to_png(made)
