"""`run`: everything in one process, through Socket Mode: no public address is needed."""

from __future__ import annotations

import argparse
import logging
import signal
import threading
from typing import Any

log = logging.getLogger(__name__)


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("run", help="one team, one machine: Slack, clock and delivery")
    parser.set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    """Runs until SIGINT or SIGTERM; then ends the call that is under way and stops."""
    from slack_bolt.adapter.socket_mode import SocketModeHandler

    from bot.app import build
    from bot.nudges.clock import Clock
    from bot.settings import require
    from bot.terminal.start import meet_slack, read_settings
    from db.engine import is_sqlite
    from db.lock import only_one
    from db.outbox import recover

    settings = read_settings()
    require(settings, "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
    with only_one(settings.database_url):
        context = meet_slack(settings)
        if is_sqlite(context.engine):
            recover(context.engine, context.now())
        clock = Clock(context, settings.tick_seconds)
        app = build(clock.context, settings.slack_signing_secret.get_secret_value())
        socket = SocketModeHandler(app, settings.slack_app_token.get_secret_value())
        socket.client.web_client.base_url = settings.slack_api_url
        stopped = until_signal()
        socket.connect()  # type: ignore[no-untyped-call]
        clock.start()
        log.info("Linchpin is at work. Try /linchpin help in Slack. Ctrl-C stops it.")
        stopped.wait()
        socket.close()  # type: ignore[no-untyped-call]
        clock.stop()
    return 0


def until_signal() -> threading.Event:
    """An event that SIGINT and SIGTERM set."""
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    return stopped
