"""Prepared statements run on the driver itself: they say just what SQLAlchemy would say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, Select, Update, event, func, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import col

from bot.rules.facts import WorkspaceFacts
from db import workspaces
from db.models import Account, Alias, Outbox
from db.prepared import prepared
from db.tx import Tx, begin, read
from tests.databases import BOTH, POSTGRESQL, hasty

pytestmark = BOTH

NOW = datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = hasty(database_url)
    workspaces.ensure(engine, WorkspaceFacts("T1", "T1", "UBOT"), NOW)
    yield engine
    engine.dispose()


def account(name: str, **more: Any) -> Account:
    about: dict[str, Any] = {"name": name, "name_key": name, "slug": name, "stage": "prospect"}
    return Account(**about, stage_entered_at=NOW, created_at=NOW, **more)


def message(key: str) -> Outbox:
    payload = {"text": "«100 %» — yes?", "blocks": [{"n": 1.5, "is": None}]}
    return Outbox(
        dedupe_key=key, kind="move", method="post", lane="C1", payload=payload, due_at=NOW,
        created_at=NOW,
    )  # fmt: skip


@prepared
def _named(names: Sequence[str]) -> Select[Any]:
    return select(Account).where(col(Account.name).in_(names)).order_by(col(Account.name))


@prepared
def _messages(since: datetime) -> Select[Any]:
    return select(Outbox).where(col(Outbox.due_at) >= since)


@prepared
def _with_aliases(stage: str) -> Select[Any]:
    joined = select(Account, Alias, func.length(Account.name), col(Account.created_at))
    same = col(Alias.account_id) == col(Account.id)
    of_stage = joined.join(Alias, same, isouter=True).where(col(Account.stage) == stage)
    return of_stage.order_by(col(Account.name))


@prepared
def _of_stage(stage: str) -> Update:
    return update(Account).where(col(Account.stage) == stage)


@prepared
def _moved(ids: Sequence[int]) -> Update:
    version = col(Account.version)
    moved = update(Account).where(col(Account.id).in_(ids))
    return moved.values(version=version + 1).returning(version)


@prepared
def _contains(percent: str) -> Select[Any]:
    return select(col(Account.name)).where(col(Account.name).like("%" + percent + "%"))


def _types(values: dict[str, Any]) -> list[tuple[str, type]]:
    return sorted(((name, type(value)) for name, value in values.items()), key=str)


def test_an_object_is_what_sqlalchemy_makes_of_the_same_row(engine: Engine) -> None:
    with begin(engine, "T1") as tx:
        tx.add(account("Ünïcode 'n\" co", renews_on=NOW.date(), channel_id="C1"))
        tx.add(message("one"))
    with read(engine, "T1") as tx:
        direct = (*tx.all(_named(["Ünïcode 'n\" co"])), *tx.all(_messages(NOW)))
        shown = [each.model_dump() for each in direct]
    with read(engine, "T1") as tx:
        usual = (*tx.all(select(Account)), *tx.all(select(Outbox)))
        assert shown == [each.model_dump() for each in usual]
        assert [_types(each) for each in shown] == [_types(each.model_dump()) for each in usual]


def test_a_row_has_its_values_by_name_and_nothing_where_nothing_was_joined(engine: Engine) -> None:
    with begin(engine, "T1") as tx:
        acme, globex = tx.add(account("Acme")), tx.add(account("Globex"))
        alias = tx.add(Alias(account_id=acme.id or 0, alias="A", alias_key="a"))
        first, second = tx.rows(_with_aliases("prospect"))
        assert (first.Account, first.Alias, second.Account, second.Alias) == (
            acme, alias, globex, None,
        )  # fmt: skip
        assert (first[2], second[2]) == (4, 6)
        assert first.created_at == NOW


@pytest.mark.parametrize("length", [0, 1, 3, 40])
def test_a_list_may_have_any_length(engine: Engine, length: int) -> None:
    names = [f"n{number:02}" for number in range(length)]
    with begin(engine, "T1") as tx:
        tx.add_all(Account, [account(name).model_dump(exclude={"id"}) for name in (*names, "x")])
        assert [each.name for each in tx.all(_named(names))] == names
        assert (tx.first(_named(names)) is None) == (length == 0)


def test_an_object_is_one_in_its_transaction_and_its_changes_are_saved(engine: Engine) -> None:
    with begin(engine, "T1") as tx:
        tx.add(account("Acme"))
    with begin(engine, "T1") as tx:
        (acme,) = tx.all(_named(["Acme"]))
        acme.name = "Acme 100 %s"
        assert tx.all(_named(["Acme 100 %s", "x"])) == [acme]
        assert tx.all(select(Account)) == [acme]
        assert tx.all(_contains("100 %s")) == [acme.name]
    with read(engine, "T1") as tx:
        assert tx.all(select(col(Account.name))) == ["Acme 100 %s"]


def test_a_change_shows_what_was_told_and_what_was_computed(engine: Engine) -> None:
    with begin(engine, "T1") as tx:
        acme, globex = tx.add(account("Acme")), tx.add(account("Globex"))
        assert tx.update_those(_moved([acme.id or 0]), stage="growth", renews_on=None) == 1
        assert (acme.stage, acme.version, globex.version) == ("growth", 2, 1)
        tx.set(globex, stage="lost")
        assert tx.update_those(_moved(list(range(-30, 3))), country="NL") == 2
    with read(engine, "T1") as tx:
        found = [(a.stage, a.version, a.country) for a in tx.all(_named(["Acme", "Globex"]))]
        assert found == [("growth", 3, "NL"), ("lost", 2, "NL")]


def test_a_default_that_was_not_given_is_written(engine: Engine) -> None:
    with begin(engine, "T1") as tx:
        tx.add_all(Account, [account("Acme").model_dump(exclude={"id", "cycle"})])
        assert tx.first(select(Account)).cycle == 1


def test_a_column_that_is_none_is_refused(engine: Engine) -> None:
    with begin(engine, "T1") as tx:
        row = account("Acme").model_dump(exclude={"id"})
        with pytest.raises(ValueError, match="colour"):
            tx.add_all(Account, [row | {"colour": "red"}])
        with pytest.raises(ValueError, match="colour"):
            tx.update_those(_of_stage("prospect"), colour="red")


def test_an_error_is_sqlalchemys_and_the_next_transaction_is_none_the_worse(
    engine: Engine,
) -> None:
    def twice() -> None:
        with begin(engine, "T1") as tx:
            tx.add(message("one"))
            tx.add(message("one"))

    with pytest.raises(IntegrityError) as error:
        twice()
    assert "INSERT INTO outbox" in str(error.value)
    assert error.value.orig is not None
    with begin(engine, "T1") as tx:
        assert tx.all(_messages(NOW)) == []
        tx.add(message("one"))


@POSTGRESQL
def test_a_connection_that_broke_is_not_used_again(engine: Engine) -> None:
    invalidated: list[bool] = []

    def breaks() -> None:
        with begin(engine, "T1") as tx:
            connection = tx.connection
            (pid,) = tx.connection.execute(text("SELECT pg_backend_pid()")).one()
            with engine.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            try:
                tx.all(_named(["Acme"]))
            finally:
                invalidated.append(connection.invalidated)

    with pytest.raises(OperationalError) as error:
        breaks()
    assert error.value.connection_invalidated
    assert invalidated == [True]
    with begin(engine, "T1") as tx:
        assert tx.all(_named(["Acme"])) == []


def test_who_listens_hears_these_statements_as_well(engine: Engine) -> None:
    heard: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: heard.append(told[2].split()[0]))

    def work(tx: Tx) -> list[Any]:
        tx.add(message("one"))
        tx.add_all(Alias, [])
        tx.add_all(Account, [account(n).model_dump(exclude={"id"}) for n in ("Acme", "Globex")])
        return tx.all(_named(["Acme", "Globex"]))

    with begin(engine, "T1") as tx:
        assert [each.name for each in work(tx)] == ["Acme", "Globex"]
    told = [each for each in heard if each != "BEGIN" and each != "UPDATE"]
    assert told == ["INSERT", "INSERT", "SELECT"]
