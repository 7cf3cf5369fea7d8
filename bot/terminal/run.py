"""`run`: everything in one process, through Socket Mode; `worker`: without Slack's requests."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.terminal.process import garbage_collection

if TYPE_CHECKING:
    from bot.context import Context
    from bot.nudges.clock import Clock
    from bot.settings import Settings

log = logging.getLogger(__name__)

SHUTDOWN_SECONDS = 24


def run(_arguments: argparse.Namespace) -> int:
    """Runs until SIGINT or SIGTERM, then ends the calls that are under way and stops."""
    garbage_collection.pause_collection()
    from bot.app import build
    from bot.settings import require_variables
    from bot.terminal.process.http_server import serve_health
    from bot.terminal.process.sockets import Sockets
    from bot.terminal.process.startup import build_context, read_settings
    from db.ops import health
    from db.upkeep.process_lock import hold_process_lock

    settings = read_settings()
    require_variables(settings, "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
    with hold_process_lock(settings.database_url):
        context = build_context(settings)
        clock = make_clock(context, settings)
        context = replace(context, wake=clock.context.wake)
        sockets = Sockets(
            build(context, settings.slack_signing_secret.get_secret_value()),
            settings.slack_app_token.get_secret_value(),
            settings.slack_api_url,
            alive=lambda: health.record_beat(context.engine, "socket", context.now()),
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
        context.engine.dispose()  # the last connection puts SQLite's log back into the file
    return 0


def worker(_arguments: argparse.Namespace) -> int:
    """The clock and the delivery, any number of them on PostgreSQL, until SIGINT or SIGTERM."""
    garbage_collection.pause_collection()
    from bot.terminal.process.http_server import serve_health
    from bot.terminal.process.startup import build_context, read_settings
    from db.upkeep.process_lock import hold_process_lock

    settings = read_settings()
    with hold_process_lock(settings.database_url):
        context = build_context(settings)
        clock = make_clock(context, settings)
        stopped = wait_for_signal()
        clock.start()
        garbage_collection.resume_collection()
        with serve_health(context, settings.health_address):
            log.info("The worker is at work.")
            stopped.wait()
        clock.stop()
        context.engine.dispose()
    return 0


def make_clock(context: Context, settings: Settings) -> Clock:
    """The clock of a process, after what an earlier process left unfinished is recovered. On
    PostgreSQL it gets an engine whose statements may take longer than those of handlers."""
    from bot.nudges.clock import Clock
    from db.core.engine import PATIENT_SECONDS, connect, is_sqlite
    from db.outbox import recover_interrupted

    if is_sqlite(context.engine):
        recover_interrupted(context.engine, context.now())
    else:
        patient = connect(settings.database_url, statement_seconds=PATIENT_SECONDS)
        context = replace(context, engine=patient)
    return Clock(context, settings.tick_seconds)


def wait_for_signal() -> threading.Event:
    """An event that SIGINT and SIGTERM set; `SHUTDOWN_SECONDS` later the process is ended."""
    stopped = threading.Event()

    def stop(*_: object) -> None:
        if not stopped.is_set():
            timer = threading.Timer(SHUTDOWN_SECONDS, _exit_now)
            timer.daemon = True
            timer.start()
        stopped.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, stop)
    return stopped


def _exit_now() -> None:
    # What is left only reads, or is recovered at the next start. Platforms kill after 30 s.
    log.warning("something did not end in time; leaving all the same")
    os._exit(0)
