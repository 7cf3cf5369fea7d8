"""The ticker of a process. What is due lives in rows; APScheduler only says when to look.

Two schedulers on one job store run every job twice, and one failing job can kill the thread
(measured): so its jobs live in memory and each catches everything.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from apscheduler.schedulers.background import BackgroundScheduler

from bot.actions.responses.reactions import ReactionEvent, apply_reaction
from bot.context import Context
from bot.nudges.duties import audit
from bot.nudges.duties.prune import delete_old
from bot.nudges.duties.reaction_sweep import sweep_unseen
from bot.nudges.duties.sync import sync_workspace
from bot.nudges.rounds import Job, clock_round, next_job
from bot.nudges.set_aside import read_work
from bot.rules.playbook.playbook import MANAGER
from bot.speakers import AccessRefused, require_member
from db.core.transient_errors import retry_on_deadlock
from db.ops import heartbeat
from db.outbox.states import RATE_LIMIT, RateLimit
from db.outbox.upcoming import next_send_within

log = logging.getLogger(__name__)

T = TypeVar("T")

SWEEP_MINUTES = 10
SYNC_HOURS = 24
PRUNE_HOURS = 24
# How long delivery waits when nothing woke it: another process may have put something in.
IDLE_SECONDS = 0.5
# And at the least: what becomes due within that time goes in one batch.
MIN_SECONDS = 0.01
BEAT_SECONDS = 15
# A call may take 15 s: the other channels are not to wait for it. Claims keep the senders apart.
SENDERS = 4


class Clock:
    """Runs the rounds in the background until it is stopped."""

    def __init__(self, context: Context, tick_seconds: float, pace: RateLimit = RATE_LIMIT) -> None:
        self._bell = threading.Event()
        self._lookout = threading.Lock()
        self._beat_at: datetime | None = None
        self._stopping = threading.Event()
        self._pace = pace
        self.context = replace(context, wake=self._bell.set)
        self._scheduler = BackgroundScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._add("clock", self._tick, seconds=tick_seconds)
        self._add("sweep", self._sweep, minutes=SWEEP_MINUTES)
        self._add("sync", self._sync, hours=SYNC_HOURS)
        self._add("audit", self._audit, minutes=audit.MINUTES)
        self._add("prune", self._prune, hours=PRUNE_HOURS)
        self._senders = [
            threading.Thread(target=self._send, name=f"delivery-{n}", daemon=True)
            for n in range(SENDERS)
        ]

    def start(self) -> None:
        """Begins with a look at what is due, and a sweep: reactions may have come meanwhile."""
        _log_errors("calendars", self._read_calendars)()
        # It is at work from now on; a first round that fails, and all after it, are seen in 90 s.
        _log_errors("heartbeat", self._beat_clock)()
        self._scheduler.start()
        for sender in self._senders:
            sender.start()
        now = datetime.now(self._scheduler.timezone)
        for first in ("clock", "sweep"):
            self._scheduler.modify_job(first, next_run_time=now)
        # Soon, not after a day: a process that is started anew each night would never do it.
        self._scheduler.modify_job("prune", next_run_time=now + timedelta(minutes=10))

    def stop_claiming(self) -> None:
        """Nothing is begun any more; what is under way goes on. Returns at once."""
        self._stopping.set()
        self._bell.set()

    def stop(self, seconds: float = 20) -> None:
        """Lets the calls that are under way end, then returns; at the latest after `seconds`.

        Each sender ends its own call and gives its lane back: nothing is left leased.
        """
        self.stop_claiming()
        self._scheduler.shutdown(wait=False)
        end = time.monotonic() + seconds
        for sender in self._senders:
            sender.join(max(0.0, end - time.monotonic()))

    def _add(self, name: str, work: Callable[[], None], **every: float) -> None:
        self._scheduler.add_job(_log_errors(name, work), "interval", id=name, **every)

    def _tick(self) -> None:
        now = self.context.now()
        if clock_round(self.context, now, self._goes_on):
            self._bell.set()
        self._beat_clock()

    def _sync(self) -> None:
        sync_workspace(self.context.engine, self.context.slack, self.context.now())

    def _audit(self) -> None:
        audit.run_audit(self.context)

    def _prune(self) -> None:
        delete_old(self.context.engine, self.context.now())

    def _sweep(self) -> None:
        sweep_reactions(self.context, self._goes_on)
        self._bell.set()

    def _goes_on(self) -> bool:
        return not self._stopping.is_set()

    def _send(self) -> None:
        """One sender of several. One of them looks out for work, and does what it finds while the
        next one looks out: so they never look for the same."""
        while self._goes_on():
            with self._lookout:
                job = self._look_out()
            if job is not None:
                _log_errors("delivery", job)()
                self._bell.set()  # lanes are free again, and what waited for those messages may go

    def _look_out(self) -> Job | None:
        """What is to be done now; None after a pause in which nothing was."""
        self._bell.clear()
        if not self._goes_on():
            return None
        now = self.context.now()
        if self._beat_at is None or abs((now - self._beat_at).total_seconds()) >= BEAT_SECONDS:
            _log_errors("heartbeat", self._beat_delivery)()
            self._beat_at = now
        found = _log_errors("delivery", lambda: self._job_or_pause(now))()
        if callable(found):
            return found
        self._bell.wait(IDLE_SECONDS if found is None else found)
        return None

    def _job_or_pause(self, now: datetime) -> Job | float:
        """What is to be done now, or the seconds until something may be, as far as it is known."""
        job = next_job(self.context, now, self._pace)
        if job is not None:
            return job
        until = now + timedelta(seconds=IDLE_SECONDS)
        at = next_send_within(self.context.engine, self.context.workspace, now, until, self._pace)
        return max(MIN_SECONDS, (at - self.context.now()).total_seconds())

    def _read_calendars(self) -> None:
        """Public holidays are read from the disk at their first use: not while others wait."""
        now = self.context.now()
        with read_work(self.context, self.context.workspace, now) as work:
            playbook = work.playbook
        for owner in (*playbook.departments, MANAGER):
            playbook.calendar(owner).next_open(now)

    def _beat_clock(self) -> None:
        heartbeat.record_beat(self.context.engine, "clock", self.context.now())

    def _beat_delivery(self) -> None:
        heartbeat.record_beat(self.context.engine, "delivery", self.context.now())


def sweep_reactions(context: Context, goes_on: Callable[[], bool] = lambda: True) -> int:
    """Applies what reactions came or went unseen, by the rules of the events."""
    now = context.now()

    def write(event: ReactionEvent) -> None:
        with context.begin(now) as work:
            apply_reaction(work, event)

    def apply(channel: str, ts: str, user: str, name: str, present: bool) -> None:
        try:
            require_member(context, user, now)
        except AccessRefused:
            return
        event = ReactionEvent(channel, ts, user, name, present, event_ts=f"{now.timestamp():.6f}")
        retry_on_deadlock(lambda: write(event))

    return sweep_unseen(context.engine, context.slack, now, apply, goes_on)


def _log_errors(name: str, work: Callable[[], T]) -> Callable[[], T | None]:
    def run() -> T | None:
        try:
            return work()
        except Exception:
            log.exception("%s failed; it is tried again at its next turn", name)
            return None

    return run
