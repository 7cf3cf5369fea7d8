"""What the rows of a select are made of, told once: so many values, or an object of a model."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.orm import class_mapper

from db.direct import Words


@dataclass(frozen=True)
class Part:
    """What one thing that is selected is made of: a column's value, or the values of an object.

    Of an object: its model, and the names of its attributes.
    """

    start: int
    stop: int
    reads: tuple[tuple[int, Callable[[Any], Any]], ...]
    model: Any = None
    names: tuple[str, ...] = ()

    def values(self, row: tuple[Any, ...]) -> list[Any]:
        found: list[Any] = list(row[self.start : self.stop])
        for at, read in self.reads:
            found[at] = read(found[at])
        return found


class Plan(Words):
    """A select in the words of one dialect, and what its rows are made of."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        super().__init__(statement, dialect)
        self.reads_anew = statement.get_execution_options().get("populate_existing", False)
        self.parts: list[Part] = []
        columns, start = list(statement.selected_columns), 0
        for each in statement.column_descriptions:
            model = each["expr"] if isinstance(each["expr"], type) else None
            stop = start + (len(class_mapper(model).column_attrs) if model else 1)
            self.parts.append(_part(model, columns[start:stop], start, dialect))
            start = stop
        self.is_whole = self.is_whole and start == len(columns)
        self.has_objects = any(part.model is not None for part in self.parts)
        reads = ((part.start + at, read) for part in self.parts for at, read in part.reads)
        self._reads = tuple(reads)
        self.shown = _row_of(tuple(each["name"] or "" for each in statement.column_descriptions))

    def read(self, row: tuple[Any, ...]) -> Any:
        """A row of columns only, with their names."""
        if not self._reads:
            return self.shown._make(row)
        values = list(row)
        for at, read in self._reads:
            values[at] = read(values[at])
        return self.shown._make(values)


def _row_of(names: tuple[str, ...]) -> Any:
    return namedtuple("_Row", names, rename=True)


def _part(model: Any, columns: Sequence[Any], start: int, dialect: Dialect) -> Part:
    reads = [each.type.dialect_impl(dialect).result_processor(dialect, None) for each in columns]
    properties = class_mapper(model) if model else None
    return Part(
        start,
        start + len(columns),
        tuple((at, read) for at, read in enumerate(reads) if read is not None),
        model,
        tuple(properties.get_property_by_column(each).key for each in columns)
        if properties
        else (),
    )
