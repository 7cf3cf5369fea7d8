"""A person's App Home: what is theirs today, what nobody of their department has, their renewals,
what comes later. A lead's is in leader.py.

Slack takes 100 blocks: every list is cut well before, and a button shows the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement

from bot.messages.digests.portfolio import Portfolio
from bot.messages.home.accounts import account_block, no_date_hint, show_all
from bot.messages.kit.blocks import actions, button, context, divider, header, section
from bot.messages.kit.text import join_lines, limit_names, mention, short
from bot.messages.members.away import Absence, home_rows
from bot.messages.touchpoints.buttons import verb_button
from bot.messages.touchpoints.lists import Row, later_parts, own_title, unclaimed_title
from bot.rules.facts.standing import Counts
from bot.rules.text.words import plural
from bot.rules.touchpoint_verbs import VERBS

# So many of each list are shown.
MAX_OWN = 8
MAX_UNCLAIMED = 4
MAX_RENEWALS = 8
MAX_LATER = 3
_MAX_COVERED = 3
MAX_NAME_LENGTH = 80


@dataclass(frozen=True)
class Unclaimed:
    """What nobody of the person's department has; `key` is what `/next` takes."""

    key: str
    name: str
    count: int
    rows: Sequence[Row]


@dataclass(frozen=True)
class Later:
    """What is not open yet: how much, and the next of each kind."""

    counts: Counts
    following: Row | None = None
    postponed: Row | None = None


@dataclass(frozen=True)
class LastWeek:
    """What the person did last week: how much, how many answers, and what became confirmed value:
    (account, words)."""

    done: int = 0
    answers: int = 0
    confirmed: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Top:
    """What stands above both kinds of Home. `ended` is (touchpoint id, account, title, state) of
    what the person has just done or skipped."""

    ended: tuple[int, str, str, str] | None = None
    notice: str | None = None
    away: Sequence[Absence] = ()  # when they are away, now or later
    covered: Sequence[Absence] = ()  # for whom they are the cover now


@dataclass(frozen=True)
class Home:
    """All that a person's Home shows; `unclaimed` is None without a department, `opens` is what
    the buttons of numbers carry."""

    top: Top
    own_count: int
    own: Sequence[Row]
    unclaimed: Unclaimed | None
    later: Later
    portfolio: Portfolio
    opens: str
    last_week: LastWeek


def home_view(home: Home) -> dict[str, Any]:
    """The Home as views.publish takes it."""
    buttons = (button("Log an interaction…", "form:log", "log"), *common_buttons())
    parts = (
        [actions(*buttons)],
        top_blocks(home.top),
        _own_blocks(home),
        unclaimed_blocks(home.unclaimed),
        _renewal_blocks(home),
        _later_blocks(home),
        _last_week_blocks(home.last_week),
    )
    return home_payload([block for part in parts for block in part])


def no_access_view(sentence: str) -> dict[str, Any]:
    """The Home of a person who may not use Linchpin."""
    return home_payload([section(sentence)])


def home_payload(blocks: Sequence[Block]) -> dict[str, Any]:
    return {"type": "home", "blocks": [block.to_dict() for block in blocks]}


def common_buttons() -> tuple[ButtonElement, ...]:
    """The buttons that every Home has."""
    find = button("Find an account…", "form:lookup", "find")
    return find, button("Settings", "home:settings", "settings")


def top_blocks(top: Top) -> list[Block]:
    """What the last click led to, and who is away."""
    blocks: list[Block] = []
    if top.notice is not None:
        blocks.append(section(f"⚠️ {top.notice}"))
    if top.ended is not None:
        touchpoint_id, account, title, state = top.ended
        sign = VERBS["done" if state == "done" else "skip"].past
        words = f"{sign}: *{short(account, MAX_NAME_LENGTH)}* · {short(title, MAX_NAME_LENGTH)}"
        row = section(words, verb_button("undo", touchpoint_id))
        row.block_id = f"home:ended:{touchpoint_id}"
        blocks.append(row)
    blocks += home_rows([each for each in top.away if each.begun])
    covering = [f"You cover for {mention(each.user)}." for each in top.covered[:_MAX_COVERED]]
    return [*blocks, context(" ".join(covering))] if covering else blocks


def _own_blocks(home: Home) -> list[Block]:
    rows = [row.block(f"home:touchpoint:{row.id}") for row in home.own]
    more = _list_all(home.own_count, len(rows), "mine")
    return [header(own_title(home.own_count)), *rows, *([actions(*more)] if more else [])]


def _list_all(total: int, shown: int, query: str) -> list[ButtonElement]:
    """The button that shows all that `/next` lists for the query, where some was cut."""
    return [button(f"Show all {total:,}", "next:all", query)] if total > shown else []


def unclaimed_blocks(ours: Unclaimed | None, *buttons: ButtonElement) -> list[Block]:
    """What nobody of the person's department has, and the `buttons` below it."""
    if ours is None:
        hint = "Choose your department in Settings: its unclaimed touchpoints appear here."
        return [divider(), context(hint), *([actions(*buttons)] if buttons else [])]
    head = [divider(), header(unclaimed_title(ours.name, ours.count))]
    rows = [row.block(f"home:touchpoint:{row.id}") for row in ours.rows]
    below = [*_list_all(ours.count, len(rows), ours.key), *buttons]
    return [*head, *rows, *([actions(*below)] if below else [])]


def _renewal_blocks(home: Home) -> list[Block]:
    """The renewals of the person's own accounts, with what is against each and what is missing."""
    portfolio = home.portfolio
    if not portfolio:
        return []
    total = len(portfolio.renewing)
    rows = [*portfolio.renewing[:MAX_RENEWALS], *portfolio.later[:MAX_LATER]]
    return [
        divider(),
        header(f"Your renewals within 90 days: {f'{total:,}' if total else 'none'}"),
        *(account_block(row, row.full_line()) for row in rows),
        *show_all(total, MAX_RENEWALS, f"renewals|1|{home.opens}"),
        *no_date_hint(portfolio),
    ]


def _later_blocks(home: Home) -> list[Block]:
    """What comes later, what is postponed, what is to be watched."""
    later, lines = home.later, []
    if later.following is not None:
        due = f"*{later_parts(later.counts)[0]}*"
        following = f"next: {short(later.following.account)}"
        lines.append(f"{due} · {following}, {later.following.when().removeprefix('due ')}")
    if later.postponed is not None:
        put_off = f"*{later.counts.postponed:,} postponed*"
        lines.append(f"{put_off} · {short(later.postponed.account)}, {later.postponed.when()}")
    total = later.counts.later + later.counts.postponed
    watched = _watched_line(home.portfolio)
    if not lines and not watched:
        return []
    shown = button(f"Show all {total:,}" if total > 1 else "Show", "next:later", "later")
    block = section(join_lines(*lines, watched), shown if total else None)
    return [divider(), header("Later"), block]


def _watched_line(portfolio: Portfolio) -> str:
    if not portfolio.watched_count:
        return ""
    told = [f"{short(name)}: {why}" for name, why in portfolio.watched]
    rest = plural(portfolio.watched_count, "account")
    return f"*{rest} to watch* · {limit_names(told, len(told), portfolio.watched_count)}"


def _last_week_blocks(week: LastWeek) -> list[Block]:
    if not week.done:
        return []
    wrote = f" and wrote down {plural(week.answers, 'answer')}" if week.answers else ""
    return [divider(), context(f"Last week you did {week.done:,}{wrote}.{_confirmed_text(week)}")]


def _confirmed_text(week: LastWeek) -> str:
    if not week.confirmed:
        return ""
    account, words = week.confirmed[0]
    count = len(week.confirmed)
    first = f"{short(account)}, {short(words, MAX_NAME_LENGTH)}"
    if count == 1:
        return f" One became confirmed value: {first}."
    return f" {count} became confirmed value; the last: {first}."
