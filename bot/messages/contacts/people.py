"""What `/account acme people` answers, and the form of a contact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block, OverflowMenuElement
from slack_sdk.models.views import View

from bot.messages.kit import form_parts
from bot.messages.kit.blocks import actions, button, compose, context, section, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, more_line, plain, quoted, short
from bot.rules.contacts import MAX_NAME_LENGTH, MAX_ROLE_LENGTH, contact_label
from bot.rules.text.words import plural

MAX_ROWS = 15
THERE, LEFT = "there", "left"


@dataclass(frozen=True)
class ContactRow:
    """A person at a customer, and when something was recorded with them last."""

    id: int
    name: str
    role: str | None
    email: str | None
    phone: str | None
    left_on: date | None
    last: date | None = None

    def label(self) -> str:
        """ "Ruth Pell, owner (decision maker)", with "left" where they did."""
        left = ", left" if self.left_on else ""
        return short(contact_label(self.name, self.role), 200) + left

    def line(self, today: date) -> str:
        last = f"last contact {day(self.last, today)}" if self.last else "no contact recorded"
        standing = f"left {day(self.left_on, today)}" if self.left_on else last
        parts = [f"*{plain(self.name)}*", short(self.role or "role not known")]
        return " · ".join([*parts, standing, *self.ways()])

    def ways(self) -> list[str]:
        """How they are reached."""
        return [plain(way) for way in (self.email, self.phone) if way]


def people_message(
    account: tuple[int, str],
    rows: Sequence[ContactRow],
    today: date,
    *,
    may_erase: bool,
    part: str = "",
) -> Message:
    """An account's contacts, each with its menu and `part`, who of us took part."""
    number, name = account
    add = actions(button("Add…", "form:contact", str(number)))
    if not rows:
        example = f"`/account {quoted(name)} people Jo Byrne, COO, decision maker`"
        none = f"*{plain(name)}*: no contact recorded."
        return compose(none, context(example), context(part) if part else "", add)
    here = sum(row.left_on is None for row in rows)
    head = f"*{plain(name)}*: {plural(here, 'person', 'people')}"
    lines = [section(row.line(today), _menu(row, may_erase)) for row in rows[:MAX_ROWS]]
    us = context(part) if part else ""
    return compose(head, *lines, more_line(len(rows) - MAX_ROWS), us, add)


def saved_message(account: str, row: ContactRow) -> Message:
    return text_message(
        f"*{plain(account)}*: {' · '.join([row.label(), *row.ways()])} is recorded."
    )


def left_message(account: str, row: ContactRow) -> Message:
    standing = "has left" if row.left_on else "is still there"
    return text_message(f"*{plain(account)}*: {plain(row.name)} {standing}.")


def earlier_message(rows: Sequence[tuple[str, str]]) -> Message:
    """To an admin, once: who was named before contacts were kept; `rows` are (account, person)."""
    head = f"*{plural(len(rows), 'person', 'people')} named before, and no contacts yet*"
    lines = [f"• {plain(account)}: {short(name)}" for account, name in rows[:MAX_ROWS]]
    why = (
        "They confirmed value or agreed to a favour. As contacts they stand on the card and briefs."
    )
    add = actions(button("Add them", "contact:earlier", "all"))
    return compose(head, "\n".join(lines), more_line(len(rows) - MAX_ROWS), context(why), add)


def contact_form(
    account: tuple[int, str], row: ContactRow | None = None, channel: str = ""
) -> View:
    """Adds a contact, or changes one."""
    inputs: list[Block] = [
        section(f"*{plain(account[1])}*"),
        form_parts.text_input(
            "name", "Name", initial=row.name if row else "", most=MAX_NAME_LENGTH, focus=True
        ),
        form_parts.text_input(
            "role",
            "Role",
            initial=(row.role or "") if row else "",
            placeholder="COO, decision maker",
            optional=True,
            most=MAX_ROLE_LENGTH,
            hint="Decision maker, champion, user, finance; or other words.",
        ),
        form_parts.text_input(
            "email", "E-mail", initial=(row.email or "") if row else "", optional=True, most=200
        ),
    ]
    if row is not None:
        choices = ((THERE, "Works there"), (LEFT, "Has left"))
        standing = LEFT if row.left_on else THERE
        inputs.append(form_parts.radio_input("left", "Still there?", choices, standing))
    ids = {"account": account[0], "channel": channel, **({"contact": row.id} if row else {})}
    title = "Change a contact" if row else "Add a contact"
    return form_parts.form("contact", title, "Save", inputs, ids)


def erase_form(contact: int, name: str, account: str, channel: str) -> View:
    """The confirmation before a person's data goes for good: the name is typed."""
    warning = (
        f":warning: *{plain(name)}* of {plain(account)} is erased: the contact, and the name "
        "wherever it was written down about this account. Nothing brings it back."
    )
    inputs: list[Block] = [
        section(warning),
        form_parts.text_input("name", "Type the name to confirm", most=MAX_NAME_LENGTH, focus=True),
    ]
    ids = {"contact": contact, "channel": channel}
    return form_parts.form("erase_contact", "Erase a person", "Erase", inputs, ids)


def people_line(rows: Sequence[ContactRow], most: int = 4) -> str:
    """ "Ruth Pell, owner (decision maker) · Ben Osei, production lead (champion)"; "" for none."""
    shown = [row.label() for row in rows[:most]]
    more = len(rows) - most
    return " · ".join([*shown, *([f"{more} more"] if more > 0 else [])])


def _menu(row: ContactRow, may_erase: bool) -> OverflowMenuElement:
    left = "Works there again" if row.left_on else "Has left"
    choices = [("edit", "Change…"), ("left", left)]
    choices += [("erase", "Erase…")] if may_erase else []
    options = [form_parts.menu_option(f"{what}:{row.id}", words) for what, words in choices]
    return OverflowMenuElement(action_id="contact:menu", options=options)
