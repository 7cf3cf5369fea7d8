"""Messages about people who are away, are back, or have left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block, ButtonElement

from bot.messages.kit.blocks import actions, button, compose, context, section, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, mention, plain, short, unstyled
from bot.rules.text.words import plural

MAX_NAMED = 12  # accounts of a leaver
MAX_LISTED = 10  # absences


@dataclass(frozen=True)
class Absence:
    """Somebody is away from `since` through `until`; `moved` open touchpoints went along."""

    id: int
    user: str
    cover: str
    since: date
    until: date
    back: date  # the first working day after it
    begun: bool
    today: date
    department: str = ""  # gets it where the cover is away too or has left
    moved: int = 0


@dataclass(frozen=True)
class DepartureView:
    """Somebody has left, and what went where. `stand_in` is a department's name."""

    id: int
    name: str
    is_guest: bool
    accounts: Sequence[str]
    to: str | None
    stand_in: str
    claims: int
    leads: Sequence[tuple[str, str]]  # (key, name) of departments
    covered: Sequence[str]  # user ids of those they covered for
    given_to: str | None = None
    given_by: str | None = None


def is_set(absence: Absence) -> Message:
    """To the person, when a cover is set, and when it begins and the cover cannot."""
    text = row(absence)
    hint = (
        f"Your nudges, escalations and digest go to them.{_moved(absence, 'there')} It ends "
        f"automatically: you are back on {day(absence.back, absence.today)}."
    )
    blocks = (section(text), context(hint), actions(_end_button(absence)))
    return Message(unstyled(f"{text} {hint}"), blocks)


def is_set_for(absence: Absence) -> Message:
    """To the lead who set a cover for somebody."""
    return text_message(f"{cover_line(absence)} Both are told.")


def cover_line(absence: Absence) -> str:
    """An absence in one line, to everybody."""
    return f"{mention(absence.user)} is away {_days(absence)}; {mention(absence.cover)} covers."


def to_cover(absence: Absence) -> str:
    """To the cover, once."""
    back = day(absence.back, absence.today)
    return f"{_covering(absence)} Back on {back}. Cannot cover? Tell {mention(absence.user)}."


def ended(absence: Absence) -> str:
    """To the person, when it ends or is cancelled."""
    if not absence.begun:
        return f"Cancelled: you are not away {_days(absence)}. {mention(absence.cover)} is told."
    text = "You are back: nudges, escalations and your digest come to you again."
    return text + _moved(absence, "back")


def is_back(absence: Absence) -> str:
    """To the cover, when it ends."""
    return f"{mention(absence.user)} is back; you no longer cover.{_moved(absence, 'back')}"


def not_needed(absence: Absence) -> str:
    """To the cover, when it is cancelled or another cover is set."""
    return f"{mention(absence.user)} no longer needs you to cover {_days(absence)}."


def listed(absences: Sequence[Absence]) -> Message:
    """What is set, each with the button that ends it."""
    if not absences:
        return text_message(
            "You are not away, and nothing is planned. `/linchpin away @priya until 2027-01-10` "
            "sets a cover."
        )
    listed = absences[:MAX_LISTED]
    blocks: list[Block] = [section(row(each), _end_button(each)) for each in listed]
    if len(absences) > MAX_LISTED:
        blocks.append(context(f"… and {len(absences) - MAX_LISTED} more."))
    return Message(unstyled("\n".join(map(row, listed))), tuple(blocks))


def settings_blocks(
    user_id: str, absences: Sequence[Absence], covered: Sequence[Absence]
) -> list[Block]:
    """In the settings: a button to set a cover, what is set, for whom the reader covers."""
    ask = button("Set a cover…", "form:away", user_id)
    blocks: list[Block] = [
        section("*Cover while away*: a colleague gets your touchpoints until you are back", ask)
    ]
    blocks += home_rows(absences)
    return [*blocks, context(*map(_covering, covered[:MAX_LISTED]))] if covered else blocks


def home_rows(absences: Sequence[Absence]) -> list[Block]:
    """What is set, each with the button that ends it."""
    return [section(row(each), _end_button(each)) for each in absences[:MAX_LISTED]]


def row(absence: Absence) -> str:
    """An absence in one line, to the person who is away."""
    covers = f"{mention(absence.cover)} covers."
    if absence.department:
        covers = f"{plain(absence.department)} covers: {mention(absence.cover)} cannot."
    return f"You are away {_days(absence)}; {covers}"


def departure_message(who: DepartureView) -> Message:
    """To an admin: where a leaver's work went, and a button to give it to somebody."""
    how = "is a guest now" if who.is_guest else "has left Slack"
    rows = [f"*{plain(who.name)}* {how}. Their work was reassigned:"]
    if who.accounts:
        have = "has" if len(who.accounts) == 1 else "have"
        went = f"{have} no manager now; {plain(who.stand_in)} gets their touchpoints"
        went = f"went to {mention(who.to)}" if who.to else went
        rows.append(f"• {plural(len(who.accounts), 'account')} {went}: {_names(who.accounts)}")
    if who.claims:
        free = "is" if who.claims == 1 else "are"
        rows.append(f"• {plural(who.claims, 'claimed touchpoint')} {free} unclaimed again")
    rows += [
        f"• {plain(name)} has no lead: `/linchpin settings {key} lead @name` names one"
        for key, name in who.leads
    ]
    rows += [
        f"• they covered for {mention(user)}: {plain(who.stand_in)} gets it until a cover is set"
        for user in who.covered
    ]
    blocks: list[Block] = [section("\n".join(rows))]
    if who.given_to is not None and who.given_by is not None:
        done = f"✓ All reassigned to {mention(who.given_to)} by {mention(who.given_by)}"
        return Message(unstyled("\n".join([*rows, done])), (*blocks, context(done)))
    if who.accounts:
        give = button("Reassign all…", "away:give", str(who.id), style="primary")
        blocks.append(actions(give))
    return Message(unstyled("\n".join(rows)), tuple(blocks))


def new_manager_text(names: Sequence[str], of: str, by: str | None) -> str:
    """To whoever manages a leaver's accounts from now on."""
    how = f"{mention(by)} gave you" if by else "You manage"
    return (
        f"{how} {plural(len(names), 'account')} of *{plain(of)}*, who no longer manages them: "
        f"{_names(names)}. Their open touchpoints come to you: `/next mine`."
    )


def welcome_back(names: Sequence[str]) -> str:
    """To somebody who is back: the accounts that were theirs; a button takes them back."""
    return f"Welcome back. You managed {plural(len(names), 'account')}: {_names(names)}."


def taken_back(names: Sequence[str]) -> Message:
    """The answer to that button."""
    return text_message(f"You manage {plural(len(names), 'account')} again: {_names(names)}.")


def _names(accounts: Sequence[str]) -> str:
    more = len(accounts) - MAX_NAMED
    named = ", ".join(short(name, 60) for name in accounts[:MAX_NAMED])
    return f"{named} and {more:,} more" if more > 0 else named


def _covering(absence: Absence) -> str:
    return f"{mention(absence.user)} is away {_days(absence)}; you cover."


def _days(absence: Absence) -> str:
    until = day(absence.until, absence.today)
    return (
        f"until {until}"
        if absence.begun
        else f"from {day(absence.since, absence.today)} to {until}"
    )


def _moved(absence: Absence, where: str) -> str:
    what = plural(absence.moved, "open touchpoint")
    return f" {what} moved {where}." if absence.moved else ""


def _end_button(absence: Absence) -> ButtonElement:
    label = "I'm back" if absence.begun else "Cancel"
    return button(label, "away:end", str(absence.id))


def question(count: int, user: str) -> Message:
    """To the manager: are you away?"""
    return compose(
        f"{plural(count, 'touchpoint')} of yours wait for an answer, and nothing of yours was "
        "recorded for two weeks. Are you away?",
        context("`/next mine` lists them. If you are away, a colleague can get them."),
        actions(button("Set a cover…", "form:away", user)),
    )


def offer_cover(name: str, member_id: int, count: int) -> Message:
    """To the lead, a week after the manager was asked."""
    return compose(
        f"Nothing of *{plain(name)}* was recorded for three weeks, and "
        f"{plural(count, 'touchpoint')} for them wait for an answer.",
        context("They were asked a week ago. If they are away, set a cover for them."),
        actions(button("Set a cover…", "away:cover", str(member_id))),
    )
