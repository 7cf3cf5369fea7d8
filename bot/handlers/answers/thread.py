"""A reply in a nudge's thread that mentions Linchpin: its verb, and what the play brings back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

from bot.actions.answers import answers as actions
from bot.actions.responses.respond import respond
from bot.actions.touchpoints.plays import records_of
from bot.context import Context
from bot.handlers.answers.forms import save_words
from bot.handlers.base.clicks import Body
from bot.handlers.base.request import Request, begin_request
from bot.messages.answers import forms as messages
from bot.messages.kit.blocks import text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import plain
from bot.rules.errors import UserError
from bot.rules.language.dates import find_days, parse_future
from bot.rules.language.replies import ThreadReply, read_reply
from db import outbox
from db.lists import lists
from db.models import Account, Member, Touchpoint
from db.touchpoints import touchpoints
from db.touchpoints.touchpoints import OPEN_STATES

Pair: TypeAlias = tuple[Touchpoint, Account]


def reply(context: Context, speaker: Member, event: Body, words: str) -> Message | None:
    """Does what was said under a nudge; None for words that are no reply to one."""
    said, thread = read_reply(words), event.get("thread_ts")
    if said is None or not thread:
        return None
    where = str(event["channel"])
    try:
        with begin_request(context, speaker, "thread", where) as request:
            nudge_id = outbox.find_message(request.tx, where, str(thread))
            lines = _lines(request, nudge_id) if nudge_id else {}
            return _do(request, lines, said) if lines else None
    except UserError as error:
        return text_message(error.sentence)


def _lines(request: Request, nudge_id: int) -> Mapping[int, Pair]:
    """What stands in a message, by the number of its line."""
    listed = lists.lines(request.tx, nudge_id)
    if listed:
        return {line.number: (t, account) for line, t, account in listed if t.nudge_id == nudge_id}
    return dict(enumerate(touchpoints.list_of_nudge(request.tx, nudge_id), 1))


def _do(request: Request, lines: Mapping[int, Pair], said: ThreadReply) -> Message:
    touchpoint, account = _pick(lines, said)
    touchpoint = actions.load(request.tx, touchpoint.id)
    kind = records_of(request.playbook, touchpoint)
    keeps_answer = said.verb == "done" and (kind is not None or bool(said.rest))
    if said.verb == "release" and touchpoint.state != "claimed":
        raise UserError('Nobody has claimed it. Say "skip" and why, if it is not to be done.')
    told: list[str] = []
    until = _day(request, said.rest) if said.verb == "snooze" else None
    if not (keeps_answer and touchpoint.state == "done"):
        note = request.readable(said.rest) if said.verb == "skip" else None
        respond(request.work, touchpoint, said.verb, note=note, until=until, tell=told.append)
    if not keeps_answer:
        what = touchpoint.id, account.name, touchpoint.title
        return messages.did(*what, said.verb, " ".join(told), until)
    kind = kind or "note"
    if not said.rest:
        return messages.done_question(touchpoint.id, account.name, kind)
    answer, amount = save_words(request, touchpoint, said.rest)
    message = messages.kept(touchpoint.id, account.name, kind, answer)
    return message.followed_by(amount) if amount else message


def _pick(lines: Mapping[int, Pair], said: ThreadReply) -> Pair:
    """The touchpoint that is meant: of the line that was named, else the only one, or open one."""
    if said.line is not None and said.line in lines:
        return lines[said.line]
    pairs = [*lines.values()]
    for some in (pairs, [pair for pair in pairs if pair[0].state in OPEN_STATES]):
        if len(some) == 1:
            return some[0]
    names = ", ".join(f"{n} {plain(account.name)}" for n, (_, account) in lines.items())
    raise UserError(f'Which one? Say its number first, like "2 done, …": {names}. Nothing changed.')


def _day(request: Request, words: str) -> date | None:
    if not words:
        return None
    try:
        inside = [each.day for each in find_days(words, request.today, forward=True) if each.day]
        return inside[0] if inside else parse_future(words.rstrip("."), request.today)
    except ValueError as error:
        raise UserError(f"Until when? {plain(str(error))}") from None
