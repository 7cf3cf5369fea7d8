"""The company's digest: what is at risk, what is not known, one chart, and thanks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from slack_sdk.models.blocks import Block, ImageBlock
from slack_sdk.models.blocks.basic_components import SlackFile

from bot.messages.digests import chart
from bot.messages.digests.portfolio import Portfolio, not_known_text, portfolio_counts, risk_text
from bot.messages.digests.rows import menu_text, rows_menu
from bot.messages.digests.thanks import Done, done_text
from bot.messages.kit.blocks import context, section
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, join_lines, plain, short, unstyled
from bot.rules.facts.standing import Counts
from bot.rules.text.words import plural

MAX_WORDS: Final = 150
#: So many of each are named, as few as the words allow.
_MOST: Final = (3, 2, 1)
_MAX_NAME_LENGTH: Final = 40
#: Delivery puts the id of the uploaded picture here.
NO_FILE: Final = "F00000000"


@dataclass(frozen=True)
class CompanyDigest:
    """Everything the company's digest tells; `unclaimed` are (owner, how many)."""

    today: date
    opens: str  # what its menu carries
    portfolio: Portfolio
    counts: Counts
    unclaimed: Sequence[tuple[str, int]]
    done: Done
    advocates: Sequence[str] = ()
    ahead: Mapping[str, Any] | None = None  # the chart's numbers


def company_digest(digest: CompanyDigest, *, with_picture: bool = False) -> Message:
    """The message; with fewer names where it would have more than `MAX_WORDS` and the picture."""
    fitting = (most for most in _MOST if count_words(_compose(digest, most, True)) <= MAX_WORDS)
    return _compose(digest, next(fitting, _MOST[-1]), with_picture)


def count_words(message: Message) -> int:
    """The words of a message's texts; signs between them are none."""
    texts = [
        part.get("text") or ""
        for block in message.payload()["blocks"]
        for part in (block.get("text") or {}, *block.get("elements", []))
        if block["type"] in ("section", "context")
    ]
    words = " ".join(texts).replace("*", "").split()
    return sum(any(sign.isalnum() for sign in word) for word in words)


def _compose(digest: CompanyDigest, most: int, with_picture: bool) -> Message:
    portfolio, today = digest.portfolio, digest.today
    head = f"*Company digest, {day(today, today)}*"
    blocks: list[Block] = [section(join_lines(head, risk_text(portfolio, most)))]
    if not_known := not_known_text(portfolio, most):
        blocks.append(section(not_known))
    blocks += _chart_blocks(digest.ahead, with_picture)
    foot = join_lines(
        _advocates(digest, min(most, 2)), _open_work(digest), done_text(digest.done, most + 2)
    )
    blocks += [section(foot)] if foot else []
    counts = {
        **portfolio_counts(portfolio),
        "unclaimed": digest.counts.unclaimed,
        "postponed": digest.counts.postponed,
        "done": digest.done.count,
        "advocates": len(digest.advocates),
    }
    menu = rows_menu(digest.opens, counts)
    text = [*map(_words, blocks), menu_text(counts)]
    picture = chart.picture(digest.ahead, today) if with_picture and digest.ahead else None
    return Message(unstyled(join_lines(*text)), (*blocks, *([menu] if menu else [])), picture)


def _words(block: Block) -> str:
    if isinstance(block, ImageBlock):
        return f"Chart: {block.alt_text}"
    shown = block.to_dict()
    parts = (shown.get("text") or {}, *shown.get("elements", []))
    return "\n".join(part["text"] for part in parts if part.get("text"))


def _chart_blocks(ahead: Mapping[str, Any] | None, with_picture: bool) -> list[Block]:
    """The picture, or its numbers where there is none; and what it leaves out."""
    if ahead is None:
        return []
    alt, beside = chart.chart_alt_text(ahead), chart.beside_text(ahead)
    file = SlackFile(id=NO_FILE)
    picture = ImageBlock(alt_text=alt, slack_file=file, block_id="chart")
    return [picture if with_picture else context(alt), *([context(beside)] if beside else [])]


def advocate_line(account: str, what: str, by: str | None) -> str:
    """ "Blue Heron Publishing: reference call (Maya Lindqvist)": what it did, and who noted it."""
    noted = f" ({short(by, _MAX_NAME_LENGTH)})" if by else ""
    return f"{short(account, _MAX_NAME_LENGTH)}: {plain(what)}{noted}"


def _advocates(digest: CompanyDigest, most: int) -> str:
    if not digest.advocates:
        return ""
    rows = [*digest.advocates[:most]]
    more = len(digest.advocates) - len(rows)
    rows += [f"{more:,} more"] if more else []
    return f"*Advocates this quarter:* {' · '.join(rows)}"


def _open_work(digest: CompanyDigest) -> str:
    """ "*Unclaimed: 9* (oldest 5 days overdue) · Sales 5 · Operations 4 · *Postponed: 4*"."""
    counts, told = digest.counts, []
    if counts.unclaimed:
        days = plural(counts.oldest, "day")
        oldest = f" (oldest {days} overdue)" if counts.oldest else ""
        told.append(f"*Unclaimed: {counts.unclaimed:,}*{oldest}")
        told += [f"{short(name)} {count:,}" for name, count in digest.unclaimed if count]
    if counts.postponed:
        told.append(f"*Postponed: {counts.postponed:,}*")
    return " · ".join(told)
