"""what plays bring back: contacts, contracts, goals, risks, decision dates; reasons told"""

from typing import Any

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.sql.schema import SchemaItem

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString()
_MOMENT = sqlmodel.sql.sqltypes.UTCDateTime()
_COLUMNS = (
    ("account", "tier", _TEXT),
    ("account", "hundredths", sa.BigInteger()),
    ("account", "currency", _TEXT),
    ("account", "entered_for", _TEXT),
    ("advocacy_entry", "contact_id", sa.Integer()),
    ("alternative", "touchpoint_id", sa.Integer()),
    ("alternative", "settled_at", _MOMENT),
    ("alternative", "settled_by", _TEXT),
    ("decision", "contact_id", sa.Integer()),
    ("departure", "returned_at", _MOMENT),
    ("interaction", "contact_id", sa.Integer()),
    ("touchpoint", "records", _TEXT),
    ("touchpoint", "answer", _TEXT),
    ("touchpoint", "answered_at", _MOMENT),
    ("touchpoint", "answered_by", _TEXT),
    ("touchpoint", "answer_row", _TEXT),
    ("touchpoint", "contact_id", sa.Integer()),
    ("touchpoint", "quoted_at", _MOMENT),
    ("touchpoint", "shown_at", _MOMENT),
    ("value_entry", "contact_id", sa.Integer()),
)
_CONTACT = (
    ("name", _TEXT, False),
    ("name_key", _TEXT, False),
    ("role", _TEXT, True),
    ("email", _TEXT, True),
    ("left_on", sa.Date(), True),
    ("external_id", _TEXT, True),
    ("touchpoint_id", sa.Integer(), True),
    ("by_user", _TEXT, True),
    ("source", _TEXT, False),
    ("created_at", _MOMENT, False),
)
_CONTRACT = (
    ("name", _TEXT, False),
    ("hundredths", sa.BigInteger(), True),
    ("currency", _TEXT, True),
    ("renews_on", sa.Date(), True),
    ("external_id", _TEXT, True),
    ("by_user", _TEXT, True),
    ("source", _TEXT, False),
    ("created_at", _MOMENT, False),
    ("ended_at", _MOMENT, True),
)
_LEARNED = (
    ("kind", _TEXT, False),
    ("text", _TEXT, False),
    ("due_on", sa.Date(), True),
    ("term", sa.Integer(), False),
    ("touchpoint_id", sa.Integer(), True),
    ("answered_by_touchpoint", sa.Integer(), True),
    ("contact_id", sa.Integer(), True),
    ("by_user", _TEXT, True),
    ("source", _TEXT, False),
    ("created_at", _MOMENT, False),
    ("settled_at", _MOMENT, True),
    ("settled_by", _TEXT, True),
    ("undone_at", _MOMENT, True),
)
_TOLD = (("kind", _TEXT, False), ("key", _TEXT, False), ("at", _MOMENT, False))
# What earlier versions have told of pace, silences, growth and dates that passed is not told anew.
_TOLD_BEFORE = (
    "level, CAST(stage_entry AS VARCHAR), at FROM pace_told",
    "'silent', owner, MAX(state_at) FROM touchpoint WHERE kind = 'silence' "
    "GROUP BY workspace_id, account_id, owner",
    "'value', CAST(number AS VARCHAR), began_at FROM term "
    "WHERE ended_at IS NULL AND check_at IS NULL",
    "'date passed', CAST(renews_on AS VARCHAR), at FROM brief WHERE days_before = 0",
)


def upgrade() -> None:
    for table, name, kind in _COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=True))
    op.execute("UPDATE touchpoint SET shown_at = nudged_at")
    term = sa.Column("term", sa.Integer(), server_default="0", nullable=False)
    op.add_column("touchpoint", term)
    key = ("workspace_id", "account_id", "name_key")
    unique = sa.UniqueConstraint(*key, name=op.f(f"uq_contact_{'_'.join(key)}"))
    _create("contact", _CONTACT, unique)
    main: sa.Column[bool] = sa.Column(
        "is_main", sa.Boolean(), server_default=sa.false(), nullable=False
    )
    _create("contract", _CONTRACT, main)
    op.create_index("ix_contract_account", "contract", ["workspace_id", "account_id", "renews_on"])
    _create("learned", _LEARNED)
    op.create_index("ix_learned_account", "learned", ["workspace_id", "account_id", "kind"])
    told = ("workspace_id", "account_id", "kind", "key")
    unique = sa.UniqueConstraint(*told, name=op.f(f"uq_reason_told_{'_'.join(told)}"))
    _create("reason_told", _TOLD, unique)
    op.create_index("ix_reason_told_at", "reason_told", ["workspace_id", "at"])
    for told_before in _TOLD_BEFORE:
        columns = "INSERT INTO reason_told (workspace_id, account_id, kind, key, at) "
        op.execute(f"{columns} SELECT workspace_id, account_id, {told_before}")
    op.drop_table("pace_told")
    op.drop_index("ix_term_check", "term")
    op.drop_column("term", "check_at")


def _create(table: str, columns: tuple[tuple[str, Any, bool], ...], *more: SchemaItem) -> None:
    """A table of rows that belong to an account."""
    op.create_table(
        table,
        sa.Column("workspace_id", _TEXT, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        *(sa.Column(name, kind, nullable=nullable) for name, kind, nullable in columns),
        *more,
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=f"fk_{table}_account_id"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=f"fk_{table}_workspace_id"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
