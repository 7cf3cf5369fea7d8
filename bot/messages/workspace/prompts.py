"""What Linchpin suggests to ask when somebody opens the conversation with it: four at most.

Slack's agent view: docs.slack.dev/reference/app-manifest (agent_view) and
docs.slack.dev/reference/methods/assistant.threads.setSuggestedPrompts.
"""

from __future__ import annotations

from typing import Any

DESCRIPTION = (
    "Ask where an account stands, what comes next and for whom, or tell what happened with a "
    "customer, in plain words. Nothing is changed without a button."
)
TITLE = "Ask, or tell me what happened"
MOST = 4
# A longer name would not be read on a chip.
LONGEST_NAME = 60
# (what the chip says, what is said when it is pressed)
_MINE = ("What's next for me?", "what's next for me")
_WEEK = ("What is due this week?", "what is due this week")
_BOARD = ("Where do accounts stand?", "where do all accounts stand")
_DIGEST = ("This week's digest", "digest")
GENERAL = (_MINE, _WEEK, _BOARD, _DIGEST)


def manifest() -> list[dict[str, str]]:
    """The prompts that everybody sees until their own are there."""
    return _prompts(GENERAL)


def of(department: str | None, account: str | None) -> dict[str, Any]:
    """A person's own prompts: their department's week, one of their accounts."""
    second = _WEEK
    if department is not None:
        second = (f"Due this week in {department}", f"what is due this week in {department}")
    third = _BOARD
    if account is not None and len(account) <= LONGEST_NAME:
        third = (f"Where does {account} stand?", f"where does {account} stand?")
    return {"title": TITLE, "prompts": _prompts((_MINE, second, third, _DIGEST))}


def _prompts(pairs: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"title": title, "message": message} for title, message in pairs]
