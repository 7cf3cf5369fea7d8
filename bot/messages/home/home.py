"""A person's App Home: what is theirs to do, their accounts, their settings.

Slack takes 100 blocks: every list is cut well before, and says how to see the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block

from bot.messages.digests.rows import rows_menu, standing_counts
from bot.messages.facts.standing import Standing, count_parts
from bot.messages.home.settings import Settings, settings
from bot.messages.kit.blocks import MAX_SECTION_LENGTH, context, divider, header, section
from bot.messages.kit.money import stake
from bot.messages.kit.text import (
    cut_markup,
    day,
    join_lines,
    more_line,
    plain,
    share_out,
    short,
)
from bot.messages.members import away
from bot.messages.members.away import Absence
from bot.messages.reasons.watch import NOTHING_TO_WATCH, WatchView, watch_text
from bot.messages.touchpoints.buttons import verb_button
from bot.messages.touchpoints.next import touchpoint_menu
from bot.rules.facts.standing import Counts
from bot.rules.text.money import Money
from bot.rules.text.words import plural
from bot.rules.touchpoint_verbs import VERBS

# Of each list so many are shown, and of each text so much.
MAX_OWN = 15
MAX_DEPARTMENT = 10
MAX_PER_STAGE = 8
MAX_RENEWALS = 20
MAX_STAGE_BLOCKS = 15
MAX_NAME_LENGTH = 80
MAX_ASK_LENGTH = 300
#: How far ahead renewals are shown, in days.
RENEWAL_DAYS_AHEAD = 90


@dataclass(frozen=True)
class HomeTouchpoint:
    """A touchpoint; `ask` is what is asked, without markup."""

    id: int
    account: str
    title: str
    ask: str
    state: str
    standing: Standing


@dataclass(frozen=True)
class DepartmentUnclaimed:
    """Unclaimed touchpoints of the person's department; `key` is what `/next` takes."""

    key: str
    name: str
    items: Sequence[HomeTouchpoint]
    counts: Counts
    opens: str = ""  # what its menu of rows carries


@dataclass(frozen=True)
class StageAccounts:
    """The person's accounts in one stage: (name, how long in it, pace)."""

    key: str
    name: str
    expected_days: int | None
    count: int
    longest: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class HomeRenewal:
    """A renewal of the person's; `missing` is what is not known of the account."""

    account: str
    renews_on: date
    today: date
    worth: Money | None
    missing: str


@dataclass(frozen=True)
class Home:
    """All that a Home shows. `ours` is None without a department; `ended` is (touchpoint id,
    account, title, state) of what the person has just done or skipped."""

    user_id: str
    mine: Sequence[HomeTouchpoint]
    counts: Counts
    opens: str
    ours: DepartmentUnclaimed | None
    stages: Sequence[StageAccounts]
    renewals: Sequence[HomeRenewal]
    renewals_total: int
    unknown_dates: str
    settings: Settings
    watch: WatchView = NOTHING_TO_WATCH
    ended: tuple[int, str, str, str] | None = None
    notice: str | None = None
    away: Sequence[Absence] = ()  # when they are away, now or later
    covered: Sequence[Absence] = ()  # for whom they are the cover now


def home_view(home: Home) -> dict[str, Any]:
    """The Home as views.publish takes it."""
    parts = (
        _notice_blocks(home),
        _own_blocks(home),
        _watch_blocks(home.watch),
        _department_blocks(home.ours),
        _stages(home.stages),
        _renewals(home),
        away.home(home.user_id, home.away, home.covered),
        settings(home.settings),
    )
    return _home_payload([block for part in parts for block in part])


def no_access_view(sentence: str) -> dict[str, Any]:
    """The Home of a person who may not use Linchpin."""
    return _home_payload([section(sentence)])


def _home_payload(blocks: Sequence[Block]) -> dict[str, Any]:
    return {"type": "home", "blocks": [block.to_dict() for block in blocks]}


def _notice_blocks(home: Home) -> list[Block]:
    """What the last click led to."""
    blocks: list[Block] = []
    if home.notice is not None:
        blocks.append(section(f"⚠️ {home.notice}"))
    if home.ended is not None:
        touchpoint_id, account, title, state = home.ended
        sign = VERBS["done" if state == "done" else "skip"].past
        words = f"{sign}: *{short(account, MAX_NAME_LENGTH)}* · {short(title, MAX_NAME_LENGTH)}"
        row = section(words, verb_button("undo", touchpoint_id))
        row.block_id = f"home:ended:{touchpoint_id}"
        blocks.append(row)
    return [*blocks, divider()] if blocks else []


def _own_blocks(home: Home) -> list[Block]:
    title = header(f"Yours to do: {home.counts.open:,}" if home.counts.open else "Yours to do")
    if not home.counts.total:
        at_ours = home.ours is not None and home.ours.counts.total
        none = "Nothing is yours right now." if at_ours else "Nothing waits for you. Enjoy it."
        return [title, section(none)]
    rows = [_touchpoint_block(item) for item in home.mine]
    more = more_line(home.counts.total - home.counts.planned - len(rows), ": `/next mine`")
    parts = _parts(home.counts, "mine", home.opens)
    return [title, *parts, *rows, *([context(more)] if more else [])]


def _department_blocks(ours: DepartmentUnclaimed | None) -> list[Block]:
    if ours is None:
        hint = "Choose your department below, and what nobody there has taken yet stands here too."
        return [divider(), context(hint)]
    head = [divider(), header(f"Free to take in {ours.name}")]
    if ours.counts.total:
        head += _parts(ours.counts, ours.key, ours.opens)
    rows = [_touchpoint_block(item) for item in ours.items]
    return [*head, *(rows or [section("Nothing is free to take.")])]


def _parts(counts: Counts, query: str, opens: str) -> list[Block]:
    """The same counts as `/next` shows, and the menu that opens their rows."""
    told = context(f"{' · '.join(count_parts(counts))}: `/next {query}`")
    menu = rows_menu(opens, standing_counts(counts))
    return [told, menu] if menu else [told]


def _touchpoint_block(item: HomeTouchpoint) -> Block:
    what = (
        f"*{short(item.account, MAX_NAME_LENGTH)}* · {short(item.title, MAX_NAME_LENGTH)} · "
        f"{item.standing.words()}"
    )
    text = f"{what}\n{short(item.ask, MAX_ASK_LENGTH)}".strip()
    row = section(text, touchpoint_menu(item.id, item.state))
    row.block_id = f"home:touchpoint:{item.id}"
    return row


def _watch_blocks(watch: WatchView) -> list[Block]:
    return [divider(), section(watch_text(watch))] if watch else []


def _stages(stages: Sequence[StageAccounts]) -> list[Block]:
    if not stages:
        hint = "You manage no accounts yet: `/account acme manager me` makes one yours."
        return [divider(), header("Your accounts"), context(hint)]
    total = sum(stage.count for stage in stages)
    # A very long playbook's stages share their blocks.
    groups = share_out([_stage(stage) for stage in stages], MAX_STAGE_BLOCKS)
    return [divider(), header(f"Your accounts: {total:,}"), *map(section, groups)]


def _stage(stage: StageAccounts) -> str:
    about = f", expected about {plural(stage.expected_days, 'day')}" if stage.expected_days else ""
    named = ", ".join(_account_text(*account) for account in stage.longest)
    text = f"*{plain(stage.name)}* · {stage.count:,}{about}\n{named}"
    more = more_line(stage.count - len(stage.longest), f": `/stage {stage.key}`")
    return cut_markup(text, MAX_SECTION_LENGTH - 60) + (f" {more}" if more else "")


def _account_text(name: str, since: str, pace: str) -> str:
    return f"{short(name, MAX_NAME_LENGTH)} ({since}" + (f", {pace})" if pace else ")")


def _renewals(home: Home) -> list[Block]:
    rows = [f"• {_renewal(renewal)}" for renewal in home.renewals]
    if not rows and not home.unknown_dates:
        return []
    more = more_line(home.renewals_total - len(rows), ": `/linchpin digest mine`")
    head = header(f"Renewals in the next {RENEWAL_DAYS_AHEAD} days: {home.renewals_total:,}")
    parts = [join_lines(*rows), join_lines(more, home.unknown_dates)]
    menu = rows_menu(home.opens, {"renewals": home.renewals_total})
    sections = [section(part) for part in parts if part]
    return [divider(), head, *sections, *([menu] if menu else [])]


def _renewal(row: HomeRenewal) -> str:
    ahead = (row.renews_on - row.today).days
    left = plural(ahead, "day") if ahead else "today"
    missing = f" · missing: {row.missing}" if row.missing else ""
    when = f"{day(row.renews_on, row.today)} ({left})"
    return f"*{short(row.account, MAX_NAME_LENGTH)}* · {when}{stake(row.worth, ' · ')}{missing}"
