"""The peer: Celery with Redis. `python -m bench.peer_celery MESSAGES CHANNELS` puts them in."""

from __future__ import annotations

import os
import sys

from celery import Celery

from bench.data import PAYLOAD, WORKSPACE, lane
from bot.slack import Sent, Slack

app = Celery("bench", broker=os.environ["BENCH_REDIS"], backend=os.environ["BENCH_REDIS"])
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=4,
    broker_connection_retry_on_startup=True,
)
slack = Slack("xoxb-bench", os.environ["BENCH_SLACK"], workspace_id=WORKSPACE)


@app.task(name="bench.post")
def post(channel: str) -> str | None:
    """Posts, and keeps Slack's answer as the result: settled."""
    outcome = slack.send("chat.postMessage", {**PAYLOAD, "channel": channel})
    assert isinstance(outcome, Sent)
    return outcome.ts


if __name__ == "__main__":
    for number in range(int(sys.argv[1])):
        app.send_task("bench.post", (lane(number % int(sys.argv[2])),))
