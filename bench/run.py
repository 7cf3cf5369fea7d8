"""`python -m bot run` at the moment that the bench's data is made for: `python -m bench.run`."""

from __future__ import annotations

import sys
from datetime import datetime, tzinfo

from bench import moment
from bot.__main__ import main
from bot.terminal.process import garbage_collection


class _Datetime(datetime):
    """Says the bench's moment when it is asked for the present."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return moment.now().astimezone(tz)


def _run() -> int:
    garbage_collection.pause_collection()  # as the command does, before the program is loaded
    from bot.terminal.process import sockets, startup

    for reads_the_clock in (startup, sockets):
        vars(reads_the_clock)["datetime"] = _Datetime
    return main(["run"])


if __name__ == "__main__":
    sys.exit(_run())
