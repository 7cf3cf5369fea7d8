"""One delivering process, as `worker` has it: `python -m bench.worker DATABASE_URL API_URL PACE`.

`free` lifts the limits of Slack, so that what is measured is Linchpin; `slack` keeps them.
"""

from __future__ import annotations

import logging
import sys
from datetime import timedelta

from bench import moment
from bench.data import WORKSPACE, playbook
from bot.context import Context
from bot.nudges.clock import Clock
from bot.slack import Slack
from bot.terminal.process import garbage_collection
from bot.terminal.run import wait_for_signal
from db.core.engine import PATIENT_SECONDS, connect
from db.outbox.states import RATE_LIMIT, RateLimit

PACES = {
    "free": RateLimit(timedelta(0), timedelta(0)),
    "channels": RateLimit(RATE_LIMIT.channel, timedelta(0)),
    "slack": RATE_LIMIT,
}


def main() -> None:
    garbage_collection.pause_collection()
    url, api_url, pace = sys.argv[1:4]
    logging.disable(logging.ERROR)
    engine = connect(url, statement_seconds=PATIENT_SECONDS)
    slack = Slack("xoxb-bench", api_url, workspace_id=WORKSPACE)
    clock = Clock(Context(engine, playbook(), slack, moment.now), tick_seconds=5, pace=PACES[pace])
    stopped = wait_for_signal()
    clock.start()
    garbage_collection.resume_collection()
    stopped.wait()
    clock.stop()


if __name__ == "__main__":
    main()
