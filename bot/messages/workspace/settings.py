"""What `/linchpin settings` shows and answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.messages.kit.blocks import context, section
from bot.messages.kit.message import Message
from bot.messages.kit.text import mention, plain, unstyled


@dataclass(frozen=True)
class DepartmentRow:
    """A department as it is set now; no `channel_id` means there is no such channel."""

    key: str
    name: str
    channel_id: str | None
    channel_name: str
    lead_id: str | None
    hours: str
    zone: str


def settings_message(
    rows: Sequence[DepartmentRow], digest_off: bool, department: str | None
) -> Message:
    """Departments and one's own settings, each with the line that changes it."""
    lines = [_department_line(row) for row in rows]
    digest = "off" if digest_off else "on"
    mine = f"Your digest is {digest}; your department is {department or 'not set'}."
    hint = (
        "`/linchpin settings digest off` · `/linchpin settings department operations` · "
        "admins: `/linchpin settings operations channel #ops`, `… lead @diego`"
    )
    blocks = (*map(section, ("*Departments*", *lines, mine)), context(hint))
    return Message(unstyled("\n".join([*lines, mine])), blocks)


def _department_line(row: DepartmentRow) -> str:
    where = f"<#{row.channel_id}>"
    if row.channel_id is None:
        where = f"{plain(row.channel_name)} (I see no such channel: invite me, or name another)"
    lead = f", lead {mention(row.lead_id)}" if row.lead_id else ", no lead"
    return f"*{plain(row.name)}* (`{row.key}`): {where}{lead}, {row.hours} {row.zone}"
