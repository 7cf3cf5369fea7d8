"""Asks which account is meant, with one button each."""

from collections.abc import Sequence

from bot.messages.kit.blocks import actions, button, compose, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import plain, short

# Slack's limit for a button's value.
MAX_VALUE_LENGTH = 2000


def ask_which_account(words: str, choices: Sequence[tuple[str, str]]) -> Message:
    """`choices` are (name, the command that would have been meant), best first."""
    names = " or ".join(f"*{plain(name)}*" for name, _ in choices)
    text = f'Which account is "{short(words)}"? Did you mean {names}? Nothing was changed yet.'
    if any(len(command) > MAX_VALUE_LENGTH for _, command in choices):
        text += " Type it once more with the whole name in quotes."
        return text_message(text)
    buttons = [
        button(name, f"command:choose:{n}", command) for n, (name, command) in enumerate(choices)
    ]
    return compose(text, actions(*buttons))
