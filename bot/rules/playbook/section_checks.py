"""What must fit together in a playbook's sections: they name only what is there."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.rules.playbook.advocacy import find_act
from bot.rules.playbook.problems import did_you_mean
from bot.rules.playbook.sections import OUTCOMES, Advocacy
from bot.rules.playbook.yaml_reader import Path

Found = Iterator[tuple[Path, str]]


def check_terms_value_and_outcomes(
    data: Mapping[str, Any], stages: Sequence[tuple[int, Mapping[str, Any]]], owners: list[str]
) -> Found:
    """Every mistake in them; `stages` are (place in the list, values), `owners` of touchpoints."""
    keys = [key for _, stage in stages if isinstance(key := stage.get("key"), str)]
    begins = _section_values(data, "terms").get("begins")
    if isinstance(begins, str) and keys and begins not in keys:
        yield ("terms", "begins"), f'no stage "{begins}", {did_you_mean(begins, keys)}'
    asked = _section_values(data, "value").get("ask")
    if isinstance(asked, str) and len(owners) > 1 and asked not in owners:
        yield ("value", "ask"), f'no department "{asked}", {did_you_mean(asked, owners)}'
    yield from _outcomes(("decisions",), data.get("decisions"), keys)
    for at, stage in stages:
        yield from _outcomes(("stages", at, "outcomes"), stage.get("outcomes"), keys)


def _outcomes(path: Path, raw: Any, keys: list[str]) -> Found:
    for name, outcome in raw.items() if isinstance(raw, Mapping) else ():
        if name not in OUTCOMES:
            yield (*path, name), f'no outcome "{name}", {did_you_mean(str(name), OUTCOMES)}'
        to = outcome.get("to") if isinstance(outcome, Mapping) else None
        if isinstance(to, str) and keys and to not in keys:
            yield (*path, name, "to"), f'no stage "{to}", {did_you_mean(to, keys)}'


def check_advocacy(
    data: Mapping[str, Any], stages: Sequence[tuple[int, Mapping[str, Any]]]
) -> Found:
    """Every `asks_for` that names none of `advocacy.acts`, and acts that are there twice."""
    listed = _section_values(data, "advocacy").get("acts")
    acts = [act for act in listed if isinstance(act, str)] if isinstance(listed, list) else []
    for at, act in enumerate(acts):
        if find_act(act, acts[:at]) is not None:
            yield ("advocacy", "acts", at), f'"{act}" is there already, keep one.'
    known = acts or list(Advocacy().acts)
    for number, stage in stages:
        plays = stage.get("plays")
        for n, play in enumerate(plays if isinstance(plays, list) else ()):
            asked = play.get("asks_for") if isinstance(play, Mapping) else None
            if isinstance(asked, str) and asked not in known:
                path: Path = ("stages", number, "plays", n, "asks_for")
                yield path, f'no favour "{asked}", {did_you_mean(asked, known)}'


def check_participation(
    data: Mapping[str, Any], departments: Mapping[str, Any], stages: Sequence[str]
) -> Found:
    """Every department and stage in it that the playbook does not have."""
    section = _section_values(data, "participation")
    silent = section.get("silent_after")
    for key in silent if isinstance(silent, Mapping) and departments else ():
        if key not in departments:
            path: Path = ("participation", "silent_after", key)
            yield path, f'no department "{key}", {did_you_mean(str(key), departments)}'
    listed = section.get("stages")
    for at, key in enumerate(listed if isinstance(listed, list) and stages else ()):
        if isinstance(key, str) and key not in stages:
            yield ("participation", "stages", at), f'no stage "{key}", {did_you_mean(key, stages)}'


def _section_values(data: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    found = data.get(section)
    return found if isinstance(found, Mapping) else {}
