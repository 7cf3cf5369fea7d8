"""`doctor`: looks at the settings, the playbook, the database and Slack, and says what to mend."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.rules.errors import UserError

if TYPE_CHECKING:
    from bot.settings import Settings

Finding = tuple[bool, str]


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("doctor", help="look whether everything is set up")
    parser.set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    """One line a check; 1 when something has to be mended."""
    from bot.settings import load

    settings = load()
    checks: list[Callable[[Settings], list[Finding]]] = [
        _check_tokens,
        _check_playbook,
        _check_database,
        _check_slack,
    ]
    findings = [finding for check in checks for finding in check(settings)]
    for good, sentence in findings:
        print(f"{'ok  ' if good else 'MEND'} {sentence}")
    return 0 if all(good for good, _ in findings) else 1


def _check_tokens(settings: Settings) -> list[Finding]:
    from bot.settings import require_variables

    found = []
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        try:
            require_variables(settings, name)
            found.append((True, f"{name} is set."))
        except UserError as error:
            found.append((False, error.sentence))
    return found


def _check_playbook(settings: Settings) -> list[Finding]:
    from bot.terminal.process.startup import read_playbook

    try:
        playbook = read_playbook(settings.playbook)
    except (UserError, OSError) as error:
        return [(False, str(error))]
    plays = sum(len(stage.plays) for stage in playbook.stages)
    return [(True, f"The playbook has {len(playbook.stages)} stages and {plays} plays.")]


def _check_database(settings: Settings) -> list[Finding]:
    from sqlalchemy.exc import SQLAlchemyError

    from db.core.engine import connect

    try:
        with connect(settings.database_url).connect():
            return [(True, "The database answers.")]
    except SQLAlchemyError as error:
        why = str(error).splitlines()[0]
        return [(False, f"The database does not answer ({why}). Check DATABASE_URL.")]


def _check_slack(settings: Settings) -> list[Finding]:
    from bot.terminal.doctor_slack import check_slack

    return check_slack(settings)
