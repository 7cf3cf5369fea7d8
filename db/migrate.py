"""Brings a database up to the newest schema, with Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def upgrade(engine: Engine, to: str = "head") -> None:
    """Applies what is missing, in one transaction."""
    command.upgrade(config(engine), to)


def is_current(engine: Engine) -> bool:
    """Whether nothing is missing."""
    with engine.connect() as connection:
        applied = MigrationContext.configure(connection).get_current_heads()
    return set(applied) == set(ScriptDirectory.from_config(config(engine)).get_heads())


def check(engine: Engine) -> None:
    """Raises if the models say something that no migration does."""
    command.check(config(engine))


def config(engine: Engine) -> Config:
    """Alembic's configuration, without a file of its own."""
    found = Config()
    found.set_main_option("script_location", str(MIGRATIONS))
    found.attributes["engine"] = engine
    return found
