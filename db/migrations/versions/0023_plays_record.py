"""what plays bring back: contacts, contracts, goals, risks, decision dates; reasons told"""

import sqlalchemy as sa
from alembic import op

from db.migrations.tables import add_columns, create_table

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_COLUMNS = {
    "account": "tier:text? hundredths:bigint? currency:text? entered_for:text?",
    "advocacy_entry": "contact_id:int?",
    "alternative": "touchpoint_id:int? settled_at:moment? settled_by:text?",
    "decision": "contact_id:int?",
    "departure": "returned_at:moment?",
    "interaction": "contact_id:int?",
    "touchpoint": (
        "records:text? answer:text? answered_at:moment? answered_by:text? answer_row:text? "
        "contact_id:int? quoted_at:moment? shown_at:moment?"
    ),
    "value_entry": "contact_id:int?",
}
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
    for table, columns in _COLUMNS.items():
        add_columns(table, columns)
    op.execute("UPDATE touchpoint SET shown_at = nudged_at")
    term = sa.Column("term", sa.Integer(), server_default="0", nullable=False)
    op.add_column("touchpoint", term)
    create_table(
        "contact",
        "account_id:account name:text name_key:text role:text? email:text? left_on:date? "
        "external_id:text? touchpoint_id:int? by_user:text? source:text created_at:moment",
        unique="account_id name_key",
    )
    create_table(
        "contract",
        "account_id:account name:text hundredths:bigint? currency:text? renews_on:date? "
        "external_id:text? by_user:text? source:text created_at:moment ended_at:moment? "
        "is_main:flag",
    )
    op.create_index("ix_contract_account", "contract", ["workspace_id", "account_id", "renews_on"])
    create_table(
        "learned",
        "account_id:account kind:text text:text due_on:date? term:int touchpoint_id:int? "
        "answered_by_touchpoint:int? contact_id:int? by_user:text? source:text created_at:moment "
        "settled_at:moment? settled_by:text? undone_at:moment?",
    )
    op.create_index("ix_learned_account", "learned", ["workspace_id", "account_id", "kind"])
    create_table(
        "reason_told",
        "account_id:account kind:text key:text at:moment",
        unique="account_id kind key",
    )
    op.create_index("ix_reason_told_at", "reason_told", ["workspace_id", "at"])
    for told_before in _TOLD_BEFORE:
        columns = "INSERT INTO reason_told (workspace_id, account_id, kind, key, at) "
        op.execute(f"{columns} SELECT workspace_id, account_id, {told_before}")
    op.drop_table("pace_told")
    op.drop_index("ix_term_check", "term")
    op.drop_column("term", "check_at")
