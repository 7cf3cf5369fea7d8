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

SHUTDOWN_SECONDS = 24


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("run", help="one team, one machine: Slack, clock and delivery")
    parser.set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    """Runs until SIGINT or SIGTERM; then ends the call that is under way and stops."""
    garbage_collection.pause_collection()
    from bot.app import build
    from bot.nudges.clock import Clock
    from bot.settings import require_variables
    from bot.terminal.process.health import serve_health
    from bot.terminal.process.sockets import Sockets
    from bot.terminal.process.startup import build_context, read_settings, with_patient_engine
    from db.core.engine import is_sqlite
    from db.ops import heartbeat
    from db.outbox import recover_interrupted
    from db.upkeep.process_lock import hold_process_lock

    settings = read_settings()
    require_variables(settings, "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
    with hold_process_lock(settings.database_url):
        context = build_context(settings)
        if is_sqlite(context.engine):
            recover_interrupted(context.engine, context.now())
        clock = Clock(with_patient_engine(context, settings.database_url), settings.tick_seconds)
        context = replace(context, wake=clock.context.wake)
        app = build(context, settings.slack_signing_secret.get_secret_value())
        sockets = Sockets(
            app,
            settings.slack_app_token.get_secret_value(),
            settings.slack_api_url,
            alive=lambda: heartbeat.record_beat(context.engine, "socket", context.now()),
        )
        stopped = wait_for_signal()
        sockets.open()
        clock.start()
        garbage_collection.resume_collection()
        address = settings.health_address or f"127.0.0.1:{settings.port}"
        with serve_health(context, address, {"socket": sockets.heard}):
            log.info("Linchpin is at work. Try /linchpin help in Slack. Ctrl-C stops it.")
            stopped.wait()
        clock.stop_claiming()
        sockets.close()
        clock.stop()
        context.engine.dispose()  # the last one out puts SQLite's log back into the file
    return 0


def wait_for_signal() -> threading.Event:
    """An event that SIGINT and SIGTERM set. The process ends within `LAST_SECONDS` of it."""
    stopped = threading.Event()

    def stop(*_: object) -> None:
        if not stopped.is_set():
            last = threading.Timer(SHUTDOWN_SECONDS, _exit_now)
            last.daemon = True
            last.start()
        stopped.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, stop)
    return stopped


def _exit_now() -> None:
    # What is left reads only, or is read back by whoever starts next. Platforms kill after 30 s.
    log.warning("something did not end in time; leaving all the same")
    os._exit(0)
