"""Accounts and the names they are found by, where they have been, what happened with them."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from db.models.base import AccountRow, Row


class Account(Row, table=True):
    """A customer or prospect. `version` grows with every change: the optimistic lock."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "name_key"),
        Index("ix_account_slug", "workspace_id", "slug"),
        Index("ix_account_stage", "workspace_id", "archived_at", "stage"),
        Index("ix_account_manager", "workspace_id", "manager_id"),
        Index("ix_account_renewal", "workspace_id", "renews_on"),
    )
    name: str
    name_key: str
    slug: str
    stage: str
    stage_entered_at: datetime
    stage_entry: int = 1  # counts the moves: makes a touchpoint's natural key unique per entry
    term: int = 1
    manager_id: str | None = None
    owner_name: str | None = None  # the manager as a CRM export names them, not yet a Slack user
    renews_on: date | None = None
    tier: str | None = None  # A, B, C …; none counts as a B
    # What they pay a year: the sum of the contracts in the main currency, where there are any.
    hundredths: int | None = Field(default=None, sa_type=BigInteger)
    currency: str | None = None  # ISO 4217
    channel_id: str | None = None
    external_id: str | None = None
    sector: str | None = None
    country: str | None = None
    # For which renewal it came into which stage by itself, and since when it had been in the one
    # before: "renewal|2027-11-23|2026-12-22T09:00:00+00:00".
    entered_for: str | None = None
    archived_at: datetime | None = None
    created_at: datetime
    version: int = 1


class Alias(AccountRow, table=True):
    """Another name of an account."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "alias_key"),
        Index("ix_alias_account", "workspace_id", "account_id"),
    )
    alias: str
    alias_key: str


class StageChange(AccountRow, table=True):
    """One move of an account; `from_stage` is empty for its first."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "account_id", "stage_entry"),
        Index("ix_stage_change_at", "workspace_id", "at"),
    )
    __tablename__ = "stage_change"
    stage_entry: int
    term: int
    from_stage: str | None = None
    to_stage: str
    reason: str | None = None
    by_user: str | None = None  # a Slack user; empty for an import
    source: str  # slash, button, import …
    at: datetime


class Term(AccountRow, table=True):
    """One term of an account. `Account.term` is the number of the one it is in or on its way to: a
    prospect has no row yet, and neither has who came back and is not a customer again yet."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "account_id", "number"),
        Index("ix_term_ended", "workspace_id", "ended_at"),
    )
    number: int
    began_at: datetime
    ended_at: datetime | None = None
    outcome: str | None = None  # the decision that ended it, or the exit it left by
    reason: str | None = None
    lost_to: str | None = None
    renews_on: date | None = None  # the renewal date it ran to, once it has ended
    source: str  # slash, button, import …


class Interaction(AccountRow, table=True):
    """Something that happened with the customer, on a local date of the person who logged it."""

    __table_args__ = (
        Index("ix_interaction_account", "workspace_id", "account_id", "happened_on"),
        Index("ix_interaction_created", "workspace_id", "created_at"),
        UniqueConstraint("workspace_id", "external_id"),
    )
    kind: str
    text: str
    happened_on: date
    by_user: str | None = None
    department: str | None = None
    touchpoint_id: int | None = None
    contact_id: int | None = None  # who of theirs it was with
    source: str
    external_id: str | None = None  # an opportunity's id in a CRM export
    created_at: datetime
    undone_at: datetime | None = None
    resolved_at: datetime | None = None  # a complaint or ticket that is settled
    resolved_by: str | None = None


class Handoff(AccountRow, table=True):
    """One account handed over by a move. `wake_at` is when its lead is told, if nobody accepts. It
    ends accepted, or closed: the account went on before anybody did."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "account_id", "stage_entry", "at"),
        Index("ix_handoff_wake", "wake_at"),
    )
    stage_entry: int
    from_stage: str
    to_stage: str
    giver: str  # a department's key
    receiver: str
    reason: str | None = None
    by_user: str | None = None
    at: datetime
    wake_at: datetime | None = None
    message_id: int | None = None  # the outbox row of its message
    accepted_by: str | None = None
    accepted_at: datetime | None = None
    closed_at: datetime | None = None
    closed_why: str | None = None


class HandoffQuestion(Row, table=True):
    """What the receiving department wants to know of the giving one."""

    __tablename__ = "handoff_question"
    __table_args__ = (Index("ix_handoff_question", "workspace_id", "handoff_id"),)
    handoff_id: int = Field(foreign_key="handoff.id")
    text: str
    asked_by: str
    asked_at: datetime
    message_id: int | None = None
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None


class Brief(AccountRow, table=True):
    """One brief about one renewal date."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "account_id", "renews_on", "days_before"),
        Index("ix_brief_account", "workspace_id", "account_id", "renews_on"),
    )
    renews_on: date
    days_before: int
    at: datetime
    message_id: int | None = None  # the outbox row of its message


class ReasonTold(AccountRow, table=True):
    """A reason (bot/rules/reasons) that was told when it began; told once, until it has ended.
    `key` tells two reasons of one kind apart: the row behind it, or the stage entry it counts
    from."""

    __tablename__ = "reason_told"
    __table_args__ = (
        UniqueConstraint("workspace_id", "account_id", "kind", "key"),
        Index("ix_reason_told_at", "workspace_id", "at"),
    )
    kind: str
    key: str
    at: datetime
