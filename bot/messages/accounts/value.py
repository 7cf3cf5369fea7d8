"""The value ledger: what `/value` answers, and the curve that cards and digests show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block, ButtonElement

from bot.messages.kit.blocks import (
    actions,
    button,
    compose,
    context,
    page_buttons,
    section,
    text_message,
)
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, mention, plain, quoted, short, unstyled
from bot.rules.text.money import Money, format_money, format_yearly
from bot.rules.text.words import plural
from bot.rules.value import TermValue

PAGE_SIZE = 10
#: So much of an entry is shown; the whole of it stays in the database.
MAX_TEXT_LENGTH = 400
#: The longest bar has so many squares.
MAX_SQUARES = 12


@dataclass(frozen=True)
class ValueRow:
    """One thing an account got; `worth` is "" where nobody said it in money. `confirmed` is (the
    day, who of them, who of us heard it) once they have said so."""

    id: int
    text: str
    worth: str
    term: int
    by: str | None
    on: date
    confirmed: tuple[date, str | None, str | None] | None

    def line(self) -> str:
        worth = f" · worth {self.worth} a year" if self.worth else ""
        return f"{short(self.text, MAX_TEXT_LENGTH)}{worth}"

    def standing(self) -> str:
        """Who says so, and since when."""
        if self.confirmed is None:
            by = f" by {mention(self.by)}" if self.by else ""
            return f"Our estimate{by}, {day(self.on)}"
        on, who, heard = self.confirmed
        said = f"Confirmed by {short(who)}" if who else "Confirmed by the customer"
        return f"✓ {said}, {day(on)}" + (f" (told {mention(heard)})" if heard else "")


@dataclass(frozen=True)
class LedgerPage:
    """One page of what an account got. `term` is None for all terms; `of` is where it stands."""

    account_id: int
    account: str
    of: int
    term: int | None
    curve: tuple[TermValue, ...]
    entries: tuple[ValueRow, ...]
    total: int
    number: int
    last: int
    archived: bool = False


def added_message(
    account: str, entry: ValueRow, *, amounts: Sequence[Money] = (), unread: str = ""
) -> Message:
    """Echoes what was understood; `amounts` in its text are read back before one counts."""
    head = f"Recorded for *{plain(account)}*, term {entry.term:,}\n> {entry.line()}"
    if asked := _amount_question(amounts, unread):
        head += f"\n{asked}"
    return compose(head, context(entry.standing()), actions(*_entry_buttons(entry, amounts, asked)))


def _amount_question(amounts: Sequence[Money], unread: str) -> str:
    if len(amounts) == 1 and not unread:
        return f"Is it worth *{format_yearly(amounts[0])}*? It counts when you say so."
    if amounts:
        return "Which amount is it worth a year? None counts yet."
    return f'"{short(unread, 40)}" does not count yet: what is it worth a year?' if unread else ""


def _entry_buttons(entry: ValueRow, amounts: Sequence[Money], asked: str) -> list[ButtonElement]:
    buttons: list[ButtonElement] = []
    for money in amounts[:3]:
        value = f"{money.currency}:{money.hundredths}:{entry.id}"
        buttons.append(button(format_yearly(money), f"value:count:{len(buttons)}", value))
    if asked:
        other = "Another amount…" if amounts else "Add the amount…"
        buttons.append(button(other, "value:worth", str(entry.id)))
    if entry.confirmed is None:
        buttons.append(_confirm_button(entry))
    return [*buttons, button("Undo", "value:undo", str(entry.id))]


def undone(account: str, entry: ValueRow) -> Message:
    return text_message(
        f'Taken back: "{short(entry.text, 100)}" no longer counts for *{plain(account)}*.'
    )


def confirmed(account: str, entry: ValueRow) -> Message:
    """The answer to a confirmation."""
    return text_message(f"*{plain(account)}*: {entry.line()}\n{entry.standing()}")


def ledger(shown: LedgerPage) -> Message:
    """What an account got, newest first, with a button at each claim that waits for their word."""
    which = "in all terms" if shown.term is None else f"in term {shown.term:,}"
    head = f"*{plain(shown.account)}*: customer value {which}"
    curve = curve_lines(shown.curve)
    blocks: list[Block] = [section("\n".join([head, *curve]))]
    blocks += [_entry_block(entry, shown) for entry in shown.entries]
    foot = _page_position(shown)
    blocks += [context(foot), actions(*_page_buttons(shown))]
    rows = [f"• {entry.line()}. {entry.standing()}" for entry in shown.entries]
    return Message(unstyled("\n".join([head, *curve, *rows, foot])), tuple(blocks))


def curve_lines(curve: Sequence[TermValue]) -> list[str]:
    """A line with a bar for each term, and how it was counted; nothing when nothing was noted."""
    most = max((term.total for term in curve), default=0)
    if not most:
        return []
    rows = [f"Term {term.term:,}  {curve_bar(term, most)}  {measured_text(term)}" for term in curve]
    return [*rows, f"_{currency_note(curve[0].currency)}_"]


def measured_text(each: TermValue) -> str:
    """ "12,000 EUR confirmed, 4,000 EUR estimated", or the numbers of entries."""
    if not each.total:
        return "none recorded"
    parts = [(each.confirmed, "confirmed"), (each.claimed, "estimated")]
    return ", ".join(f"{amount(count, each.currency)} {how}" for count, how in parts if count)


def amount(count: int, currency: str | None) -> str:
    return format_money(count, currency) if currency else plural(count, "entry", "entries")


def currency_note(currency: str | None) -> str:
    """How the figures beside it were counted."""
    if currency is not None:
        return f"Counted in {currency}: every entry has an amount in it."
    return "Counted in entries: not all of them have an amount in one currency."


def curve_bar(each: TermValue, most: int) -> str:
    """Full squares for what is confirmed, light ones for what is claimed; each has at least one."""
    full = max(round(MAX_SQUARES * each.confirmed / most), 1 if each.confirmed else 0)
    light = max(round(MAX_SQUARES * each.claimed / most), 1 if each.claimed else 0)
    return "▓" * full + "░" * light or "·"


def _entry_block(entry: ValueRow, shown: LedgerPage) -> Block:
    term = f"Term {entry.term:,} · " if shown.term is None else ""
    text = f"{entry.line()}\n{term}{entry.standing()}"
    if entry.confirmed is not None or shown.archived:
        return section(text)
    return section(text, _confirm_button(entry))


def _confirm_button(entry: ValueRow) -> ButtonElement:
    return button("Confirm…", "value:confirm", str(entry.id))


def _page_position(shown: LedgerPage) -> str:
    name = quoted(shown.account)
    if not shown.total:
        return (
            "None recorded yet: `/value "
            f"{name} cut onboarding from 4 weeks to 2 worth 12000 EUR they said so`."
        )
    where = f"Page {shown.number:,} of {shown.last:,}. " if shown.last > 1 else ""
    one = "" if shown.term is not None else f" `/value {name} term {shown.of}` shows one term."
    return f"{where}▓ confirmed by the customer, ░ our estimate.{one}"


def _page_buttons(shown: LedgerPage) -> list[ButtonElement]:
    line = f"/value id:{shown.account_id}"
    term = f" term {shown.term}" if shown.term is not None else ""
    note = button("Record value…", "form:value", str(shown.account_id))
    turns = page_buttons(shown.number, shown.last, f"{line}{term} page")
    card = button("Card", "command:card", f"/account id:{shown.account_id}")
    return [*turns, card] if shown.archived else [note, *turns, card]
