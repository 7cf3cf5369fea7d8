"""What must fit together in a playbook: its parts name only departments, stages and acts it has.
Works on plain values: a mistake in one place must not hide those in others."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from bot.rules.playbook.advocacy import find_act
from bot.rules.playbook.fields import check_key
from bot.rules.playbook.models import MANAGER
from bot.rules.playbook.problems import did_you_mean
from bot.rules.playbook.sections import OUTCOMES, Advocacy
from bot.rules.playbook.yaml_reader import Path
from bot.rules.text import names
from bot.rules.time.phrases import parse_due

Problems = Iterator[tuple[Path, str]]
#: The position of each stage in the list, and its values.
Stages = list[tuple[int, Mapping[str, Any]]]

#: Words that commands give a meaning of their own.
_RESERVED_STAGES: Final = frozenset({"next", "because", "help"})
_RESERVED_OWNERS: Final = frozenset({MANAGER, "mine", "help"})
#: Half of a term of a year: no stage is entered by itself before half of a term is over.
_LONGEST_ENTER: Final = 183
#: Where names stand (* for every item or key, # for the key itself), and what they name.
_REFERENCES: Final = (
    ("without_manager", "department"),
    ("promises.owner", "owner"),
    ("renewals.value", "owner"),
    ("renewals.alternatives", "owner"),
    ("value.ask", "owner"),
    ("terms.begins", "stage"),
    ("decisions.*.#", "outcome"),
    ("decisions.*.to", "stage"),
    ("decisions.*.if_value_grew", "stage"),
    ("participation.silent_after.*.#", "department"),
    ("participation.stages.*", "stage"),
    ("stages.*.owner", "department"),
    ("stages.*.next", "stage"),
    ("stages.*.next.*", "stage"),
    ("stages.*.outcomes.*.#", "outcome"),
    ("stages.*.outcomes.*.to", "stage"),
    ("stages.*.outcomes.*.if_value_grew", "stage"),
    ("stages.*.plays.*.owner", "owner"),
    ("stages.*.plays.*.asks_for", "favour"),
)


def find_problems(data: Mapping[str, Any]) -> Problems:
    """Every mistake in how the parts of the playbook go together."""
    departments = _mapping(data.get("departments"))
    stages = _items(data.get("stages"))
    listed = _list(_mapping(data.get("advocacy")).get("acts"))
    acts = [act for act in listed if isinstance(act, str)]
    known: dict[str, Collection[str]] = {
        "department": departments,
        "owner": [*departments, MANAGER] if departments else [],
        "stage": _keys(stages),
        "outcome": OUTCOMES,
        "favour": acts or Advocacy().acts,
    }
    for place, what in _REFERENCES:
        for path, name in _values(data, place.split("."), ()):
            called = "department" if what == "owner" else what
            yield from _unknown(called, path, name, known[what])
    yield from _departments(departments)
    for at, act in enumerate(acts):
        if find_act(act, acts[:at]) is not None:
            yield ("advocacy", "acts", at), f'"{act}" is there already, keep one.'
    yield from _destination(data, stages)
    yield from _stage_words(stages)
    yield from _first(stages)
    yield from _unreachable(stages)
    yield from _replaced(stages)
    for at, stage in stages:
        yield from _enter(("stages", at), stage)
        yield from _plays(("stages", at), stage)


def _values(raw: Any, place: list[str], path: Path) -> Iterator[tuple[Path, Any]]:
    if not place:
        yield path, raw
    elif place[0] == "#":
        yield path, path[-1]
    elif place[0] == "*":
        each = raw.items() if isinstance(raw, Mapping) else enumerate(_list(raw))
        for key, value in each:
            yield from _values(value, place[1:], (*path, key))
    elif place[0] in _mapping(raw):
        yield from _values(raw[place[0]], place[1:], (*path, place[0]))


def _mapping(raw: Any) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}


def _list(raw: Any) -> list[Any]:
    return raw if isinstance(raw, list) else []


def _one_or_more(raw: Any) -> list[str]:
    return [raw] if isinstance(raw, str) else [key for key in _list(raw) if _text(key)]


def _items(raw: Any) -> Stages:
    return [(at, item) for at, item in enumerate(_list(raw)) if isinstance(item, Mapping)]


def _text(raw: Any) -> str | None:
    return raw if isinstance(raw, str) and raw.strip() else None


def _keys(stages: Stages) -> list[str]:
    return [key for _, stage in stages if (key := _text(stage.get("key")))]


def _is_exit(stage: Mapping[str, Any]) -> bool:
    return str(stage.get("exit")).casefold() in {"true", "yes", "on", "y", "t", "1"}


def _unknown(what: str, path: Path, raw: Any, known: Collection[str]) -> Problems:
    """A value that names none of `known`. Empty values are reported where shapes are checked."""
    name = _text(raw)
    if name and known and name not in known:
        yield path, f'no {what} "{name}", {did_you_mean(name, known)}'


def _departments(departments: Mapping[str, Any]) -> Problems:
    seen: dict[str, str] = {}
    for key, raw in departments.items():
        try:
            check_key(key)
        except ValueError as error:
            yield ("departments", key), str(error)
        if key in _RESERVED_OWNERS:
            yield ("departments", key), f'"{key}" has a meaning of its own, choose another key.'
        name = names.key(_text(_mapping(raw).get("name")) or key)
        if (other := seen.setdefault(name, key)) != key:
            sentence = f'the name is also that of "{other}", choose another.'
            yield ("departments", key, "name"), sentence


def _destination(data: Mapping[str, Any], stages: Stages) -> Problems:
    key = _text(data.get("destination"))
    staying = _keys([(at, stage) for at, stage in stages if not _is_exit(stage)])
    if key not in staying and key in _keys(stages) and staying:
        yield ("destination",), f'"{key}" is an exit, name the stage that everything leads to.'
    else:
        yield from _unknown("stage", ("destination",), key, staying)


def _stage_words(stages: Stages) -> Problems:
    seen: dict[str, int] = {}
    for at, stage in stages:
        for field in ("key", "name"):
            word, path = _text(stage.get(field)), ("stages", at, field)
            if word is None:
                continue
            if word.casefold() in _RESERVED_STAGES:
                yield path, f'"{word}" is a word of the /stage command, choose another {field}.'
            first = seen.setdefault(names.slug(word.replace("_", " ")), at)
            if first != at:
                yield path, f'stages.{first} is called "{word}" too, choose another {field}.'


def _first(stages: Stages) -> Problems:
    if stages and all(_is_exit(stage) for _, stage in stages):
        yield ("stages",), "every stage is an exit, add the one where accounts begin."
    elif stages and _is_exit(stages[0][1]):
        sentence = "the first stage is an exit, put the one where accounts begin first."
        yield ("stages", stages[0][0], "exit"), sentence


def _next_keys(at: int, stage: Mapping[str, Any], stages: Stages) -> list[str]:
    named = stage.get("next")
    if named is not None:
        return _one_or_more(named)
    if _is_exit(stage):
        return []
    later = [(n, other) for n, other in stages if n > at and not _is_exit(other)]
    return _keys(later[:1])


def _unreachable(stages: Stages) -> Problems:
    """Stages that no chain of `next` leads to. Exits are open to all, and so is what they name."""
    by_key = {key: (at, stage) for at, stage in stages if (key := _text(stage.get("key")))}
    staying = [key for key, (_, stage) in by_key.items() if not _is_exit(stage)]
    open_keys = [key for key in by_key if key not in staying] + staying[:1]
    reached: set[str] = set()
    while open_keys:
        key = open_keys.pop()
        if key in by_key and key not in reached:
            reached.add(key)
            open_keys += _next_keys(*by_key[key], stages)
    for key in staying:
        if key not in reached:
            sentence = f'no stage leads to "{key}", name it in the `next` of the one before it.'
            yield ("stages", by_key[key][0], "key"), sentence


def _replaced(stages: Stages) -> Problems:
    """What `was` names that is still a stage, or that two stages say they were."""
    seen: dict[str, int] = {}
    keys = _keys(stages)
    for at, stage in stages:
        for key in _one_or_more(stage.get("was")):
            path: Path = ("stages", at, "was")
            if key in keys:
                yield path, f'"{key}" is still a stage here, name one that is gone.'
            if (first := seen.setdefault(key, at)) != at:
                yield path, f'stages.{first} says that it was "{key}" too, keep one.'


def _enter(path: Path, stage: Mapping[str, Any]) -> Problems:
    if stage.get("enter") and _is_exit(stage):
        yield (*path, "enter"), "nobody enters an exit by a date, leave it out."
    try:
        due = parse_due(str(stage.get("enter")))
    except ValueError:
        return  # reported where the phrase itself is checked
    if due.duration is not None and due.duration.rough_days > _LONGEST_ENTER:
        yield (*path, "enter"), f"{_LONGEST_ENTER} days are the most: half of a term of a year."


def _plays(stage_path: Path, stage: Mapping[str, Any]) -> Problems:
    if not stage.get("plays") and not _is_exit(stage):
        sentence = "the stage has no plays, add one (only exits may go without)."
        yield (*stage_path, "plays"), sentence
    seen: dict[str, int] = {}
    for n, play in _items(stage.get("plays")):
        path: Path = (*stage_path, "plays", n)
        key = _text(play.get("key"))
        if key and (first := seen.setdefault(key, n)) != n:
            yield (*path, "key"), f'plays.{first} of this stage is "{key}" too, choose another.'
        if _is_exit(stage) and str(play.get("due")).endswith("after term start"):
            yield (*path, "due"), "who has left has no term, count it from the entry."
