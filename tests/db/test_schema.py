"""The schema: migrations say what the models say, and a workspace sees only its own rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, event, exists, inspect, text, update
from sqlmodel import SQLModel, col, select

from bot.rules.slack_facts import WorkspaceFacts
from db.accounts.account_data import workspace_models
from db.core import workspaces
from db.core.tx import Tx, begin, read
from db.models import Account, Alias, Department, Heartbeat, Workspace
from db.upkeep import migrate
from tests.databases import BOTH, hasty

pytestmark = BOTH

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = hasty(database_url)
    for team in ("T1", "T2"):
        workspaces.save_installation(engine, WorkspaceFacts(team, team, "UBOT"), NOW)
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


def test_the_newest_migration_is_the_one_whose_file_has_the_highest_number(engine: Engine) -> None:
    assert [migrate.newest_revision()] == ScriptDirectory.from_config(
        migrate.alembic_config(engine)
    ).get_heads()
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
        model.__tablename__ for model in workspace_models()
    }
    assert free == {Workspace.__tablename__, Heartbeat.__tablename__}


def test_a_workspace_sees_changes_and_deletes_only_its_own_rows(engine: Engine) -> None:
    with begin(engine, "T1") as tx:
        acme = tx.add(account("Acme"))
        tx.add(Alias(account_id=acme.id, alias="A", alias_key="a"))
    with begin(engine, "T2") as tx:
        globex = tx.add(account("Globex"))
        assert tx.all(select(col(Account.name))) == ["Globex"]
        assert tx.get(Account, acme.id) is None
        assert tx.execute(update(Account).values(stage="growth")) == 1
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


def test_a_statement_is_narrowed_to_the_workspace_of_each_transaction(engine: Engine) -> None:
    made = {}
    for team in ("T1", "T2"):
        with begin(engine, team) as tx:
            made[team] = [tx.add(account(name)).id for name in ("Acme", "Globex")]
            tx.add(Alias(account_id=made[team][0], alias="A", alias_key="a"))
    names = ["Globex", "Acme", "Initech"]
    has_alias = exists().where(col(Alias.account_id) == col(Account.id))
    for team in ("T2", "T1"):
        with begin(engine, team) as tx:
            acme, globex = tx.all(
                select(Account).where(col(Account.name).in_(names)).order_by(col(Account.name))
            )
            assert [acme.id, globex.id] == made[team]
            assert tx.all(select(col(Account.id)).where(has_alias)) == [acme.id]
            globex.name = "Initech"
            assert tx.first(select(Account).where(col(Account.name) == "Initech")) is globex


def test_a_row_s_workspace_is_not_changed(engine: Engine) -> None:
    with begin(engine, "T2") as tx:
        tx.add_all(Account, [account("Globex").model_dump(exclude={"id"}) | {"workspace_id": "T1"}])
        globex = tx.one(select(Account))
        assert globex.workspace_id == "T2"
    with pytest.raises(RuntimeError, match="another workspace"), begin(engine, "T2") as tx:
        tx.one(select(Account)).workspace_id = "T1"


def test_one_is_there_once(engine: Engine) -> None:
    with begin(engine, "T1") as tx:
        first = tx.add_once(Department(key="marketing", lead_id="U1"))
        assert first is not None
        assert tx.add_once(Department(key="marketing", lead_id="U2")) is None
        assert tx.all(select(Department)) == [first]
        assert (first.workspace_id, first.lead_id) == ("T1", "U1")


def test_a_list_of_rows_is_one_statement_with_all_defaults(engine: Engine) -> None:
    heard: list[str] = []
    with begin(engine, "T1") as tx:
        event.listen(engine, "before_cursor_execute", lambda *told: heard.append(told[2]))
        tx.add_all(Alias, [])
        rows = [account(name).model_dump(exclude={"id", "term"}) for name in ("Acme", "Globex")]
        tx.add_all(Account, [rows[0] | {"channel_id": "C1"}, rows[1]])
        assert len([each for each in heard if each.startswith("INSERT")]) == 1
        found = tx.all(select(Account).order_by(col(Account.name)))
        assert [(each.channel_id, each.term) for each in found] == [("C1", 1), (None, 1)]


def test_sqlalchemys_cache_knows_statements_again_whatever_the_workspace(engine: Engine) -> None:
    hits: list[str] = []

    def note(*told: Any) -> None:
        if told[2].startswith(("SELECT", "INSERT", "UPDATE")):
            hits.append(told[4].cache_hit.name)

    def work(team: str) -> None:
        with begin(engine, team) as tx:
            acme = tx.add(account("Acme"))
            tx.first(select(Account).where(col(Account.name) == team))
            tx.get(Account, acme.id + 1_000)
            tx.execute(update(Account).where(col(Account.name) == team).values(stage=team))

    work("T1")
    event.listen(engine, "before_cursor_execute", note)
    work("T2")
    assert len(hits) == 5  # the last of a transaction says that names have changed
    assert set(hits) == {"CACHE_HIT"}


def test_an_update_is_seen_by_whoever_holds_the_row(engine: Engine) -> None:
    with begin(engine, "T1") as tx:
        acme, globex = tx.add(account("Acme")), tx.add(account("Globex"))
        mine = col(Account.id) == acme.id
        grown = update(Account).values(stage="growth", version=col(Account.version) + 1)
        assert tx.execute(grown.where(mine)) == 1
        assert (acme.stage, acme.version) == ("growth", 2)
        assert (globex.stage, globex.version) == ("prospect", 1)
        acme.renews_on = NOW.date()
        assert tx.execute(grown.where(mine, col(Account.version) == 1)) == 0
    with begin(engine, "T1") as tx:
        found = tx.get(Account, acme.id)
        assert found is not None
        assert (found.stage, found.version, found.renews_on) == ("growth", 2, NOW.date())


def test_what_is_kept_of_a_table_is_read_anew_once_it_was_written(engine: Engine) -> None:
    def how_many(tx: Tx) -> int:
        return tx.count(Account)

    with begin(engine, "T1") as tx:
        counted = [tx.cached(Account, how_many)]
        tx.add(account("Acme"))
        counted.append(tx.cached(Account, how_many))
        tx.add_once(account("Globex"))
        counted.append(tx.cached(Account, how_many))
        tx.delete(Account, col(Account.name) == "Acme")
        counted.append(tx.cached(Account, how_many))
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
        entered = tx.one(select(Account)).stage_entered_at
    assert entered == NOW
    assert entered.tzinfo is not None
