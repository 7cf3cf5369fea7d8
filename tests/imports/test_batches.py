"""A large import lets others in between its pieces, and survives being broken off."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.__main__ import build_parser
from bot.actions.imports import process
from bot.actions.imports.accounts import write_accounts
from bot.rules.errors import UserError
from bot.settings import Settings
from bot.terminal.imports import command
from db.models import Account, Alias, ImportRun, Interaction, StageChange, Term, Touchpoint
from tests.story import Story

from .conftest import Desk

Rest = Callable[[Callable[[], Any]], None]

FILE = "Account,Stage,Owner,Renewal date,Alias\n" + "".join(
    f"Firm {n:02},{'Customer' if n % 2 else 'Lead'},Priya Raman,2027-0{1 + n % 6}-28,F{n:02}; Old\n"
    for n in range(8)
)
DEALS = "Account,Deal ID,Stage,Close date,Created\n" + "".join(
    f"Firm {n:02},{n},{'Won' if n < 6 else 'Lost'},2026-11-2{n % 3},2026-11-0{1 + n % 5}\n"
    for n in range(1, 10)
)


@pytest.fixture
def rest(monkeypatch: pytest.MonkeyPatch) -> Rest:
    """Makes pieces of three lines, and does something else between two of them."""
    monkeypatch.setattr(process, "BATCH_SIZE", 3)
    monkeypatch.setattr(command, "_pause_between", lambda: None)
    return lambda other: monkeypatch.setattr(command, "_pause_between", other)


def test_a_command_gets_in_while_an_import_is_at_work(
    story: Story, tmp_path: Path, rest: Rest
) -> None:
    answers: list[str] = []

    def meanwhile() -> None:
        number = len(answers)
        answers.append(story.slack.command("priya", "#general", f"/account add Mine {number}").text)
        if number == 0:  # in the third piece, which is still to come
            story.slack.command("priya", "#general", "/account add Firm 07")
            story.slack.command("priya", "#general", "/stage Firm 07 renewal")

    rest(meanwhile)
    said = _typed(story, tmp_path)
    assert len(answers) > 5
    assert all(f"Mine {n} is added" in answer for n, answer in enumerate(answers))
    assert "moved in Slack" in said
    story.settle()
    story.sees("#customers", "Firm 07 moved")
    story.sees("#marketing", "Story of the year")


def test_a_command_gets_in_while_a_dry_run_is_at_work(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[str] = []

    def meanwhile(*given: Any) -> Any:
        answers.append(story.slack.command("priya", "#general", "/account add Mine").text)
        return write_accounts(*given)

    monkeypatch.setattr("bot.actions.imports.accounts.write_accounts", meanwhile)
    assert "would come in" in _typed(story, tmp_path, "--dry-run")
    assert answers[0].startswith("Mine is added")
    assert "Firm" not in story.types("priya", "/stage prospect").text


def test_an_import_that_is_broken_off_anywhere_is_finished_by_the_same_file(
    desk: Desk, rest: Rest
) -> None:
    files = (desk.file("a.csv", FILE), "--deals", desk.file("d.csv", DEALS))
    desk.typed(*files)
    whole = _all(desk)
    assert len(whole) > 60
    desk.typed("--undo")
    assert not _all(desk)
    for pieces in count(1, 2):
        rest(_broken_off_after(pieces))
        try:
            desk.typed(*files)
        except KeyboardInterrupt:
            rest(lambda: None)
            desk.wait(minutes=1)
            desk.typed(*files)
        else:
            break
        assert _all(desk) == whole, f"after {pieces} pieces"
        assert "Nothing has changed" in desk.typed(*files)
        assert "were left" not in desk.typed("--undo")
        assert not _all(desk)
        with pytest.raises(UserError, match="no import to take back"):
            desk.typed("--undo")
    assert pieces > 10


def test_what_a_broken_off_import_wrote_is_taken_back(desk: Desk, rest: Rest) -> None:
    rest(_broken_off_after(2))
    with pytest.raises(KeyboardInterrupt):
        desk.bring(FILE)
    assert len(desk.all(Account)) == 6
    rest(lambda: None)
    for words in ((), ("--dry-run",)):
        with pytest.raises(UserError, match="was not finished"):
            desk.typed(desk.file("b.csv", "Account\nAcme\n"), *words)
    desk.typed("--undo")
    assert not _all(desk)
    desk.bring("Account\nAcme\n")
    assert desk.account("Acme").stage == "prospect"


def test_an_import_that_was_broken_off_bars_other_files_for_a_while_only(
    desk: Desk, rest: Rest
) -> None:
    rest(_broken_off_after(2))
    with pytest.raises(KeyboardInterrupt):
        desk.bring(FILE)
    rest(lambda: None)
    desk.wait(minutes=16)
    desk.typed(desk.file("b.csv", "Account\nAcme\n"))
    assert len(desk.all(Account)) == 7


def test_an_import_that_is_taken_back_while_it_is_at_work_stops(desk: Desk, rest: Rest) -> None:
    first = iter([True])
    rest(lambda: next(first, False) and desk.typed("--undo"))
    with pytest.raises(UserError, match="was taken back while it was at work"):
        desk.bring(FILE)
    assert not _all(desk)


def test_nobody_gets_more_a_day_because_the_import_was_broken_off(desk: Desk, rest: Rest) -> None:
    many = "Account,Stage,Owner\n" + "".join(f"F{n},Lead,Priya Raman\n" for n in range(30))
    rest(_broken_off_after(22))
    with pytest.raises(KeyboardInterrupt):
        desk.bring(many)
    assert desk.all(Touchpoint)
    rest(lambda: None)
    desk.bring(many)
    days = Counter((one.owner, one.due_at.date()) for one in desk.all(Touchpoint))
    assert max(days.values()) == 5


def _typed(story: Story, folder: Path, *words: str) -> str:
    """The import of FILE into a story's workspace; what it prints."""
    file = folder / "accounts.csv"
    file.write_text(FILE.replace("Priya Raman", ""))
    arguments = build_parser(["import"]).parse_args(["import", str(file), *words])
    said, settings = io.StringIO(), Settings(database_url=story.url)
    console = Console(file=said, width=200)
    assert command.run(arguments, settings=settings, now=lambda: story.now, console=console) == 0
    return said.getvalue()


def _broken_off_after(pieces: int) -> Callable[[], None]:
    """The person who types it presses Ctrl-C after so many pieces."""
    done = count(1)

    def press() -> None:
        if next(done) == pieces:
            raise KeyboardInterrupt

    return press


def _all(desk: Desk) -> list[tuple[Any, ...]]:
    """Everything that an import makes, by what does not hang on the order it was made in."""
    names = {account.id: account.name for account in desk.all(Account)}
    accounts = [(one.name, one.stage, one.manager_id, one.term) for one in desk.all(Account)]
    of_account = [
        *((names[one.account_id], one.alias) for one in desk.all(Alias)),
        *((names[one.account_id], one.to_stage, one.stage_entry) for one in desk.all(StageChange)),
        *((names[one.account_id], one.number, one.ended_at is None) for one in desk.all(Term)),
        *((names[one.account_id], one.play, one.state) for one in desk.all(Touchpoint)),
        *((names[one.account_id], one.external_id) for one in desk.all(Interaction)),
    ]
    runs = [(run.added, run.updated) for run in desk.all(ImportRun) if run.undone_at is None]
    return sorted([*accounts, *of_account, *runs], key=repr)
