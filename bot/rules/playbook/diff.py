"""The differences between two playbooks, as values for messages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from bot.rules.playbook.models import Play, Playbook
from bot.rules.playbook.sections import OnlyFor

ChangeKind = Literal["added", "removed", "changed"]

# Fields that are compared elsewhere or not at all; a thing with another key is another thing.
_IGNORED_FIELDS = frozenset(("key", "version", "text", "source", "departments", "stages", "plays"))
_NOTHING = "(nothing)"


@dataclass(frozen=True)
class Change:
    """One difference. `where` is "stage renewal", "play renewal/brief", "department sales" or
    "playbook"; `field` is the field's name in the file, empty for a whole thing."""

    what: ChangeKind
    where: str
    field: str = ""
    before: str = ""
    after: str = ""


def list_changes(old: Playbook, new: Playbook) -> list[Change]:
    """Everything that differs, in the order of the file; comments and layout do not count."""
    return [
        *_field_changes("playbook", old, new),
        *_keyed_changes("department", dict(old.departments), dict(new.departments)),
        *_order_changes(old, new),
        *_stage_changes(old, new),
    ]


def plays_of(playbook: Playbook) -> dict[tuple[str, str], Play]:
    """Every play by the keys of its stage and its own."""
    return {(stage.key, play.key): play for stage in playbook.stages for play in stage.plays}


def stage_moves(old: Playbook, new: Playbook, named: Mapping[str, str]) -> dict[str, str]:
    """Where the accounts of stages go that `new` does not have: to the stage that is `named`, or
    that `was` theirs; never into an exit or out of one, which is a decision about each account."""
    back = {stage.key: key for stage in old.stages for key in (stage.was or ()) if new.stage(key)}
    was = {key: stage.key for stage in new.stages for key in stage.was or ()}
    moves = {**back, **was, **named}
    return {
        key: to
        for key, to in moves.items()
        if (before := old.stage(key)) and new.stage(key) is None
        if (after := new.stage(to)) and before.exit == after.exit
    }


def _stage_changes(old: Playbook, new: Playbook) -> Iterator[Change]:
    moves = stage_moves(old, new, {})
    renamed = {key: to for key, to in moves.items() if old.stage(to) is None}
    before = {renamed.get(stage.key, stage.key): stage for stage in old.stages}
    after = {stage.key: stage for stage in new.stages}
    for key in _all_keys(before, after):
        yield from _part_changes(f"stage {key}", before.get(key), after.get(key))
        plays = [
            {f"{key}/{play.key}": play for play in stages[key].plays} if key in stages else {}
            for stages in (before, after)
        ]
        yield from _keyed_changes("play", *plays)


def _order_changes(old: Playbook, new: Playbook) -> Iterator[Change]:
    """Which stage follows which; where stages come or go, only those that stay are compared."""
    keys = {stage.key for stage in old.stages} & {stage.key for stage in new.stages}
    before, after = (
        [stage.key for stage in playbook.stages if stage.key in keys] for playbook in (old, new)
    )
    if before != after:
        yield Change("changed", "playbook", "order", ", ".join(before), ", ".join(after))


def _keyed_changes(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for key in _all_keys(old, new):
        yield from _part_changes(f"{kind} {key}", old.get(key), new.get(key))


def _part_changes(where: str, old: Any, new: Any) -> Iterator[Change]:
    if old is None or new is None:
        yield Change("added" if old is None else "removed", where, "", _name(old), _name(new))
    else:
        yield from _field_changes(where, old, new)


def _field_changes(where: str, old: BaseModel, new: BaseModel) -> Iterator[Change]:
    for field, described in type(old).model_fields.items():
        before, after = getattr(old, field), getattr(new, field)
        if field in _IGNORED_FIELDS or before == after:
            continue
        name = described.alias or field
        inside = name if where == "playbook" else f"{where} {name}"
        if _is_section(before) and _is_section(after):
            yield from _field_changes(inside, before, after)
        elif _is_keyed(before, after):
            yield from _keyed_changes(inside, dict(before), dict(after))
        else:
            yield Change("changed", where, name, _value_text(before), _value_text(after))


def _is_section(value: Any) -> bool:
    return isinstance(value, BaseModel) and not isinstance(value, OnlyFor)


def _is_keyed(*values: Any) -> bool:
    return all(
        isinstance(value, Mapping) and all(isinstance(part, BaseModel) for part in value.values())
        for value in values
    )


def _name(thing: Any) -> str:
    return str(getattr(thing, "title", None) or getattr(thing, "name", "")) if thing else ""


def _value_text(value: Any) -> str:
    if isinstance(value, BaseModel):
        value = {name: one for name, one in value if one is not None}
    if value in (None, (), {}):
        return _NOTHING
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_value_text(one)}" for key, one in value.items())
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _all_keys(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The keys of the new one in order, then those that are gone."""
    return [*new, *(key for key in old if key not in new)]
