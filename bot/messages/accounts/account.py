"""What `/account acme` and `/stage acme` answer: where an account stands, on one screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import ActionsBlock, Block, OverflowMenuElement

from bot.messages.facts.gaps import GapLine, fill_button, missing_text
from bot.messages.kit.blocks import actions, button, compose, section, text_message
from bot.messages.kit.form_parts import menu_option
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, join_lines, plain, quoted, short
from bot.rules.text.words import plural

MISSING_FIRST = 30  # days
# A note is cut here on the card; the whole of it stays in the database.
MAX_NOTE_LENGTH = 200
#: The choices of the card's menu, each a verb of `/account`.
_MENU = {
    "timeline": "Timeline",
    "people": "People",
    "contracts": "Contracts",
    "edit": "Edit account…",
    "archive": "Archive…",
}
_ARCHIVED_MENU = {"timeline": "Timeline", "people": "People", "restore": "Restore"}


@dataclass(frozen=True)
class TimelineEvent:
    """One line of an account's story; `by` is a name."""

    on: date
    what: str
    by: str | None

    def line(self) -> str:
        """ "• Wed 18 Nov · meeting: Dr Lena Marsh wants two more clinics (Priya Raman)"."""
        who = f" ({plain(self.by)})" if self.by else ""
        return f"• {day(self.on)} · {short(self.what, MAX_NOTE_LENGTH)}{who}"


@dataclass(frozen=True)
class AccountCard:
    """Where an account stands. Names and `stake` are ready to be shown; `is_dated` says that the
    renewal date stands in `stake`, as the next contract's.

    `term` is None before the first one begins and after the account has left; `days` are those
    since it entered its stage.
    """

    id: int
    name: str
    stage: str
    days: int
    term: int | None
    manager: str | None
    manager_name: str
    tier: str | None
    archived: bool
    renews_on: date | None
    today: date
    stake: str
    is_dated: bool
    reasons: tuple[str, ...]
    road: str
    missing: Sequence[GapLine]
    upcoming: str
    happened: tuple[TimelineEvent, ...]

    @property
    def renews_in(self) -> int | None:
        return (self.renews_on - self.today).days if self.renews_on else None


def card(card: AccountCard) -> Message:
    """Date, money, stage and manager first; then what is missing, what comes next, what was."""
    head = " · ".join(filter(None, (f"*{plain(card.name)}*", *_renewal(card))))
    term = f", term {card.term:,}" if card.term else ""
    tier = f"tier {plain(card.tier)}" if card.tier else ""
    where = f"{plain(card.stage)}{term}"
    if card.archived:
        where = f"Archived, was in {where}"
    facts = " · ".join(filter(None, (where, card.manager_name, tier)))
    missing: Block | str = ""
    if card.missing:
        missing = section(missing_text(card.missing), fill_button(card.missing[0], card.id))
    is_near = card.renews_in is not None and 0 <= card.renews_in <= MISSING_FIRST
    happened = [event.line() for event in card.happened]
    return compose(
        section(join_lines(head, facts, *card.reasons), _menu(card)),
        missing if is_near else "",
        card.road,
        "" if is_near else missing,
        _next(card),
        join_lines("*Lately*", *happened) if happened else "",
        "" if card.archived else _buttons(card.id),
    )


def added(card: AccountCard) -> Message:
    """The answer to `/account add`; what was not said can be said later."""
    text = f"*{plain(card.name)}* is added, in {plain(card.stage)}."
    missing = ["manager @name"] if card.manager is None else []
    missing += ["renews 2027-03-31"] if card.renews_on is None else []
    commands = " and ".join(f"`/account {quoted(card.name)} {what}`" for what in missing)
    return text_message(
        join_lines(text, _next(card)), f"Still to be said: {commands}." if missing else ""
    )


def _renewal(card: AccountCard) -> tuple[str, ...]:
    """ "renews Thu 31 Dec (30 days)", "GBP 48,000 a year"; no date for who is no customer."""
    if card.archived or card.term is None:
        return ("" if card.archived else card.stake,)
    ahead = card.renews_in
    if card.renews_on is None or ahead is None:
        return "renewal date not known", card.stake
    on = day(card.renews_on)
    if ahead < 0:
        return f"renewal date {on} passed {plural(-ahead, 'day')} ago", card.stake
    days = f"({plural(ahead, 'day') if ahead else 'today'})"
    return (f"{card.stake} {days}",) if card.is_dated else (f"renews {on} {days}", card.stake)


def _next(card: AccountCard) -> str:
    if not card.upcoming:
        return "" if card.archived else "*Next:* nothing planned"
    return f"*Next:* {card.upcoming}"


def _menu(card: AccountCard) -> OverflowMenuElement:
    shown = _ARCHIVED_MENU if card.archived else _MENU
    options = [menu_option(f"/account id:{card.id} {verb}", shown[verb]) for verb in shown]
    return OverflowMenuElement(action_id="command:menu", options=options)


def _buttons(account: int) -> ActionsBlock:
    number = str(account)
    return actions(
        button("Log…", "form:log", number),
        button("Record value…", "form:value", number),
        button("Record decision…", "form:decision", number),
        button("Move stage…", "form:move", number),
    )
