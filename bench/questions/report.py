"""What is printed: how many were right, half and wrong by kind, and what was shown for the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import quantiles

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bench.questions.judge import HALF, RIGHT, WRONG, Verdict

MARKS = (RIGHT, HALF, WRONG)
_MOST_SHOWN = 1500


def print_report(
    name: str, verdicts: Sequence[Verdict], console: Console, *, sentences: bool, show: bool
) -> None:
    """The figures; then, if sentences may be shown, every question that was not right."""
    console.print(table(name, verdicts))
    console.print(figures(name, verdicts), soft_wrap=True)
    for verdict in verdicts:
        if sentences and (show or verdict.mark != RIGHT):
            console.print(block(verdict), markup=False, highlight=False, soft_wrap=True)


def table(name: str, verdicts: Sequence[Verdict]) -> Table:
    """Right, half, wrong and unmeant by kind."""
    found = Table(title=f"Questions: {escape(name)}")
    for heading in ("kind", *MARKS, "unmeant"):
        found.add_column(heading, justify="left" if heading == "kind" else "right")
    for kind in sorted({one.question.kind for one in verdicts}):
        found.add_row(kind, *_counts([one for one in verdicts if one.question.kind == kind]))
    found.add_section()
    found.add_row("all", *_counts(verdicts))
    return found


def _counts(verdicts: Sequence[Verdict]) -> list[str]:
    marks = Counter(one.mark for one in verdicts)
    counts = [*(marks[mark] for mark in MARKS), sum(bool(one.unmeant) for one in verdicts)]
    return [str(count or "") for count in counts]


def figures(name: str, verdicts: Sequence[Verdict]) -> str:
    """One line: how many were right, and how long the answers took."""
    right = sum(one.mark == RIGHT for one in verdicts)
    took = _both(one.seen.seconds for one in verdicts)
    worked = _both(one.seen.processor for one in verdicts)
    return (
        f"{name}: {right} of {len(verdicts)} right ({right / max(1, len(verdicts)):.0%}); "
        f"until acknowledged {took}, of processor time {worked}\n"
    )


def _both(seconds: Iterable[float]) -> str:
    middle, slow = percentiles(seconds)
    return f"{middle * 1000:.0f} ms (p50) and {slow * 1000:.0f} ms (p99)"


def percentiles(seconds: Iterable[float]) -> tuple[float, float]:
    """The median, and what 99 of 100 were below."""
    found = sorted(seconds)
    if len(found) < 2:
        return (found or [0.0])[0], (found or [0.0])[0]
    cuts = quantiles(found, n=100, method="inclusive")
    return cuts[49], cuts[98]


def block(verdict: Verdict) -> str:
    """One question with what was shown."""
    asked = verdict.question
    after = f" (after {asked.follows})" if asked.follows else ""
    head = f"{asked.id} {asked.kind} {verdict.mark.upper()} · {asked.who} in {asked.where}{after}"
    shown = verdict.seen.text.strip() or "(nothing)"
    if len(shown) > _MOST_SHOWN:
        shown = shown[:_MOST_SHOWN] + " …"
    lines = [head, f"  > {asked.text}", *(f"  | {line}" for line in shown.splitlines())]
    if verdict.seen.buttons:
        labels = ((f"[{b.label}]" if b.proposes else b.label) for b in verdict.seen.buttons[:12])
        lines.append("  buttons: " + " · ".join(labels))
    if verdict.why:
        lines.append(f"  why: {verdict.why}")
    return "\n".join(lines) + "\n"
