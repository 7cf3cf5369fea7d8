"""What is known of an account beside numbers: goals, risks, alternatives, when they decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from slack_sdk.models.blocks import Block, Option, OverflowMenuElement
from slack_sdk.models.views import View

from bot.messages.kit import form_parts
from bot.messages.kit.blocks import actions, button, compose, context, section
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, mention, on, one_line, plain
from bot.rules.answers import MAX_TEXT_LENGTH

MAX_ROWS = 30
MAX_LINE_LENGTH = 200
#: What each kind is called, and what its end is called.
LABELS = {
    "goal": ("Goal", "Reached"),
    "risk": ("Risk", "Settled"),
    "alternative": ("Alternative", "Remove"),
    "decision date": ("They decide", "Remove"),
    "notice": ("Notice given", "Withdrawn"),
}


@dataclass(frozen=True)
class KnownRow:
    """One line; `key` is its row, "learned:7", `due_on` the day of a goal or decision."""

    key: str
    kind: str
    text: str
    due_on: date | None
    by: str | None
    at: datetime
    answered: bool = False  # of a risk: something was promised against it

    def line(self) -> str:
        """ "*Goal:* Cork site, by Fri 30 Oct 2027 (@Diego, 21 Jul)"."""
        text = one_line(self.text, MAX_LINE_LENGTH)
        if self.due_on is not None:
            by = f"by {day(self.due_on)}"
            text = f"{by}: {text}" if self.kind == "decision date" else f"{text}, {by}"
        who = f"{mention(self.by)}, " if self.by else ""
        against = " · a promise answers it" if self.answered else ""
        return f"*{LABELS[self.kind][0]}:* {text} ({who}{on(self.at)}){against}"


def page(account_id: int, account: str, rows: Sequence[KnownRow], note: str = "") -> Message:
    """All of it, each with a menu; `note` says what was just done."""
    head = f"*{plain(account)}*: goals, risks, alternatives, decision date"
    none = "" if rows else "None recorded since this account is known here."
    blocks: list[Block] = [section(row.line(), _menu(row)) for row in rows[:MAX_ROWS]]
    add = button("Add…", "known:add", str(account_id))
    card = button("Card", "command:card", f"/account id:{account_id}")
    hint = context(note) if note else ""
    return compose(head, none, *blocks, hint, actions(add, card))


def settled(account: str, row: KnownRow) -> Message:
    """What is said when a line has ended, with Undo."""
    text = f"{LABELS[row.kind][1]}: *{plain(account)}* · {one_line(row.text, MAX_LINE_LENGTH)}"
    return compose(text, actions(button("Undo", "known:reopen", f"reopen:{row.key}")))


def line_form(
    account: str, row: KnownRow | None, ids: Mapping[str, object], kind: str = ""
) -> View:
    """A line to be corrected, or a new one with its kind, which begins as `kind`."""
    blocks: list[Block] = [context(f"*{plain(account)}*")]
    if row is None:
        kinds = [(kind, label) for kind, (label, _) in LABELS.items()]
        blocks.append(form_parts.select_input("kind", "What is it?", kinds, kind or kinds[0][0]))
    text = row.text if row else ""
    blocks.append(
        form_parts.text_input("text", "In one line", initial=text, most=MAX_TEXT_LENGTH, focus=True)
    )
    if row is None or row.kind in ("goal", "decision date"):
        due_on = row.due_on if row else None
        blocks.append(form_parts.date_input("due_on", "By when", due_on, optional=True))
    return form_parts.form("known", "Goals and risks", "Save", blocks, ids)


def _menu(row: KnownRow) -> OverflowMenuElement:
    options = [
        Option(value=f"settle:{row.key}", label=LABELS[row.kind][1]),
        Option(value=f"correct:{row.key}", label="Correct…"),
    ]
    if row.kind == "risk" and not row.answered:
        options.append(Option(value=f"promise:{row.key}", label="Promise something against it…"))
    return OverflowMenuElement(action_id=f"known:menu:{row.key}", options=options)
