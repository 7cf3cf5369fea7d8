"""What `/log` answers."""

from datetime import date

from bot.messages.kit.blocks import actions, button, compose, context, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, one_line, plain

# So much of a note is echoed; the whole of it stays in the database.
MAX_ECHO_LENGTH = 1500


def logged(
    account: str, kind: str, text: str, on: date, interaction_id: int, settle: str | None = None
) -> Message:
    """Echoes what was understood, so that a wrong guess is seen at once; `settle` is the command
    that says a complaint is settled."""
    head = f"Logged for *{plain(account)}*: {kind}, {day(on)}"
    body = f"{head}\n> {one_line(text, MAX_ECHO_LENGTH)}"
    undo = button("Undo", "interaction:undo", str(interaction_id))
    if settle is None:
        return compose(body, actions(undo))
    hint = "Until it is settled, nobody asks them for favours."
    done = button("Mark as settled", "command:settled", settle)
    return compose(body, context(hint), actions(done, undo))


def undone(account: str, kind: str, text: str) -> Message:
    words = one_line(text, 100)
    return text_message(
        f'Taken back: the {kind} for *{plain(account)}* ("{words}") is no longer logged.'
    )
