"""Sectors as people ask for them: "healthcare" is "Hospital & Health Care" too."""

import re
from difflib import get_close_matches

_MIN_BEGINNING = 4
_NO_PARTS = frozenset(("and", "the", "of"))


def same_sector(known: str | None, wanted: str) -> bool:
    """Whether a sector, or some words of it, is the one asked for, begins so, or is misspelled."""
    parts, asked = _parts(known or ""), "".join(_parts(wanted))
    count = len(parts)
    runs = ["".join(parts[a:b]) for a in range(count) for b in range(a + 1, count + 1)]
    if not asked or not runs:
        return False
    begun = any(_begins(run, asked) for run in runs) or _begins(asked, "".join(parts))
    return begun or bool(get_close_matches(asked, runs, 1, 0.9))


def _parts(sector: str) -> list[str]:
    """Its words without "and" and without a plural's s."""
    words = re.findall(r"[^\W_]+", sector.casefold())
    return [w.removesuffix("s") if len(w) > 4 else w for w in words if w not in _NO_PARTS]


def _begins(whole: str, beginning: str) -> bool:
    long_enough = len(beginning) >= _MIN_BEGINNING
    return whole == beginning or (long_enough and whole.startswith(beginning))
