"""`python -m tests.mutants`: what became of mutmut's mutants, module by module.

mutmut says which survived (`mutmut results`, `mutmut show NAME`) and counts them all together.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mutmut.stats import status_by_exit_code

MUTANTS = Path("mutants")
SEEN = ("killed", "timeout", "segfault")


def main() -> int:
    """Prints the table; what was not run yet is left out, and said."""
    lines = [
        "| module | mutants | seen | survived | no test | score |",
        "|---|---|---|---|---|---|",
    ]
    total: Counter[str] = Counter()
    for module, states in counted():
        total += states
        if states.total() > states["not checked"]:
            lines.append(line(module, states))
    lines.append(line("together", total))
    sys.stdout.write("\n".join(lines) + "\n")
    if total["not checked"]:
        sys.stdout.write(f"{total['not checked']} have not been run.\n")
    return 0


def counted() -> Iterator[tuple[str, Counter[str]]]:
    """(module, how many mutants ended in which way), from mutmut's notes."""
    for notes in sorted(MUTANTS.rglob("*.meta")):
        codes = json.loads(notes.read_text())["exit_code_by_key"].values()
        module = str(notes.relative_to(MUTANTS)).removesuffix(".py.meta")
        yield module, Counter(status_by_exit_code[code] for code in codes)


def line(module: str, states: Counter[str]) -> str:
    """One row. A mutant that no test reaches was not seen."""
    run = states.total() - states["not checked"]
    seen = sum(states[state] for state in SEEN)
    score = f"{seen / run:.0%}" if run else "–"
    survived = run - seen - states["no tests"]
    return f"| {module} | {run} | {seen} | {survived} | {states['no tests']} | {score} |"


if __name__ == "__main__":
    sys.exit(main())
