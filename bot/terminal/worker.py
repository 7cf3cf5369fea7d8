"""`worker`: the clock and the delivery, without Slack's requests. Any number on PostgreSQL."""

import argparse
import logging

from bot.terminal.process import garbage_collection

log = logging.getLogger(__name__)


def run(_arguments: argparse.Namespace) -> int:
    """Runs until SIGINT or SIGTERM."""
    garbage_collection.pause_collection()
    from bot.terminal.process.http_server import serve_health
    from bot.terminal.process.startup import build_context, read_settings
    from bot.terminal.run import make_clock, wait_for_signal
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
