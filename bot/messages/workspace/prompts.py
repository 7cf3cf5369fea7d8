"""What Linchpin suggests to ask when its conversation is opened: four at most (agent_view of
docs.slack.dev/reference/app-manifest)."""

from typing import Any

DESCRIPTION = (
    "Ask where an account stands, what comes next and for whom, or tell what happened with a "
    "customer, in plain words. Nothing is changed without a button."
)
TITLE = "Ask, or tell me what happened"
# A longer name would not be read on a chip.
MAX_NAME_LENGTH = 60
# (what the chip says, what is said when it is pressed)
_MINE_PROMPT = ("What's next for me?", "what's next for me")
_WEEK_PROMPT = ("What is due this week?", "what is due this week")
_BOARD_PROMPT = ("Where do accounts stand?", "where do all accounts stand")
_DIGEST_PROMPT = ("This week's digest", "digest")
GENERAL = (_MINE_PROMPT, _WEEK_PROMPT, _BOARD_PROMPT, _DIGEST_PROMPT)


def manifest_prompts() -> list[dict[str, str]]:
    """The prompts that everybody sees until their own are there."""
    return _prompts(GENERAL)


def member_prompts(department: str | None, account: str | None) -> dict[str, Any]:
    """A person's own prompts: their department's week, one of their accounts."""
    second = _WEEK_PROMPT
    if department is not None:
        second = (f"Due this week in {department}", f"what is due this week in {department}")
    third = _BOARD_PROMPT
    if account is not None and len(account) <= MAX_NAME_LENGTH:
        third = (f"Where does {account} stand?", f"where does {account} stand?")
    return {"title": TITLE, "prompts": _prompts((_MINE_PROMPT, second, third, _DIGEST_PROMPT))}


def _prompts(pairs: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"title": title, "message": message} for title, message in pairs]
