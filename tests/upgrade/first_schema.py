"""The tables of the first version that others worked with (revision 0019), without rows.

A new database is made from the models: only tests still make the tables of before.
"""

from typing import Any, Final

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

from db.upkeep.migrate import alembic_config

_TYPES: Final = {
    "text": sqlmodel.sql.sqltypes.AutoString(),
    "int": sa.Integer(),
    "bigint": sa.BigInteger(),
    "moment": sqlmodel.sql.sqltypes.UTCDateTime(),
    "date": sa.Date(),
    "bool": sa.Boolean(),
    "json": sa.JSON(),
}
# Each table's columns, "name:type", with ? where they may be empty; the name of a table as the type
# is a reference to its id. All but two belong to a workspace and have an id of their own.
_TABLES: Final = {
    "workspace": (
        "id:text enterprise_id:text? name:text bot_user_id:text created_at:moment "
        "scopes:text? greeted_at:moment? without_manager:text? last_event_at:moment? "
        "parked_reason:text? parked_until:moment? copied_at:moment? restored_at:moment? "
        "names_version:int playbook:text?"
    ),
    "account": (
        "name:text name_key:text slug:text stage:text stage_entered_at:moment stage_entry:int "
        "cycle:int manager_id:text? owner_name:text? renews_on:date? channel_id:text? "
        "external_id:text? archived_at:moment? created_at:moment version:int sector:text? "
        "country:text?"
    ),
    "advocacy_entry": (
        "account_id:account act:text verb:text note:text? on:date cycle:int by_user:text? "
        "source:text at:moment undone_at:moment? touchpoint_id:int?"
    ),
    "alias": "account_id:account alias:text alias_key:text",
    "alternative": (
        "account_id:account name:text name_key:text cycle:int by_user:text? source:text at:moment"
    ),
    "audit": "at:moment by_user:text? source:text verb:text subject:text detail:json",
    "away": (
        "user_id:text deputy_id:text until:date began_at:moment ends_at:moment ended_at:moment?"
    ),
    "away_plan": (
        "user_id:text deputy_id:text starts_on:date starts_at:moment until:date "
        "planned_at:moment closed_at:moment?"
    ),
    "brief": "account_id:account renews_on:date days_before:int at:moment message_id:int?",
    "channel": (
        "channel_id:text name:text is_member:bool is_shared_outside:bool is_archived:bool "
        "fetched_at:moment"
    ),
    "cycle": (
        "account_id:account number:int began_at:moment ended_at:moment? outcome:text? "
        "reason:text? lost_to:text? renews_on:date? check_at:moment? source:text"
    ),
    "decision": (
        "account_id:account cycle:int stage:text stage_entry:int outcome:text reason:text? "
        "alternative:text? moved_to:text? next_cycle:int? renews_on:date? by_user:text? "
        "source:text at:moment before:json undone_at:moment?"
    ),
    "department": (
        "key:text channel_id:text? lead_id:text? timezone:text? hours:text? days:text? "
        "holidays:text?"
    ),
    "departure": (
        "user_id:text at:moment accounts:json deputy_id:text? claims:int message_id:int? "
        "given_to:text? given_by:text? given_at:moment?"
    ),
    "finding": "check:text count:int example:text since:moment at:moment",
    "handoff": (
        "account_id:account stage_entry:int from_stage:text to_stage:text giver:text "
        "receiver:text reason:text? by_user:text? at:moment wake_at:moment? message_id:int? "
        "lead_message_id:int? accepted_by:text? accepted_at:moment? closed_at:moment? "
        "closed_why:text?"
    ),
    "handoff_question": (
        "handoff_id:handoff text:text asked_by:text asked_at:moment message_id:int? "
        "answer:text? answered_by:text? answered_at:moment?"
    ),
    "heartbeat": "name:text at:moment",
    "home": (
        "user_id:text due_at:moment? built_at:moment? version:int notice:text? "
        "later_at:moment? opened_at:moment?"
    ),
    "import_run": (
        "at:moment source:text digest:text kind:text added:int updated:int unchanged:int "
        "rejected:int undone_at:moment? finished_at:moment?"
    ),
    "import_change": "run_id:import_run table:text row_id:int before:json? after:json",
    "inbox": "event_id:text received_at:moment answer:json?",
    "interaction": (
        "account_id:account kind:text text:text happened_on:date by_user:text? "
        "department:text? touchpoint_id:int? source:text external_id:text? created_at:moment "
        "undone_at:moment? resolved_at:moment? resolved_by:text?"
    ),
    "lane": (
        "lane:text next_ok_at:moment lease_until:moment? token:text? parked_reason:text? "
        "parked_at:moment? probe_at:moment?"
    ),
    "occurrence": "schedule:text local_date:date ran_at:moment late:bool outcome:text",
    "outbox": (
        "dedupe_key:text kind:text method:text lane:text payload:json marks:json? "
        "root_id:int? state:text due_at:moment expires_at:moment? attempt:int rounds:int "
        "token:text? started_at:moment? check_at:moment? settles_at:moment? absent_once:bool "
        "channel:text? slack_ts:text? sent_at:moment? last_error:text? created_at:moment"
    ),
    "pace_told": "account_id:account stage_entry:int level:text at:moment",
    "person": (
        "user_id:text team_id:text name:text real_name:text handle:text email:text tz:text "
        "is_admin:bool is_guest:bool is_bot:bool is_deleted:bool fetched_at:moment "
        "digest_off:bool digest_weekday:int digest_hour:int department:text? hours:text? "
        "days:text? leaving_since:moment? thanks_off:bool"
    ),
    "playbook_version": (
        "version:text name:text source:text text:text brought_at:moment taken_at:moment? "
        "left_at:moment? turned_down_at:moment? by_user:text?"
    ),
    "touchpoint": (
        "account_id:account stage:text stage_entry:int play:text occurrence:int owner:text "
        "title:text state:text state_before:text? state_at:moment by_user:text? source:text? "
        "due_at:moment wake_at:moment? snoozed_until:moment? nudged_at:moment? "
        "reminded_at:moment? escalated_at:moment? asked_at:moment? nudge_id:int? note:text? "
        "version:int kind:text ask:text? helps:text? held_since:moment? held_until:moment? "
        "held_latest:moment? held_for:text? playbook:text? person_id:text?"
    ),
    "promise": (
        "account_id:account touchpoint_id:touchpoint text:text text_key:text due_on:date "
        "keeper_id:text? made_by:text? made_at:moment stage:text cycle:int"
    ),
    "promise_change": (
        "promise_id:promise account_id:account before:date after:date consent:text "
        "reason:text? by_user:text? at:moment"
    ),
    "reaction": (
        "channel:text ts:text user_id:text name:text present:bool event_ts:text at:moment "
        "spent:bool"
    ),
    "said": "mark:text channel:text slack_ts:text found_at:moment",
    "stage_change": (
        "account_id:account stage_entry:int cycle:int from_stage:text? to_stage:text "
        "reason:text? by_user:text? source:text at:moment"
    ),
    "value_entry": (
        "account_id:account cycle:int text:text hundredths:bigint? currency:text? "
        "by_user:text? source:text touchpoint_id:int? created_at:moment confirmed_at:moment? "
        "confirmed_on:date? confirmed_by:text? confirmed_by_user:text? undone_at:moment?"
    ),
}
_UNIQUE: Final = {
    "account": "workspace_id name_key",
    "alias": "workspace_id alias_key",
    "alternative": "workspace_id account_id name_key",
    "brief": "workspace_id account_id renews_on days_before",
    "channel": "workspace_id channel_id",
    "cycle": "workspace_id account_id number",
    "department": "workspace_id key",
    "finding": "workspace_id check",
    "handoff": "workspace_id account_id stage_entry at",
    "home": "workspace_id user_id",
    "inbox": "workspace_id event_id",
    "interaction": "workspace_id external_id",
    "lane": "workspace_id lane",
    "occurrence": "workspace_id schedule local_date",
    "outbox": "workspace_id dedupe_key",
    "pace_told": "workspace_id account_id stage_entry level",
    "person": "workspace_id user_id",
    "playbook_version": "workspace_id version",
    "touchpoint": "workspace_id account_id stage_entry play occurrence",
    "promise": "workspace_id touchpoint_id",
    "reaction": "workspace_id channel ts user_id name",
    "said": "workspace_id mark",
    "stage_change": "workspace_id account_id stage_entry",
}
_INDEXES: Final = {
    "ix_account_manager": "account workspace_id manager_id",
    "ix_account_renewal": "account workspace_id renews_on",
    "ix_account_slug": "account workspace_id slug",
    "ix_account_stage": "account workspace_id archived_at stage",
    "ix_advocacy_entry_account": "advocacy_entry workspace_id account_id at",
    "ix_advocacy_entry_at": "advocacy_entry workspace_id at",
    "ix_alias_account": "alias workspace_id account_id",
    "ix_audit_at": "audit workspace_id at",
    "ix_away_ends": "away ended_at ends_at",
    "ix_away_user": "away workspace_id ended_at user_id",
    "ix_away_plan_starts": "away_plan closed_at starts_at",
    "ix_away_plan_user": "away_plan workspace_id closed_at user_id",
    "ix_brief_account": "brief workspace_id account_id renews_on",
    "ix_cycle_check": "cycle check_at",
    "ix_cycle_ended": "cycle workspace_id ended_at",
    "ix_decision_account": "decision workspace_id account_id at",
    "ix_decision_at": "decision workspace_id at",
    "ix_handoff_wake": "handoff wake_at",
    "ix_handoff_question": "handoff_question workspace_id handoff_id",
    "ix_home_due": "home due_at",
    "ix_home_later": "home later_at",
    "ix_import_change_run": "import_change workspace_id run_id",
    "ix_interaction_account": "interaction workspace_id account_id happened_on",
    "ix_interaction_created": "interaction workspace_id created_at",
    "ix_lane_next": "lane next_ok_at",
    "ix_outbox_check": "outbox state check_at",
    "ix_outbox_due": "outbox state due_at",
    "ix_outbox_lane": "outbox workspace_id lane state due_at id",
    "ix_outbox_message": "outbox workspace_id channel slack_ts",
    "ix_outbox_root": "outbox workspace_id root_id",
    "ix_outbox_told": "outbox workspace_id lane kind created_at",
    "ix_person_leaving": "person leaving_since",
    "ix_touchpoint_account": "touchpoint workspace_id account_id state",
    "ix_touchpoint_nudge": "touchpoint workspace_id nudge_id",
    "ix_touchpoint_state": "touchpoint workspace_id state owner",
    "ix_touchpoint_state_at": "touchpoint workspace_id state_at",
    "ix_touchpoint_wake": "touchpoint wake_at",
    "ix_promise_account": "promise workspace_id account_id",
    "ix_promise_due": "promise workspace_id due_on",
    "ix_promise_change_account": "promise_change workspace_id account_id",
    "ix_stage_change_at": "stage_change workspace_id at",
    "ix_value_entry_account": "value_entry workspace_id account_id cycle",
    "ix_value_entry_confirmed": "value_entry workspace_id confirmed_at",
    "ix_value_entry_created": "value_entry workspace_id created_at",
}
_DEFAULTS: Final[dict[tuple[str, str], Any]] = {
    ("workspace", "names_version"): "0",
    ("touchpoint", "kind"): "play",
    ("reaction", "spent"): sa.false(),
    ("person", "thanks_off"): sa.false(),
}


def create(engine: sa.Engine) -> None:
    """Makes them in an empty database."""
    with engine.begin() as connection:
        context = MigrationContext.configure(connection)
        op = Operations(context)
        for table, words in _TABLES.items():
            _create(op, table, words.split())
        for index, words in _INDEXES.items():
            table, *columns = words.split()
            op.create_index(index, table, columns)
        context.stamp(ScriptDirectory.from_config(alembic_config(engine)), "0019")


def _create(op: Operations, table: str, columns: list[str]) -> None:
    parts: list[sa.schema.SchemaItem] = []
    key = columns[0].partition(":")[0]
    if table not in ("workspace", "heartbeat"):
        key, columns = "id", ["workspace_id:workspace", "id:int", *columns]
    for column in columns:
        name, _, kind = column.removesuffix("?").partition(":")
        if kind in _TABLES and kind not in _TYPES:
            reference = sa.ForeignKeyConstraint(
                [name], [f"{kind}.id"], name=op.f(f"fk_{table}_{name}")
            )
            parts.append(reference)
            kind = "text" if kind == "workspace" else "int"
        default = _DEFAULTS.get((table, name))
        is_optional = column.endswith("?")
        parts.append(sa.Column(name, _TYPES[kind], server_default=default, nullable=is_optional))
    parts.append(sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{table}")))
    if unique := _UNIQUE.get(table, "").split():
        name = f"uq_{table}_{'_'.join(unique)}"
        parts.append(sa.UniqueConstraint(*unique, name=op.f(name)))
    op.create_table(table, *parts)
