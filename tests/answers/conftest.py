"""A story whose playbook's plays bring something back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import freezegun
import pytest
from freezegun.api import FrozenDateTimeFactory

from tests.answers.helpers import recording
from tests.story import MONDAY, Story


@pytest.fixture
def tell(tmp_path: Path) -> Iterator[Callable[..., Story]]:
    """Begins the story of a playbook with plays of the kinds that are named."""
    begun: list[Story] = []
    with freezegun.freeze_time(MONDAY) as frozen:
        assert isinstance(frozen, FrozenDateTimeFactory)

        def begin(*kinds: str, head: str = "", **due: str) -> Story:
            begun.append(Story(tmp_path, frozen, head + recording(*kinds, **due)))
            return begun[0]

        try:
            yield begin
            begun[0].ended()
        finally:
            begun[0].close()
