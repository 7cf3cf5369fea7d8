"""Runs migrations on the engine that `db.upkeep.migrate` hands over."""

from alembic import context
from sqlalchemy import Connection, inspect
from sqlmodel import SQLModel

import db.models  # noqa: F401  (fills the metadata)
from db.migrations.new_database import create_tables


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        # Alembic compares no server defaults: on SQLite that gives false alarms.
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if not inspect(connection).get_table_names():
            create_tables(connection)
            context.get_context().stamp(context.script, "head")
        context.run_migrations()


def _run() -> None:
    engine = context.config.attributes["engine"]
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            # Two releases at once: the second waits, and finds nothing left to do.
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(71061114)")
        if connection.dialect.name == "sqlite":
            # Batch mode drops and renames tables: with foreign keys on, cascades would empty the
            # children. SQLite ignores the switch inside a transaction, so the driver gets it
            # before SQLAlchemy begins one.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        _migrate(connection)
        connection.commit()
    if engine.dialect.name == "sqlite":
        engine.dispose()


_run()
