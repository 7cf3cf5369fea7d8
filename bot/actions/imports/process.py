"""An import at work: pieces, each written whole, and the run that they belong to."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Engine

from bot.actions.actor import IMPORT
from bot.actions.audit import audit_action
from bot.actions.imports.change_log import ChangeLog, Progress
from bot.actions.imports.planning import cancel_moved, plan_ahead, write_plan
from bot.actions.imports.terms import write_terms
from bot.actions.work import Work
from bot.rules.errors import UserError
from bot.rules.imports.result import PlannedCounts, Result
from bot.rules.imports.sheet import Sheet
from bot.rules.playbook.playbook import Playbook
from db.core.tx import Tx, begin, read
from db.imports import imports
from db.imports.imports import ConcurrentChange
from db.models import ImportRun

#: So many accounts are written at once: well within the time that a command waits for the lock.
BATCH_SIZE = 1_000
_MAX_TRIES = 5
T = TypeVar("T")
#: Writes some of a file's items, noting in the log what it does.
ImportStep = Callable[[Work, Sequence[Any], ChangeLog], Result]


@dataclass(frozen=True)
class ImportJob:
    """What is to be brought in, by what it lists ("accounts", "deals", …); `digest` is a sha256."""

    source: str
    digest: str
    sheets: Mapping[str, Sheet]
    #: `Question.key` -> the value chosen: what was answered by flags or by clicks.
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """A file that was understood: its items, how some are written, and what came of it so far."""

    items: Sequence[Any]
    write: ImportStep
    result: Result


@dataclass(frozen=True)
class SingleTransaction:
    """Runs every step within the caller's transaction."""

    tx: Tx

    def read(self, step: Callable[[Tx], T]) -> T:
        return step(self.tx)

    def write(self, step: Callable[[Tx], T]) -> T:
        return step(self.tx)


@dataclass(frozen=True)
class TransactionPerStep:
    """Runs each step in a transaction of its own; `rest` is called after each that writes."""

    engine: Engine
    workspace: str
    rest: Callable[[], None]

    def read(self, step: Callable[[Tx], T]) -> T:
        with read(self.engine, self.workspace) as tx:
            return step(tx)

    def write(self, step: Callable[[Tx], T]) -> T:
        """Runs a step that writes, several times when somebody else changed the same accounts."""
        tries = 0
        while True:
            try:
                with begin(self.engine, self.workspace) as tx:
                    return step(tx)
            except ConcurrentChange:
                tries += 1
                if tries == _MAX_TRIES:
                    raise
            finally:
                self.rest()


StepRunner = SingleTransaction | TransactionPerStep


@dataclass
class ImportProcess:
    """One import, from its first piece to its end. `run` is None before the first change."""

    job: ImportJob
    playbook: Playbook
    log: ChangeLog
    run: int | None
    runner: StepRunner
    now: datetime
    progress: Progress

    def write(self, what: str, part: Part) -> None:
        """Runs a step that writes, several times when somebody else changed the same accounts."""
        items = part.items
        for start in range(0, len(items), BATCH_SIZE):
            self.progress(what, start, len(items))
            piece = partial(self._write_piece, part.write, items[start : start + BATCH_SIZE])
            done, log, self.run = self.runner.write(piece)
            self.log.take(log)
            part.result.take(done)
        self.progress(what, len(items), len(items))

    def plan(self) -> PlannedCounts:
        """Gives the accounts that came into a stage their terms and touchpoints."""
        entered, renewed, dealt = map(set, (self.log.entered, self.log.renewed, self.log.dealt))
        replanned = {*entered, *renewed, *self.log.retiered}
        wanted = list(dict.fromkeys([*self.log.entered, *sorted(replanned), *self.log.dealt]))

        def begin_terms(work: Work, ids: Sequence[int], log: ChangeLog) -> Result:
            log.entered = [account_id for account_id in ids if account_id in entered]
            log.renewed = [account_id for account_id in ids if account_id in renewed]
            log.dealt = [account_id for account_id in ids if account_id in dealt]
            log.derived = write_terms(work, log)
            return Result()

        self.write("Beginning terms", Part(wanted, begin_terms, Result()))
        plan = self.runner.read(lambda tx: plan_ahead(self._work(tx), self.log))

        def step(work: Work, ids: Sequence[int], log: ChangeLog) -> Result:
            log.renewed = [account_id for account_id in ids if account_id in renewed]
            write_plan(work, plan, ids, log)
            return Result()

        planned = [account_id for account_id in wanted if account_id in replanned]
        self.write("Planning touchpoints", Part(planned, step, Result()))
        return PlannedCounts(self.log.planned, plan.fullest, self.log.cancelled)

    def finish(self, results: Collection[Result]) -> None:
        """Records that the import has come to its end."""
        if self.run is not None:
            self.runner.write(partial(self._finish, self.run, results))

    def _work(self, tx: Tx) -> Work:
        return Work(tx, self.playbook, self.now, IMPORT)

    def _write_piece(
        self, step: ImportStep, items: Sequence[Any], tx: Tx
    ) -> tuple[Result, ChangeLog, int | None]:
        work, log, run = self._work(tx), ChangeLog(self.log.at), self.run
        result = step(work, items, log)
        cancel_moved(work, log)
        if run is None and not log.is_empty:
            run = tx.add(self._new_run()).id
        if run is not None:
            self._count(tx, run, added=result.added, updated=result.updated)
            log.write(tx, run)
        return result, log, run

    def _new_run(self) -> ImportRun:
        job = self.job
        kind = " and ".join(job.sheets)
        return ImportRun(at=self.log.at, source=job.source, digest=job.digest, kind=kind)

    def _finish(self, run: int, results: Collection[Result], tx: Tx) -> None:
        unchanged = sum(result.unchanged for result in results)
        rejected = sum(result.rejected for result in results)
        self._count(tx, run, unchanged=unchanged, rejected=rejected)
        added, updated = imports.finish_run(tx, run, self.now)
        detail = {"file": self.job.source, "added": added, "updated": updated}
        audit_action(self._work(tx), f"import:{run}", "import.done", detail)

    def _count(self, tx: Tx, run: int, **more: int) -> None:
        if not imports.add_counts(tx, run, **more):
            raise UserError(
                f"The import of {self.job.source} was taken back while it was at work, so it "
                "stopped. What it still wrote after that is what the next import --undo takes."
            )
