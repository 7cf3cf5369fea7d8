"""The commands of README and Procfile as real processes, against a Slack on loopback."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, chdir, contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from unittest.mock import patch
from urllib.request import urlopen

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.__main__ import main
from bot.manifest import SCOPES
from bot.terminal import run
from bot.terminal.process import garbage_collection
from db.core.engine import connect
from db.models import Lane, Outbox
from db.outbox.states import BUSY_STATES
from sandbox import Call, Sandbox
from tests.databases import POSTGRESQL
from tests.story import PLAYBOOK
from tests.waiting import wait_for
from tools.child_processes import child_command

# Everywhere is open whenever the suite runs: a move is told within the reader's hours.
ALWAYS = PLAYBOOK.replace('hours: "09:00-17:00"', 'hours: "00:00-23:59", days: mon-sun')
ALWAYS = ALWAYS.replace(", holidays: IE", "")

pytestmark = pytest.mark.timeout(400)  # a busy machine takes its time


@pytest.fixture
def slack() -> Iterator[Sandbox]:
    with Sandbox(now=lambda: datetime.now(UTC)) as sandbox:
        sandbox.switches.patience = 30  # a busy machine is not what is tried here
        yield sandbox


@pytest.fixture
def environment(slack: Sandbox, tmp_path: Path) -> dict[str, str]:
    playbook = tmp_path / "playbook.yaml"
    playbook.write_text(ALWAYS)
    return {
        **{name: os.environ[name] for name in ("PATH", "TZ") if name in os.environ},
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "DATABASE_URL": f"sqlite:///{tmp_path}/linchpin.db",
        "LINCHPIN_PLAYBOOK": str(playbook),
        "LINCHPIN_TICK_SECONDS": "1",
        # A trap: Bolt drops the token when it sees these two.
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "not-ours",
    }


@contextmanager
def running(environment: dict[str, str], *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A command of the program; ended by SIGTERM, which must be clean and quick."""
    folder = Path(environment["LINCHPIN_PLAYBOOK"]).parent
    process = subprocess.Popen(child_command("bot", *words), env=environment, cwd=folder)
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(100) == 0
    finally:
        process.kill()
        process.wait()


def finishes(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself. In this process: to start one takes seconds."""
    folder = Path(environment["LINCHPIN_PLAYBOOK"]).parent
    out, err = StringIO(), StringIO()
    with (
        patch.dict(os.environ, environment, clear=True),
        chdir(folder),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            code = main(words)
        finally:
            gc.enable()  # a command that starts pauses it
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())


def test_run_answers_and_announces_through_socket_mode(
    slack: Sandbox, environment: dict[str, str]
) -> None:
    environment["PORT"] = str(_free_port())
    with running(environment, "run"):
        wait_for(lambda: slack.calls("apps.connections.open"))
        wait_for(lambda: slack.command("priya", "#general", "/linchpin status").status == 200)
        wait_for(lambda: _is_healthy(int(environment["PORT"]), "/readyz"))
        added = slack.command("priya", "#general", "/account add Acme Corporation")
        assert "Acme Corporation" in added.text
        slack.command("priya", "#general", "/stage acme onboarding")
        wait_for(lambda: len(slack.messages("#customers")) == 2)  # the first introduces Linchpin
        second = finishes(environment, "run")
        assert second.returncode == 2
        assert "runs already" in second.stderr
        assert len(slack.calls("apps.connections.open")) == 2
        stopped_in_the_middle_of_a_call(slack, "/stage acme renewal")
    assert len(slack.messages("#customers")) == 3
    assert left_open(environment["DATABASE_URL"]) == []
    told = slack.messages("#customers")[1].text
    assert "Acme Corporation moved from Prospect to Onboarding" in told


@POSTGRESQL
def test_web_and_two_workers_share_the_work(
    slack: Sandbox, environment: dict[str, str], database_url: str
) -> None:
    port = _free_port()
    environment |= {"PORT": str(port), "DATABASE_URL": database_url}
    assert finishes(environment, "migrate").returncode == 0
    with ExitStack() as stack:
        for command in ("web", "worker", "worker"):
            stack.enter_context(running(environment, command))
        slack.bot_url = f"http://127.0.0.1:{port}/slack/events"
        wait_for(lambda: _is_healthy(port, "/readyz"))
        assert _is_healthy(port, "/metrics")
        for name in ("Acme", "Borea", "Cobalt"):
            slack.command("priya", "#general", f"/account add {name}")
            slack.command("priya", "#general", f"/stage {name} onboarding")
        wait_for(lambda: len(slack.messages("#customers")) == 4)  # one introduces Linchpin
        stopped_in_the_middle_of_a_call(slack, "/stage Acme renewal")
    assert len(slack.messages("#customers")) == 5
    assert left_open(database_url) == []


def test_garbage_is_looked_for_again_after_the_start_but_not_in_what_it_made() -> None:
    try:
        garbage_collection.pause_collection()
        assert not gc.isenabled()
        garbage_collection.resume_collection()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
        gc.enable()


def test_what_does_not_end_by_itself_is_left_within_25_seconds_of_sigterm() -> None:
    hanging = (
        "from bot.terminal import run; import time; run.SHUTDOWN_SECONDS = 0.5; "
        "run.wait_for_signal(); print('up', flush=True); time.sleep(600)"
    )
    assert run.SHUTDOWN_SECONDS < 25
    with subprocess.Popen([sys.executable, "-c", hanging], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def stopped_in_the_middle_of_a_call(slack: Sandbox, command: str) -> None:
    """What the command announces is on its way, and Slack takes its time to answer."""
    calls = len(_posts(slack, "#customers"))
    slack.fail("chat.postMessage", "slow_answer", seconds=3, channel="#customers")
    slack.command("priya", "#general", command)
    wait_for(lambda: len(_posts(slack, "#customers")) > calls)


def _posts(slack: Sandbox, channel: str) -> list[Call]:
    """The calls that posted there, or are about to. In office hours there are others."""
    place = slack.channel(channel).id
    return [call for call in slack.calls("chat.postMessage") if call.args["channel"] == place]


def left_open(url: str) -> list[tuple[str, str]]:
    """(lane, state) of what nobody can know the end of, and the lanes that somebody still holds."""
    engine = connect(url)
    doubtful = select(col(Outbox.lane), col(Outbox.state)).where(col(Outbox.state).in_(BUSY_STATES))
    held = select(col(Lane.lane), col(Lane.token)).where(col(Lane.lease_until).is_not(None))
    with engine.connect() as connection:
        found = [*connection.execute(doubtful), *connection.execute(held)]
    engine.dispose()
    return [(row[0], row[1]) for row in found]


def test_doctor_names_what_to_mend(slack: Sandbox, environment: dict[str, str]) -> None:
    slack.kick("#operations", "linchpin")
    looked = finishes(environment, "doctor")
    assert looked.returncode == 1
    assert "MEND I am not in #operations" in looked.stdout
    slack.invite("priya", "#operations", "linchpin")
    assert finishes(environment, "doctor").returncode == 0


def test_doctor_names_missing_scopes_missing_channels_and_wrong_tokens(
    slack: Sandbox, environment: dict[str, str]
) -> None:
    slack.switches.scopes = set(SCOPES) - {"files:read"}
    slack.rename("#marketing", "brand")
    told = finishes(environment, "doctor").stdout
    assert "MEND I may not use the scope `files:read`" in told
    assert "MEND Marketing has no channel: I see none called #marketing." in told
    wrong = {"SLACK_BOT_TOKEN": "xoxb-of-yesterday", "SLACK_APP_TOKEN": "xapp-of-yesterday"}
    told = finishes({**environment, **wrong}, "doctor").stdout
    assert "MEND Slack does not take SLACK_BOT_TOKEN (invalid_auth): copy it anew" in told
    assert "MEND Slack does not take SLACK_APP_TOKEN (invalid_auth): copy it anew" in told


@pytest.mark.parametrize(
    ("missing", "told"),
    [("SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN"), ("SLACK_APP_TOKEN", "SLACK_APP_TOKEN")],
)
def test_a_missing_token_is_named_with_the_place_to_find_it(
    environment: dict[str, str], missing: str, told: str
) -> None:
    del environment[missing]
    ended = finishes(environment, "run")
    assert ended.returncode == 2
    assert told in ended.stderr


def test_a_copy_is_made_while_it_runs_and_put_back_when_it_does_not(
    slack: Sandbox, environment: dict[str, str], tmp_path: Path
) -> None:
    environment["PORT"] = str(_free_port())
    with running(environment, "run"):
        wait_for(lambda: _is_healthy(int(environment["PORT"]), "/readyz"))
        slack.command("priya", "#general", "/account add Acme Corporation")
        made = finishes(environment, "backup", "copy.db")
        assert "is a whole copy" in made.stdout
        assert finishes(environment, "backup", "copy.db").returncode == 2
        refused = finishes(environment, "restore", "copy.db")
        assert (refused.returncode, "runs already" in refused.stderr) == (2, True)
        slack.command("priya", "#general", "/account add Globex")
    restored = finishes(environment, "restore", "copy.db")
    assert restored.returncode == 0, restored.stderr
    assert "Start Linchpin" in restored.stdout
    assert len(list(tmp_path.glob("linchpin.db.before-restore-*"))) == 1
    with running(environment, "run"):
        wait_for(lambda: slack.command("priya", "#general", "/stage").status == 200)
        board = slack.command("priya", "#general", "/linchpin status").text
        assert "I was restored from a copy" in board
        assert "Globex" not in slack.command("priya", "#general", "/stage prospect").text


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _is_healthy(port: int, path: str = "/healthz") -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
