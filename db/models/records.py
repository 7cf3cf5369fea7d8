"""What was done, when it was due, and what an import changed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.models.base import Row, json_field


class Audit(Row, table=True):
    """Who changed what, when, from where. Never changed, never deleted."""

    __table_args__ = (Index("ix_audit_at", "workspace_id", "at"),)
    at: datetime
    by_user: str | None = None
    source: str
    verb: str  # account.moved, interaction.logged …
    subject: str  # account:12, touchpoint:7 …
    detail: dict[str, Any] = json_field({})


class Occurrence(Row, table=True):
    """One run of a schedule on one local date: a digest's week. Its existence says it was done."""

    __table_args__ = (UniqueConstraint("workspace_id", "schedule", "local_date"),)
    schedule: str  # digest:operations, digest:company, digest:U123
    local_date: date
    ran_at: datetime
    late: bool = False
    outcome: str  # posted, quiet, off, missed, failed


class Heartbeat(SQLModel, table=True):
    """When a part of the program last did its round: clock, delivery, event."""

    name: str = Field(primary_key=True)
    at: datetime


class Finding(Row, table=True):
    """Something the auditor found at its last look; the row goes when it is found no more."""

    __table_args__ = (UniqueConstraint("workspace_id", "check"),)
    check: str  # which of db/ops/audit_checks.py
    count: int
    example: str  # one of them: outbox:12, touchpoint:7, digest:company
    since: datetime  # when it was found first
    at: datetime


class ImportRun(Row, table=True):
    """One import of a file, so that it can be told and taken back."""

    __tablename__ = "import_run"
    at: datetime
    source: str  # the file's name
    digest: str  # sha256 of its bytes
    kind: str  # accounts, deals
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    finished_at: datetime | None = None  # empty: it is at work, or was broken off
    undone_at: datetime | None = None


class DroppedFile(Row, table=True):
    """A file that somebody dropped in Slack, and what they answered to what it leaves open."""

    __tablename__ = "dropped_file"
    user_id: str
    file_id: str
    name: str
    answers: dict[str, Any] = json_field({})
    run: int | None = None  # the import that it became
    at: datetime


class ImportChange(Row, table=True):
    """A row an import made or changed; `before` is empty for one it made."""

    __table_args__ = (Index("ix_import_change_run", "workspace_id", "run_id"),)
    __tablename__ = "import_change"
    run_id: int = Field(foreign_key="import_run.id")
    table: str
    row_id: int
    before: dict[str, Any] | None = json_field()
    after: dict[str, Any] = json_field({})
