"""The playbooks that a workspace was given, as they were written."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from db.models.base import Row


class PlaybookVersion(Row, table=True):
    """One text of the playbook. Which of them is in force, `Workspace.playbook` says.

    A version that was brought and neither taken nor turned down waits for an admin's answer.
    """

    __table_args__ = (UniqueConstraint("workspace_id", "version"),)
    __tablename__ = "playbook_version"
    id: int = Field(default=None, primary_key=True)
    version: str  # the hash of the text: see bot/rules/playbook/load.py
    name: str  # what the playbook calls itself
    source: str  # the file it came from
    text: str
    brought_at: datetime
    taken_at: datetime | None = None  # since when it is in force, or was last
    left_at: datetime | None = None  # when another took its place
    turned_down_at: datetime | None = None
    by_user: str | None = None  # who decided; empty for the terminal and for the first of all
