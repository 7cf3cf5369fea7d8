"""A plugin for `make mutants`: of the tests that reach a mutant, the quickest run first.

mutmut runs every test that reaches the function, in any order: stories of a second each, where
a rule's own test takes a millisecond. Here a mutant that so many seconds of its quickest tests
have not seen has survived. So the score is rather too low than too high.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest
from mutmut.mutation.trampoline import get_mutant_under_test

BUDGET_SECONDS = 8.0
# Where the tests stand that are about a module; stories of something else pass through it too.
OWN = {
    "db.outbox": ("tests/delivery", "tests/ops", "tests/picture"),
    "bot.nudges": ("tests/delivery",),
    "bot.speakers": ("tests/commands/test_who_may_speak", "tests/test_nobody_else"),
    "bot.refusals": ("tests/commands/test_who_may_speak", "tests/test_nobody_else"),
    "bot.rules.import": ("tests/imports",),
    "bot.rules": ("tests/rules", "tests/cycles", "tests/decisions", "tests/value"),
}
# In the folder of the mutants, beside mutmut's own notes, which leave the fixtures' time out.
TOOK = Path("durations.json")
_NO_MUTANTS = ("", "stats", "fail", "list_all_tests", "mutant_generation")

_took: dict[str, float] = defaultdict(float)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _took[report.nodeid] += report.duration


def pytest_sessionfinish() -> None:
    """Remembers how long each test took while mutmut learned what reaches what."""
    if get_mutant_under_test() == "stats":
        before = json.loads(TOOK.read_text()) if TOOK.exists() else {}
        TOOK.write_text(json.dumps(before | _took))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps the quickest, its own before others', as many as the budget has room for."""
    mutant = get_mutant_under_test()
    if mutant in _NO_MUTANTS or not TOOK.exists():
        return
    took: dict[str, float] = json.loads(TOOK.read_text())
    own = next(tests for module, tests in OWN.items() if mutant.startswith(module))
    items.sort(key=lambda item: (not any(map(item.nodeid.startswith, own)), took[item.nodeid]))
    del items[within([took[item.nodeid] for item in items], BUDGET_SECONDS) :]


def within(seconds: Sequence[float], budget: float) -> int:
    """How many of these, from the first on, the budget pays for; one at least."""
    for number, each in enumerate(seconds):
        budget -= each
        if budget < 0:
            return max(1, number)
    return len(seconds)
