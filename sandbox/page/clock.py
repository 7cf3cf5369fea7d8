"""The page's clock: moves the simulated time on in a thread and says how far it is."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

Json = dict[str, Any]

STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
OPENING = time(9)


class Controls(Protocol):
    """What the page needs of whoever runs the simulated time."""

    def now(self) -> datetime:
        """The simulated time, aware."""

    def advance(self, seconds: int) -> None:
        """Run that much simulated time with the bot at work; return when it is quiet."""

    @property
    def busy(self) -> bool:
        """True while time is being run forward."""


@dataclass
class Run:
    """One stretch of time being run."""

    start: datetime
    goal: datetime


class Clock:
    """Runs one stretch at a time. All times aware."""

    def __init__(self, controls: Controls) -> None:
        self.controls = controls
        self._lock = threading.Lock()
        self._run: Run | None = None
        self._error = ""

    def move(self, step: str, zone: str) -> Json:
        """Begin to run an "hour", "day", "week", or to the next "monday" 9:00 in `zone`."""
        with self._lock:
            if self._run or self.controls.busy:
                return {"ok": False, "error": "Time is already running. Wait for it to arrive."}
            now = self.controls.now()
            goal = next_monday(now, zone) if step == "monday" else now + STEPS[step]
            self._run, self._error = Run(now, goal), ""
        threading.Thread(target=self._advance, args=(goal - now,), daemon=True).start()
        return {"ok": True}

    def _advance(self, span: timedelta) -> None:
        try:
            self.controls.advance(int(span.total_seconds()))
        except Exception as error:
            # The person at the page must see it: nobody reads this thread's traceback.
            self._error = f"The clock stopped: {error or type(error).__name__}"
            raise
        finally:
            self._run = None

    def state(self) -> Json:
        """`now` in epoch seconds, `busy`, `progress` 0..1, `error` a sentence or ""."""
        run, now = self._run, self.controls.now()
        return {
            "now": int(now.timestamp()),
            "busy": run is not None or self.controls.busy,
            "progress": _share(run, now) if run else 0,
            "error": self._error,
        }


def _share(run: Run, now: datetime) -> float:
    return round(min(1.0, max(0.0, (now - run.start) / (run.goal - run.start))), 3)


def next_monday(now: datetime, zone: str) -> datetime:
    """The first Monday 9:00 in `zone` that is after `now`."""
    local = now.astimezone(ZoneInfo(zone))
    monday = local.date() + timedelta(days=-local.weekday() % 7)
    at = datetime.combine(monday, OPENING, ZoneInfo(zone))
    if at <= now:
        at = datetime.combine(monday + timedelta(weeks=1), OPENING, ZoneInfo(zone))
    return at.astimezone(now.tzinfo)
