"""`worker`: the clock and the delivery, without Slack's requests. Any number on PostgreSQL."""

from __future__ import annotations

import argparse
import logging
from typing import Any

from bot.terminal.process import garbage_collection

log = logging.getLogger(__name__)


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("worker", help="nudge, digest and deliver (many machines)")
    parser.set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    """Runs until SIGINT or SIGTERM."""
    garbage_collection.pause()
    from bot.nudges.clock import Clock
    from bot.terminal.process.health import serving
    from bot.terminal.process.startup import meet_slack, patient, read_settings
    from bot.terminal.run import until_signal
    from db.core.engine import is_sqlite
    from db.outbox import recover
    from db.upkeep.process_lock import only_one

    settings = read_settings()
    with only_one(settings.database_url):
        context = meet_slack(settings)
        if is_sqlite(context.engine):
            recover(context.engine, context.now())
        clock = Clock(patient(context, settings.database_url), settings.tick_seconds)
        stopped = until_signal()
        clock.start()
        garbage_collection.resume()
        with serving(context, settings.health_address):
            log.info("The worker is at work.")
            stopped.wait()
        clock.stop()
        context.engine.dispose()
    return 0
