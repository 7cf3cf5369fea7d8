"""What must fit together in a playbook's participation: departments and stages that are there."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.rules.playbook_problems import did_you_mean
from bot.rules.playbook_text import Path


def check_participation(
    data: Mapping[str, Any], departments: Mapping[str, Any], stages: Sequence[str]
) -> Iterator[tuple[Path, str]]:
    """Every department and stage in it that the playbook does not have."""
    section = data.get("participation")
    silent = section.get("silent_after") if isinstance(section, Mapping) else None
    for key in silent if isinstance(silent, Mapping) and departments else ():
        if key not in departments:
            path: Path = ("participation", "silent_after", key)
            yield path, f'no department "{key}", {did_you_mean(str(key), departments)}'
    listed = section.get("stages") if isinstance(section, Mapping) else None
    for at, key in enumerate(listed if isinstance(listed, list) and stages else ()):
        if isinstance(key, str) and key not in stages:
            yield ("participation", "stages", at), f'no stage "{key}", {did_you_mean(key, stages)}'
