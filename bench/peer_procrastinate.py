"""The peer: Procrastinate on PostgreSQL. `… enqueue MESSAGES CHANNELS` puts them in, `… work`."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

from procrastinate import App, PsycopgConnector

from bench.data import PAYLOAD, WORKSPACE, lane
from bot.slack import Sent, Slack

CONCURRENCY = 16

app = App(connector=PsycopgConnector(conninfo=os.environ["BENCH_DATABASE"]))
slack = Slack("xoxb-bench", os.environ["BENCH_SLACK"], workspace_id=WORKSPACE)


@app.task(name="bench.post")
def post(channel: str) -> None:
    """Posts; that the job is done is written by Procrastinate: settled."""
    outcome = slack.send("chat.postMessage", {**PAYLOAD, "channel": channel})
    assert isinstance(outcome, Sent)


async def enqueue(messages: int, channels: int) -> None:
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        jobs: list[Any] = [{"channel": lane(number % channels)} for number in range(messages)]
        await post.batch_defer_async(*jobs)


async def work() -> None:
    async with app.open_async():
        await app.run_worker_async(concurrency=CONCURRENCY, fetch_job_polling_interval=0.5)


if __name__ == "__main__":
    if sys.argv[1] == "enqueue":
        asyncio.run(enqueue(int(sys.argv[2]), int(sys.argv[3])))
    else:
        asyncio.run(work())
