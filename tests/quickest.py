"""A plugin for `make mutants`: of the tests that reach a mutant, the quickest run first.

mutmut runs every test that reaches the function, in any order: stories of a second each, where
a rule's own test takes a millisecond. Here a mutant that so many seconds of its quickest tests
have not seen has survived. So the score is rather too low than too high.
"""

from __future__ import annotations

import gc
import json
import math
import os
import resource
from collections import defaultdict
from collections.abc import Generator, Sequence
from pathlib import Path
from time import process_time

import pytest
from _pytest.unraisableexception import gc_collect_iterations_key
from mutmut.mutation.trampoline import get_mutant_under_test

from tests.databases import _migrated

QUICK_SECONDS = 2.5
# What survived that is looked at again for longer.
BUDGET, AGAIN_SECONDS = "MUTANT_SECONDS", 10.0
# In the folder of the mutants, beside mutmut's own notes, which leave the fixtures' time out.
TOOK = Path("durations.json")
_NO_MUTANTS = ("", "stats", "fail", "list_all_tests", "mutant_generation")

_took: dict[str, float] = {}


def pytest_configure(config: pytest.Config) -> None:
    """Keeps the quickest tests, as many as the budget has room for.

    To find hundreds takes longer than to run most, and so does pytest's cleaning up after itself:
    a mutant's process ends anyway. One that goes round for ever is cut off.
    """
    config.stash[gc_collect_iterations_key] = 0
    gc.disable()
    if get_mutant_under_test() not in _NO_MUTANTS and TOOK.exists():
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(budget()) + 2, most))
        took: dict[str, float] = defaultdict(float, json.loads(TOOK.read_text()))
        tests = sorted(config.args, key=lambda test: took[test])
        config.args = tests[: within([took[test] for test in tests], budget())]


def budget() -> float:
    """How many seconds of tests a mutant gets."""
    return float(os.environ.get(BUDGET, QUICK_SECONDS))


def pytest_sessionstart() -> None:
    """What is made once a process counts for no test."""
    _migrated()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Counts the processor's seconds: those of the clock tell of a busy machine."""
    began = process_time()
    ran = yield
    _took[item.nodeid] = process_time() - began
    return ran


def pytest_sessionfinish() -> None:
    """Remembers how long each test took while mutmut learned what reaches what."""
    if get_mutant_under_test() == "stats":
        before = json.loads(TOOK.read_text()) if TOOK.exists() else {}
        TOOK.write_text(json.dumps(before | _took))


def within(seconds: Sequence[float], budget: float) -> int:
    """How many of these, from the first on, the budget pays for; one at least."""
    for number, each in enumerate(seconds):
        budget -= each
        if budget < 0:
            return max(1, number)
    return len(seconds)
