"""What a schedule has done for which local date; a row says that the date is dealt with."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import col

from db.core.tx import Tx
from db.models import Occurrence

POSTED = "posted"
QUIET = "quiet"  # there was nothing to tell
OFF = "off"  # the person does not want it
MISSED = "missed"  # its week passed while nothing ran, or it had nowhere to go
FAILED = "failed"  # it could not be written; the log says why

_LAST_DATE: Any = func.max(col(Occurrence.local_date))
_LATEST = select(col(Occurrence.schedule), _LAST_DATE).group_by(col(Occurrence.schedule))


def record_run(
    tx: Tx, schedule: str, day: date, now: datetime, outcome: str, *, late: bool = False
) -> bool:
    """Says that a date is dealt with; False if it was already, so the caller must do nothing."""
    run = Occurrence(schedule=schedule, local_date=day, ran_at=now, late=late, outcome=outcome)
    return tx.add_once(run) is not None


def set_outcome(tx: Tx, schedule: str, day: date, outcome: str) -> None:
    """What became of a date that the same transaction has recorded."""
    run = update(Occurrence).filter_by(schedule=schedule, local_date=day)
    tx.execute(run.values(outcome=outcome))


def last_run_dates(tx: Tx) -> dict[str, date]:
    """Up to which date each schedule is dealt with."""
    return tx.cached(Occurrence, _read_last_run_dates)


def _read_last_run_dates(tx: Tx) -> dict[str, date]:
    return dict(tx.rows(_LATEST))
