"""Scenarios 1, 2 and 4: workers killed or stopped at random moments while they nudge."""

from __future__ import annotations

import signal
import threading
import time
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

from tests.chaos.clocks import Fast, bearable
from tests.chaos.databases import SQLITE
from tests.chaos.judge import Verdict
from tests.chaos.storm import STORM, Storm
from tests.chaos.workers import Plan, kill, plan, start
from tests.chaos.world import World, world

SPEED = 20.0


@dataclass(frozen=True)
class Run:
    """How a run went."""

    verdict: Verdict
    hits: int  # kills, or stops
    faults: int
    posts: int  # calls of chat.postMessage
    seconds: float

    def __str__(self) -> str:
        return f"{self.verdict} ({self.hits} hits, {self.faults} faulty of {self.posts} posts)"


def run(
    folder: Path,
    database: str,
    *,
    posts: int,
    nudges: int,
    hits: int,
    mutant: str = "",
    stop_for: float = 0.0,
    seed: int = 1,
    speed: float = SPEED,
) -> Run:
    """Posts under fire, `nudges` of them touchpoints that the clock has to open first.

    The workers are hit whenever so many posts were made as chance has drawn before. `stop_for`:
    seconds of the scenario of SIGSTOP instead of a kill.
    """
    began, speed = time.monotonic(), bearable(speed)
    with world(folder, database, Fast(speed)) as made:
        storm = made.storm(STORM, seed)
        made.plan(nudges, per_second=4)
        made.say(posts - nudges)
        crew = Crew(plan(made, mutant=mutant), workers=1 if database == SQLITE else 3, seed=seed)
        try:
            # How many messages the clock makes of its touchpoints depends on how many it finds due.
            hit = crew.under_fire(made, storm, hits, posts - nudges, stop_for / speed)
            wait_until_settled(made, storm)
        finally:
            crew.end()
        return Run(made.verdict(), hit, storm.struck.total(), storm.calls, time.monotonic() - began)


class Crew:
    """The workers of a run, and who aims at them."""

    def __init__(self, made: Plan, workers: int, seed: int) -> None:
        self.plan = made
        self.chance = Random(seed)
        self.workers: list[BaseProcess] = [start(made) for _ in range(workers)]
        self._stopped: dict[int, threading.Timer] = {}

    def under_fire(self, made: World, storm: Storm, hits: int, posts: int, stop_for: float) -> int:
        """Hits them at so many moments, drawn from how far the posts have come; says how often.

        Where messages are lost, the last moments may never come: then it is over early.
        """
        moments = sorted(self.chance.uniform(0, posts * 0.97) for _ in range(hits))
        patience, pause = Patience(), Patience(1)
        for number, moment in enumerate(moments):
            while storm.calls < moment:
                over = pause.ends(storm.calls) and made.settled()
                if over or patience.ends(storm.calls):
                    return number
                time.sleep(0.002)
            time.sleep(self.chance.uniform(0, 0.03))
            self._hit(stop_for)
        return hits

    def _hit(self, stop_for: float) -> None:
        if stop_for:
            self._stop(stop_for)
            return
        which = self.chance.randrange(len(self.workers))
        kill(self.workers[which])
        self.workers[which] = start(self.plan)

    def _stop(self, seconds: float) -> None:
        """Stops one that runs; of several, one is left to work."""
        while len(running := self._running()) < min(2, len(self.workers)):
            time.sleep(0.01)
        which = self.chance.choice(running)
        kill(self.workers[which], signal.SIGSTOP)
        timer = threading.Timer(seconds, kill, (self.workers[which], signal.SIGCONT))
        timer.start()
        self._stopped[which] = timer

    def _running(self) -> list[int]:
        stopped = {which for which, timer in self._stopped.items() if timer.is_alive()}
        return [which for which in range(len(self.workers)) if which not in stopped]

    def end(self) -> None:
        """No worker is left."""
        for timer in self._stopped.values():
            timer.join()
        for worker in self.workers:
            kill(worker)


class Patience:
    """Ends when what is watched has not changed for so many seconds, however long it all takes."""

    def __init__(self, seconds: float = 90) -> None:
        self.seconds = seconds
        self._seen: object = None
        self._since = time.monotonic()

    def ends(self, seen: object) -> bool:
        """`seen`: how far it has come by now."""
        if seen != self._seen:
            self._seen, self._since = seen, time.monotonic()
        return time.monotonic() - self._since > self.seconds


def wait_until_settled(made: World, storm: Storm | None = None) -> None:
    """Until nothing is left to do, or nothing moves any more."""
    patience = Patience()
    while not made.settled() and not patience.ends((storm and storm.calls, made.left())):
        time.sleep(0.1)
