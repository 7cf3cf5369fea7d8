"""A person's App Home: what is theirs to do, their accounts, their settings.

Slack takes 100 blocks: every list is cut well before, and says how to see the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from slack_sdk.models.blocks import Block

from bot.messages.home.settings import Settings, settings
from bot.messages.kit.parts import (
    SECTION,
    context,
    day,
    divider,
    header,
    on,
    person,
    plain,
    section,
    short,
    whole,
)
from bot.messages.members import away
from bot.messages.members.away import Absence
from bot.messages.touchpoints.buttons import verb_button
from bot.messages.touchpoints.next import menu
from bot.rules.text.words import plural
from bot.rules.touchpoint_verbs import VERBS

# Of each list so many are shown, and of each text so much.
MOST_MINE = 15
MOST_OURS = 10
MOST_OF_A_STAGE = 8
MOST_RENEWALS = 20
MOST_STAGE_BLOCKS = 15
NAME = 80
ASK = 300
#: How far ahead renewals are shown, in days.
AHEAD = 90


@dataclass(frozen=True)
class Item:
    """An open touchpoint; `by` is who has it, `ask` what is asked, without markup."""

    id: int
    account: str
    title: str
    ask: str
    state: str
    due_at: datetime
    by: str | None = None
    snoozed_until: datetime | None = None
    held: str | None = None  # until when and why


@dataclass(frozen=True)
class Ours:
    """What nobody of the person's department has; `key` is what `/next` takes."""

    key: str
    name: str
    items: Sequence[Item]
    total: int


@dataclass(frozen=True)
class StageOfMine:
    """The person's accounts in one stage: (name, days in it, pace)."""

    key: str
    name: str
    expected_days: int | None
    count: int
    longest: Sequence[tuple[str, int, str]]


@dataclass(frozen=True)
class Home:
    """All that a Home shows. `ours` is None for who has no department; `ended` is (touchpoint,
    account, title, state) of what the person has just done or skipped."""

    user_id: str
    mine: Sequence[Item]
    mine_total: int
    ours: Ours | None
    stages: Sequence[StageOfMine]
    renewals: Sequence[tuple[str, date, int]]
    renewals_total: int
    settings: Settings
    ended: tuple[int, str, str, str] | None = None
    notice: str | None = None
    away: Sequence[Absence] = ()  # when they are away, now or later
    covered: Sequence[Absence] = ()  # for whom they are the cover now


def view(home: Home) -> dict[str, Any]:
    """The Home as views.publish takes it."""
    parts = (
        _told(home),
        _mine(home),
        _ours(home.ours),
        _stages(home.stages),
        _renewals(home),
        away.home(home.user_id, home.away, home.covered),
        settings(home.settings),
    )
    return _published([block for part in parts for block in part])


def closed(sentence: str) -> dict[str, Any]:
    """All that those see who may not use Linchpin."""
    return _published([section(sentence)])


def _published(blocks: Sequence[Block]) -> dict[str, Any]:
    return {"type": "home", "blocks": [block.to_dict() for block in blocks]}


def _told(home: Home) -> list[Block]:
    """What the last click led to."""
    blocks: list[Block] = []
    if home.notice is not None:
        blocks.append(section(f"⚠️ {home.notice}"))
    if home.ended is not None:
        touchpoint_id, account, title, state = home.ended
        sign = VERBS["done" if state == "done" else "skip"].past
        words = f"{sign}: *{short(account, NAME)}* · {short(title, NAME)}"
        row = section(words, verb_button("undo", touchpoint_id))
        row.block_id = f"home:ended:{touchpoint_id}"
        blocks.append(row)
    return [*blocks, divider()] if blocks else []


def _mine(home: Home) -> list[Block]:
    if not home.mine:
        return [header("Yours to do"), section("Nothing waits for you. Enjoy it.")]
    rows = [_item(item, home.user_id) for item in home.mine]
    more = _more(home.mine_total - len(home.mine), "`/next mine`")
    return [header(f"Yours to do: {home.mine_total:,}"), *rows, *more]


def _ours(ours: Ours | None) -> list[Block]:
    if ours is None:
        hint = "Choose your department below, and what nobody there has taken yet stands here too."
        return [divider(), context(hint)]
    head = header(f"Free to take in {ours.name}" + (f": {ours.total:,}" if ours.total else ""))
    if not ours.items:
        return [divider(), head, section("Everything is looked after.")]
    rows = [_item(item, "") for item in ours.items]
    return [divider(), head, *rows, *_more(ours.total - len(ours.items), f"`/next {ours.key}`")]


def _item(item: Item, reader: str) -> Block:
    what = f"*{short(item.account, NAME)}* · {short(item.title, NAME)} · {_when(item, reader)}"
    row = section(f"{what}\n{short(item.ask, ASK)}".strip(), accessory=menu(item.id, item.state))
    row.block_id = f"home:touchpoint:{item.id}"
    return row


def _when(item: Item, reader: str) -> str:
    if item.state == "claimed" and item.by is not None:
        who = "you have it" if item.by == reader else f"{person(item.by)} has it"
        return f"👀 {who}, due {on(item.due_at)}"
    if item.snoozed_until is not None:
        return f"💤 until {on(item.snoozed_until)}"
    if item.held is not None:
        return item.held
    return f"{'open, ' if item.state == 'nudged' else ''}due {on(item.due_at)}"


def _more(count: int, command: str) -> list[Block]:
    return [context(f"… and {count:,} more: {command}")] if count > 0 else []


def _stages(stages: Sequence[StageOfMine]) -> list[Block]:
    if not stages:
        hint = "You manage no accounts yet: `/account acme manager me` makes one yours."
        return [divider(), header("Your accounts"), context(hint)]
    total = sum(stage.count for stage in stages)
    lines = [_stage(stage) for stage in stages]
    # A very long playbook's stages share their blocks.
    shared = -(-len(lines) // MOST_STAGE_BLOCKS)
    groups = ["\n".join(lines[at : at + shared]) for at in range(0, len(lines), shared)]
    return [divider(), header(f"Your accounts: {total:,}"), *map(section, groups)]


def _stage(stage: StageOfMine) -> str:
    about = f", expected about {plural(stage.expected_days, 'day')}" if stage.expected_days else ""
    named = ", ".join(_standing(*account) for account in stage.longest)
    more = stage.count - len(stage.longest)
    rest = f" … and {more:,} more: `/stage {stage.key}`" if more > 0 else ""
    return whole(f"*{plain(stage.name)}* · {stage.count:,}{about}\n{named}", SECTION - 60) + rest


def _standing(name: str, days: int, pace: str) -> str:
    since = plural(days, "day") if days else "new"
    return f"{short(name, NAME)} ({since}" + (f", {pace})" if pace else ")")


def _renewals(home: Home) -> list[Block]:
    if not home.renewals:
        return []
    rows = [f"• {_renewal(*renewal)}" for renewal in home.renewals]
    more = home.renewals_total - len(rows)
    rest = [f"… and {more:,} more: `/linchpin digest mine`"] if more > 0 else []
    head = header(f"Renewals in the next {AHEAD} days: {home.renewals_total:,}")
    return [divider(), head, section("\n".join([*rows, *rest]))]


def _renewal(name: str, renews_on: date, ahead: int) -> str:
    left = f"in {plural(ahead, 'day')}" if ahead else "today"
    return f"*{short(name, NAME)}* · {day(renews_on)} ({left})"
