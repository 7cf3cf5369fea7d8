"""What we learned of a customer that has no table of its own: goals, risks, decision dates."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from db.models.base import Row

GOAL, RISK, DECISION_DATE, NOTICE = "goal", "risk", "decision date", "notice"


class Learned(Row, table=True):
    """A goal (by when, in `due_on`), a risk, or the day by which they decide (`due_on`, and who, in
    the text). It stands until it is settled, or until a newer decision date is known.
    """

    __table_args__ = (Index("ix_learned_account", "workspace_id", "account_id", "kind"),)
    id: int = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    kind: str  # goal, risk, decision date
    text: str
    due_on: date | None = None
    term: int
    touchpoint_id: int | None = None  # the play that brought it back
    answered_by_touchpoint: int | None = None  # of a risk: what was promised or planned against it
    contact_id: int | None = None
    by_user: str | None = None
    source: str
    created_at: datetime
    settled_at: datetime | None = None
    settled_by: str | None = None
    undone_at: datetime | None = None
