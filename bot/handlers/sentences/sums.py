"""Answers that add up: what accounts pay, what they got, what they decided."""

import re
from datetime import timedelta

from bot.actions.facts.days import today as today_of
from bot.actions.lifecycle.views import decision_view
from bot.handlers.base.request import Request
from bot.handlers.sentences.whose import bounds, managed, scope, whose
from bot.messages.answers import asked as messages
from bot.messages.kit.blocks import text_message
from bot.messages.kit.message import Message
from bot.messages.kit.money import sums_text
from bot.messages.kit.text import day, join_lines, short
from bot.rules.facts.live import exit_stages
from bot.rules.language.reading import Reading
from bot.rules.text.money import Money
from bot.rules.text.words import plural
from db.accounts import asked

_LEFT = ("chose other", "none")
#: Which decisions the words mean.
_OUTCOMES = (
    (re.compile(r"\b(?:los[te]|losing|churn\w*|left|leave|against)\b"), _LEFT),
    (re.compile(r"\b(?:won|win|wins|chose us|new customers?)\b"), ("chose us",)),
    (re.compile(r"\b(?:renew(?:ed|als?)?|expanded|reduced)\b"), ("renewed", "expanded", "reduced")),
)
_RECENT_DAYS = 90
_MOST = 100


def paid(request: Request, reading: Reading) -> Message:
    """What accounts pay a year together, by currency."""
    asked_for = scope(request, reading)
    where = managed(request, asked_for)
    rows = asked.sum_paid(request.tx, exit_stages(request.playbook), *where)
    money = [Money(int(total), code) for code, _, total in rows if code]
    known = sum(count for code, count, _ in rows if code)
    unknown = sum(count for code, count, _ in rows if not code)
    together = sums_text(money, request.playbook.value.currency) or "an amount that is not known"
    of = f"{plural(known, 'account')}" + (f"; not known of {unknown:,}" if unknown else "")
    return text_message(f"Accounts{whose(request, asked_for)} pay {together} a year ({of}).")


def value_of_all(request: Request, reading: Reading) -> Message:
    """What customers got together, since the day that was named or the year began."""
    asked_for = scope(request, reading, forward=False)
    since = asked_for.since or today_of(request.work).replace(month=1, day=1)
    begins, _ = bounds(request, since, since)
    rows = asked.sum_value(request.tx, begins, *managed(request, asked_for))
    lines = []
    for confirmed, how in ((1, "Confirmed by customers"), (0, "Our estimates")):
        some = [row for row in rows if row[1] == confirmed]
        money = [Money(int(total), code) for code, _, _, total in some if code]
        count = plural(sum(row[2] for row in some), "entry", "entries")
        amounts = sums_text(money, request.playbook.value.currency) or "no amount"
        lines.append(f"{how}: *{amounts}* ({count})" if some else f"{how}: none recorded")
    head = f"Value{whose(request, asked_for)} recorded since {day(since)}:"
    return text_message(join_lines(head, *lines))


def decided(request: Request, reading: Reading) -> Message:
    """What customers decided lately: all, or who renewed, left or chose us."""
    asked_for, said = scope(request, reading, forward=False), reading.sentence.masked
    today = today_of(request.work)
    first = asked_for.since or today - timedelta(days=_RECENT_DAYS)
    last = min(asked_for.until or today, today)
    outcomes = next((kind for words, kind in _OUTCOMES if words.search(said)), ())
    where = managed(request, asked_for) + ([asked.is_outcome(outcomes)] if outcomes else [])
    begins, ends = bounds(request, first, last)
    found = asked.list_decisions(request.tx, begins, ends, _MOST, *where)
    views = [(name, decision_view(request.playbook, row)) for row, name in found]
    lines = [f"• *{short(name)}* · {day(view.on)}: {view.what()}" for name, view in views]
    what = f" ({', '.join(outcomes)})" if outcomes else ""
    what += f"{whose(request, asked_for)}{messages.when_text(first, last)}"
    count = messages.count_text(len(found), _MOST, "decision")
    head = f"{count}{what}" if found else f"No decision{what} is recorded."
    told = messages.listed(head, lines)
    if outcomes != _LEFT:
        return told
    exits = exit_stages(request.playbook)
    gone = asked.list_live(request.tx, (), 25, asked.is_in(exits), *managed(request, asked_for))
    named = ", ".join(
        f"{short(each.name)} ({request.playbook.stage_name(each.stage)})" for each in gone
    )
    return told.followed_by(text_message(f"Gone by now: {named}.")) if gone else told
