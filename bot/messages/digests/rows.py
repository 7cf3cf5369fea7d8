"""The rows behind a number: the menu that opens them, and the pages that show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from slack_sdk.models.blocks import ActionsBlock, Block, StaticSelectElement

from bot.messages.kit.blocks import actions, button, section
from bot.messages.kit.form_parts import menu_option
from bot.messages.kit.message import Message
from bot.messages.kit.text import unstyled_list

PAGE_SIZE = 20
_SECTION_ROWS = 5
SHOW, TURN = "rows:show", "rows:turn"
TITLES: Final[Mapping[str, str]] = {
    "unclaimed": "Unclaimed",
    "claimed": "Claimed",
    "later": "Due within 7 days",
    "postponed": "Postponed",
    "planned": "Planned for later",
    "week": "This week",
    "carried": "Carried over",
    "put off": "Postponed last week",
    "untaken": "Unclaimed too long",
    "renewals": "Renewals within 90 days",
    "risk": "At risk",
    "risk later": "At risk later",
    "unknown": "Not known enough",
    "no date": "Renewal date not known",
    "done": "Done",
    "answers": "Answers",
    "advocates": "Advocates this quarter",
}
_BUTTONS: Final[Mapping[str, str]] = {"put off": "postponed"}


def opens(whose: str, since: datetime, now: datetime) -> str:
    """What a menu carries: whose rows ("company", "manager:U1" …), and of which days."""
    return f"{whose}|{int(since.timestamp())}|{int(now.timestamp())}"


def rows_menu(opens: str, counts: Mapping[str, int]) -> ActionsBlock | None:
    """A menu of the kinds of which there is any; None for none."""
    options = [menu_option(f"{kind}|1|{opens}", label) for kind, label in _labels(counts).items()]
    if not options:
        return None
    return actions(StaticSelectElement(action_id=SHOW, placeholder="Show…", options=options))


def menu_text(counts: Mapping[str, int]) -> str:
    """ "Menu: At risk: 2, Unclaimed: 9": what `rows_menu` shows, for screen readers."""
    labels = ", ".join(_labels(counts).values())
    return f"Menu: {labels}." if labels else ""


def show_buttons(opens: str, counts: Mapping[str, int]) -> tuple[ActionsBlock | None, str]:
    """ "Show done: 9", a button for each number that is not 0; and the labels as one text."""
    labels = {
        kind: f"Show {_BUTTONS.get(kind, TITLES[kind]).lower()}: {count:,}"
        for kind, count in counts.items()
        if count
    }
    buttons = [
        button(label, f"{SHOW}:{kind}", f"{kind}|1|{opens}") for kind, label in labels.items()
    ]
    return (actions(*buttons) if buttons else None), ", ".join(labels.values())


def company_rows(label: str, kind: str, now: datetime) -> tuple[str, str, str]:
    """The label, action and value of a button that opens rows of the whole company."""
    return label, f"{SHOW}:{kind}", f"{kind}|1|{opens('company', now, now)}"


def rows_page(
    title: str, rows: Sequence[str], total: int, kind: str, page: int, opens: str
) -> Message:
    """One page of the rows, from 1, with the buttons that turn it."""
    pages = max(1, -(-total // PAGE_SIZE))
    head = f"*{title}: {total:,}*"
    parts = [rows[at : at + _SECTION_ROWS] for at in range(0, len(rows), _SECTION_ROWS)]
    blocks: list[Block] = [section(head), *(section("\n".join(part)) for part in parts)]
    turns = [
        button(label, f"{TURN}:{to}", f"{kind}|{to}|{opens}")
        for label, to in (("Before", page - 1), ("More", page + 1))
        if 1 <= to <= pages
    ]
    blocks += [actions(*turns)] if turns else []
    rest = f"Page {page} of {pages}." if turns else ""
    return Message(unstyled_list(head, rows, rest), tuple(blocks))


def _labels(counts: Mapping[str, int]) -> dict[str, str]:
    return {kind: f"{TITLES[kind]}: {count:,}" for kind, count in counts.items() if count}
