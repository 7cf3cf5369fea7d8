"""The re-decision brief for an account's manager, and the word that a date has gone by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from slack_sdk.models.blocks import Block, ButtonElement

from bot.messages.kit.blocks import actions, button, compose, context, section, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import (
    bullet_list,
    day,
    example_day,
    join_lines,
    mention,
    more_line,
    one_line,
    plain,
    quoted,
    unstyled,
)
from bot.rules.text.words import plural
from bot.rules.touchpoint_verbs import DECIDE, VERBS

MAX_ROWS = 5
MAX_PEOPLE = 8
MAX_UNDECIDED = 10
MAX_ANSWER_LENGTH = 400


@dataclass(frozen=True)
class Gap:
    """Something that is missing. `owner` is who fills it, `key` names it in a button."""

    key: str
    what: str
    owner: str
    state: Literal["missing", "asked", "answered"]
    by: str | None = None
    answer: str | None = None


@dataclass(frozen=True)
class Brief:
    """All that a manager needs before a customer decides again. Rows are markup.

    `days` are left until `renews_on`; `people` are (name, how much they did) of us, `contacts`
    those at the customer.
    """

    id: int
    account_id: int
    account: str
    renews_on: date
    days: int
    term: int
    stage: str
    days_in_stage: int
    decision: str
    value: str
    value_rows: Sequence[str]
    promised: str
    promises: Sequence[str]
    decisions: Sequence[str]
    alternatives: Sequence[str]
    people: Sequence[tuple[str, int]]
    gaps: Sequence[Gap] = ()
    contacts: str = ""


def brief(facts: Brief) -> Message:
    """The brief: what they weigh, part by part, and each gap with the button that fills it."""
    head = (
        f"*{plain(facts.account)} decides again {_in_days(facts.days)}*, by "
        f"{day(facts.renews_on)}. "
        f"{plain(facts.stage)} for {plural(facts.days_in_stage, 'day')}, term {facts.term:,}."
    )
    question = f'They decide: "{plain(facts.decision)}"' if facts.decision else ""
    people = [f"{plain(name)} ({count:,})" for name, count in facts.people[:MAX_PEOPLE]]
    groups = (
        (f"Value this term: {facts.value}", facts.value_rows),
        (f"Promises: {facts.promised}", facts.promises),
        ("What they decided before", facts.decisions),
        ("What else they could choose", facts.alternatives),
        ("People there", [facts.contacts] if facts.contacts else []),
        ("Who of us took part this term", [", ".join(people) or "nobody yet"]),
    )
    hint = f": `/account {quoted(facts.account)}`"
    parts = [_section_text(title, rows, hint) for title, rows in groups if rows or ":" in title]
    blocks: list[Block] = [section(join_lines(head, question))]
    blocks += [section(part) for part in parts]
    missing = [_gap_line(gap) for gap in facts.gaps]
    if facts.gaps:
        blocks.append(section("*What is missing*"))
        blocks += [_gap(facts, gap) for gap in facts.gaps]
    else:
        blocks.append(context("Nothing is missing: go and ask them."))
    blocks.append(actions(_decision_button(facts.account_id)))
    text = join_lines(head, question, *parts, *(["What is missing:", *missing] if missing else []))
    return Message(unstyled(text), tuple(blocks))


def answer_message(facts: Brief, gap: Gap) -> Message:
    """An answer, in the brief's thread."""
    who = mention(gap.by) if gap.by else plain(gap.owner)
    answer = one_line(gap.answer or "", MAX_ANSWER_LENGTH)
    return text_message(f"*{plain(facts.account)}* · {gap.what}: {who} says:\n> {answer}")


@dataclass(frozen=True)
class UndecidedRenewal:
    """A renewal date that has come, `ago` days ago, with no decision recorded."""

    account_id: int
    account: str
    renews_on: date
    ago: int


def undecided(rows: Sequence[UndecidedRenewal]) -> Message:
    """All of a reader's that have not decided, each with the button that records it."""
    first = rows[0]
    later = example_day(first.renews_on + timedelta(days=first.ago))
    hint = (
        f"Not yet? `/account {quoted(first.account)} renews {later}` sets the new date. "
        "I say this once a week."
    )
    if len(rows) == 1:
        text = (
            f"*{plain(first.account)}* was to decide by {day(first.renews_on)}, "
            f"{_days_ago(first.ago)}, and no decision is known."
        )
        return compose(text, actions(_decision_button(first.account_id)), context(hint))
    shown = rows[:MAX_UNDECIDED]
    head = f"*{len(rows):,} accounts were to decide, and no decision is known*"
    blocks = [section(_undecided_line(row), _decision_button(row.account_id)) for row in shown]
    more = more_line(len(rows) - len(shown), ": `/linchpin digest mine`")
    return compose(head, *blocks, context(*filter(None, (more, hint))))


def _undecided_line(row: UndecidedRenewal) -> str:
    return f"• *{plain(row.account)}*: {day(row.renews_on)}, {_days_ago(row.ago)}"


def _decision_button(account_id: int) -> ButtonElement:
    return button(VERBS[DECIDE].label, "form:decision", str(account_id))


def _section_text(title: str, rows: Sequence[str], hint: str) -> str:
    return join_lines(f"*{title}*", bullet_list(rows, MAX_ROWS, hint))


def _gap(facts: Brief, gap: Gap) -> Block:
    if gap.state != "missing":
        return section(f"• {_gap_line(gap)}")
    ask = button(f"Ask {gap.owner}", f"brief:ask:{gap.key}", str(facts.id))
    return section(f"• {gap.what}", ask)


def _gap_line(gap: Gap) -> str:
    if gap.state == "asked":
        has_it = f", 👀 {mention(gap.by)} has it" if gap.by else ""
        return f"{gap.what}: {plain(gap.owner)} is asked{has_it}"
    if gap.state == "answered":
        who = mention(gap.by) if gap.by else plain(gap.owner)
        return f'{gap.what}: {who} says "{one_line(gap.answer or "done", MAX_ANSWER_LENGTH)}"'
    return f"{gap.what} ({plain(gap.owner)} can be asked)"


def _in_days(days: int) -> str:
    return "tomorrow" if days == 1 else f"in {plural(days, 'day')}"


def _days_ago(days: int) -> str:
    return "today" if days == 0 else f"{plural(days, 'day')} ago"
