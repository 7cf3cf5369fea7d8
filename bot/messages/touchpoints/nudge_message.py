"""The message of a nudge in all its states, alone or several in one."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from bot.messages.kit.blocks import actions, button, compose, context, divider, section
from bot.messages.kit.message import Message
from bot.messages.kit.text import join_lines, plain, unstyled, unstyled_list
from bot.messages.touchpoints.nudge import (
    RENEWAL,
    Nudge,
    answer_text,
    ignored_text,
    nudge_buttons,
    nudge_menu,
    renewal_answers,
    row_text,
    status_line,
)
from bot.rules.text.words import plural
from bot.rules.touchpoint_verbs import legend

LEGEND = f"React: {legend()}. Remove to undo."
LEGEND_OF_PROMISE = f"React: {legend(('done', 'claim', 'snooze'), done='kept')}. Remove to undo."
#: A message shows so many one by one: more would be a wall, and Slack takes 50 blocks.
MAX_GROUPED = 20


def single_nudge(nudge: Nudge) -> Message:
    """One touchpoint: what, by when, why, and the buttons that fit its state."""
    if not nudge.is_open:
        return _closed_nudge(nudge)
    if nudge.kind == RENEWAL:
        return _passed_renewal(nudge)
    has_it = status_line(nudge) if nudge.state == "claimed" else ""
    ignored, of = ignored_text(nudge), nudge.what + nudge.when
    blocks: list[Block] = [
        section(join_lines(of, nudge.first_task)),
        context(has_it or nudge.why or nudge.helps),
        *([context(ignored)] if ignored else []),
        actions(*nudge_buttons(nudge)),
    ]
    if not has_it:
        blocks.append(context(LEGEND_OF_PROMISE if nudge.kind == "promise" else LEGEND))
    told = f"{of}. {nudge.first_task} {nudge.why}.{f' {has_it}.' if has_it else ''} {ignored}"
    return Message(unstyled(told.strip()), tuple(blocks))


def _passed_renewal(nudge: Nudge) -> Message:
    """A renewal date that passed without a decision: what can be said of it."""
    buttons = [
        button(label, f"renewal:{answer}", str(nudge.id))
        for answer, label in renewal_answers(nudge)
    ]
    head = f"{nudge.what} · {nudge.due}\n{nudge.task}"
    return compose(head, actions(*buttons), context(plain(nudge.helps)))


def _closed_nudge(nudge: Nudge) -> Message:
    """What became of it, what it brought back, and what can still be done."""
    is_answered = nudge.is_recorded and nudge.answered_at is not None
    sign = "✅ " if nudge.is_recorded else ""
    head = join_lines(f"{sign}{nudge.what}", answer_text(nudge))
    rows: list[Block] = [section(head, nudge_menu(nudge) if is_answered else None)]
    buttons = [] if is_answered else nudge_buttons(nudge)
    status = context(status_line(nudge))
    return compose(*rows, status, *([actions(*buttons)] if buttons else []))


def grouped_nudge(nudges: Sequence[Nudge], whose: str, command: str) -> Message:
    """Several that came due at once, as one message with a menu for each, what is open first."""
    still_open = sum(nudge.is_open for nudge in nudges)
    left = f"{still_open} still open." if still_open else "All looked after, thank you."
    head = f"*{plural(len(nudges), 'touchpoint')} for {whose}*, oldest first. {left}"
    shown = sorted(nudges, key=lambda nudge: not nudge.is_open)[:MAX_GROUPED]
    more = len(nudges) - len(shown)
    rest = f"… and {more} more: `{command}` lists them all." if more else ""
    rows = [section(row_text(nudge), nudge_menu(nudge)) for nudge in shown]
    blocks = (section(head), divider(), *rows, *([context(rest)] if rest else []))
    return Message(unstyled_list(head, map(row_text, shown), rest, "; "), blocks)


def moved_nudge(nudge: Nudge, why: str) -> Message:
    """A touchpoint that is told of elsewhere now."""
    return Message(unstyled(f"{nudge.what}: {why}"), (section(nudge.what), context(f"{why}.")))
