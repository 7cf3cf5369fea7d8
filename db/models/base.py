"""What every table of a workspace has in common."""

from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

# Constraint names are spelled out so that migrations can drop them by name on every database.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """A row that belongs to one workspace, with an id of its own. `db.core.tx.Tx` fills
    `workspace_id` when a row is added and narrows every query to it."""

    # Tables validate nothing: no validator is made for each, a tenth of what defining them takes.
    model_config = {"defer_build": True}

    workspace_id: str = Field(default="", foreign_key="workspace.id", nullable=False)
    id: int = Field(default=None, primary_key=True)


class AccountRow(Row):
    """A row about one account."""

    account_id: int = Field(foreign_key="account.id")


def json_field(default: Any = None) -> Any:
    """A column of JSON: dictionaries and lists of plain values."""
    return Field(default=default, sa_type=JSON)
