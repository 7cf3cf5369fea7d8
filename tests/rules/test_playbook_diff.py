"""What changed between two playbooks, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.rules.playbook import parse
from bot.rules.playbook_diff import Change, differences
from tests.rules.samples import TEXT
from tests.rules.test_playbook_commands import run


def test_comments_and_layout_are_no_difference() -> None:
    assert differences(parse(TEXT), parse("# reviewed by Priya\n" + TEXT)) == []


def test_what_is_added_removed_and_changed_is_told_with_both_values() -> None:
    changed = TEXT.replace("due: 1 business day after entry", "due: 3 days after entry").replace(
        "hours: 09:00-17:00", "hours: 08:00-16:00"
    )
    assert changed != TEXT
    told = differences(parse(TEXT), parse(changed))
    assert {one.what for one in told} == {"changed"}
    due = [one for one in told if one.field == "due"]
    assert [(one.before, one.after) for one in due] == [
        ("1 business day after entry", "3 days after entry")
    ]
    old = parse(TEXT)
    gone = old.model_copy(update={"stages": old.stages[:-1]})
    last = old.stages[-1]
    assert Change("removed", f"stage {last.key}", "", last.name) in differences(old, gone)
    assert Change("added", f"stage {last.key}", "", "", last.name) in differences(gone, old)
    turned = old.model_copy(update={"stages": old.stages[::-1]})
    assert [one.field for one in differences(old, turned)] == ["order"]


def test_diff_ends_as_diff_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new, wrong = (tmp_path / name for name in ("old.yaml", "new.yaml", "wrong.yaml"))
    old.write_text(TEXT)
    new.write_text(TEXT.replace("owner: sales", "owner: operations"))
    wrong.write_text(TEXT.replace("owner: sales", "owner: sails"))
    assert run("diff", str(old), str(old)) == 0
    assert run("diff", str(old), str(new)) == 1
    assert "operations" in capsys.readouterr().out
    assert run("diff", str(old), str(wrong)) == 2
