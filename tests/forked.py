"""A plugin for `make mutants`: the tests are found once, and each mutant has a copy of the process.

pytest takes a second to find some hundreds of tests, and a fork a few milliseconds. What mutmut
has learned (which test reaches what) is read, and its notes are written, so that `mutmut show` and
`results` know them. Tests are found before a mutant is switched on, and the quickest are run once,
so that no copy makes anew what SQLAlchemy keeps: what only shows while a module is loaded, or is
kept, is not seen. So the score is rather too low than too high.
"""

from __future__ import annotations

import encodings.idna  # noqa: F401  or each copy loads it when pytest-socket looks up a host
import gc
import json
import math
import os
import resource
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from _pytest.terminal import TerminalReporter
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.stats import status_by_exit_code
from mutmut.utils.format_utils import mangled_name_from_mutant_name

from tests.quickest import TOOK, budget, within

#: The environment's word for which mutants are judged: patterns; none for all that are not seen.
NAMED = "MUTANTS_NAMED"
SEEN = ("killed", "timeout", "segfault")
_KILLED, _SURVIVED, _NO_TEST = 1, 0, 33
_LAST = 5
# A test that waited so long for what a mutant keeps from coming is not the next one's first.
_LONG_SECONDS = 10
# One that waits for ever, or a machine that is too busy to tell: it is not counted as seen.
_LONGEST_SECONDS = 120


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Runs no test itself: each mutant's are run in a copy."""
    learned = json.loads(Path("mutmut-stats.json").read_text())
    tests = _Tests(
        {item.nodeid: item for item in session.items},
        json.loads(TOOK.read_text()),
        learned["tests_by_mangled_function_name"],
    )
    tests.run_once()
    say: TerminalReporter = session.config.pluginmanager.getplugin("terminalreporter")
    for notes in sorted(Path().rglob("*.meta")):
        say.write_line(f"\n{notes.stem}")
        kept = json.loads(notes.read_text())
        codes = kept["exit_code_by_key"]
        for mutant in _wanted(codes):
            codes[mutant] = tests.judge(mutant, tests.of(mutant))
            say.write("." if status_by_exit_code[codes[mutant]] in SEEN else "s", flush=True)
        # A test that is red by itself would see everything.
        if tests.saw and tests.judge("", tests.saw) != _SURVIVED:
            raise pytest.UsageError(f"tests are red without a mutant: what {notes} says is wrong")
        notes.write_text(json.dumps(kept, indent=4))
    return True


def _wanted(codes: Mapping[str, int | None]) -> Iterator[str]:
    """Those named; of all, those that were not run yet, or that nothing saw."""
    named = os.environ.get(NAMED, "").split()
    for mutant, code in list(codes.items()):
        if named:
            wanted = any(fnmatch(mutant, name) for name in named)
        else:
            wanted = status_by_exit_code[code] not in SEEN
        if wanted:
            yield mutant


@dataclass
class _Tests:
    """All that were found, by name; `reach` has those of a function, `saw` those that went red."""

    items: Mapping[str, pytest.Item]
    took: Mapping[str, float]
    reach: Mapping[str, Sequence[str]]
    saw: list[str] = field(default_factory=list)

    def run_once(self) -> None:
        """Runs as many as a mutant's time has room for, the quickest, in this process."""
        set_mutant_under_test("")
        names = sorted(self.items, key=lambda name: self.took[name])
        for name in names[: within([self.took[name] for name in names], budget())]:
            runtestprotocol(self.items[name], log=False, nextitem=None)
        gc.collect()
        gc.freeze()

    def of(self, mutant: str) -> list[str]:
        """A mutant's tests, as many as its time has room for: first those that saw the last ones,
        which are likely to be of the same function, then the quickest."""
        reach = self.reach.get(mangled_name_from_mutant_name(mutant), ())
        names = [name for name in reach if name in self.items]
        names.sort(key=lambda name: (name not in self.saw[-_LAST:], self.took[name]))
        return names[: within([self.took[name] for name in names], budget())]

    def judge(self, mutant: str, names: Sequence[str]) -> int:
        """How a process ended that ran these with the mutant switched on, as mutmut notes it."""
        if not names:
            return _NO_TEST
        seconds = math.ceil(max(budget(), *(self.took[name] for name in names))) + 2
        began = time.monotonic()
        hears, tells = os.pipe()
        child = os.fork()
        if not child:
            code = _KILLED
            try:
                code = self._run(mutant, names, seconds, tells)
            finally:
                os._exit(code)
        os.close(tells)
        red = os.read(hears, 10_000).decode()
        os.close(hears)
        _, status = os.waitpid(child, 0)
        if red:
            others = [name for name in self.saw if name != red]
            waited = time.monotonic() - began > _LONG_SECONDS
            self.saw = [red, *others] if waited else [*others, red]
        return os.waitstatus_to_exitcode(status)

    def _run(self, mutant: str, names: Sequence[str], seconds: int, tells: int) -> int:
        """Killed by the first red test. One that goes round for ever is cut off."""
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds if mutant else most, most))
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(_LONGEST_SECONDS)
        set_mutant_under_test(mutant)
        items = [self.items[name] for name in names]
        for item, following in zip(items, [*items[1:], None], strict=True):
            reports = runtestprotocol(item, log=False, nextitem=following)
            if any(report.failed for report in reports):
                os.write(tells, item.nodeid.encode())
                return _KILLED
        return _SURVIVED
