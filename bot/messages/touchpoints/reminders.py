"""What is said of a reminder that somebody asked for."""

from datetime import datetime

from bot.messages.kit.blocks import actions, button, compose, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import mention, plain, short, when


def planned(account: str, person: str, title: str, at: datetime, reminder_id: int) -> Message:
    """What was planned, with Undo."""
    head = f'Planned for *{plain(account)}*: "{short(title)}", {mention(person)}, {when(at)}'
    return compose(head, actions(button("Undo", "reminder:undo", str(reminder_id))))


def taken_back(title: str) -> Message:
    return text_message(f'Taken back: nobody is reminded of "{short(title)}".')
