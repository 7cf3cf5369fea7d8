"""The re-decision brief for an account's manager, and the word that a date has gone by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block, ButtonElement

from bot.messages.facts.gaps import GapLine, fill_button
from bot.messages.kit.blocks import actions, button, context, section, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import (
    bullet_list,
    day,
    join_lines,
    mention,
    one_line,
    plain,
    quoted,
    unstyled,
)
from bot.rules.playbook.playbook import MANAGER
from bot.rules.text.words import plural
from bot.rules.touchpoint_verbs import DECIDE, VERBS

MAX_NEWS = 6
#: So many days before a renewal what is missing stands first.
FIRST_WITHIN = 30
MAX_ANSWER_LENGTH = 400


@dataclass(frozen=True)
class Brief:
    """All that a manager needs before a customer decides again. Texts are markup, empty where
    nothing is known.

    `news` is what was recorded since the brief that came `news_since` days before the renewal;
    `risk_gap` is what the button under the risks asks.
    """

    id: int
    account_id: int
    account: str
    renews_on: date
    today: date
    decision: str
    decision_by: str
    at_stake: str
    value: str
    goal: str
    deciders: str
    champions: str
    alternatives: str
    risks: Sequence[str]
    risk_status: str
    risk_gap: GapLine
    promises: str
    involvement: str
    gaps: Sequence[GapLine]
    news: Sequence[str]
    news_since: int
    following: str
    stage: str
    term: int
    last_contact: str


def brief(facts: Brief) -> Message:
    """The brief: what they weigh, and each gap with the button that asks for it."""
    days = plural((facts.renews_on - facts.today).days, "day")
    head = f"*{plain(facts.account)} renews {day(facts.renews_on, facts.today)} ({days})*"
    question = f'They decide: "{plain(facts.decision)}"' if facts.decision else ""
    known = "\n".join(f"*{title}:* {text}" for title, text in _known(facts) if text)
    missing = f"*Missing: {len(facts.gaps) or 'none'}*"
    asked = [section(missing), *(section(gap.line(), _ask(facts, gap)) for gap in facts.gaps)]
    is_near = (facts.renews_on - facts.today).days <= FIRST_WITHIN
    blocks: list[Block] = [section(join_lines(head, question)), *(asked if is_near else ())]
    blocks.append(section(known))
    risks = _risks(facts)
    blocks.append(section(risks, _ask(facts, facts.risk_gap)))
    news = ""
    if facts.news:
        rows = bullet_list(facts.news, MAX_NEWS, f": `/account {quoted(facts.account)} timeline`")
        news = f"*New since the {facts.news_since}-day brief*\n{rows}"
        blocks.append(section(news))
    blocks += () if is_near else asked
    decide = button(VERBS[DECIDE].label, "form:decision", str(facts.account_id))
    card = button("Show account", "command:card", f"/account id:{facts.account_id}")
    name = quoted(facts.account)
    behind = (
        button("Show value", "command:value", f"/value {name}"),
        button("Show promises", "command:promises", f"/promise {name}"),
        button("Who took part", "command:part", f"/account {name} participation"),
    )
    blocks.append(actions(decide, card, *behind))
    foot = f"{plain(facts.stage)} · term {facts.term:,} · {facts.last_contact}"
    if facts.following:
        foot = f"Next: {facts.following} · {foot}"
    blocks.append(context(foot))
    gaps = join_lines(missing, *(gap.line() for gap in facts.gaps))
    first, last = (gaps, "") if is_near else ("", gaps)
    text = join_lines(head, question, first, known, risks, news, last, foot)
    return Message(unstyled(text), tuple(blocks))


def _known(facts: Brief) -> Iterator[tuple[str, str]]:
    yield "Decision by", facts.decision_by
    yield "At stake", facts.at_stake
    yield "Confirmed value this term", facts.value
    yield "Goal", facts.goal
    yield "Who decides", facts.deciders
    yield "Champion", facts.champions
    yield "Alternatives", facts.alternatives
    yield "Promises", facts.promises
    yield "Our involvement", facts.involvement


def _risks(facts: Brief) -> str:
    told = " · ".join(
        filter(None, ("; ".join(facts.risks) or "no risk recorded", facts.risk_status))
    )
    return f"*Could make them say no:* {told}"


def _ask(facts: Brief, gap: GapLine) -> ButtonElement:
    """The button that asks for what is missing; where somebody has it planned, or nobody is to be
    asked again, the one that records it."""
    if not gap.ask:
        return fill_button(gap, facts.account_id)
    label = "Add to my list" if gap.ask == MANAGER else f"Ask {gap.ask}"
    return button(label, f"brief:ask:{gap.key}", str(facts.id))


def answer_message(account: str, what: str, by: str | None, answer: str) -> Message:
    """An answer, in the brief's thread."""
    who = f" ({mention(by)})" if by else ""
    answer = one_line(answer, MAX_ANSWER_LENGTH)
    return text_message(f"*{plain(account)}* · {plain(what)}{who}:\n> {answer}")
