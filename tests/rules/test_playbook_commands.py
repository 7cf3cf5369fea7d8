"""`python -m bot playbook check|show|schema`."""

import json
import re
from pathlib import Path

import pytest

from bot.__main__ import build_parser
from bot.terminal.playbook import command as command
from tests.rules.samples import TEXT


def run(*words: str) -> int:
    args = build_parser(["playbook"]).parse_args(["playbook", *words])
    code: int = args.run(args)
    return code


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ours.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_check_says_in_one_line_that_all_is_well(file: Path, capsys):
    assert run("check", str(file)) == 0
    said = capsys.readouterr().out
    assert said == f"{file} is fine: 3 stages, 2 plays, 2 departments, leading to customer.\n"


def test_check_warns_of_long_asks_and_of_reminders(file: Path, capsys):
    text = TEXT.replace("due: on entry", "due: on entry\n        remind_after: 1 week", 1)
    file.write_text(re.sub(r"ask: Ask.*", f"ask: {'word ' * 33}", text, count=1))
    assert run("check", str(file)) == 0
    said = capsys.readouterr()
    assert "the ask has 33 words; shorten it to 32." in said.err
    assert "remind_after does nothing any more" in said.err
    assert said.out.startswith(f"{file} is fine")


def test_check_lists_every_mistake_and_fails(file: Path, capsys):
    file.write_text(TEXT.replace("owner: sales", "owner: sails").replace("IE", "ZZ"))
    assert run("check", str(file)) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert 'stages.0.plays.0.owner: no department "sails", did you mean "sales"?' in said.err
    assert 'no holiday country "ZZ"' in said.err
    assert said.err.endswith(f"2 mistakes in {file}.\n")


def test_show_prints_departments_stages_and_plays(file: Path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    assert run("show", str(file)) == 0
    said = capsys.readouterr().out
    for words in (
        "#operations",
        "Did we choose well?",
        "Kick-off call",
        "1 business day after entry",
    ):
        assert words in said
    assert "the destination" in said
    assert "an exit" in said


def test_show_without_a_file_shows_the_default(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    assert run("show") == 0
    assert "Ask for their decision" in capsys.readouterr().out


def test_show_of_a_wrong_file_tells_why_and_fails(tmp_path: Path, capsys):
    assert run("show", str(tmp_path / "none.yaml")) == 1
    assert "check its name" in capsys.readouterr().err


def test_the_schema_describes_the_file_as_it_is_written(capsys):
    assert run("schema") == 0
    schema = json.loads(capsys.readouterr().out)
    assert set(schema["required"]) == {"destination", "departments", "stages"}
    assert "version" not in schema["properties"]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == "Linchpin playbook"
    parts = schema["$defs"]
    assert (parts["Company"]["required"], parts["Stage"]["required"]) == ([], ["key", "decision"])
    assert parts["Play"]["required"] == ["key", "title", "owner", "due", "ask", "helps"]
    department = parts["Department"]
    assert set(department["required"]) == {"channel", "timezone"}
    assert "key" not in department["properties"]
    play = parts["Play"]["properties"]
    assert "pattern" in play["due"]
    assert {"for", "only_for"} & set(play) == {"for"}
    assert "decision date" in play["records"]["anyOf"][0]["enum"]
    assert play["escalate"]["anyOf"][0]["enum"] == ["at once", "weekly", "never"]
    assert {"enter", "was"} <= set(parts["Stage"]["properties"])
    assert "routes" in department["properties"]
