"""A week of work before the demo opens: people answer some nudges, so that it looks lived in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sandbox.errors import NotPossible
from sandbox.model import SlackMessage
from sandbox.sandbox import Sandbox

# Who answers in which channel, in turn.
_PEOPLE = {
    "operations": ("diego", "aiko"),
    "marketing": ("maya",),
    "sales": ("tom", "priya"),
    "support": ("nadia", "ivo"),
}
_LEADS = {"operations": "diego", "marketing": "maya", "sales": "tom", "support": "nadia"}
_ANSWERS = ("white_check_mark", "eyes", None, "white_check_mark", None, "zzz", None)


def live_through(sandbox: Sandbox, advance_to: Callable[[datetime], None], until: datetime) -> None:
    """Moves the time on in quarters of a day; after each, people react to some of what is new."""
    for department, lead in _LEADS.items():
        sandbox.command("priya", "#general", f"/linchpin settings {department} lead @{lead}")
    seen: set[str] = set()
    count = 0
    while (now := sandbox.now()) < until - timedelta(seconds=1):
        advance_to(min(until, now + timedelta(hours=6)))
        for channel, people in _PEOPLE.items():
            for message in sandbox.messages(channel):
                if message.ts not in seen and _asks(message) and sandbox.now() < until:
                    seen.add(message.ts)
                    _answer(sandbox, people[count % len(people)], message, count)
                    count += 1


def _asks(message: SlackMessage) -> bool:
    return message.thread_ts in (None, message.ts) and "Or react" in str(message.blocks)


def _answer(sandbox: Sandbox, who: str, message: SlackMessage, count: int) -> None:
    answer = _ANSWERS[count % len(_ANSWERS)]
    if answer is None:
        return
    try:
        sandbox.react(who, message, answer)
    except NotPossible:
        return
