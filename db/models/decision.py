"""What customers decided, and against what."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from db.models.base import Row, json_field


class Decision(Row, table=True):
    """A decision of a customer. A stage's decision is open until there is one for that entry.

    `term` and `stage_entry` are those in which it was made; `before` holds what an undo puts back.
    """

    __table_args__ = (
        Index("ix_decision_account", "workspace_id", "account_id", "at"),
        Index("ix_decision_at", "workspace_id", "at"),
    )
    id: int = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    term: int
    stage: str
    stage_entry: int
    outcome: str  # one of rules.playbook_decisions.OUTCOMES
    reason: str | None = None
    alternative: str | None = None  # what they decided against, or for when they chose other
    moved_to: str | None = None  # the stage it led to
    next_term: int | None = None  # the term it began
    renews_on: date | None = None  # the renewal date it set
    contact_id: int | None = None  # who of theirs told us
    by_user: str | None = None
    source: str
    at: datetime
    before: dict[str, Any] = json_field({})
    undone_at: datetime | None = None


class Alternative(Row, table=True):
    """A way a customer could go instead of ours, doing nothing included."""

    __table_args__ = (UniqueConstraint("workspace_id", "account_id", "name_key"),)
    id: int = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    name: str
    name_key: str
    term: int  # in which it was last heard of
    touchpoint_id: int | None = None  # the play that brought it back
    settled_at: datetime | None = None  # it is no longer one
    settled_by: str | None = None
    by_user: str | None = None
    source: str
    at: datetime  # when it was last heard of
