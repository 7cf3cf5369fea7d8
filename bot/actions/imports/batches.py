"""How an import writes: all in one transaction, or a piece at a time, so that others get in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Engine

from db.core.tx import Tx, begin, read
from db.imports.imports import ConcurrentChange

T = TypeVar("T")

#: So many accounts are written at once: well within the time that a command waits for the lock.
BATCH_SIZE = 1_000
_MAX_TRIES = 5


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
        """Runs a step that writes, anew when somebody else changed the same accounts meanwhile.

        Raises `ConcurrentChange` when that happens too often.
        """
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
