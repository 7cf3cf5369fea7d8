"""One process at a time on a SQLite file: delivery's claims rely on it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.rules.errors import UserError


@contextmanager
def hold_process_lock(url: str) -> Iterator[None]:
    """Holds the lock of a SQLite database; does nothing for a server's database. Raises `UserError`
    when another process holds it. The system drops the lock with the process, however that ends."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        yield
        return
    with Path(f"{parsed.database}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(
                f"Linchpin runs already on {parsed.database}. Stop that one first, or use "
                "PostgreSQL (DATABASE_URL) for more than one process."
            ) from None
        yield
