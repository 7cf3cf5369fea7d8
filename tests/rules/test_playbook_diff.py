"""What changed between two playbooks, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.rules.playbook.diff import Change, list_changes, plays_of
from bot.rules.playbook.playbook import parse
from tests.rules.samples import TEXT
from tests.rules.test_playbook_commands import run


def test_comments_and_layout_are_no_difference() -> None:
    assert list_changes(parse(TEXT), parse("# reviewed by Priya\n" + TEXT)) == []


def test_what_is_added_removed_and_changed_is_told_with_both_values() -> None:
    changed = TEXT.replace("due: 1 business day after entry", "due: 3 days after entry").replace(
        "hours: 09:00-17:00", "hours: 08:00-16:00"
    )
    assert changed != TEXT
    told = list_changes(parse(TEXT), parse(changed))
    assert {one.what for one in told} == {"changed"}
    due = [one for one in told if one.field == "due"]
    assert [(one.before, one.after) for one in due] == [
        ("1 business day after entry", "3 days after entry")
    ]
    old = parse(TEXT)
    gone = old.model_copy(update={"stages": old.stages[:-1]})
    last = old.stages[-1]
    assert Change("removed", f"stage {last.key}", "", last.name) in list_changes(old, gone)
    assert Change("added", f"stage {last.key}", "", "", last.name) in list_changes(gone, old)
    turned = old.model_copy(update={"stages": old.stages[::-1]})
    assert [one.field for one in list_changes(old, turned)] == ["order"]


OLD = """\
name: Ours
promises: {notice: 5 business days}
advocacy: {acts: [quote, talk]}
decisions: {renewed: {means: They stay}, reduced: {renews: true}}
"""
NEW = """\
promises: {notice: 2 days, owner: sales}
advocacy: {acts: [quote, talk, referral]}
decisions: {renewed: {means: They stay on}, expanded: {means: More of it}}
renewals: {brief: [60]}
participation: {silent_after: {sales: 3 weeks}}
"""


def test_each_difference_is_told_where_it_is_and_as_it_is_written() -> None:
    new = (
        TEXT.replace("    exit: true\n", "    exit: true\n    next: [prospect, customer]\n")
        .replace('"#operations"', '"#ops"')
        .replace("title: Kick-off call", "title: First call")
        .replace("due: on entry\n", "due: on entry\n        contacts_customer: false\n")
        .replace("key: kickoff", "key: first")
    )
    assert list_changes(parse(OLD + TEXT), parse(NEW + new)) == [
        Change("changed", "playbook", "name", "Ours", "Our playbook"),
        Change("changed", "company", "channel", "#operations", "#ops"),
        Change("changed", "promises", "notice", "5 business days", "2 days"),
        Change("changed", "promises", "owner", "manager", "sales"),
        Change("changed", "decisions renewed", "means", "They stay", "They stay on"),
        Change("added", "decisions expanded"),
        Change("removed", "decisions reduced"),
        Change("changed", "playbook", "renewals", "(nothing)", "brief: 60"),
        Change("changed", "advocacy", "acts", "quote, talk", "quote, talk, referral"),
        Change("changed", "participation", "silent_after", "(nothing)", "sales: 3 weeks"),
        Change("changed", "department operations", "channel", "#operations", "#ops"),
        Change("changed", "play prospect/ask", "contacts_customer", "true", "false"),
        Change("added", "play customer/first", "", "", "First call"),
        Change("removed", "play customer/kickoff", "", "Kick-off call", ""),
        Change("changed", "stage gone", "next", "(nothing)", "prospect, customer"),
    ]


def test_whom_a_play_is_for_and_what_it_brings_back_are_told_as_they_are_written() -> None:
    """With the stage of an outcome: two stages may have one of the same name."""
    extra = "    outcomes: {renewed: {means: Yes}}\n    enter: 90 days before renewal\n"
    old = TEXT.replace("    decision: Did we choose well?\n", f"    decision: D\n{extra}")
    new = (
        old.replace("means: Yes", "means: Yes, if_value_grew: prospect")
        .replace("enter: 90 days", "enter: 60 days")
        .replace("due: on entry\n", "due: on entry\n        for: {tier: [A, B]}\n")
        .replace("        title: Kick-off", "        records: goal\n        title: Kick-off")
        .replace('channel: "#sales"', 'channel: "#sales", routes: {C: "#scale"}')
    )
    told = list_changes(parse(old), parse(new))
    assert [(one.where, one.field, one.after) for one in told] == [
        ("department sales", "routes", "C: #scale"),
        ("play prospect/ask", "for", "tier: A, B"),
        ("stage customer", "enter", "60 days before renewal"),
        ("stage customer outcomes renewed", "if_value_grew", "prospect"),
        ("play customer/kickoff", "records", "goal"),
    ]
    fewer = parse(new.replace("[A, B]", "A"))
    assert list_changes(parse(new), fewer) == [
        Change("changed", "play prospect/ask", "for", "tier: A, B", "tier: A")
    ]


def test_plays_are_known_by_their_stage_and_their_key() -> None:
    assert set(plays_of(parse(TEXT))) == {("prospect", "ask"), ("customer", "kickoff")}


def test_an_order_is_that_of_the_stages_that_stay() -> None:
    old = parse(TEXT)
    gone, *others = (old.stages[2], *old.stages[:2])
    turned = old.model_copy(update={"stages": (gone, *others)})
    assert list_changes(old, turned) == [
        Change(
            "changed", "playbook", "order", "prospect, customer, gone", "gone, prospect, customer"
        )
    ]
    fewer = old.model_copy(update={"stages": tuple(others)})
    assert [one.what for one in list_changes(turned, fewer)] == ["removed"]


def test_diff_ends_as_diff_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new, wrong = (tmp_path / name for name in ("old.yaml", "new.yaml", "wrong.yaml"))
    old.write_text(TEXT)
    new.write_text(TEXT.replace("owner: sales", "owner: operations"))
    wrong.write_text(TEXT.replace("owner: sales", "owner: sails"))
    assert run("diff", str(old), str(old)) == 0
    assert run("diff", str(old), str(new)) == 1
    assert "operations" in capsys.readouterr().out
    assert run("diff", str(old), str(wrong)) == 2
