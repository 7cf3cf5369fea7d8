"""The ticker of a process. What is due is in rows; APScheduler only says when to look. Its jobs
live in memory and catch every error: two schedulers on one job store run every job twice, and a
failing job can end the scheduler's thread (both measured)."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from apscheduler.schedulers.background import BackgroundScheduler

from bot.context import Context
from bot.nudges.duties import audit
from bot.nudges.duties.daily import delete_old, sync_workspace
from bot.nudges.duties.reaction_sweep import sweep_reactions
from bot.nudges.rounds import Job, clock_round, next_job
from bot.rules.playbook.playbook import MANAGER
from db.ops import health
from db.outbox.select_due import next_send_within
from db.outbox.states import RATE_LIMIT, RateLimit

log = logging.getLogger(__name__)

T = TypeVar("T")

SWEEP_MINUTES = 10
SYNC_HOURS = 24
PRUNE_HOURS = 24
# How long delivery waits when nothing wakes it: another process may have enqueued a message.
IDLE_SECONDS = 0.5
# And at least: what becomes due within that time goes in one batch.
MIN_SECONDS = 0.01
BEAT_SECONDS = 15
# Several, because a call may take 15 s and other channels must not wait for it.
SENDERS = 4


class Clock:
    """Runs the rounds in the background until it is stopped."""

    def __init__(self, context: Context, tick_seconds: float, pace: RateLimit = RATE_LIMIT) -> None:
        self._bell = threading.Event()
        self._look_out_lock = threading.Lock()
        self._beat_at: datetime | None = None
        self._stopping = threading.Event()
        self._pace = pace
        self.context = replace(context, wake=self._bell.set)
        self._scheduler = BackgroundScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        engine, slack, now = context.engine, context.slack, context.now
        self._add("clock", self._tick, seconds=tick_seconds)
        self._add("sweep", self._sweep, minutes=SWEEP_MINUTES)
        sync = partial(sync_workspace, engine, slack, context.playbook_file)
        self._add("sync", lambda: sync(now()), hours=SYNC_HOURS)
        self._add("audit", lambda: audit.run_audit(self.context), minutes=audit.MINUTES)
        self._add("prune", lambda: delete_old(engine, now()), hours=PRUNE_HOURS)
        self._senders = [
            threading.Thread(target=self._send, name=f"delivery-{n}", daemon=True)
            for n in range(SENDERS)
        ]

    def start(self) -> None:
        """Begins with a look at what is due, and a sweep: reactions may have come meanwhile."""
        _log_errors("calendars", self._read_calendars)
        # It counts as alive from now on; if the first rounds fail, that shows after 90 s.
        self._beat("clock")
        self._scheduler.start()
        for sender in self._senders:
            sender.start()
        now = datetime.now(self._scheduler.timezone)
        for job in ("clock", "sweep"):
            self._scheduler.modify_job(job, next_run_time=now)
        # Soon, not after a day: a process that is restarted each night would never do it.
        self._scheduler.modify_job("prune", next_run_time=now + timedelta(minutes=10))

    def stop_claiming(self) -> None:
        """Begins nothing more; what is under way goes on. Returns at once."""
        self._stopping.set()
        self._bell.set()

    def stop(self, seconds: float = 20) -> None:
        """Lets the calls that are under way end, then returns; at the latest after `seconds`. Each
        sender ends its own call and gives its lane back: nothing is left leased."""
        self.stop_claiming()
        self._scheduler.shutdown(wait=False)
        end = time.monotonic() + seconds
        for sender in self._senders:
            sender.join(max(0.0, end - time.monotonic()))

    def _add(self, name: str, work: Callable[[], object], **interval: float) -> None:
        job = partial(_log_errors, name, work)
        self._scheduler.add_job(job, "interval", id=name, **interval)

    def _tick(self) -> None:
        if clock_round(self.context, self.context.now(), self._goes_on):
            self._bell.set()
        health.record_beat(self.context.engine, "clock", self.context.now())

    def _sweep(self) -> None:
        sweep_reactions(self.context, self._goes_on)
        self._bell.set()

    def _goes_on(self) -> bool:
        return not self._stopping.is_set()

    def _send(self) -> None:
        """One sender of several. One of them looks for work, and does what it finds while the next
        one looks: so two never look for the same."""
        while self._goes_on():
            with self._look_out_lock:
                job = self._look_out()
            if job is not None:
                _log_errors("delivery", job)
                self._bell.set()  # lanes are free again, and what waited for those messages may go

    def _look_out(self) -> Job | None:
        """What is to be done now; None after a pause in which there was nothing."""
        self._bell.clear()
        if not self._goes_on():
            return None
        now = self.context.now()
        if self._beat_at is None or abs((now - self._beat_at).total_seconds()) >= BEAT_SECONDS:
            self._beat("delivery")
            self._beat_at = now
        job = _log_errors("delivery", lambda: self._job_or_pause(now))
        if callable(job):
            return job
        self._bell.wait(IDLE_SECONDS if job is None else job)
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
        """Reads public holidays from the disk now, and not while somebody waits."""
        now = self.context.now()
        with self.context.read(now) as work:
            playbook = work.playbook
        for owner in (*playbook.departments, MANAGER):
            playbook.calendar(owner).next_open(now)

    def _beat(self, part: str) -> None:
        now = self.context.now()
        _log_errors("heartbeat", lambda: health.record_beat(self.context.engine, part, now))


def _log_errors(name: str, work: Callable[[], T]) -> T | None:
    try:
        return work()
    except Exception:
        log.exception("%s failed; it is tried again at its next turn", name)
        return None
