"""What a process refuses to start with, in one sentence that says what to do."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.terminal.process import startup
from db.upkeep.process_lock import hold_process_lock
from tests.databases import POSTGRESQL, Server


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.setenv(name, {"SLACK_APP_TOKEN": "xapp-1"}.get(name, "xoxb-1"))


def test_web_says_that_sqlite_is_for_one_process(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["web"]) == 2
    assert "start `python -m bot run`" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["run", "worker", "migrate"])
def test_sqlite_is_refused_where_files_do_not_last(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DYNO", "worker.1")
    assert main([command]) == 2
    told = capsys.readouterr().err
    assert "on Heroku files are gone with the next restart" in told
    assert "LINCHPIN_SQLITE_LASTS=yes" in told


def test_a_volume_that_stays_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DYNO", "worker.1")
    monkeypatch.setenv("LINCHPIN_SQLITE_LASTS", "yes")
    assert main(["migrate"]) == 0
    assert (tmp_path / "linchpin.db").exists()


def test_a_file_that_a_running_version_holds_is_not_migrated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with hold_process_lock("sqlite:///linchpin.db"):
        assert main(["migrate"]) == 2
    assert "runs already" in capsys.readouterr().err
    assert not (tmp_path / "linchpin.db").exists()


@POSTGRESQL
def test_a_forgotten_migration_is_named(
    database_url: str,
    postgresql: Server,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgresql.url("postgres"))
    assert main(["worker"]) == 2
    assert "python -m bot migrate" in capsys.readouterr().err


@POSTGRESQL
@pytest.mark.parametrize(("apart", "told"), [(45, "45 s ahead of"), (-45, "45 s behind")])
def test_a_clock_that_is_not_the_database_s_is_named(
    database_url: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    apart: int,
    told: str,
) -> None:
    right = startup.utc_now
    monkeypatch.setattr(startup, "utc_now", lambda: right() + timedelta(seconds=apart))
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert main(["worker"]) == 2
    assert f"This machine's clock is {told} the database's." in capsys.readouterr().err
