"""README, help, manifest and code name the same commands, reactions and scopes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

from slack_bolt import App

from bot.app import HANDLERS
from bot.handlers.command_table import COMMANDS, SUBJECTS
from bot.manifest import EVENTS, SCOPES, SHORTCUTS, manifest
from bot.messages.touchpoints.nudge_message import LEGEND
from bot.messages.workspace.help import REACTIONS_LINE
from bot.rules import touchpoint_verbs
from tests.story import Story

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
GUIDE = (ROOT / "docs" / "slack.md").read_text()


class Listening(App):
    """Remembers which events somebody listens to."""

    heard: ClassVar[set[str]] = set()

    def event(self, event: Any, *more: Any, **named: Any) -> Any:
        self.heard.add(event)
        return super().event(event, *more, **named)

    def function(self, *more: Any, **named: Any) -> Any:
        self.heard.add("function_executed")
        return super().function(*more, **named)


def test_manifest_and_readme_name_the_commands_that_are_listened_to() -> None:
    in_manifest = {c["command"] for c in manifest()["features"]["slash_commands"]}
    in_readme = set(re.findall(r"`(/[a-z]+)", README))
    assert set(COMMANDS) == in_manifest == in_readme


def test_readme_names_the_shortcuts() -> None:
    assert all(f'"{label}"' in README for _, label, _ in SHORTCUTS.values())


def test_each_example_of_help_is_of_its_command() -> None:
    for subject in SUBJECTS.values():
        name = subject.example.split()[0]
        assert all(example.startswith(name) for example, _ in subject.lines)


def test_the_legend_help_and_readme_show_the_reactions_that_are_understood() -> None:
    for meaning in touchpoint_verbs.MEANINGS:
        verb = touchpoint_verbs.VERBS[meaning]
        symbol, name = verb.sign, verb.reactions.split()[0]
        assert symbol in LEGEND
        assert symbol in REACTIONS_LINE
        assert symbol in README
        assert f":{name}:" in README
        assert touchpoint_verbs.meaning(name) == meaning


def test_the_manifest_subscribes_to_the_events_that_are_listened_to(story: Story) -> None:
    app = Listening(token="xoxb-not-used", signing_secret="s", token_verification_enabled=False)
    for handlers in HANDLERS:
        handlers.register(app, story.context)
    assert app.heard == {event.split(".")[0] for event in EVENTS}


def test_the_guide_explains_every_scope_of_the_manifest() -> None:
    explained = dict(re.findall(r"^\| `([a-z:._]+)` \| (.+) \|$", GUIDE, re.MULTILINE))
    assert explained == SCOPES
    assert manifest()["oauth_config"]["scopes"]["bot"] == list(SCOPES)


def test_the_manifest_keeps_slacks_limits() -> None:
    made = manifest("https://linchpin.example/slack/events")
    shown = made["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 174 <= len(shown["long_description"]) <= 4000
    for command in made["features"]["slash_commands"]:
        assert len(command["command"]) <= 32
        assert command["url"].startswith("https://")


def test_every_file_and_picture_the_documents_point_to_is_there() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "playbooks/README.md"]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} points to {target}"
