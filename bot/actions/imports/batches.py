"""How an import writes: all in one transaction, or a piece at a time, so that others get in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sqlalchemy import Engine

from db.core.tx import Tx, begin, read
from db.imports.imports import ConcurrentChange

T = TypeVar("T")

#: So many accounts are written at once: well within the time that a command waits for the lock.
BATCH_SIZE = 1_000
_MAX_TRIES = 5


class StepRunner(Protocol):
    """Who runs an import's steps; each is handed a transaction and may be run again."""

    def read(self, step: Callable[[Tx], T]) -> T:
        """A step that only looks."""

    def write(self, step: Callable[[Tx], T]) -> T:
        """A step that writes; raises `Outrun` when somebody else changed the same accounts."""


@dataclass(frozen=True)
class SingleTransaction:
    """Everything within the caller's transaction."""

    tx: Tx

    def read(self, step: Callable[[Tx], T]) -> T:
        return step(self.tx)

    def write(self, step: Callable[[Tx], T]) -> T:
        return step(self.tx)


@dataclass(frozen=True)
class TransactionPerStep:
    """A transaction for each step, and a `rest` between two, in which others have theirs."""

    engine: Engine
    workspace: str
    rest: Callable[[], None]

    def read(self, step: Callable[[Tx], T]) -> T:
        with read(self.engine, self.workspace) as tx:
            return step(tx)

    def write(self, step: Callable[[Tx], T]) -> T:
        for _ in range(_MAX_TRIES - 1):
            try:
                return self._write(step)
            except ConcurrentChange:  # it looks again, and finds what they have changed
                continue
        return self._write(step)

    def _write(self, step: Callable[[Tx], T]) -> T:
        try:
            with begin(self.engine, self.workspace) as tx:
                return step(tx)
        finally:
            self.rest()
