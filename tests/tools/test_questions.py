"""The questions: the sets can be used, and a few are typed into the demo from end to end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bench.questions.__main__ import set_up
from bench.questions.facts import changes, is_taken_back, read_rows
from bench.questions.judge import ask_all
from bench.questions.report import block
from bench.questions.seen import command_lines, holds
from bench.questions.sets import FOLDER, SetError, load_set, load_setup
from bench.questions.typist import Moment, Nudge, Typist, numbered, plain_demo

SETS = sorted(path.stem for path in FOLDER.glob("*.yaml"))


@pytest.fixture(scope="module")
def desk() -> Iterator[tuple[Typist, Moment]]:
    """The demo with what was put in before, and that moment."""
    with plain_demo() as typist:
        yield typist, set_up(typist)


@pytest.mark.parametrize("name", SETS)
def test_every_set_can_be_used(name: str) -> None:
    assert len(load_set(name)) >= 40
    assert len(load_setup()) == 13


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("kind: weather, effect: none", "weather"),
        ("kind: log, effect: {interaction: {account: A, colour: red}}", "colour"),
        ("kind: log, effect: none, shows: [A]", "shows"),
        ("kind: log, effect: none, follows: q9", "q9"),
    ],
)
def test_a_set_with_a_mistake_is_refused(tmp_path: Path, written: str, why: str) -> None:
    path = tmp_path / "set.yaml"
    path.write_text(f"questions:\n  - {{id: q1, who: priya, where: dm, text: hi, {written}}}\n")
    with pytest.raises(SetError, match=why):
        load_set(str(path))


def test_a_command_a_refusal_and_a_question_are_judged_from_end_to_end(
    desk: tuple[Typist, Moment],
) -> None:
    typist, start = desk
    asked = ("q043", "q092", "q099")
    verdicts = list(ask_all(typist, start, load_set("forty"), lambda one: one.id in asked))
    assert [(one.question.id, one.mark) for one in verdicts] == [(id, "right") for id in asked]
    assert "guests cannot use it" in block(verdicts[1])
    assert all(0 < one.seen.seconds < 30 for one in verdicts)


def test_what_was_not_meant_is_found(desk: tuple[Typist, Moment], tmp_path: Path) -> None:
    typist, start = desk
    path = tmp_path / "set.yaml"
    path.write_text("""
questions:
  - {id: q1, kind: stage, who: priya, where: dm, text: "/stage acme corp renewal", effect: none}
  - {id: q2, kind: stage, who: priya, where: dm, text: "move acme corp to renewal",
     effect: {stage: {account: Acme Robotics, stage: renewal}}}
  - {id: q3, kind: stage, who: priya, where: dm, text: "move acme corp to renewal",
     effect: {stage: {account: Acme Corporation, stage: renewal}}}
""")
    first, second, meant = ask_all(typist, start, load_set(str(path)))
    assert [one.mark for one in (first, second, meant)] == ["wrong", "wrong", "right"]
    assert all("stage=renewal" in " ".join(one.unmeant) for one in (first, second))
    assert meant.unmeant == ()


def test_going_back_leaves_nothing_behind(desk: tuple[Typist, Moment]) -> None:
    typist, start = desk
    typist.back_to(start)
    before = read_rows(typist.engine)
    typist.types("priya", "dm", "/account add Zinnia Freight")
    assert "Zinnia Freight" in typist.types("priya", "dm", "/account zinnia").text
    assert changes(before, read_rows(typist.engine))
    typist.back_to(start)
    assert changes(before, read_rows(typist.engine)) == []
    assert "No account" in typist.types("priya", "dm", "/account zinnia").text
    assert date(2026, 11, 23) == typist.demo.time.now().date()


def test_what_is_undone_is_taken_back(desk: tuple[Typist, Moment]) -> None:
    typist, start = desk
    typist.back_to(start)
    before = read_rows(typist.engine)
    changed = typist.types("priya", "dm", "/account tamarind renews 2027-03-31")
    assert not is_taken_back(before, read_rows(typist.engine))
    typist.clicks("priya", next(one for one in changed.buttons if one.label == "Undo"))
    assert is_taken_back(before, read_rows(typist.engine))


@pytest.mark.parametrize(
    ("text", "phrase", "there"),
    [
        ("Renews *Fri 18 Dec*", "18 dec", True),
        ("Renews 18 Dec", "8 Dec", False),
        ("worth GBP 118,000", "18,000", False),
        ("O’Hara Provisions &amp; Sons", "O'Hara Provisions & Sons", True),
        ("a reference", "quote|reference", True),
    ],
)
def test_facts_are_found_whatever_they_are_written_like(
    text: str, phrase: str, there: bool
) -> None:
    assert holds(text, phrase) is there


def test_commands_that_are_written_out_can_be_typed() -> None:
    assert command_lines("Type `/log acme call hi` or `/help`, not `log`.") == ["/log acme call hi"]


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("@linchpin done, they agreed", "@linchpin done 3, they agreed"),
        ("@linchpin I'll take this one", "@linchpin I'll take 3"),
        ("@linchpin snooze it until Friday", "@linchpin snooze 3 until Friday"),
        ("@linchpin they were on holiday", "@linchpin 3 they were on holiday"),
        ("@linchpin why did we get this?", "@linchpin why did we get this?"),
    ],
)
def test_under_a_list_a_line_is_named_by_its_number(said: str, typed: str) -> None:
    assert numbered(said, Nudge("C0SALES", "1.0", 7, 3, 5)) == typed
