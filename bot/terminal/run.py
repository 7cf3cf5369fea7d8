"""`run`: everything in one process, through Socket Mode: no public address is needed."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import threading
from dataclasses import replace
from typing import Any

from bot.terminal.process import garbage_collection

log = logging.getLogger(__name__)

LAST_SECONDS = 24


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("run", help="one team, one machine: Slack, clock and delivery")
    parser.set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    """Runs until SIGINT or SIGTERM; then ends the call that is under way and stops."""
    garbage_collection.pause()
    from bot.app import build
    from bot.nudges.clock import Clock
    from bot.settings import require
    from bot.terminal.process.health import serving
    from bot.terminal.process.sockets import Sockets
    from bot.terminal.process.startup import meet_slack, patient, read_settings
    from db.core.engine import is_sqlite
    from db.ops import heartbeat
    from db.outbox import recover
    from db.upkeep.process_lock import only_one

    settings = read_settings()
    require(settings, "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
    with only_one(settings.database_url):
        context = meet_slack(settings)
        if is_sqlite(context.engine):
            recover(context.engine, context.now())
        clock = Clock(patient(context, settings.database_url), settings.tick_seconds)
        context = replace(context, wake=clock.context.wake)
        app = build(context, settings.slack_signing_secret.get_secret_value())
        sockets = Sockets(
            app,
            settings.slack_app_token.get_secret_value(),
            settings.slack_api_url,
            alive=lambda: heartbeat.beat(context.engine, "socket", context.now()),
        )
        stopped = until_signal()
        sockets.open()
        clock.start()
        garbage_collection.resume()
        address = settings.health_address or f"127.0.0.1:{settings.port}"
        with serving(context, address, {"socket": sockets.heard}):
            log.info("Linchpin is at work. Try /linchpin help in Slack. Ctrl-C stops it.")
            stopped.wait()
        clock.stop_claiming()
        sockets.close()
        clock.stop()
        context.engine.dispose()  # the last one out puts SQLite's log back into the file
    return 0


def until_signal() -> threading.Event:
    """An event that SIGINT and SIGTERM set. The process ends within `LAST_SECONDS` of it."""
    stopped = threading.Event()

    def stop(*_: object) -> None:
        if not stopped.is_set():
            last = threading.Timer(LAST_SECONDS, _leave)
            last.daemon = True
            last.start()
        stopped.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, stop)
    return stopped


def _leave() -> None:
    # What is left reads only, or is read back by whoever starts next. Platforms kill after 30 s.
    log.warning("something did not end in time; leaving all the same")
    os._exit(0)
