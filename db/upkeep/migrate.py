"""Brings a database up to the newest schema, with Alembic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

# Alembic is loaded when there is something to migrate: it takes a quarter of a start.
if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"


def upgrade(engine: Engine, to: str = "head") -> None:
    """Applies what is missing, in one transaction."""
    if to == "head" and is_current(engine):
        return
    from alembic import command

    command.upgrade(alembic_config(engine), to)


def is_current(engine: Engine) -> bool:
    """Whether nothing is missing."""
    with engine.execution_options(linchpin_read=True).connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        applied = connection.scalars(text("SELECT version_num FROM alembic_version")).all()
    return set(applied) == {newest_revision()}


def newest_revision() -> str:
    """The newest migration: their files are named by their numbers, "0004_promises.py"."""
    return max(each.name for each in MIGRATIONS.glob("versions/[0-9]*.py")).partition("_")[0]


def alembic_config(engine: Engine) -> Config:
    """Alembic's configuration, without a file of its own."""
    from alembic.config import Config

    found = Config()
    found.set_main_option("script_location", str(MIGRATIONS))
    found.attributes["engine"] = engine
    return found
