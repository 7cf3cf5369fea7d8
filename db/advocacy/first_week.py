"""What is asked in the first week after accounts came in, and what was answered."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Account, ImportRun, Occurrence

SOURCE = "first week"


def came_in(tx: Tx, since: datetime) -> bool:
    """Whether an import of accounts has ended since then and was not taken back."""
    ended = select(ImportRun).where(col(ImportRun.finished_at) >= since, col(ImportRun.added) > 0)
    return tx.first(ended.filter_by(undone_at=None)) is not None


def list_asked(tx: Tx) -> set[str]:
    """The schedules of those who were asked."""
    asked = select(col(Occurrence.schedule)).where(col(Occurrence.schedule).like(f"{SOURCE}:%"))
    return set(tx.all(asked))


def list_customers(tx: Tx, stages: Sequence[str], since: datetime) -> list[Account]:
    """Managed customers that came in since then, by manager, the next renewal first."""
    customers = select(Account).where(
        col(Account.archived_at).is_(None),
        col(Account.stage).in_(stages),
        col(Account.created_at) >= since,
        col(Account.manager_id).is_not(None),
    )
    by_date = (col(Account.renews_on).is_(None), col(Account.renews_on), col(Account.name_key))
    return tx.all(customers.order_by(col(Account.manager_id), *by_date))
