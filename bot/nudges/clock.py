"""The ticker of a process. What is due lives in rows; APScheduler only says when to look.

Two schedulers on one job store run every job twice, and one failing job can kill the thread
(measured): so its jobs live in memory and each catches everything.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from apscheduler.schedulers.background import BackgroundScheduler

from bot.actions.reactions import Seen, turn
from bot.context import Context
from bot.nudges.rounds import clock_round, delivery_round
from bot.nudges.sweep import sweep
from bot.nudges.sync import sync_workspace
from bot.speakers import Refused, speaker
from db import heartbeat
from db.tx import begin

log = logging.getLogger(__name__)

SWEEP_MINUTES = 10
SYNC_HOURS = 24
# How long delivery waits when nothing woke it: another process may have put something in.
IDLE_SECONDS = 0.5
BEAT_SECONDS = 15


class Clock:
    """Runs the rounds in the background until it is stopped."""

    def __init__(self, context: Context, tick_seconds: float) -> None:
        self._bell = threading.Event()
        self._stopping = threading.Event()
        self.context = replace(context, wake=self._bell.set)
        self._scheduler = BackgroundScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._add("clock", self._tick, seconds=tick_seconds)
        self._add("sweep", self._sweep, minutes=SWEEP_MINUTES)
        self._add("sync", self._sync, hours=SYNC_HOURS)
        self._sender = threading.Thread(target=self._send, name="delivery", daemon=True)

    def start(self) -> None:
        """Begins with a sweep: reactions may have come while nothing ran."""
        self._scheduler.start()
        self._sender.start()
        self._scheduler.modify_job("sweep", next_run_time=datetime.now(self._scheduler.timezone))

    def stop(self, seconds: float = 20) -> None:
        """Lets the call that is under way end, then returns; at the latest after `seconds`."""
        self._stopping.set()
        self._bell.set()
        self._scheduler.shutdown(wait=False)
        self._sender.join(seconds)

    def _add(self, name: str, work: Callable[[], None], **every: float) -> None:
        self._scheduler.add_job(_safely(name, work), "interval", id=name, **every)

    def _tick(self) -> None:
        now = self.context.now()
        if clock_round(self.context, now, self._goes_on):
            self._bell.set()
        heartbeat.beat(self.context.engine, "clock", now)

    def _sync(self) -> None:
        sync_workspace(self.context.engine, self.context.slack, self.context.now())

    def _sweep(self) -> None:
        sweep_reactions(self.context)
        self._bell.set()

    def _goes_on(self) -> bool:
        return not self._stopping.is_set()

    def _send(self) -> None:
        beat_at: datetime | None = None
        while self._goes_on():
            self._bell.clear()
            now = self.context.now()
            worked = _safely("delivery", self._deliver)()
            if beat_at is None or abs((now - beat_at).total_seconds()) >= BEAT_SECONDS:
                _safely("heartbeat", self._beat_delivery)()
                beat_at = now
            if not worked:
                self._bell.wait(IDLE_SECONDS)

    def _deliver(self) -> int:
        return delivery_round(self.context, self.context.now(), self._goes_on)

    def _beat_delivery(self) -> None:
        heartbeat.beat(self.context.engine, "delivery", self.context.now())


def sweep_reactions(context: Context) -> int:
    """Applies what reactions came or went unseen, by the rules of the events."""
    now = context.now()

    def apply(channel: str, ts: str, user: str, name: str, present: bool) -> None:
        try:
            speaker(context, user, now)
        except Refused:
            return
        seen = Seen(channel, ts, user, name, present, event_ts=f"{now.timestamp():.6f}")
        with begin(context.engine, context.workspace) as tx:
            turn(tx, context.playbook, seen, now)

    return sweep(context.engine, context.slack, now, apply)


def _safely(name: str, work: Callable[[], object]) -> Callable[[], object]:
    def run() -> object:
        try:
            return work()
        except Exception:
            log.exception("%s failed; it is tried again at its next turn", name)
            return None

    return run
