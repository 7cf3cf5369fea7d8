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
# What is written down, by words of the question that follows a reaction.
_LINES = {
    "give them": "2 hours a week saved on reports, they said so",
    "Who, and": "Sam Okafor, head of planning, user",
    "looking at": "FlowDesk, cheaper per head",
    "By when do they decide": "2027-02-26, the board",
    "want to reach": "every site plans without email by 2027-03-31",
    "say no": "the night shift still works on paper",
    "we promise": "a training for new people by 2027-01-29",
    "in one line": "it is how we work now",
}
_ANSWERS = ("white_check_mark", "eyes", None, "white_check_mark", None, "zzz", None)


def name_leads(sandbox: Sandbox) -> None:
    """An admin says who leads each department that the company has."""
    channels = {channel.name for channel in sandbox.channels}
    for department, lead in _LEADS.items():
        if department in channels:
            sandbox.command("priya", "#general", f"/linchpin settings {department} lead @{lead}")


def live_through(sandbox: Sandbox, advance_to: Callable[[datetime], None], until: datetime) -> None:
    """Moves the time on in quarters of a day; after each, people react to some of what is new."""
    seen: set[str] = set()
    reacted: list[tuple[str, SlackMessage]] = []
    count = 0
    while (now := sandbox.now()) < until - timedelta(seconds=1):
        advance_to(min(until, now + timedelta(hours=6)))
        while reacted:
            _write_down(sandbox, *reacted.pop())
        for channel, people in _PEOPLE.items():
            for message in sandbox.messages(channel):
                if message.ts not in seen and _asks(message) and sandbox.now() < until:
                    seen.add(message.ts)
                    who = people[count % len(people)]
                    if _answer(sandbox, who, message, count) and count % 2:
                        reacted.append((who, message))
                    count += 1


def _asks(message: SlackMessage) -> bool:
    return message.thread_ts in (None, message.ts) and "Or react" in str(message.blocks)


def _answer(sandbox: Sandbox, who: str, message: SlackMessage, count: int) -> bool:
    """Whether the person did what was asked."""
    answer = _ANSWERS[count % len(_ANSWERS)]
    if answer is None:
        return False
    try:
        sandbox.react(who, message, answer)
    except NotPossible:
        return False
    return answer == "white_check_mark"


def _write_down(sandbox: Sandbox, who: str, message: SlackMessage) -> None:
    """Answers the question that a reaction brought, in the thread."""
    asked = " ".join(each.text for each in sandbox.ephemerals(who)[-1:])
    account = asked.removeprefix("Done: ").partition(". ")[0]
    line = next((line for words, line in _LINES.items() if words in asked), None)
    if line is not None and account in message.text:
        sandbox.say(who, message.channel, f"@linchpin done, {line}", message.ts)
