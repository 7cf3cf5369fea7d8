"""What is said when somebody is away, is back, or has left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block, ButtonElement

from bot.messages.kit.message import Message
from bot.messages.kit.parts import (
    actions,
    button,
    context,
    day,
    divider,
    mention,
    plain,
    section,
    short,
    unstyled,
)
from bot.rules.text.words import plural

MAX_NAMED = 12
#: So many absences are listed.
MOST = 10


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
    department: str = ""  # gets it instead, as the cover is away too or has left
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
    covered: Sequence[str]  # for whom they stood in
    given_to: str | None = None
    given_by: str | None = None


def is_set(absence: Absence) -> Message:
    """To the person, when a cover is set, and when it begins and the cover cannot."""
    moved = f" {plural(absence.moved, 'open touchpoint')} moved there." if absence.moved else ""
    text = row(absence)
    hint = (
        f"Your nudges, escalations and digest go there.{moved} It ends by itself: you are back on "
        f"{day(absence.back, absence.today)}."
    )
    blocks = (section(text), context(hint), actions(_end(absence)))
    return Message(unstyled(f"{text} {hint}"), blocks)


def to_cover(absence: Absence) -> Message:
    """To the cover, when it is planned and when it begins."""
    moved = f" {plural(absence.moved, 'open touchpoint')} moved to you." if absence.moved else ""
    text = f"{mention(absence.user)} is away {_days(absence)}; you cover.{moved}"
    hint = (
        "You get their nudges, escalations and digest until they are back on "
        f"{day(absence.back, absence.today)}. Cannot cover? Tell {mention(absence.user)}."
    )
    return Message(unstyled(f"{text} {hint}"), (section(text), context(hint)))


def ended(absence: Absence) -> Message:
    """To the person, when it ends or is cancelled."""
    if not absence.begun:
        days = _days(absence)
        return _sentence(f"Cancelled: you are not away {days}. {mention(absence.cover)} is told.")
    text = "You are back: nudges, escalations and your digest come to you again."
    return _sentence(text + _came_back(absence))


def is_back(absence: Absence) -> Message:
    """To the cover, when it ends."""
    text = f"{mention(absence.user)} is back; you no longer cover."
    return _sentence(f"{text}{_came_back(absence)} Thank you.")


def not_needed(absence: Absence) -> Message:
    """To the cover, when it is cancelled or another cover is set."""
    return _sentence(f"{mention(absence.user)} no longer needs you to cover {_days(absence)}.")


def proposal_message(
    cover: str, since: date | None, until: date, today: date, command: str
) -> Message:
    """The cover that a sentence asked for, and the button that sets it."""
    first = f"from {day(since, today)} to" if since is not None else "until"
    text = f"Set {mention(cover)} as your cover {first} {day(until, today)}?"
    note = "Nothing changes until you press the button."
    offer = actions(button("Set cover", "command:propose", command, style="primary"))
    return Message(unstyled(f"{text} {note}"), (section(text), context(note), offer))


def listed(absences: Sequence[Absence]) -> Message:
    """What is set, each with the button that ends it."""
    if not absences:
        return _sentence(
            "You are not away, and nothing is planned. `/linchpin away @priya until 2027-01-10` "
            "sets a cover."
        )
    rows = [row(each) for each in absences[:MOST]]
    blocks: list[Block] = [section(row(each), _end(each)) for each in absences[:MOST]]
    more = len(absences) - MOST
    if more > 0:
        blocks.append(context(f"… and {more} more."))
    return Message(unstyled("\n".join(rows)), tuple(blocks))


def home(user_id: str, absences: Sequence[Absence], covered: Sequence[Absence]) -> list[Block]:
    """The part of the Home: the way to set a cover, what is set, and for whom the reader covers."""
    ask = button("Set a cover", "form:away", user_id)
    head = section("*Cover while away*\nA colleague gets your nudges until you are back.", ask)
    head.block_id = "home:away"
    blocks: list[Block] = [divider(), head]
    for each in absences[:MOST]:
        block = section(row(each), _end(each))
        block.block_id = f"home:away:{each.id}"
        blocks.append(block)
    covers = [f"{mention(each.user)} is away {_days(each)}; you cover." for each in covered[:MOST]]
    return [*blocks, context(*covers)] if covers else blocks


def row(absence: Absence) -> str:
    cover = mention(absence.cover)
    if absence.department:
        return f"You are away {_days(absence)}; {plain(absence.department)} covers: {cover} cannot."
    return f"You are away {_days(absence)}; {cover} covers."


def departure_message(who: DepartureView) -> Message:
    """To an admin: what of a leaver's went where, and the way to give it to somebody."""
    how = "is a guest now" if who.is_guest else "has left Slack"
    rows = [f"*{plain(who.name)}* {how}, so I gave away what was theirs."]
    if who.accounts:
        named = ", ".join(short(name, 60) for name in who.accounts[:MAX_NAMED])
        more = len(who.accounts) - MAX_NAMED
        named += f" and {more:,} more" if more > 0 else ""
        went = f"went to {mention(who.to)}" if who.to else f"{_have_or_has(who)} no manager now; "
        went += "" if who.to else f"{plain(who.stand_in)} stands in"
        rows.append(f"• {plural(len(who.accounts), 'account')} {went}: {named}")
    if who.claims:
        free = "is" if who.claims == 1 else "are"
        rows.append(f"• {plural(who.claims, 'claimed touchpoint')} {free} open for everybody again")
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
        done = f"✓ All given to {mention(who.given_to)} by {mention(who.given_by)}"
        return Message(unstyled("\n".join([*rows, done])), (*blocks, context(done)))
    if who.accounts:
        give = button("Give all to somebody…", "away:give", str(who.id), style="primary")
        blocks.append(actions(give))
    return Message(unstyled("\n".join(rows)), tuple(blocks))


def new_manager_message(names: Sequence[str], of: str, by: str | None) -> Message:
    """To whoever manages a leaver's accounts from now on."""
    shown = ", ".join(short(name, 60) for name in names[:MAX_NAMED])
    more = len(names) - MAX_NAMED
    shown += f" and {more:,} more" if more > 0 else ""
    how = f"{mention(by)} gave you" if by else "You manage"
    text = (
        f"{how} {plural(len(names), 'account')} of *{plain(of)}*, who no longer works with them: "
        f"{shown}. What is open for a manager comes to you; `/next mine` lists it."
    )
    return Message(unstyled(text), (section(text),))


def _have_or_has(who: DepartureView) -> str:
    return "has" if len(who.accounts) == 1 else "have"


def _days(absence: Absence) -> str:
    until = day(absence.until, absence.today)
    if absence.begun:
        return f"until {until}"
    return f"from {day(absence.since, absence.today)} to {until}"


def _came_back(absence: Absence) -> str:
    if not absence.moved:
        return ""
    return f" {plural(absence.moved, 'open touchpoint')} moved back."


def _end(absence: Absence) -> ButtonElement:
    label = "I'm back" if absence.begun else "Cancel"
    return button(label, "away:end", str(absence.id))


def _sentence(text: str) -> Message:
    return Message(unstyled(text), (section(text),))
