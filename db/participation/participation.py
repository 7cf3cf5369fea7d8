"""What people noted of customers, and who does not want to be thanked by name."""

from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Member


def members_without_thanks(tx: Tx) -> set[str]:
    """Who does not want to be thanked by name."""
    return set(tx.all(select(col(Member.user_id)).where(col(Member.thanks_off).is_(True))))
