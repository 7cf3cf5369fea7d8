"""The schema: migrations say what the models say, and a workspace sees only its own rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, Select, Update, exists, inspect, select, text, update
from sqlmodel import SQLModel, col

from bot.rules.facts import WorkspaceFacts
from db import migrate, workspaces
from db.models import Account, Alias, Heartbeat, Row, Workspace
from db.once import insert_once
from db.prepared import prepared
from db.rows import values_of
from db.tx import Tx, begin, read
from tests.databases import BOTH, hasty

pytestmark = BOTH

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = hasty(database_url)
    for team in ("T1", "T2"):
        workspaces.ensure(engine, WorkspaceFacts(team, team, "UBOT"), NOW)
    yield engine
    engine.dispose()


def account(name: str) -> Account:
    return Account(
        name=name,
        name_key=name.casefold(),
        slug=name.casefold(),
        stage="prospect",
        stage_entered_at=NOW,
        created_at=NOW,
    )


def test_migrations_and_models_say_the_same(engine: Engine) -> None:
    migrate.check(engine)


def test_the_newest_migration_is_the_one_whose_file_has_the_highest_number(engine: Engine) -> None:
    assert [migrate.newest()] == ScriptDirectory.from_config(migrate.config(engine)).get_heads()
    assert migrate.is_current(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert not migrate.is_current(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    assert not migrate.is_current(engine)


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    before = inspect(engine).get_table_names()
    migrate.upgrade(engine)
    assert inspect(engine).get_table_names() == before


def test_every_table_carries_its_workspace() -> None:
    free = {table.name for table in SQLModel.metadata.tables.values()} - {
        mapper.__tablename__ for mapper in Row.__subclasses__()
    }
    assert free == {Workspace.__tablename__, Heartbeat.__tablename__}


def test_a_workspace_sees_changes_and_deletes_only_its_own_rows(engine: Engine) -> None:
    with begin(engine, "T1") as tx:
        acme = tx.add(account("Acme"))
        tx.add(Alias(account_id=acme.id or 0, alias="A", alias_key="a"))
    with begin(engine, "T2") as tx:
        globex = tx.add(account("Globex"))
        assert tx.all(select(col(Account.name))) == ["Globex"]
        assert tx.get(Account, acme.id) is None
        assert tx.update(Account, stage="growth") == 1
        assert tx.delete(Alias) == 0
        of_others = exists().where(col(Account.name) == "Acme")
        assert tx.all(select(col(Account.name)).where(of_others)) == []
        joined = select(Account).join(Alias, col(Alias.account_id) == col(Account.id))
        assert tx.all(joined) == []
    with read(engine, "T1") as tx:
        assert [(a.name, a.stage) for a in tx.all(select(Account))] == [("Acme", "prospect")]
        assert globex.workspace_id == "T2"


def test_a_statement_that_cannot_be_narrowed_is_refused(engine: Engine) -> None:
    with read(engine, "T1") as tx, pytest.raises(RuntimeError, match="narrowed"):
        tx.all(select(SQLModel.metadata.tables["account"]))


@prepared
def _named(names: list[str]) -> Select[Any]:
    return select(Account).where(col(Account.name).in_(names)).order_by(col(Account.name))


@prepared
def _with_channel(channel: str | None) -> Select[Any]:
    return select(Account).where(col(Account.channel_id) == channel)


@prepared
def _of_name(name: str) -> Update:
    return update(Account).where(col(Account.name) == name)


@prepared
def _ids_with_an_alias(alias: str) -> Select[Any]:
    same = exists().where(col(Alias.account_id) == col(Account.id), col(Alias.alias) == alias)
    return select(col(Account.id)).where(same)


def test_a_prepared_statement_sees_the_workspace_of_its_transaction_only(engine: Engine) -> None:
    made = {}
    for team in ("T1", "T2"):
        with begin(engine, team) as tx:
            made[team] = [tx.add(account(name)).id for name in ("Acme", "Globex")]
            tx.add(Alias(account_id=made[team][0] or 0, alias="A", alias_key="a"))
    for team in ("T2", "T1"):
        with begin(engine, team) as tx:
            acme, globex = tx.all(_named(["Globex", "Acme", "Initech"]))
            assert [acme.id, globex.id] == made[team]
            assert tx.first(_named(["Globex"])) is globex
            assert tx.all(_ids_with_an_alias("A")) == [acme.id]
            globex.name = "Initech"
            assert tx.first(_named(["Initech"])) is globex
            assert tx.update_those(_of_name("Acme"), stage="growth", channel_id="C1") == 1
            assert (acme.stage, globex.stage) == ("growth", "prospect")
            assert tx.all(_with_channel("C1")) == [acme]
            assert tx.all(_with_channel(None)) == [globex]
    with read(engine, "T2") as tx:
        assert tx.all(select(col(Account.stage)).order_by(Account.stage)) == ["growth", "prospect"]


def test_what_cannot_be_narrowed_cannot_be_prepared(engine: Engine) -> None:
    @prepared
    def names() -> Select[Any]:
        return select(SQLModel.metadata.tables["account"])

    with read(engine, "T1") as tx, pytest.raises(RuntimeError, match="narrowed"):
        tx.all(names())


def test_an_update_is_seen_by_whoever_holds_the_row(engine: Engine) -> None:
    with begin(engine, "T1") as tx:
        acme, globex = tx.add(account("Acme")), tx.add(account("Globex"))
        mine = col(Account.id) == acme.id
        assert tx.update(Account, mine, stage="growth", version=col(Account.version) + 1) == 1
        assert (acme.stage, acme.version) == ("growth", 2)
        assert (globex.stage, globex.version) == ("prospect", 1)
        acme.renews_on = NOW.date()
        assert tx.update(Account, mine, col(Account.version) == 1, stage="lost") == 0
    with begin(engine, "T1") as tx:
        found = tx.get(Account, acme.id)
        assert found is not None
        assert (found.stage, found.version, found.renews_on) == ("growth", 2, NOW.date())


def test_what_is_kept_of_a_table_is_read_anew_once_it_was_written(engine: Engine) -> None:
    def how_many(tx: Tx) -> int:
        return tx.count(Account)

    with begin(engine, "T1") as tx:
        counted = [tx.kept(Account, how_many)]
        tx.add(account("Acme"))
        counted.append(tx.kept(Account, how_many))
        insert_once(tx, Account, **values_of(account("Globex")))
        counted.append(tx.kept(Account, how_many))
        tx.delete(Account, col(Account.name) == "Acme")
        counted.append(tx.kept(Account, how_many))
    assert counted == [0, 1, 2, 1]


def test_a_row_of_another_workspace_is_refused(engine: Engine) -> None:
    stray = account("Acme")
    stray.workspace_id = "T2"
    with pytest.raises(RuntimeError, match="another workspace"), begin(engine, "T1") as tx:
        tx.add(stray)


def test_times_come_back_aware_and_in_utc(engine: Engine) -> None:
    with begin(engine, "T1") as tx:
        tx.add(account("Acme"))
    with read(engine, "T1") as tx:
        entered = tx.first(select(Account)).stage_entered_at
    assert entered == NOW
    assert entered.tzinfo is not None
