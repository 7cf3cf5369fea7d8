"""`restored`: for a database put back by its own tools (PostgreSQL): nothing is sent twice."""

import argparse
from datetime import timedelta

from bot.rules.errors import UserError
from bot.terminal.process.startup import read_settings, utc_now
from db.core.engine import connect
from db.ops import heartbeat
from db.ops.restore import set_epoch
from db.upkeep.migrate import upgrade
from db.upkeep.process_lock import hold_process_lock

# A process whose heartbeat is younger than this is at work.
RECENT_BEAT = timedelta(seconds=60)


def run(_arguments: argparse.Namespace) -> int:
    """Run after pg_restore, before `web` and `worker` start again."""
    url = read_settings().database_url
    with hold_process_lock(url):
        engine = connect(url)
        upgrade(engine)
        now = utc_now()
        if any(now - at < RECENT_BEAT for at in heartbeat.last_beats(engine).values()):
            raise UserError(
                "Linchpin was at work on this database within the last minute. Stop every `web` "
                "and `worker`, wait a minute, then try again."
            )
        copied_at = set_epoch(engine, now)
        engine.dispose()
    print(f"The copy is of {copied_at:%Y-%m-%d %H:%M} UTC. Start Linchpin: it first reads in Slack")
    print("what it has said since then.")
    return 0
