"""The manifest keeps the shape that Slack's published manifest schema asks for.

Our own words for the parts of that schema (github.com/slackapi/manifest-schema, version 2.0.0 as of
July 2026) which the manifest uses: which keys there are, of which kind, how long. Unknown keys are
refused, as Slack refuses them; where the schema leaves a length open, Slack's reference is used.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.manifest import EVENTS, SCOPES, manifest

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "https://linchpin.example/slack/events"


def text(least: int, most: int, pattern: str = "") -> Any:
    def check(value: Any) -> bool:
        fits = isinstance(value, str) and least <= len(value) <= most
        return fits and re.match(pattern, value) is not None

    return check


def truth(value: Any) -> bool:
    return isinstance(value, bool)


def whole_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


@dataclass(frozen=True)
class Each:
    """An object whose keys are names of our own, at most so many."""

    inner: Any
    most: int


URL = text(8, 3000, r"https?://")
# A key with "!" is needed; a list holds (what is in it, least, most).
SHAPE: dict[str, Any] = {
    "_metadata": {"major_version!": whole_number, "minor_version": whole_number},
    "display_information!": {
        "name!": text(1, 35),
        "description": text(1, 140),
        "long_description": text(175, 4000),
        "background_color": text(4, 7, r"#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$"),
    },
    "features": {
        "app_home": {
            "home_tab_enabled": truth,
            "messages_tab_enabled": truth,
            "messages_tab_read_only_enabled": truth,
        },
        "bot_user": {"display_name!": text(1, 80), "always_online": truth},
        "shortcuts": (
            {
                "name!": text(1, 24),
                "type!": text(6, 7, "message$|global$"),
                "callback_id!": text(1, 255),
                "description!": text(1, 150),
            },
            1,
            10,
        ),
        "slash_commands": (
            {
                "command!": text(2, 32, "/"),
                "description!": text(1, 2000),
                "usage_hint": text(1, 1000),
                "should_escape": truth,
                "url": URL,
            },
            1,
            50,
        ),
        "agent_view": {
            "agent_description": text(1, 300),
            "suggested_prompts": ({"title!": text(1, 75), "message!": text(1, 2000)}, 1, 4),
        },
    },
    "oauth_config": {"scopes": {"bot": (text(1, 50), 0, 255)}},
    "settings": {
        "event_subscriptions": {"request_url": URL, "bot_events": (text(1, 50), 0, 100)},
        "interactivity": {
            "is_enabled!": truth,
            "request_url": URL,
            "message_menu_options_url": URL,
        },
        "org_deploy_enabled": truth,
        "socket_mode_enabled": truth,
        "token_rotation_enabled": truth,
        "function_runtime": text(1, 50),
    },
}


def wrong(found: Any, shape: Any, where: str = "manifest") -> list[str]:
    """Each place that does not fit."""
    if isinstance(shape, tuple):
        inner, least, most = shape
        if not isinstance(found, list) or not least <= len(found) <= most:
            return [where]
        same = [where] if len({json.dumps(one) for one in found}) != len(found) else []
        return same + [w for n, one in enumerate(found) for w in wrong(one, inner, f"{where}.{n}")]
    if isinstance(shape, Each):
        fits = isinstance(found, dict) and len(found) <= shape.most
        inside = found.items() if fits else ()
        return [w for k, v in inside for w in wrong(v, shape.inner, f"{where}.{k}")] or (
            [] if fits else [where]
        )
    if callable(shape):
        return [] if shape(found) else [where]
    if not isinstance(found, dict):
        return [where]
    known = {key.rstrip("!"): inner for key, inner in shape.items()}
    missing = [f"{where}.{k[:-1]}" for k in shape if k.endswith("!") and k[:-1] not in found]
    extra = [f"{where}.{key}" for key in found if key not in known]
    inside = [w for k, v in found.items() if k in known for w in wrong(v, known[k], f"{where}.{k}")]
    return missing + extra + inside


@pytest.mark.parametrize("url", [None, ADDRESS])
def test_the_manifest_has_the_shape_that_slack_publishes(url: str | None) -> None:
    assert wrong(manifest(url), SHAPE) == []


def test_the_check_itself_sees_what_does_not_fit() -> None:
    made = manifest()
    made["features"]["slash_commands"][0]["command"] = "stage"
    made["display_information"]["colour"] = "red"
    del made["display_information"]["name"]
    assert set(wrong(made, SHAPE)) == {
        "manifest.features.slash_commands.0.command",
        "manifest.display_information.colour",
        "manifest.display_information.name",
    }


def test_over_http_each_address_is_given_and_with_socket_mode_none() -> None:
    assert ADDRESS not in json.dumps(manifest())
    made = manifest(ADDRESS)
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["event_subscriptions"]["request_url"] == ADDRESS
    assert made["settings"]["interactivity"]["request_url"] == ADDRESS
    assert all(c["url"] == ADDRESS for c in made["features"]["slash_commands"])


def test_no_scope_is_asked_for_that_lets_the_bot_act_beyond_its_purpose() -> None:
    reads = {scope for scope in SCOPES if scope.endswith((":read", ":history", "read.email"))}
    writes = {"commands", "chat:write", "im:write", "assistant:write", "files:write"}
    assert set(SCOPES) - reads <= writes
    assert not {"channels:join", "chat:write.public", "admin"} & set(SCOPES)
    assert len(set(EVENTS)) == len(EVENTS)


# -- Slack's own command line


def hook(name: str) -> list[str]:
    hooks = json.loads((ROOT / ".slack" / "hooks.json").read_text())["hooks"]
    return shlex.split(hooks[name])


def runs(words: list[str], folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """A hook's command as Slack's command line runs it, with this Python before others."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "PYTHONPATH": str(ROOT), **more}
    return subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, timeout=110, check=False
    )


def test_the_hook_for_the_manifest_prints_it(tmp_path: Path) -> None:
    printed = runs(hook("get-manifest"), tmp_path)
    assert printed.returncode == 0
    assert json.loads(printed.stdout) == manifest()


def test_the_hook_that_starts_uses_the_tokens_of_slack_s_command_line(tmp_path: Path) -> None:
    words = hook("start")
    assert "SLACK_BOT_TOKEN is not set" in runs(words, tmp_path).stderr
    handed = {"SLACK_CLI_XOXB": "xoxb-handed-over", "SLACK_CLI_XAPP": "xapp-handed-over"}
    nowhere = {"SLACK_API_URL": "http://127.0.0.1:9/api/"}
    started = runs(words, tmp_path, **handed, **nowhere)
    assert started.returncode == 2
    assert "Slack did not let me in" in started.stderr
