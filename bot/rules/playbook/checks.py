"""What must fit together in a playbook: owners, stages and the ways between them.

Works on the plain values, before they are known to be well formed: a mistake in one place must
not hide those in others. Each check yields the path of a mistake and a sentence.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.rules.playbook.fields import check_key
from bot.rules.playbook.problems import did_you_mean
from bot.rules.playbook.section_checks import (
    check_advocacy,
    check_participation,
    check_terms_value_and_outcomes,
)
from bot.rules.playbook.yaml_reader import Path
from bot.rules.text import names
from bot.rules.time.phrases import parse_duration

Found = Iterator[tuple[Path, str]]
#: A stage's place in the list and its values.
Stages = list[tuple[int, Mapping[str, Any]]]

#: Words that commands give a meaning of their own.
_RESERVED_STAGES: Final = frozenset({"next", "because", "help"})
_RESERVED_OWNERS: Final = frozenset({"manager", "mine", "help"})


def find_problems(data: Mapping[str, Any]) -> Found:
    """Every mistake in how the parts of the playbook go together."""
    departments = _mapping(data.get("departments"))
    stages = _items(data.get("stages"))
    yield from _departments(departments)
    yield from _without_manager(data, departments)
    yield from _destination(data, stages)
    yield from _duplicates(stages)
    yield from _reserved(stages)
    yield from _first(stages)
    yield from _next(stages)
    yield from _unreachable(stages)
    yield from _owner("promises", "owner", data, departments)
    yield from _owner("renewals", "value", data, departments)
    yield from _owner("renewals", "alternatives", data, departments)
    yield from check_advocacy(data, stages)
    yield from check_participation(data, departments, _keys(stages))
    yield from check_terms_value_and_outcomes(data, stages, [*departments, "manager"])
    yield from _stage_owners(stages, departments)
    for at, stage in stages:
        yield from _plays(at, stage, [*departments, "manager"])


def _mapping(raw: Any) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}


def _items(raw: Any) -> Stages:
    listed = raw if isinstance(raw, list) else []
    return [(at, item) for at, item in enumerate(listed) if isinstance(item, Mapping)]


def _text(raw: Any) -> str | None:
    return raw if isinstance(raw, str) and raw.strip() else None


def _keys(stages: Stages) -> list[str]:
    return [key for _, stage in stages if (key := _text(stage.get("key")))]


def _is_exit(stage: Mapping[str, Any]) -> bool:
    return str(stage.get("exit")).casefold() in {"true", "yes", "on", "y", "t", "1"}


def _departments(departments: Mapping[str, Any]) -> Found:
    seen: dict[str, str] = {}
    for key, raw in departments.items():
        try:
            check_key(key)
        except ValueError as error:
            yield ("departments", key), str(error)
        if key in _RESERVED_OWNERS:
            yield ("departments", key), f'"{key}" has a meaning of its own, choose another key.'
        name = names.key(_text(_mapping(raw).get("name")) or key)
        if name in seen:
            yield (
                ("departments", key, "name"),
                f'the name is also that of "{seen[name]}", choose another.',
            )
        seen.setdefault(name, key)


def _without_manager(data: Mapping[str, Any], departments: Mapping[str, Any]) -> Found:
    key = _text(data.get("without_manager"))
    if key and departments and key not in departments:
        yield ("without_manager",), f'no department "{key}", {did_you_mean(key, departments)}'


def _owner(
    section: str, field: str, data: Mapping[str, Any], departments: Mapping[str, Any]
) -> Found:
    """Who is named in a section must be a department, or manager."""
    key = _text(_mapping(data.get(section)).get(field))
    owners = [*departments, "manager"]
    if key and departments and key not in owners:
        yield (section, field), f'no department "{key}", {did_you_mean(key, owners)}'


def _stage_owners(stages: Stages, departments: Mapping[str, Any]) -> Found:
    for at, stage in stages:
        key = _text(stage.get("owner"))
        if key and departments and key not in departments:
            known = did_you_mean(key, departments)
            yield ("stages", at, "owner"), f'no department "{key}", {known}'


def _destination(data: Mapping[str, Any], stages: Stages) -> Found:
    key = _text(data.get("destination"))
    staying = [k for _, stage in stages if not _is_exit(stage) and (k := _text(stage.get("key")))]
    if not key or not staying or key in staying:
        return
    if key in _keys(stages):
        yield ("destination",), f'"{key}" is an exit, name the stage that everything leads to.'
    else:
        yield ("destination",), f'no stage "{key}", {did_you_mean(key, staying)}'


def _duplicates(stages: Stages) -> Found:
    """Two stages of one key or name; a name must not be another's key either."""
    seen: dict[str, int] = {}
    for at, stage in stages:
        for field in ("key", "name"):
            word = _text(stage.get(field))
            said = names.slug(word.replace("_", " ")) if word else ""
            if word and seen.setdefault(said, at) != at:
                yield (
                    ("stages", at, field),
                    f'stages.{seen[said]} is called "{word}" too, choose another {field}.',
                )


def _reserved(stages: Stages) -> Found:
    for at, stage in stages:
        for field in ("key", "name"):
            word = _text(stage.get(field))
            if word and word.casefold() in _RESERVED_STAGES:
                yield (
                    ("stages", at, field),
                    f'"{word}" is a word of the /stage command, choose another {field}.',
                )


def _first(stages: Stages) -> Found:
    if stages and all(_is_exit(stage) for _, stage in stages):
        yield ("stages",), "every stage is an exit, add the one where accounts begin."
    elif stages and _is_exit(stages[0][1]):
        yield (
            ("stages", stages[0][0], "exit"),
            "the first stage is an exit, put the one where accounts begin first.",
        )


def _next_keys(at: int, stage: Mapping[str, Any], stages: Stages) -> list[str]:
    """The keys that come after a stage, by its `next` or by the order of the file."""
    named = stage.get("next")
    if named is not None:
        return [named] if isinstance(named, str) else [k for k in _as_list(named) if _text(k)]
    if _is_exit(stage):
        return []
    later = [s for n, s in stages if n > at and not _is_exit(s)]
    return [key for s in later[:1] if (key := _text(s.get("key")))]


def _as_list(raw: Any) -> list[Any]:
    return raw if isinstance(raw, list) else []


def _next(stages: Stages) -> Found:
    keys = _keys(stages)
    for at, stage in stages:
        named = stage.get("next")
        if isinstance(named, str) and named not in keys:
            yield ("stages", at, "next"), f'no stage "{named}", {did_you_mean(named, keys)}'
        for n, key in enumerate(_as_list(named)):
            if _text(key) and key not in keys:
                path = ("stages", at, "next", n)
                yield path, f'no stage "{key}", {did_you_mean(key, keys)}'


def _unreachable(stages: Stages) -> Found:
    """Stages that no chain of `next` leads to. Exits are open to all, and so is what they name."""
    by_key = {key: (at, stage) for at, stage in stages if (key := _text(stage.get("key")))}
    staying = [key for key, (_, stage) in by_key.items() if not _is_exit(stage)]
    ways = [key for key, (_, stage) in by_key.items() if _is_exit(stage)] + staying[:1]
    reached: set[str] = set()
    while ways:
        key = ways.pop()
        if key in by_key and key not in reached:
            reached.add(key)
            ways += _next_keys(*by_key[key], stages)
    for key in staying:
        if key not in reached:
            yield (
                ("stages", by_key[key][0], "key"),
                f'no stage leads to "{key}", name it in the `next` of the one before it.',
            )


def _plays(at: int, stage: Mapping[str, Any], owners: list[str]) -> Found:
    plays = _items(stage.get("plays"))
    if not stage.get("plays") and not _is_exit(stage):
        yield (
            ("stages", at, "plays"),
            "the stage has no plays, add one (only exits may go without).",
        )
    seen: dict[str, int] = {}
    for n, play in plays:
        path: Path = ("stages", at, "plays", n)
        owner, key = _text(play.get("owner")), _text(play.get("key"))
        if owner and len(owners) > 1 and owner not in owners:
            yield (*path, "owner"), f'no department "{owner}", {did_you_mean(owner, owners)}'
        if key and seen.setdefault(key, n) != n:
            yield (*path, "key"), f'plays.{seen[key]} of this stage is "{key}" too, choose another.'
        yield from _escalation_order(path, play)


def _escalation_order(path: Path, play: Mapping[str, Any]) -> Found:
    """An escalation before the reminder would tell on people who were never reminded."""
    try:
        remind = parse_duration(str(play.get("remind_after", "2 business days")))
        escalate = parse_duration(str(play.get("escalate_after", "4 business days")))
    except ValueError:
        return  # told where the phrase itself is checked
    if escalate.rough_days <= remind.rough_days:
        field = "escalate_after" if "escalate_after" in play else "remind_after"
        yield (
            (*path, field),
            f"the escalation ({escalate}) must come after the reminder ({remind}).",
        )
