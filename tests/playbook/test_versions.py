"""A changed playbook is offered, decided by an admin, done to what is open, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select

from bot.__main__ import build_parser
from bot.actions.actor import CLOCK
from bot.actions.playbook import versions as actions
from bot.actions.work import Work
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import parse
from bot.settings import Settings
from db.models import Account, Audit, PlaybookVersion, Touchpoint
from db.playbook import versions
from db.workspace import departments
from sandbox.errors import NotPossible
from tests.commands.helpers import buttons
from tests.story import PLAYBOOK, Story

# Kick-off goes to Sales and three days later, the report is gone, a survey is new.
CHANGED = PLAYBOOK.replace(
    "title: Kick-off call, owner: operations, due: 1 business day after entry",
    "title: First meeting, owner: sales, due: 4 business days after entry",
).replace(
    """      - {key: report, title: Monthly report, owner: operations, due: every 30 days,
         ask: "Send {account} what changed this month.", helps: They see what they got.}
""",
    """      - {key: survey, title: Survey, owner: marketing, due: 10 days after entry,
         ask: "Ask {account} three questions.", helps: They say what is missing.}
""",
)
OLD, NEW = parse(PLAYBOOK, "story.yaml"), parse(CHANGED, "ours.yaml")


def starts_with(story: Story, text: str) -> None:
    """A process starts with that file."""
    with story.tx() as tx:
        actions.register_file(
            Work(tx, OLD, story.now, CLOCK), parse(text, "ours.yaml"), story.context.admins
        )


def open_ones(story: Story) -> dict[str, tuple[str, str, str]]:
    with story.tx() as tx:
        rows = tx.all(select(Touchpoint).where(Touchpoint.state == "planned"))
        return {t.play: (t.title, t.owner, f"{t.due_at:%d %b}") for t in rows}


def in_force(story: Story) -> str:
    with story.tx() as tx:
        return departments.in_force(tx, story.playbook).version


def test_a_changed_file_waits_until_an_admin_takes_it_and_can_be_taken_back(story: Story) -> None:
    story.types("priya", "/account add Acme stage onboarding manager @priya")
    starts_with(story, CHANGED)
    story.settle()
    question = story.sees("@priya", "file has changed", "2 kept, 1 changed, 1 cancelled")
    assert "play onboarding/kickoff, owner: operations → sales" in question.text
    assert "play onboarding/report: Monthly report (removed)" in question.text
    assert in_force(story) == OLD.version
    assert open_ones(story)["report"][1] == "operations"

    story.clicks("priya", question, "playbook:use")
    assert "A new playbook is in force" in story.again(question).text
    assert open_ones(story) == {
        "kickoff": ("First meeting", "sales", "27 Nov"),
        "hello": ("Personal hello", "manager", "25 Nov"),
        "survey": ("Survey", "marketing", "03 Dec"),
        "brief": ("Renewal brief", "manager", "22 Oct"),
    }
    assert in_force(story) == NEW.version
    told = story.types("diego", "/linchpin playbook")
    assert f"version {NEW.version} of ours.yaml since" in told.text
    assert "by <@U0PRIYA>" in told.text
    assert buttons(told) == []
    assert buttons(story.types("priya", "/linchpin playbook")) == ["Go back to it"]

    assert "Only admins" in story.types("diego", "/linchpin playbook back").text
    assert "1 changed, 1 cancelled, 1 new" in story.types("priya", "/linchpin playbook back").text
    assert open_ones(story)["report"][0] == "Monthly report"
    assert "survey" not in open_ones(story)
    with story.tx() as tx:
        taken = [(a.by_user, a.source) for a in tx.all(select(Audit)) if a.verb == "playbook.taken"]
    assert taken == [("U0PRIYA", "button"), ("U0PRIYA", "slash")]


def test_each_touchpoint_remembers_the_version_it_came_from(story: Story) -> None:
    story.types("priya", "/account add Acme stage onboarding")
    starts_with(story, CHANGED)
    with story.tx() as tx:
        versions.activate_version(tx, NEW.version, None, story.now)
    story.types("priya", "/account add Globex stage onboarding")
    with story.tx() as tx:
        came = {(t.account_id, t.playbook) for t in tx.all(select(Touchpoint))}
    assert came == {(1, OLD.version), (2, NEW.version)}
    story.settle()
    story.sees("@priya", "The playbook file has changed")


@pytest.mark.parametrize("answer", ["playbook:keep", "playbook:use"])
def test_processes_with_two_files_do_not_fight(story: Story, answer: str) -> None:
    for text in (CHANGED, PLAYBOOK, CHANGED):
        starts_with(story, text)
    story.settle()
    question = story.sees("@priya", "The playbook file has changed")
    story.clicks("priya", question, answer)
    for text in (PLAYBOOK, CHANGED):
        starts_with(story, text)
    story.settle()
    assert in_force(story) == (OLD.version if answer == "playbook:keep" else NEW.version)
    with story.tx() as tx:
        assert tx.count(PlaybookVersion) == 2


def test_an_answer_counts_once_and_a_version_in_force_cannot_be_turned_down(story: Story) -> None:
    starts_with(story, CHANGED)
    story.settle()
    question = story.sees("@priya", "The playbook file has changed")
    story.types("priya", "/linchpin playbook")
    offered = story.private("priya")
    story.clicks("priya", question, "playbook:use")
    with pytest.raises(NotPossible):  # the question is gone from the message
        story.clicks("priya", story.again(question), "playbook:use")
    story.clicks("priya", offered, "playbook:keep")
    assert "is in force already" in story.private("priya").text
    assert in_force(story) == NEW.version


def terminal(story: Story, folder: Path, text: str) -> Callable[..., int]:
    """Runs `playbook …` on the story's database; `text` is in ours.yaml."""
    own = folder / "own.yaml"
    own.write_text(PLAYBOOK)
    (folder / "ours.yaml").write_text(text)
    settings = Settings(database_url=story.url, LINCHPIN_PLAYBOOK=own)

    def run(command: str, *words: str, yes: bool) -> int:
        words = tuple(str(folder / word) if word == "ours.yaml" else word for word in words)
        args = build_parser(["playbook"]).parse_args(["playbook", command, *words])
        code: int = args.run(args, settings=settings, now=lambda: story.now, ask=lambda: yes)
        return code

    return run


def test_the_terminal_shows_first_and_asks(
    story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story.types("priya", "/account add Acme stage onboarding")
    run, file = terminal(story, tmp_path, CHANGED), tmp_path / "ours.yaml"
    assert run("apply", str(file), yes=False) == 1
    assert "2 kept, 1 changed, 1 cancelled, 1 new" in capsys.readouterr().out
    assert in_force(story) == OLD.version
    assert run("apply", str(file), yes=True) == 0
    assert in_force(story) == NEW.version
    assert run("back", "--yes", yes=False) == 0
    assert in_force(story) == OLD.version
    file.write_text(CHANGED.replace("owner: marketing", "owner: markting"))
    assert run("apply", str(file), yes=True) == 1
    assert "did you mean" in capsys.readouterr().err


# Onboarding is called differently, and what belongs to it stays; renewal is gone.
RENAMED = PLAYBOOK.replace("- key: onboarding\n", "- key: start\n    was: onboarding\n")
FEWER = PLAYBOOK[: PLAYBOOK.index("  - key: renewal")] + PLAYBOOK[PLAYBOOK.index("  - key: adv") :]


def stages(story: Story) -> dict[str, str]:
    with story.tx() as tx:
        return {account.name: account.stage for account in tx.all(select(Account))}


def test_a_stage_that_is_called_differently_keeps_its_accounts_and_their_plan(
    story: Story,
) -> None:
    story.types("priya", "/account add Acme stage onboarding manager @priya")
    story.types("priya", "/account add Globex stage renewal renews 2027-03-31")
    story.sees("#marketing", "Story of the year")
    plan = open_ones(story)
    starts_with(story, RENAMED)
    story.settle()
    question = story.sees("@priya", "1 account of Onboarding will be in Start.", "6 kept")
    assert "stage start, was: (nothing) → onboarding" in question.text
    assert "(removed)" not in question.text
    story.clicks("priya", question, "playbook:use")
    assert stages(story) == {"Acme": "start", "Globex": "renewal"}
    assert open_ones(story) == plan
    story.until("2026-11-24 09:01")
    nudge = story.sees("#operations", "Kick-off call")
    story.clicks("diego", nudge, "Done")
    told = story.types("priya", "/linchpin playbook back")
    assert "1 account of Start will be in Onboarding." in told.text
    assert stages(story)["Acme"] == "onboarding"
    assert set(open_ones(story)) == {"hello", "report", "brief"}


def test_a_version_that_would_leave_accounts_without_a_stage_is_refused(story: Story) -> None:
    for name in ("Acme", "Globex"):
        story.types("priya", f"/account add {name} stage renewal renews 2027-03-31")
        story.sees("#marketing", "Story of the year")
    starts_with(story, FEWER)
    story.settle()
    question = story.sees("@priya", "2 accounts are in a stage that this version does not have")
    story.clicks("priya", question, "playbook:use")
    refused = story.private("priya")
    assert "Acme (renewal), Globex (renewal)" in refused.text
    assert "Write `was: renewal` on the stage that takes them" in refused.text
    assert "--" not in refused.text
    assert in_force(story) == OLD.version
    assert stages(story)["Acme"] == "renewal"


def test_the_terminal_can_say_where_the_accounts_of_a_stage_go(
    story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story.types("priya", "/account add Acme stage renewal renews 2027-03-31 manager @priya")
    story.sees("#marketing", "Story of the year")
    run = terminal(story, tmp_path, FEWER)
    assert run("apply", "ours.yaml", yes=True) == 1
    assert "Or say it here: --move renewal=STAGE" in capsys.readouterr().out
    with pytest.raises(UserError, match='no stage "advocat", did you mean "advocacy"'):
        run("apply", "ours.yaml", "--move", "renewal=advocat", yes=True)
    assert run("apply", "ours.yaml", "--move", "renewal=lost", yes=True) == 1  # an exit
    assert run("apply", "ours.yaml", "--move", "renewal=advocacy", yes=True) == 0
    assert "1 account of Renewal will be in Advocacy." in capsys.readouterr().out
    assert stages(story) == {"Acme": "advocacy"}
    assert open_ones(story) == {"thanks": ("A thank-you", "marketing", "26 Nov")}
