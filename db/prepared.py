"""Statements that are built once and told their values at each call.

Building a statement, and finding out that it is the same as before, costs more than running it.
What is built here is narrowed to a workspace for good: without one it cannot be run, and what
cannot be narrowed cannot be built.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, wraps
from inspect import signature
from threading import RLock
from typing import Any, ParamSpec

from sqlalchemy import ColumnElement, Dialect, Select, String, Update, bindparam, literal_column
from sqlalchemy.orm import with_loader_criteria
from sqlmodel import SQLModel

from db.direct import Words
from db.models import Row
from db.plans import Plan

P = ParamSpec("P")

#: The name by which every statement is told its workspace.
WORKSPACE = "own_workspace"
#: The workspace's id, for a statement that has to name it itself.
OWN: Any = bindparam(WORKSPACE, type_=String)
_NO_TABLE: Any = literal_column("workspace_id")
_building = RLock()
_NONE, _ONE = -1, 0
# A list up to this long has a statement of its own, which the driver can run as it is.
_MOST_LISTED = 16


def _mine(table: type[SQLModel]) -> ColumnElement[bool]:
    # SQLAlchemy first calls this with `Row` itself, which is no table.
    found: ColumnElement[bool] = getattr(table, "workspace_id", _NO_TABLE) == OWN
    return found


# One constant option for all tables: as cheap as a condition. What hangs on loaders is for
# relationships, and there are none.
NARROWED: Any = with_loader_criteria(
    Row,
    _mine,
    include_aliases=True,
    propagate_to_loaders=False,
    track_closure_variables=False,
)


class Built:
    """A statement as it is run: narrowed, whole or its first row only."""

    def __init__(self, statement: Select[Any] | Update) -> None:
        self.model: Any = None
        self.computed: tuple[str, ...] = ()
        if isinstance(statement, Update):
            self.model = statement.entity_description["entity"]
            told = statement.returning_column_descriptions
            self.computed = tuple([str(each["name"]) for each in told])
            self.statement: Any = statement.options(NARROWED).returning(self.model.id)
        else:
            self.statement = statement.options(NARROWED)
        if WORKSPACE not in self.statement.compile().params:
            raise RuntimeError("only statements on models can be prepared: no table is narrowed")
        self._plans: dict[tuple[str, bool], Plan] = {}
        self._words: dict[tuple[str, tuple[str, ...]], Words] = {}

    @cached_property
    def first(self) -> Select[Any]:
        found: Select[Any] = self.statement.limit(1)
        return found

    def plan(self, dialect: Dialect, *, only_first: bool) -> Plan:
        """How a select is run on the driver."""
        key = (dialect.name, only_first)
        if key not in self._plans:
            self._plans[key] = Plan(self.first if only_first else self.statement, dialect)
        return self._plans[key]

    def words(self, dialect: Dialect, columns: tuple[str, ...]) -> Words:
        """An update of those columns, as it is run on the driver."""
        key = (dialect.name, columns)
        if key not in self._words:
            self._words[key] = Words(self.statement, dialect, columns)
        return self._words[key]


@dataclass(frozen=True)
class Query:
    """A statement with the values of one call."""

    built: Built
    values: dict[str, Any]


def prepared(build: Callable[P, Select[Any] | Update]) -> Callable[P, Query]:
    """Makes a function of positional arguments that builds a statement build it only once.

    It is called with bind parameters in the place of its arguments, so it must not look at them;
    a list is for `in_`. An argument of None comes as None. A statement is kept for each set of
    arguments that are None, and for each length of a short list.
    """
    names = [f"{name}_" for name in signature(build).parameters]
    kept: dict[tuple[int, ...], Built] = {}

    @wraps(build)
    def query(*values: P.args, **_: P.kwargs) -> Query:
        given = tuple([_length(value) for value in values])
        if given not in kept:
            told: Any = [_bound(*each) for each in zip(names, given, strict=True)]
            with _building:
                kept[given] = Built(build(*told))  # type: ignore[call-arg]
        found: dict[str, Any] = {}
        for name, value, length in zip(names, values, given, strict=True):
            if length > 0:
                found.update(zip(_each(name, length), value, strict=True))  # type: ignore[call-overload]
            elif length != _NONE:
                found[name] = value
        return Query(kept[given], found)

    return query


def _length(value: object) -> int:
    """How many values a short list has; `_ONE` for a single value, or a list of any length."""
    if value is None:
        return _NONE
    is_short = isinstance(value, list | tuple) and 0 < len(value) <= _MOST_LISTED
    return len(value) if is_short else _ONE  # type: ignore[arg-type]


def _bound(name: str, length: int) -> Any:
    if length == _NONE:
        return None
    return bindparam(name) if length == _ONE else [bindparam(each) for each in _each(name, length)]


@cache
def _each(name: str, length: int) -> tuple[str, ...]:
    return tuple(f"{name}{number}" for number in range(length))
