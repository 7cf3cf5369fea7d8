"""What must fit together in a playbook's cycles, value and outcomes: names that are there."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.rules.playbook_decisions import OUTCOMES
from bot.rules.playbook_problems import did_you_mean
from bot.rules.playbook_text import Path

Found = Iterator[tuple[Path, str]]


def check_cycles_value_and_outcomes(
    data: Mapping[str, Any], stages: Sequence[tuple[int, Mapping[str, Any]]], owners: list[str]
) -> Found:
    """Every mistake in them; `stages` are (place in the list, values), `owners` of touchpoints."""
    keys = [key for _, stage in stages if isinstance(key := stage.get("key"), str)]
    begins = _within(data, "cycles").get("begins")
    if isinstance(begins, str) and keys and begins not in keys:
        yield ("cycles", "begins"), f'no stage "{begins}", {did_you_mean(begins, keys)}'
    asked = _within(data, "value").get("ask")
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


def _within(data: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    found = data.get(section)
    return found if isinstance(found, Mapping) else {}
