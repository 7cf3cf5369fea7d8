"""A person's App Home. Slack takes 100 blocks: every list is cut well before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    InteractiveElement,
    Option,
    OverflowMenuElement,
    SectionBlock,
)

from bot.messages.digests.portfolio import AccountRow, Portfolio
from bot.messages.digests.rows import SHOW
from bot.messages.facts.known import unknown_dates_text
from bot.messages.kit.blocks import actions, button, context, divider, header, section
from bot.messages.kit.text import join_lines, limit_names, mention, short
from bot.messages.members.away import Absence, home_rows
from bot.messages.touchpoints.buttons import verb_button
from bot.messages.touchpoints.lists import Row, later_parts, own_title, unclaimed_title
from bot.rules.facts.standing import Counts
from bot.rules.text.words import cut, plural
from bot.rules.touchpoint_verbs import VERBS

Blocks = list[Block]

# So many of each list are shown.
MAX_OWN = 8
MAX_UNCLAIMED = 4
MAX_RENEWALS = 8
MAX_LATER = 3
_MAX_COVERED = 3
MAX_NAME_LENGTH = 80
_MAX_LABEL_LENGTH = 75


def no_access_view(sentence: str) -> dict[str, Any]:
    """The Home of a person who may not use Linchpin."""
    return home_payload([section(sentence)])


def home_payload(*parts: Sequence[Block]) -> dict[str, Any]:
    """The Home as views.publish takes it."""
    return {"type": "home", "blocks": [block.to_dict() for part in parts for block in part]}


def first_buttons() -> list[Block]:
    """The buttons above everything else."""
    return [actions(button("Log an interaction…", "form:log", "log"), *common_buttons())]


def common_buttons() -> tuple[ButtonElement, ...]:
    """The buttons that every Home has."""
    find = button("Find an account…", "form:lookup", "find")
    return find, button("Settings", "home:settings", "settings")


def top_blocks(
    ended: Any, notice: str | None, away: Sequence[Absence], covered: Sequence[Absence]
) -> list[Block]:
    """What the last click led to or has `ended`, when the person is away, and whom they cover."""
    blocks: list[Block] = []
    if notice is not None:
        blocks.append(section(f"⚠️ {notice}"))
    if ended is not None:
        sign = VERBS["done" if ended.state == "done" else "skip"].past
        account, title = (short(each, MAX_NAME_LENGTH) for each in (ended.account, ended.title))
        row = section(f"{sign}: *{account}* · {title}", verb_button("undo", ended.id))
        row.block_id = f"home:ended:{ended.id}"
        blocks.append(row)
    blocks += home_rows([each for each in away if each.begun])
    covering = [f"You cover for {mention(each.user)}." for each in covered[:_MAX_COVERED]]
    return [*blocks, context(" ".join(covering))] if covering else blocks


def own_blocks(total: int, rows: Sequence[Row]) -> list[Block]:
    """What is the person's own today."""
    more = _list_all(total, len(rows), "mine")
    return [header(own_title(total)), *_touchpoints(rows), *([actions(*more)] if more else [])]


def _touchpoints(rows: Sequence[Row]) -> list[SectionBlock]:
    return [row.block(f"home:touchpoint:{row.id}") for row in rows]


def _list_all(total: int, shown: int, query: str) -> list[ButtonElement]:
    """The button that shows all that `/next` lists for the query, where some was cut."""
    return [button(f"Show all {total:,}", "next:all", query)] if total > shown else []


def unclaimed_blocks(
    key: str | None, name: str, total: int, rows: Sequence[Row], *buttons: InteractiveElement
) -> list[Block]:
    """What nobody of the person's department `key` has, and the `buttons` below it."""
    if key is None:
        hint = "Choose your department in Settings: its unclaimed touchpoints appear here."
        return [divider(), context(hint), *([actions(*buttons)] if buttons else [])]
    below = [*_list_all(total, len(rows), key), *buttons]
    head = [divider(), header(unclaimed_title(name, total))]
    return [*head, *_touchpoints(rows), *([actions(*below)] if below else [])]


def renewal_blocks(portfolio: Portfolio, opens: str) -> list[Block]:
    """The renewals of the person's own accounts, with what is against each and what is missing."""
    if not portfolio:
        return []
    total = len(portfolio.renewing)
    rows = [*portfolio.renewing[:MAX_RENEWALS], *portfolio.later[:MAX_LATER]]
    return [
        divider(),
        header(f"Your renewals within 90 days: {f'{total:,}' if total else 'none'}"),
        *(account_block(row, row.full_line()) for row in rows),
        *show_all(total, MAX_RENEWALS, f"renewals|1|{opens}"),
        *no_date_hint(portfolio),
    ]


def later_blocks(
    counts: Counts, following: Row | None, postponed: Row | None, portfolio: Portfolio
) -> list[Block]:
    """What comes later, what is postponed, what is to be watched."""
    lines = []
    if following is not None:
        first = f"{short(following.account)}, {following.when.removeprefix('due ')}"
        lines.append(f"*{later_parts(counts)[0]}* · next: {first}")
    if postponed is not None:
        put_off = f"*{counts.postponed:,} postponed*"
        lines.append(f"{put_off} · {short(postponed.account)}, {postponed.when}")
    total = counts.later + counts.postponed
    watched = _watched_line(portfolio)
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


def last_week_blocks(done: int, answers: int, confirmed: Sequence[Any]) -> list[Block]:
    """What the person did last week; `confirmed` are rows of confirmed value, the last first."""
    if not done:
        return []
    wrote = f" and wrote down {plural(answers, 'answer')}" if answers else ""
    became = ""
    if confirmed:
        first = f"{short(confirmed[0].account)}, {short(confirmed[0].confirmed, MAX_NAME_LENGTH)}"
        one = len(confirmed) == 1
        count = "One became" if one else f"{len(confirmed)} became"
        became = f" {count} confirmed value{'' if one else '; the last'}: {first}."
    return [divider(), context(f"Last week you did {done:,}{wrote}.{became}")]


def account_block(row: AccountRow, line: str) -> Block:
    """The line, with what can be done about the account."""
    choices = [("card", "Open account")]
    choices += [("brief", "Open brief")] if row.has_brief else []
    options = [Option(value=f"{key}:{row.id}", label=label) for key, label in choices]
    if row.link:
        label = cut(f"Message {row.manager}", _MAX_LABEL_LENGTH)
        options.append(Option(value=f"message:{row.id}", label=label, url=row.link))
    options.append(Option(value=f"manager:{row.id}", label="Change manager…"))
    menu = OverflowMenuElement(action_id=f"account:menu:{row.id}", options=options)
    return section(line, menu)


def show_all(total: int, shown: int, carried: str) -> list[Block]:
    """The button that shows what was cut of the rows behind a number."""
    if total <= shown:
        return []
    return [actions(button(f"Show all {total:,}", f"{SHOW}:all", carried))]


def no_date_hint(portfolio: Portfolio) -> list[Block]:
    """The accounts whose renewal date is not known."""
    if not portfolio.no_date:
        return []
    return [context(unknown_dates_text(portfolio.no_date, portfolio.no_date_count))]
