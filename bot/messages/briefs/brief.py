"""The brief before a renewal for an account's manager, and the word that a date has gone by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block, ButtonElement

from bot.messages.facts.gaps import GapLine, fill_button
from bot.messages.kit.blocks import actions, button, compose, context, fields, section, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import bullet_list, day, join_lines, mention, one_line, plain
from bot.rules.playbook.playbook import MANAGER
from bot.rules.text.words import plural

MAX_NEWS = 6
#: So many days before a renewal what is missing stands first.
FIRST_WITHIN = 30
MAX_ANSWER_LENGTH = 400
MAX_DETAILS = 15


@dataclass(frozen=True)
class Brief:
    """All that a manager needs before a customer decides again. Texts are markup.

    `known` are (title, what is known), `details` (title, lines) behind their button. `news` is what
    was recorded since the brief that came `news_since` days before the renewal, `risk_gap` what the
    button under the risks asks.
    """

    id: int
    account_id: int
    account: str
    renews_on: date
    today: date
    decision: str
    known: Sequence[tuple[str, str]]
    risks: Sequence[str]
    risk_gap: GapLine
    news: Sequence[str]
    news_since: int
    gaps: Sequence[GapLine]
    details: Sequence[tuple[str, Sequence[str]]]
    foot: str

    @property
    def days_left(self) -> int:
        return (self.renews_on - self.today).days


def brief(facts: Brief) -> Message:
    """What they weigh, what could make them say no, and each gap with its button."""
    days = plural(facts.days_left, "day") if facts.days_left else "today"
    head = f"*{plain(facts.account)} renews {day(facts.renews_on)} ({days})*"
    if facts.days_left < 0:
        ago = plural(-facts.days_left, "day")
        head = f"*{plain(facts.account)}: renewal date {day(facts.renews_on)} passed {ago} ago*"
    question = f'They decide: "{plain(facts.decision)}"' if facts.decision else ""
    missing = section(f"*Missing: {len(facts.gaps) or 'none'}*")
    gaps: list[Block] = [missing, *(section(gap.line(), _ask(facts, gap)) for gap in facts.gaps)]
    is_near = facts.days_left <= FIRST_WITHIN
    return compose(
        join_lines(head, question),
        *(gaps if is_near else ()),
        fields([each for each in facts.known if each[1]]),
        _risks(facts),
        *(() if is_near else gaps),
        actions(
            button("Show details", "brief:details", str(facts.id)),
            button("Record decision…", "form:decision", str(facts.account_id)),
        ),
        context(facts.foot),
    )


def details(facts: Brief) -> Message:
    """What stands behind the brief, each with who said it and when."""
    parts = [
        f"*{title}*\n{bullet_list(lines, MAX_DETAILS)}" for title, lines in facts.details if lines
    ]
    card = button("Show account", "command:card", f"/account id:{facts.account_id}")
    head = f"*{plain(facts.account)} renews {day(facts.renews_on)}*"
    return compose(head, *parts, actions(card))


def _risks(facts: Brief) -> Block:
    gap = facts.risk_gap
    told = " · ".join(filter(None, ("; ".join(facts.risks) or "no risk recorded", gap.status)))
    more = f" and {len(facts.news) - MAX_NEWS} more" if len(facts.news) > MAX_NEWS else ""
    news = f"*New since the {facts.news_since}-day brief:* {', '.join(facts.news[:MAX_NEWS])}{more}"
    is_asked = bool(facts.risks) or not gap.ask
    return section(
        join_lines(f"*Could make them say no:* {told}", news if facts.news else ""),
        None if is_asked else _ask(facts, gap),
    )


def _ask(facts: Brief, gap: GapLine) -> ButtonElement:
    """The button that asks for what is missing, or where nobody is to be asked, records it."""
    if not gap.ask:
        return fill_button(gap, facts.account_id)
    label = "Add to my list" if gap.ask == MANAGER else f"Ask {gap.ask}"
    return button(label, f"brief:ask:{gap.key}", str(facts.id))


def answer_message(account: str, what: str, by: str | None, answer: str) -> Message:
    """An answer, in the brief's thread."""
    who = f" ({mention(by)})" if by else ""
    answer = one_line(answer, MAX_ANSWER_LENGTH)
    return text_message(f"*{plain(account)}* · {plain(what)}{who}:\n> {answer}")
