"""`python -m tests.mutants [GROUP …] [MUTANT …]`: lines are broken one by one; do tests go red?

mutmut does it. Here stands which modules, with which tests: those that are about them and run in
this process, so that a mutant costs a tenth of a second. Stories reach every module and would see
more, but each takes a second: so the scores are rather too low than too high. What was seen stays
known in `mutants/`, the rest is run again; `again` gives each mutant longer.

Statements are built once, and mutmut leaves decorated functions alone. In the copy they are built
anew each time, and those of the outbox have no decorator: their functions are handed to it at the
end of the file. So each condition of a WHERE is a mutant that tests can see.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mutmut.stats import status_by_exit_code

from tests.forked import NAMED, SEEN
from tests.quickest import AGAIN_SECONDS, BUDGET, QUICK_SECONDS

ROOT = Path(__file__).resolve().parent.parent
MUTANTS = ROOT / "mutants"
HEAD = ("| module | mutants | seen | survived | no test | score |", "|---|---|---|---|---|---|")
CONFIGURATION = """[mutmut]
source_paths =
    bot
    db
only_mutate =
    {modules}
do_not_mutate =
    {others}
also_copy =
    sandbox
    playbooks
    README.md
track_dependencies = false
timeout_multiplier = 1.0
timeout_constant = 6.0
pytest_add_cli_args =
    {plugins}
pytest_add_cli_args_test_selection =
    {tests}
"""
PLUGINS = (
    "-pno:randomly",
    "-pno:cacheprovider",
    "-pno:xdist",
    "-ptests.quickest",
    "-knot postgresql",
)
# What is wrong is not read: neither looked for nor put into words.
FORKED = ("-ptests.forked", "--tb=native", "--assert=plain", "-q")


@dataclass(frozen=True)
class Group:
    """Modules, and the tests that are about them."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    others: tuple[str, ...] = ()  # modules that another group has


def _rules(*names: str) -> tuple[str, ...]:
    return tuple(f"bot/rules/{name}.py" for name in names)


_OF_TIME = _rules(
    *("calendar", "cycles", "digest", "due", "schedule", "snooze", "spread", "working")
)
_OF_ACCOUNTS = _rules(
    *("advocacy", "attention", "briefs", "decisions", "money", "overlay", "pace"),
    *("participation", "promises", "results", "value"),
)
_OF_PLAYBOOKS = _rules("playbook*", "phrases")
_OF_IMPORTS = _rules("import_*", "headings", "deals")
_OF_TURNS = tuple(f"db/outbox/{name}.py" for name in ("claim", "ready", "bucket", "upcoming"))
_OF_DELIVERY = (
    *("rows", "waiting", "calls", "ends", "looks", "breakers"),
    *("batches", "sending", "doubt", "together"),
)
GROUPS = {
    "time": Group(
        _OF_TIME,
        (
            *(f"tests/rules/test_{name}.py" for name in ("calendar", "digest_times", "due")),
            *(f"tests/rules/test_{name}.py" for name in ("schedule", "snooze")),
            *("tests/cycles/test_rules.py", "tests/imports/test_spread.py"),
        ),
    ),
    "accounts": Group(
        _OF_ACCOUNTS,
        (
            *(f"tests/rules/test_{name}.py" for name in ("of_an_account", "attention", "results")),
            *(f"tests/rules/test_{name}.py" for name in ("money", "overlay")),
            "tests/value/test_rules.py",
        ),
    ),
    "playbooks": Group(_OF_PLAYBOOKS, ("tests/rules",)),
    "words": Group(
        ("bot/rules/*.py",),
        ("tests/rules", "tests/decisions/test_typed.py", "tests/value/test_typed.py"),
        (*_OF_TIME, *_OF_ACCOUNTS, *_OF_PLAYBOOKS, *_OF_IMPORTS),
    ),
    "imports": Group(
        _OF_IMPORTS,
        tuple(
            f"tests/imports/test_{name}.py"
            for name in ("lines", "merging", "reading_files", "deals")
        ),
    ),
    "delivery": Group(
        (
            "bot/nudges/breakers.py",
            "bot/nudges/deliver.py",
            "bot/nudges/reconcile.py",
            "bot/nudges/together.py",
            "db/direct.py",
            "db/outbox/*.py",
            "db/statements.py",
        ),
        (*(f"tests/delivery/test_{name}.py" for name in _OF_DELIVERY), "tests/test_direct.py"),
        _OF_TURNS,
    ),
    "turns": Group(_OF_TURNS, ("tests/delivery/test_turns.py",)),
    "permissions": Group(
        ("bot/speakers.py", "bot/refusals.py", "bot/app.py", "bot/actions/admins.py"),
        (
            "tests/test_permissions.py",
            "tests/test_the_door.py",
            "tests/commands/test_who_may_speak.py",
        ),
    ),
}


AGAIN = "again"
_BUILT_ONCE = {
    "db/statements.py": b"if key not in self._kept:",
    "db/prepared.py": b"if given not in kept:",
}
_DECORATED = re.compile(rb"^@(Statement|prepared)\n(?=def (\w+)\()", re.MULTILINE)


def main(words: list[str]) -> int:
    """Runs the groups named, or all; of their mutants those named (`bot.rules.due.*`), or all."""
    names = [word for word in words if word in GROUPS] or list(GROUPS)
    named = [word for word in words if word not in (*GROUPS, AGAIN)]
    seconds = AGAIN_SECONDS if AGAIN in words else QUICK_SECONDS
    judged = {**os.environ, "MUTANT_UNDER_TEST": "", NAMED: " ".join(named), BUDGET: str(seconds)}
    for name in names:
        folder = MUTANTS / name
        _prepare(folder, GROUPS[name])
        for command, where, environment in (
            ((sys.executable, "-m", "tests.learn"), folder, None),
            (
                (sys.executable, "-m", "pytest", *PLUGINS, *FORKED, *GROUPS[name].tests),
                folder / "mutants",
                judged,
            ),
        ):
            # 5: pytest has run no tests itself.
            if subprocess.run(command, cwd=where, env=environment, check=False).returncode % 5:
                return 1
        sys.stdout.write("\n".join(table(folder / "mutants")) + "\n")
    return 0


def _prepare(folder: Path, group: Group) -> None:
    """A copy of the program for mutmut to work on, which puts its own things beside it."""
    listed = ["git", "ls-files", "bot", "db", "sandbox", "playbooks", "tests", "bench", "docs"]
    listed += ["README.md", "CHANGELOG.md", "Makefile"]
    said = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in said.splitlines():
        to = folder / name
        to.parent.mkdir(parents=True, exist_ok=True)
        wanted = _to_break(name, (ROOT / name).read_bytes())
        if not to.exists() or to.read_bytes() != wanted:
            to.write_bytes(wanted)
    pytest_only = (ROOT / "pyproject.toml").read_text()
    (folder / "pyproject.toml").write_text(pytest_only)
    lists = {name: "\n    ".join(getattr(group, name)) for name in ("modules", "others", "tests")}
    lists["plugins"] = "\n    ".join(PLUGINS)
    (folder / "setup.cfg").write_text(CONFIGURATION.format(**lists))


def _to_break(name: str, source: bytes) -> bytes:
    """A file as mutmut gets it, so that it breaks statements too, and tests see them broken."""
    if name in _BUILT_ONCE:
        if _BUILT_ONCE[name] not in source:
            raise LookupError(f"{name} keeps what it built in another way now")
        return source.replace(_BUILT_ONCE[name], b"if True:")
    if name.startswith("db/outbox/"):
        ends = [b"\n%b = %b(%b)\n" % (of, by, of) for by, of in _DECORATED.findall(source)]
        return _DECORATED.sub(b"", source) + b"".join(ends)
    return source


def table(mutants: Path) -> Iterator[str]:
    """A row for each module; what was not run yet is left out, and said."""
    yield from HEAD
    total: Counter[str] = Counter()
    for notes in sorted(mutants.rglob("*.meta")):
        codes = json.loads(notes.read_text())["exit_code_by_key"].values()
        states = Counter(status_by_exit_code[code] for code in codes)
        total += states
        if states.total() > states["not checked"]:
            yield _row(str(notes.relative_to(mutants)).removesuffix(".py.meta"), states)
    yield _row("together", total)
    if total["not checked"]:
        yield f"\n{total['not checked']} have not been run."


def _row(module: str, states: Counter[str]) -> str:
    """A mutant that no test reaches was not seen."""
    run = states.total() - states["not checked"]
    seen = sum(states[state] for state in SEEN)
    score = f"{seen / run:.0%}" if run else "–"
    survived = run - seen - states["no tests"]
    return f"| {module} | {run} | {seen} | {survived} | {states['no tests']} | {score} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
