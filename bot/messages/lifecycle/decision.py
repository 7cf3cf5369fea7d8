"""Decisions: what `/decision` answers, and how cards, timelines and forms name them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.messages.kit.blocks import actions, button, compose, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, join_lines, mention, one_line, plain, quoted, short
from bot.messages.lifecycle.stage import MoveCard, next_steps

#: A reason is cut here in messages; the whole of it stays in the history.
MAX_REASON_LENGTH = 1000
OUTCOME_NAMES = {
    "renewed": "They renewed",
    "expanded": "They expanded",
    "reduced": "They reduced",
    "adopted": "They adopted it",
    "chose us": "They chose us",
    "chose other": "They chose someone else",
    "none": "They chose nothing",
}


def outcome_text(outcome: str, alternative: str | None) -> str:
    """ "They chose us over Initech"."""
    said = OUTCOME_NAMES.get(outcome, outcome)
    if alternative is None:
        return said
    return f"They chose {alternative}" if outcome == "chose other" else f"{said} over {alternative}"


@dataclass(frozen=True)
class DecisionView:
    """A decision as it is told; `by` is who recorded it, `on` the day."""

    outcome: str
    reason: str | None
    alternative: str | None
    by: str | None
    on: date

    def what(self) -> str:
        """ "They chose us over Initech, because it is quicker to start with"."""
        said = outcome_text(self.outcome, self.alternative and short(self.alternative))
        reason = one_line(self.reason or "", MAX_REASON_LENGTH)
        return f"{said}, because {reason}" if reason else said


@dataclass(frozen=True)
class RecordedView:
    """What came of a decision. `renews_on` and `term` are those it set; `said` tells that the
    date was named by the person, not computed."""

    id: int
    account_id: int
    account: str
    decision: str
    told: DecisionView
    move: MoveCard | None
    term: int | None
    renews_on: date | None
    said: bool
    began: bool = False  # it made a prospect a customer: the term is their first, or a new one
    offered: tuple[str, str] | None = None  # (stage, command) of a move, as the value has grown


def recorded(card: RecordedView) -> Message:
    """The private answer to whoever recorded a decision."""
    head = f"Recorded for *{plain(card.account)}*: {card.told.what()}."
    question = f'Decision: "{plain(card.decision)}"' if card.decision else ""
    offer = [button(f"Move to {o[0]}", "command:again", o[1])] if (o := card.offered) else []
    buttons = actions(
        *offer,
        button("Undo", "decision:undo", str(card.id)),
        button("Card", "command:card", f"/account id:{card.account_id}"),
    )
    follows = join_lines(_term(card), _move(card))
    planned = next_steps(card.move) if card.move is not None else ""
    return compose(join_lines(head, question), follows, planned, buttons)


def undone(account: str, told: DecisionView, now_in: str) -> Message:
    return text_message(
        f"Taken back for *{plain(account)}*: {told.what()}. It is in *{plain(now_in)}* as before, "
        "and its decision is open."
    )


def alternatives(account: str, names: Sequence[str]) -> Message:
    """What a customer could choose instead of us, as far as we know."""
    known = ", ".join(short(name) for name in names)
    text = f"Alternatives recorded for *{plain(account)}*: {known}."
    hint = f"`/decision {quoted(account)} chose us over {quoted(names[0])}` records their decision."
    return text_message(text, hint)


def status_message(
    account: str, decision: str, is_open: bool, past: Sequence[DecisionView], ways: Sequence[str]
) -> Message:
    """What is decided and what is open: for when the form cannot be shown."""
    lines = status_lines(account, decision, is_open, past, ways)
    hint = f"`/decision {quoted(account)} renewed because …` records one."
    return text_message("\n".join(lines), hint)


def status_lines(
    account: str, decision: str, is_open: bool, past: Sequence[DecisionView], ways: Sequence[str]
) -> list[str]:
    """The lines that say what is decided and what is open."""
    asked = f'"{plain(decision)}"' if decision else "No decision in this stage."
    state = "*Open*" if is_open else "Recorded"
    rows = [f"*{plain(account)}* decides: {asked} {state}"]
    for past_decision in past:
        by = f" ({mention(past_decision.by)})" if past_decision.by else ""
        rows.append(f"• {day(past_decision.on)}: {past_decision.what()}{by}")
    if ways:
        rows.append("Alternatives: " + ", ".join(short(way) for way in ways))
    return rows


def _term(card: RecordedView) -> str:
    if card.term is None:
        return ""
    if card.renews_on is None:
        return f"Term {card.term:,} begins." if card.began else ""
    date_of = f"Term {card.term:,} begins; they renew again on *{day(card.renews_on)}*"
    if card.said:
        return f"{date_of}."
    command = f"/account {quoted(card.account)} renews {card.renews_on.isoformat()}"
    return f"{date_of}, a year on. Another date: `{command}`."


def _move(card: RecordedView) -> str:
    if card.move is None:
        return "" if card.term is not None else "Its stage stays the same."
    return f"{plain(card.move.before)} → *{plain(card.move.now_in)}*"
