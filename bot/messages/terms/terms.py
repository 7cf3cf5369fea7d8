""" "Term 3 against term 2", and the rows behind each of its numbers."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ButtonElement

from bot.messages.accounts.value import currency_note
from bot.messages.kit.blocks import actions, button, compose, context, page_buttons
from bot.messages.kit.message import Message
from bot.messages.kit.text import plain

PAGE_SIZE = 15
_TITLES = {
    "stages": "days in each stage",
    "touchpoints": "touchpoints done",
    "people": "our involvement",
}


def comparison_message(
    account_id: int, name: str, sides: Sequence[tuple[int, str]], currency: str | None
) -> Message:
    """Two terms beside each other, the newest first; `sides` are (number, text). The buttons show
    the rows behind the numbers of each."""
    (this, _), *before = sides
    against = f" against term {before[0][0]:,}" if before else ""
    parts: list[str | Block] = [f"*{plain(name)}*: term {this:,}{against}"]
    for number, text in sides:
        parts += [text, actions(*_row_buttons(account_id, number))]
    parts.append(context(currency_note(currency)))
    if before and before[0][0] > 1:
        line = f"/account id:{account_id} terms {before[0][0]}"
        parts.append(actions(button("Earlier terms", "command:terms", line)))
    return compose(*parts)


def rows(
    account_id: int, name: str, term: int, what: str, lines: Sequence[str], page: int
) -> Message:
    """A page of the rows behind one number; `what` is stages, touchpoints or people."""
    last = max(1, -(-len(lines) // PAGE_SIZE))
    page = min(max(page, 1), last)
    head = f"*{plain(name)}*, term {term:,}: {_TITLES[what]} ({len(lines):,})"
    # Mentions of colleagues are ours; what strangers wrote was made plain where it was gathered.
    shown = lines[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    listed = "\n".join(f"• {line}" for line in shown) or "Nothing yet."
    line = f"/account id:{account_id} terms {term}"
    turns = page_buttons(page, last, f"{line} {what}")
    return compose(head, listed, actions(*turns, button("Terms", "command:terms", line)))


def _row_buttons(account_id: int, number: int) -> list[ButtonElement]:
    line = f"/account id:{account_id} terms {number}"
    return [
        button("Stages", "command:rows:stages", f"{line} stages"),
        button("Touchpoints", "command:rows:touchpoints", f"{line} touchpoints"),
        button("Value", "command:rows:value", f"/value id:{account_id} term {number}"),
        button("People", "command:rows:people", f"{line} people"),
    ]
