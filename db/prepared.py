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
from threading import Lock
from typing import Any, ParamSpec

from sqlalchemy import ColumnElement, Select, String, bindparam, literal_column
from sqlalchemy.orm import with_loader_criteria
from sqlmodel import SQLModel

from db.models import Row

P = ParamSpec("P")

#: The name by which every statement is told its workspace.
WORKSPACE = "own_workspace"
#: The workspace's id, for a statement that has to name it itself.
OWN: Any = bindparam(WORKSPACE, type_=String)
_NO_TABLE: Any = literal_column("workspace_id")
_building = Lock()


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

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement.options(NARROWED)
        if WORKSPACE not in self.statement.compile().params:
            raise RuntimeError("only statements on models can be prepared: no table is narrowed")
        # Rows of plain columns need no session to become objects of.
        self.has_objects = any(
            isinstance(each["expr"], type) for each in statement.column_descriptions
        )

    @cached_property
    def first(self) -> Select[Any]:
        return self.statement.limit(1)


@dataclass(frozen=True)
class Query:
    """A statement with the values of one call."""

    built: Built
    values: dict[str, Any]


def prepared(build: Callable[P, Select[Any]]) -> Callable[P, Query]:
    """Makes a function of positional arguments that builds a statement build it only once.

    It is called with bind parameters in the place of its arguments, so it must not look at them;
    a list is for `in_`. None is refused as a value: in SQL nothing equals it.
    """
    names = [f"{name}_" for name in signature(build).parameters]
    kept: list[Built] = []

    @wraps(build)
    def query(*values: P.args, **_: P.kwargs) -> Query:
        if not kept:
            with _building:
                kept.append(Built(build(*map(bindparam, names))))  # type: ignore[call-arg,arg-type]
        if None in values:
            raise TypeError(f"{build.__qualname__} cannot compare with None")
        return Query(kept[0], dict(zip(names, values, strict=True)))

    return query
