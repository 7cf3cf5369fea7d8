"""What a person reads who made many mistakes in a playbook: all of it, each in its place.

In `mistakes/` the sentences stand below the lines they are about, with the column and the path.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.rules.playbook.playbook import PlaybookError, load

FILES = sorted((Path(__file__).parent / "mistakes").glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.stem))
def test_every_mistake_is_told_where_it_is_and_what_would_be_right(file: Path) -> None:
    with pytest.raises(PlaybookError) as caught:
        load(file)
    told = [(one.line, f"{one.column} {one.path}: {one.message}") for one in caught.value.problems]
    assert told == list(_expected(file.read_text()))
    assert {one.source for one in caught.value.problems} == {str(file)}


def _expected(text: str) -> Iterator[tuple[int, str]]:
    """(line, sentence) of each remark; the line is the last one above that is none."""
    about = 0
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("# "):
            yield about, line.removeprefix("# ")
        else:
            about = number


def test_there_are_such_files() -> None:
    assert [file.stem for file in FILES] == ["exits", "fits", "keys", "terms", "values"]
