"""Two web processes: one took an event in first and got to it last."""

from __future__ import annotations

from datetime import timedelta

from bot.actions.actor import CLOCK
from bot.actions.responses.reactions import ReactionEvent, apply_reaction
from bot.actions.work import Work
from tests.databases import BOTH
from tests.nudges.helpers import kickoff, touchpoint
from tests.story import Story

pytestmark = BOTH


def test_what_was_added_after_a_reaction_was_taken_back_counts_whoever_was_slow(
    story: Story,
) -> None:
    message, now = kickoff(story), story.now

    def told(name: str, present: bool, event_ts: str, seconds: int) -> None:
        seen = ReactionEvent(message.channel, message.ts, "U0DIEGO", name, present, event_ts)
        with story.tx() as tx:
            apply_reaction(Work(tx, story.playbook, now + timedelta(seconds=seconds), CLOCK), seen)

    told("white_check_mark", True, "1.0", seconds=2)
    told("eyes", True, "3.0", seconds=1)  # its process read the clock, and then had to wait
    told("white_check_mark", False, "2.0", seconds=3)
    assert touchpoint(story).state == "claimed"
    story.settle()
