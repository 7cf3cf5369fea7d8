"""What a playbook would send, counted by the rules of the real planning; nothing is written."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.__main__ import build_parser
from bot.actions.playbook.simulation import SimulatedAccount, simulate
from bot.actions.touchpoints.planning import AccountFacts
from bot.rules.playbook.playbook import parse
from bot.settings import Settings
from tests.story import PLAYBOOK, Story

FIRST = datetime(2026, 9, 1, tzinfo=UTC)


def customer(name: str, entered: str, stage: str = "onboarding") -> SimulatedAccount:
    at = datetime.fromisoformat(entered).replace(tzinfo=UTC)
    return SimulatedAccount(name, None, AccountFacts(1, stage, 1, at, None))


def test_recurring_plays_come_again_and_what_is_past_stays_past() -> None:
    old, new = customer("Old", "2026-05-01 10:00"), customer("New", "2026-09-07 10:00")
    told = simulate(parse(PLAYBOOK), [old, new], FIRST, 13)
    assert [f"{n.at:%d %b} {n.customer} {n.play.key}" for n in told.nudges] == [
        "08 Sep New kickoff",
        "09 Sep New hello",
        "28 Sep Old report",
        "07 Oct New report",
        "28 Oct Old report",
        "06 Nov New report",
        "27 Nov Old report",
    ]
    assert {n.to for n in told.nudges if n.play.key == "hello"} == {"sales"}


def test_who_would_be_over_a_limit_is_named() -> None:
    crowd = [customer(f"C{n}", "2026-09-07 10:00") for n in range(9)]
    told = simulate(parse(PLAYBOOK + "attention: {customer_a_week: 1}\n"), crowd, FIRST, 2)
    assert ("operations", "channel a day", 9, 1) in told.over
    assert ("C0", "customer a week", 2, 1) in told.over


def test_the_command_counts_the_real_accounts_and_writes_nothing(
    story: Story,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    story.types("priya", "/account add Acme stage onboarding")
    file, picture = tmp_path / "ours.yaml", tmp_path / "weeks.png"
    file.write_text(PLAYBOOK)
    words = ["playbook", "simulate", str(file), "--weeks", "2", "--picture", str(picture)]
    args = build_parser(words).parse_args(words)
    before = story.rows()
    assert args.run(args, settings=Settings(database_url=story.url), now=lambda: story.now) == 0
    assert story.rows() == before
    said = capsys.readouterr().out
    assert "1 account, 2 weeks" in said
    assert "23 Nov 2026" in said
    assert picture.read_bytes().startswith(b"\x89PNG")
