"""What `/linchpin settings` shows and answers."""

from collections.abc import Sequence

from bot.messages.kit.blocks import context, section
from bot.messages.kit.message import Message
from bot.messages.kit.text import unstyled
from bot.messages.workspace.setup import Row, department_line


def settings_message(rows: Sequence[Row], digest_off: bool, department: str | None) -> Message:
    """Departments and one's own settings, each with the line that changes it."""
    lines = [department_line(row) for row in rows]
    digest = "off" if digest_off else "on"
    mine = f"Your digest is {digest}; your department is {department or 'not set'}."
    hint = (
        "`/linchpin settings digest off` · `/linchpin settings department operations` · "
        "admins: `/linchpin settings operations channel #ops`, `… lead @diego`"
    )
    blocks = (*map(section, ("*Departments*", *lines, mine)), context(hint))
    return Message(unstyled("\n".join([*lines, mine])), blocks)
