"""The private questions after a reaction on a list, and what they say when they are answered."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages.kit.blocks import actions, button, compose
from bot.messages.kit.message import Message
from bot.messages.kit.text import limit_names, plain
from bot.rules.text.words import plural
from bot.rules.touchpoint_verbs import Meaning, Verb

MAX_NAMES = 10
_ASKS = {"done": ("Mark", "done"), "claim": ("Take", "")}
_WORDS = {"snooze": "To snooze one, use the line's menu.", "skip": "To skip one, use its menu."}


def use_menu(meaning: Meaning) -> str:
    """What a reaction that means one touchpoint gets on a list of several."""
    return _WORDS[meaning]


def about_all(
    nudge_id: int, meaning: Meaning, accounts: Sequence[str], others: Sequence[tuple[str, str]]
) -> Message:
    """ "Mark these 3 done? Acme, Initech, Vellum" with its button; `others` are (account, who)."""
    stays = " ".join(f"{plain(account)} stays with {plain(who)}." for account, who in others)
    if not accounts:
        return compose(f"Nothing in this list is free to {_infinitive(meaning)}. {stays}".strip())
    verb, end = _ASKS[meaning]
    label = " ".join(filter(None, (verb, str(len(accounts)), end)))
    which = "this" if len(accounts) == 1 else f"these {len(accounts)}"
    head = " ".join(filter(None, (verb, which, end)))
    names = limit_names([plain(name) for name in accounts], MAX_NAMES)
    rows = actions(
        button(label, f"list:all-{meaning}", str(nudge_id), style="primary"),
        button("Cancel", "list:cancel", str(nudge_id)),
    )
    return compose("\n".join(filter(None, (f"*{head}?* {names}.", stays))), rows)


def did_all(verb: Verb, accounts: Sequence[str]) -> Message:
    """What stands in place of the question."""
    if not accounts:
        return NOTHING_CHANGED
    names = limit_names([plain(name) for name in accounts], MAX_NAMES)
    past = "done" if verb == "done" else "yours"
    return compose(f"{plural(len(accounts), 'touchpoint')} {past}: {names}.")


def thumbs_up(touchpoint_id: int, account: str, title: str) -> Message:
    """A thumbs-up may mean both: it is asked about once."""
    text = f"*{plain(account)}* · {plain(title)}: done, or will you take it?"
    value = str(touchpoint_id)
    return compose(
        text,
        actions(
            button("Done", "touchpoint:done", value),
            button("I'll take it", "touchpoint:claim", value),
        ),
    )


NOTHING_CHANGED = compose("Nothing was changed.")
THUMBS_UP_ON_LIST = "Which line? React with its number when it is done, or with 👀 to take them."


def _infinitive(meaning: Meaning) -> str:
    return "mark done" if meaning == "done" else "take"
