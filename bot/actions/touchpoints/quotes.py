"""Tells people once that a line of theirs was used, in a brief or for a decision."""

from __future__ import annotations

from collections import defaultdict

from bot.actions.outgoing import tell
from bot.actions.work import Work
from bot.messages.answers.forms import quoted
from bot.messages.kit.text import plain
from db.answers import answers
from db.models import Account, Touchpoint

#: So much of a line has to stand in a text.
_ENOUGH = 60


def tell_quoted(
    work: Work, account: Account, text: str, where: str, reader: str | None = None
) -> None:
    """Tells the authors of the lines that stand in `text` of `where`, except for its reader."""
    lines: dict[str, list[Touchpoint]] = defaultdict(list)
    for touchpoint in answers.list_unquoted(work.tx, account.id):
        row = answers.row_of(work.tx, touchpoint.answer_row)
        words = str(getattr(row, "text", None) or getattr(row, "name", ""))
        if words and plain(" ".join(words.split()))[:_ENOUGH] in text:
            touchpoint.quoted_at = work.now
            lines[touchpoint.answered_by or ""].append(touchpoint)
    for author, some in lines.items():
        if author == reader:
            continue
        rows = [(each.answered_at or work.now, each.answer or "") for each in some]
        text = quoted(account.name, where, rows)
        tell(work, author, f"quoted:{some[0].id}", text, account_id=account.id)
