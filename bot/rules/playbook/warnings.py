"""What is allowed in a playbook and better said otherwise."""

from collections.abc import Iterator
from typing import Final

from bot.rules.playbook.models import Playbook

#: A nudge shows the first sentence of an ask; more than this nobody reads there.
MAX_ASK_WORDS: Final = 32


def warnings(playbook: Playbook) -> Iterator[str]:
    """One sentence each, with the play it is about."""
    for stage in playbook.stages:
        for play in stage.plays:
            place, words = f"{stage.key}/{play.key}", len(play.ask.split())
            if words > MAX_ASK_WORDS:
                yield f"{place}: the ask has {words} words; shorten it to {MAX_ASK_WORDS}."
            if "remind_after" in play.model_fields_set:
                yield f"{place}: remind_after does nothing any more, leave it out."
