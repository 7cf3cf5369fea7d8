"""A changed playbook is offered, decided by an admin, done to what is open, and taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import select

from bot.__main__ import build_parser
from bot.actions.actor import CLOCK
from bot.actions.playbook import versions as actions
from bot.actions.work import Work
from bot.rules.playbook.playbook import parse
from bot.settings import Settings
from db.models import Audit, PlaybookVersion, Touchpoint
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


def test_the_terminal_shows_first_and_asks(
    story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story.types("priya", "/account add Acme stage onboarding")
    own, file = tmp_path / "own.yaml", tmp_path / "ours.yaml"
    own.write_text(PLAYBOOK)
    file.write_text(CHANGED)
    settings = Settings(database_url=story.url, LINCHPIN_PLAYBOOK=own)

    def run(*words: str, yes: bool) -> int:
        args = build_parser(["playbook"]).parse_args(["playbook", *words])
        code: int = args.run(args, settings=settings, now=lambda: story.now, ask=lambda: yes)
        return code

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
