"""Statements that are built once and told their values at each call.

Building a statement, and finding out that it is the same as before, costs more than running it.
What is built here is narrowed to a workspace for good: without one it cannot be run, and what
cannot be narrowed cannot be built.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from inspect import signature
from threading import RLock
from typing import Any, ParamSpec

from sqlalchemy import ColumnElement, Select, String, Update, bindparam, literal_column
from sqlalchemy.orm import with_loader_criteria
from sqlmodel import SQLModel

from db.models import Row

P = ParamSpec("P")

#: The name by which every statement is told its workspace.
WORKSPACE = "own_workspace"
#: The workspace's id, for a statement that has to name it itself.
OWN: Any = bindparam(WORKSPACE, type_=String)
_NO_TABLE: Any = literal_column("workspace_id")
_building = RLock()


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
        if isinstance(statement, Update):
            self.model = statement.entity_description["entity"]
            self.statement: Any = statement.options(NARROWED).returning(self.model.id)
        else:
            self.statement = statement.options(NARROWED)
        if WORKSPACE not in self.statement.compile().params:
            raise RuntimeError("only statements on models can be prepared: no table is narrowed")

    @cached_property
    def has_objects(self) -> bool:
        """Whether its rows are to become objects; those of plain columns need no session."""
        return any(isinstance(each["expr"], type) for each in self.statement.column_descriptions)

    @cached_property
    def first(self) -> Select[Any]:
        found: Select[Any] = self.statement.limit(1)
        return found


@dataclass(frozen=True)
class Query:
    """A statement with the values of one call."""

    built: Built
    values: dict[str, Any]


def prepared(build: Callable[P, Select[Any] | Update]) -> Callable[P, Query]:
    """Makes a function of positional arguments that builds a statement build it only once.

    It is called with bind parameters in the place of its arguments, so it must not look at them;
    a list is for `in_`. An argument of None comes as None, and such a statement is kept apart.
    """
    names = [f"{name}_" for name in signature(build).parameters]
    kept: dict[tuple[bool, ...], Built] = {}

    @wraps(build)
    def query(*values: P.args, **_: P.kwargs) -> Query:
        given = tuple(value is not None for value in values)
        if given not in kept:
            told: Any = [
                bindparam(name) if is_given else None
                for name, is_given in zip(names, given, strict=True)
            ]
            with _building:
                kept[given] = Built(build(*told))  # type: ignore[call-arg]
        pairs = zip(names, values, strict=True)
        return Query(kept[given], {name: value for name, value in pairs if value is not None})

    return query
