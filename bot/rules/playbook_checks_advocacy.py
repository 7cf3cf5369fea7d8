"""What must fit together in a playbook's advocacy: a play asks for a favour that is on the list."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.rules.advocacy import find_act
from bot.rules.playbook_advocacy import Advocacy
from bot.rules.playbook_problems import did_you_mean
from bot.rules.playbook_text import Path


def check_advocacy(
    data: Mapping[str, Any], stages: Sequence[tuple[int, Mapping[str, Any]]]
) -> Iterator[tuple[Path, str]]:
    """Every `asks_for` that names none of `advocacy.acts`, and acts that are there twice."""
    section = data.get("advocacy")
    listed = section.get("acts") if isinstance(section, Mapping) else None
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
