"""Rules of the architecture that no other tool checks."""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot import settings
from bot.__main__ import COMMANDS, build_parser, main
from bot.rules.errors import UserError

ROOT = settings.ROOT
CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
}
ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.putenv"}


def modules(*places: str) -> Iterator[Path]:
    """The Python files of packages and modules, as paths from the root."""
    for place in places:
        yield from sorted((ROOT / place).rglob("*.py"))
        if (ROOT / f"{place}.py").exists():
            yield ROOT / f"{place}.py"


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_names(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for: {"now_of": "datetime.datetime"}."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {each.asname or each.name: each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
    return names


def mentions(tree: ast.Module, forbidden: set[str]) -> list[str]:
    """`line: name` of every use of a forbidden name, however it was imported."""
    names = imported_names(tree)
    last = {name.rpartition(".")[2] for name in forbidden}
    last |= {alias for alias, name in names.items() if name.rpartition(".")[2] in last}
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute | ast.Name) or not isinstance(node.ctx, ast.Load):
            continue
        if (node.attr if isinstance(node, ast.Attribute) else node.id) in last:
            first, *rest = ast.unparse(node).split(".")
            full = ".".join([names.get(first, first), *rest])
            if any(full == name or full.endswith(f".{name}") for name in forbidden):
                found.append(f"{node.lineno}: {full}")
    return found


def may_mention(source: str, forbidden: set[str]) -> bool:
    """Whether a look at its syntax is worth while, which takes a hundred times as long."""
    if any(f".{name.rpartition('.')[2]}" in source for name in forbidden):
        return True
    return "from time " in source or "from os " in source


def offenders(paths: Iterator[Path], forbidden: set[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{mention}"
        for path in paths
        if may_mention(path.read_text(encoding="utf-8"), forbidden)
        for mention in mentions(parsed(path), forbidden)
    ]


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\ndatetime.now(UTC)",
        "from datetime import datetime as dt\ndt.utcnow()",
        "import datetime\ndatetime.date.today()",
        "import datetime as d\nread = d.datetime.now",
        "import time\ntime.time()",
        "from time import time\ntime()",
    ],
)
def test_the_search_for_clocks_finds_one_in_any_spelling(source):
    assert may_mention(source, CLOCKS)
    assert mentions(ast.parse(source), CLOCKS)


def test_the_clock_is_read_at_the_doors_only():
    below = modules("bot/rules", "bot/actions", "bot/messages", "db")
    assert offenders(below, CLOCKS) == []


def test_the_environment_is_read_in_the_settings_only():
    others = (path for path in modules("bot", "db", "sandbox") if path.name != "settings.py")
    assert offenders(others, ENVIRONMENT) == []


def test_no_alias_of_a_table_is_shared_among_threads():
    # SQLAlchemy makes an alias' columns up when they are first asked for; two threads that ask at
    # once can leave `outbox.state` where `root.state` was meant, for as long as the process lives.
    shared = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules("bot", "db")
        if "aliased(" in path.read_text(encoding="utf-8")
        for node in parsed(path).body
        if isinstance(node, ast.Assign | ast.AnnAssign) and "aliased(" in ast.unparse(node)
    ]
    assert shared == []


def test_messages_know_only_the_block_models_of_slacks_library():
    imports = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules("bot/messages")
        for name in imported_names(parsed(path)).values()
        if name.startswith("slack_") and not name.startswith("slack_sdk.models.")
    }
    assert imports == set()


def test_every_part_of_the_bot_has_its_layer():
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = config["tool"]["importlinter"]["contracts"][0]["layers"]
    placed = set(re.findall(r"bot\.(\w+)", " ".join(layers)))
    parts = {path.stem for path in (ROOT / "bot").glob("*.py")}
    parts |= {path.parent.name for path in (ROOT / "bot").glob("*/__init__.py")}
    assert parts - {"__init__"} <= placed


def test_the_procfile_names_commands_that_exist():
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    processes = dict(line.split(": ", 1) for line in lines)
    assert set(processes) == {"release", "web", "worker"}
    for line in processes.values():
        command = re.fullmatch(r"python -m bot (\w+)", line)
        assert command, f"not a command of the bot: {line}"
        assert command[1] in COMMANDS


def test_the_example_of_env_names_exactly_what_is_read():
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^(\w+)=", text, re.MULTILINE)) == settings.variable_names()


def test_the_example_of_env_shows_the_defaults(no_environment):
    assert settings.load(ROOT / ".env.example") == settings.load(None)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_file_pins_by_hash_and_names_no_host(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^--", text, re.MULTILINE)
    pins = re.split(r"\n(?=\S)", text.strip())
    assert all("==" in pin and "--hash=sha256:" in pin for pin in pins)


def test_the_lock_files_agree_on_every_version():
    default, dev = (
        set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert default <= dev


def test_every_command_has_its_parser_and_help_of_one_line():
    actions = build_parser()._actions
    commands = next(each for each in actions if isinstance(each, argparse._SubParsersAction))
    assert list(commands.choices) == list(COMMANDS)
    assert [each.dest for each in commands._choices_actions if each.help] == list(COMMANDS)


def test_a_command_loads_no_other_command():
    script = (
        "import sys; from bot.__main__ import build_parser; build_parser(['manifest']); "
        "print(*(name for name in sys.modules if name.startswith('bot.terminal.')))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(ran.stdout.split()) <= {"bot.terminal.manifest"}


def test_the_program_alone_prints_its_help(capsys):
    assert main([]) == 0
    assert "COMMAND" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("trouble", "code", "said"),
    [(UserError("Do this instead."), 2, "Do this instead.\n"), (KeyboardInterrupt(), 130, "")],
)
def test_trouble_ends_with_a_code_and_at_most_a_sentence(monkeypatch, capsys, trouble, code, said):
    def fail(_arguments: argparse.Namespace) -> int:
        raise trouble

    parser = argparse.ArgumentParser()
    parser.set_defaults(run=fail)
    monkeypatch.setattr("bot.__main__.build_parser", lambda _words: parser)
    assert main([]) == code
    assert capsys.readouterr().err == said


@pytest.fixture
def no_environment(monkeypatch):
    for variable in settings.variable_names():
        monkeypatch.delenv(variable, raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("SLACK_BOT_TOKEN", "xapp-hunter2", "begins with xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-hunter2", "begins with xapp-"),
        ("SLACK_API_URL", "hunter2.example", "should begin with https://"),
        ("DATABASE_URL", "mysql://a:hunter2@host/name", "sqlite:/// or postgresql://"),
        ("PORT", "hunter2", "a whole number"),
        ("PORT", "70000", "65535 or less"),
        ("LINCHPIN_ADMINS", "@hunter2", "member IDs"),
        ("LINCHPIN_SETTLE_SECONDS", "-1", "0 or more"),
        ("LINCHPIN_TICK_SECONDS", "0", "1 or more"),
        ("LINCHPIN_LOG_LEVEL", "hunter2", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
    ],
)
def test_a_wrong_setting_is_named_explained_and_not_repeated(no_environment, variable, value, says):
    no_environment.setenv(variable, value)
    with pytest.raises(UserError) as caught:
        settings.load(None)
    sentence = caught.value.sentence
    assert sentence.startswith(variable)
    assert says in sentence
    assert "hunter2" not in sentence


def test_every_wrong_setting_is_told_at_once(no_environment):
    no_environment.setenv("PORT", "x")
    no_environment.setenv("LINCHPIN_TICK_SECONDS", "x")
    with pytest.raises(UserError, match=r"PORT should .* LINCHPIN_TICK_SECONDS should"):
        settings.load(None)


def test_a_missing_secret_is_asked_for_with_the_place_to_find_it(no_environment):
    loaded = settings.load(None)
    with pytest.raises(UserError, match=r"SLACK_APP_TOKEN is not set: .*connections:write"):
        settings.require_variables(loaded, "SLACK_APP_TOKEN")


def test_a_set_secret_is_enough_and_never_shown(no_environment):
    no_environment.setenv("SLACK_BOT_TOKEN", "xoxb-hunter2")
    no_environment.setenv("DATABASE_URL", "postgres://a:hunter2@host/name")
    loaded = settings.load(None)
    settings.require_variables(loaded, "SLACK_BOT_TOKEN")
    assert "hunter2" not in repr(loaded)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgres_means_the_one_driver(no_environment, scheme):
    no_environment.setenv("DATABASE_URL", f"{scheme}://host/name")
    assert settings.load(None).database_url == "postgresql+psycopg://host/name"


def test_the_process_wins_over_the_file_and_an_empty_line_means_the_default(
    no_environment, tmp_path
):
    file = tmp_path / ".env"
    file.write_text("PORT=4000\nLINCHPIN_ADMINS=U1, W2\nLINCHPIN_PLAYBOOK=\n", encoding="utf-8")
    no_environment.setenv("PORT", "5000")
    loaded = settings.load(file)
    assert loaded.port == 5000
    assert loaded.admins == ("U1", "W2")
    assert loaded.playbook == ROOT / "playbooks" / "default.yaml"


def test_a_strangers_variable_of_a_plain_name_is_not_ours(no_environment):
    no_environment.setenv("LOG_LEVEL", "ERROR")
    assert settings.load(None).log_level == "INFO"
