"""What is said when somebody is away, is back, or has left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block

from bot.messages.message import Message
from bot.messages.parts import (
    actions,
    button,
    context,
    day,
    person,
    plain,
    section,
    short,
    spoken,
)
from bot.rules.words import plural

MOST_NAMED = 12


@dataclass(frozen=True)
class Absence:
    """Somebody is away through `until`; `moved` open touchpoints went along."""

    user: str
    deputy: str
    until: date
    back_on: date
    accounts: int
    moved: int


@dataclass(frozen=True)
class Planned:
    """Somebody will be away from `starts_on` through `until`."""

    id: int
    user: str
    deputy: str
    starts_on: date
    until: date


@dataclass(frozen=True)
class Left:
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


def begun(absence: Absence) -> Message:
    """To the person who is away."""
    text = (
        f"You are away through {day(absence.until)}, and {person(absence.deputy)} stands in: "
        f"{_theirs(absence)} there.{_moved(absence)}"
    )
    hint = f"It ends by itself on {day(absence.back_on)}; `/linchpin back` ends it now."
    return Message(spoken(f"{text} {hint}"), (section(text), context(hint)))


def asked(absence: Absence) -> Message:
    """To the deputy."""
    text = (
        f"{person(absence.user)} is away through {day(absence.until)}, and you stand in: "
        f"{_theirs(absence)} to you.{_moved(absence)}"
    )
    hint = (
        f"It ends by itself on {day(absence.back_on)}. Not possible? Tell {person(absence.user)}."
    )
    return Message(spoken(f"{text} {hint}"), (section(text), context(hint)))


def over(absence: Absence, reader: str) -> Message:
    """To both, when it has ended."""
    back = absence.moved
    waits = f" {plural(back, 'open touchpoint')} came back." if back else ""
    if reader == absence.user:
        text = f"You are back: nudges and digests come to you again.{waits} Thank "
        text += f"{person(absence.deputy)} for standing in."
    else:
        text = f"{person(absence.user)} is back, so you no longer stand in.{waits} Thank you."
    return Message(spoken(text), (section(text),))


def proposed(deputy: str, since: date | None, until: date, command: str) -> Message:
    """The absence that a sentence asked for, and the button that begins or plans it."""
    first = day(since) if since is not None else "now"
    text = f"Shall {person(deputy)} get all of yours, from {first} through {day(until)}?"
    note = "Nothing is handed over until you press the button."
    offer = actions(button("Hand it over", "command:propose", command, style="primary"))
    return Message(spoken(f"{text} {note}"), (section(text), context(note), offer))


def left(who: Left) -> Message:
    """To an admin: what of a leaver's went where, and the way to give it to somebody."""
    how = "is a guest now" if who.is_guest else "has left Slack"
    rows = [f"*{plain(who.name)}* {how}, so I gave away what was theirs."]
    if who.accounts:
        named = ", ".join(short(name, 60) for name in who.accounts[:MOST_NAMED])
        more = len(who.accounts) - MOST_NAMED
        named += f" and {more:,} more" if more > 0 else ""
        went = f"went to {person(who.to)}" if who.to else f"{_have(who)} no manager now; "
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
        f"• they stood in for {person(user)}; until another does, {plain(who.stand_in)} gets it"
        for user in who.covered
    ]
    blocks: list[Block] = [section("\n".join(rows))]
    if who.given_to is not None and who.given_by is not None:
        done = f"✓ All given to {person(who.given_to)} by {person(who.given_by)}"
        return Message(spoken("\n".join([*rows, done])), (*blocks, context(done)))
    if who.accounts:
        give = button("Give all to somebody…", "away:give", str(who.id), style="primary")
        blocks.append(actions(give))
    return Message(spoken("\n".join(rows)), tuple(blocks))


def inherited(names: Sequence[str], of: str, by: str | None) -> Message:
    """To whoever manages a leaver's accounts from now on."""
    shown = ", ".join(short(name, 60) for name in names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    shown += f" and {more:,} more" if more > 0 else ""
    how = f"{person(by)} gave you" if by else "You manage"
    text = (
        f"{how} {plural(len(names), 'account')} of *{plain(of)}*, who no longer works with them: "
        f"{shown}. What is open for a manager comes to you; `/next mine` lists it."
    )
    return Message(spoken(text), (section(text),))


def _have(who: Left) -> str:
    return "has" if len(who.accounts) == 1 else "have"


def _theirs(absence: Absence) -> str:
    of = plural(absence.accounts, "account")
    return f"nudges, escalations and the digest of {of} go"


def _moved(absence: Absence) -> str:
    if not absence.moved:
        return ""
    return f" {plural(absence.moved, 'open touchpoint')} went over at once."
