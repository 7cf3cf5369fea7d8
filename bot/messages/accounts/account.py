"""What `/account` and `/stage acme` answer: where an account stands, and what was changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block, ButtonElement

from bot.messages.accounts.value import curve_lines
from bot.messages.facts.gaps import GapLine, fill_button, missing_text
from bot.messages.facts.known import days_text
from bot.messages.kit.blocks import actions, button, compose, context, section, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.money import stake
from bot.messages.kit.text import (
    bullet_list,
    day,
    join_lines,
    limit_lines,
    mention,
    plain,
    quoted,
    short,
)
from bot.messages.lifecycle.stage import UpcomingTouchpoint
from bot.rules.facts.known_since import DaysInStage
from bot.rules.text.money import Money
from bot.rules.text.words import plural
from bot.rules.value import TermValue

MAX_UPCOMING = 3
MAX_PROMISES = 3
MISSING_FIRST = 30  # days
# A note is cut here on the card; the whole of it stays in the database.
MAX_NOTE_LENGTH = 200
MAX_ALIASES_LENGTH = 1000


@dataclass(frozen=True)
class TimelineEvent:
    """One line of an account's story."""

    on: date
    what: str
    by: str | None

    def line(self) -> str:
        who = f" ({mention(self.by)})" if self.by else ""
        return f"• {day(self.on)}: {short(self.what, MAX_NOTE_LENGTH)}{who}"


@dataclass(frozen=True)
class AccountCard:
    """An account's standing. `days` are those since it entered its stage."""

    id: int
    name: str
    stage: str
    decision: str
    days: DaysInStage
    expected_days: int | None
    manager: str | None
    owner_name: str | None
    is_live: bool
    renews_on: date | None
    renews_in: int | None
    channel: str | None
    aliases: tuple[str, ...]
    archived: bool
    entry: int  # how often it has entered a stage
    term: int
    next_stage: tuple[str, str] | None  # key and name
    upcoming: tuple[UpcomingTouchpoint, ...]
    happened: tuple[TimelineEvent, ...]  # the last interactions
    moved: TimelineEvent | None  # the last move
    term_since: date | None = None  # None: on the way to that term
    has_terms: bool = False
    value: tuple[TermValue, ...] = ()  # what the last terms gave
    is_open: bool = False  # whether the stage's decision is still to be recorded
    decided: str = ""  # the last decision, as it is shown
    promises: tuple[str, ...] = ()  # the open ones, soonest first, each as it is shown
    road: str = ""  # to the destination, as it is shown
    advocacy: tuple[str, ...] = ()  # favours, rest, open complaints, each as it is shown
    worth: Money | None = None  # a year, by all contracts
    contracts: tuple[str, ...] = ()  # each as it is shown, where there are several
    tier: str | None = None
    known: str = ""  # goals, risks, alternatives, when they decide
    people: str = ""  # who is there, decision makers first
    part: str = ""  # who took part
    last_contact: str = ""
    missing: Sequence[GapLine] = ()  # what is not known of it
    sector: str | None = None
    country: str | None = None
    reasons: tuple[str, ...] = ()  # what stands against it and what to watch, as it is shown


def card(card: AccountCard) -> Message:
    """Where an account stands and how it came there, on one screen."""
    head = f"*{plain(card.name)}* · {plain(card.stage)} {_days(card)}"
    if card.archived:
        head = f"*{plain(card.name)}* is archived. It was in {plain(card.stage)}."
    facts = " · ".join(_facts(card))
    # Before a renewal what is missing stands first.
    is_near = card.renews_in is not None and 0 <= card.renews_in <= MISSING_FIRST
    missing: str | Block = ""
    if card.missing:
        missing = section(missing_text(card.missing), fill_button(card.missing[0], card.id))
    return compose(
        join_lines(head, *card.reasons, _decision(card), *curve_lines(card.value)),
        missing if is_near else "",
        context(facts),
        card.road,
        "" if is_near else missing,
        join_lines("Contracts:", *card.contracts) if card.contracts else "",
        f"*People:* {card.people}" if card.people else "",
        context(card.known) if card.known else "",
        join_lines(_promises_text(card), _upcoming(card)),
        join_lines(*card.advocacy, card.part),
        _timeline_text(card),
        actions(*_card_buttons(card)),
    )


def added(card: AccountCard) -> Message:
    """The answer to `/account add`; what was not said can be said later."""
    text = f"*{plain(card.name)}* is added, in {plain(card.stage)}. {_upcoming(card)}"
    missing = ["manager @name"] if card.manager is None else []
    missing += ["renews 2027-03-31"] if card.renews_on is None else []
    commands = " and ".join(f"`/account {quoted(card.name)} {what}`" for what in missing)
    return text_message(text, f"Still to be said: {commands}." if missing else "")


def _days(card: AccountCard) -> str:
    count = card.days.count
    since = f"for {days_text(card.days)}" if count else "since today"
    if card.days.at_least and not count:
        since = f"since before it was {days_text(card.days)}"
    if card.expected_days is None or count > card.expected_days:
        return since
    about = f"about {plural(card.expected_days, 'day')}"
    return f"{since} of {about}" if count else f"{since}, for {about}"


def _facts(card: AccountCard) -> list[str]:
    if card.manager is not None:
        facts = [f"Manager: {mention(card.manager)}"]
    elif card.owner_name is not None:
        facts = [f"Manager: {short(card.owner_name)} (not found in Slack)"]
    else:
        facts = ["No manager yet"]
    if not card.is_live:
        facts += ["Left"] if not card.archived else []
    elif card.renews_on is not None and card.renews_in is not None:
        ahead = card.renews_in
        left = f"in {plural(ahead, 'day')}" if ahead > 0 else f"{plural(-ahead, 'day')} ago"
        until = f"Renews {day(card.renews_on)} ({left if ahead else 'today'})"
        facts.append(f"{until}{stake(card.worth)}")
    else:
        facts.append(f"No renewal date yet{stake(card.worth)}")
    since = card.term_since
    facts.append(f"Term {card.term:,} since {day(since)}" if since else _no_term(card))
    facts += [f"Tier {plain(card.tier)}"] if card.tier else []
    facts += [short(fact) for fact in (card.sector, card.country) if fact]
    if card.last_contact:
        facts.append(card.last_contact[0].upper() + card.last_contact[1:])
    if card.channel is not None:
        facts.append(f"<#{card.channel}>")
    if card.aliases:
        facts.append("Also: " + short(", ".join(card.aliases), MAX_ALIASES_LENGTH))
    return facts


def _no_term(card: AccountCard) -> str:
    """It has left, or is no customer yet."""
    if card.next_stage is None and card.has_terms:
        return f"Left in term {card.term:,}"
    return f"On the way to term {card.term:,}"


def _decision(card: AccountCard) -> str:
    """The question that the customer is deciding, whether it is open, and how they decided last."""
    state = " (open)" if card.is_open else ""
    asked = f'They decide: "{plain(card.decision)}"{state}' if card.decision else ""
    last = f"Decided last: {card.decided}" if card.decided else ""
    return join_lines(asked, last)


def _card_buttons(card: AccountCard) -> list[ButtonElement]:
    more = [button("Timeline", "command:timeline", f"/account id:{card.id} timeline")]
    if card.known:
        more.append(button("Goals and risks", "command:goals", f"/account id:{card.id} goals"))
    more.append(button("People", "command:people", f"/account id:{card.id} people"))
    if card.contracts:
        more.append(button("Contracts", "command:contracts", f"/account id:{card.id} contracts"))
    if card.value:
        more.append(button("Value", "command:value", f"/value id:{card.id}"))
    if card.has_terms:
        more.append(button("Terms", "command:terms", f"/account id:{card.id} terms"))
    if card.archived:
        return more
    first = []
    if card.next_stage is not None:
        key, name = card.next_stage
        value = f"/stage id:{card.id}@{card.entry} {key}"
        first.append(button(f"Move to {name}", "command:again", value))
    if card.is_open:
        first.append(button("Record the decision…", "form:decision", str(card.id)))
    first.append(button("Move…", "form:move", str(card.id)))
    return [*first, button("Log…", "form:log", str(card.id)), *more]


def _upcoming(card: AccountCard) -> str:
    if not card.upcoming:
        return "Nothing is planned."
    rows = (row.line() for row in card.upcoming)
    return "Next:\n" + limit_lines(rows, MAX_UPCOMING, f": `/next {quoted(card.name)}`")


def _promises_text(card: AccountCard) -> str:
    if not card.promises:
        return ""
    hint = f": `/promise {quoted(card.name)}`"
    return "Promised:\n" + bullet_list(card.promises, MAX_PROMISES, hint)


def _timeline_text(card: AccountCard) -> str:
    moved = f"Last move: {card.moved.line().removeprefix('• ')}" if card.moved else ""
    if card.happened:
        return join_lines("Lately:", *(row.line() for row in card.happened), moved)
    begin = f"Nothing logged yet: `/log {quoted(card.name)} call …` begins its story."
    return join_lines("" if card.decided else begin, moved)
