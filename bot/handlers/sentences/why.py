"""Why a nudge came: what it asks for, whose it is and since when, and the decision it helps."""

import re

from bot.actions.touchpoints.labels import owner_name
from bot.actions.touchpoints.nudge_views import nudge_view
from bot.handlers.base.request import Request
from bot.messages.answers import asked as messages
from bot.messages.kit.message import Message
from bot.rules.language.reading import Reading
from db import outbox
from db.lists import lists
from db.models import Account, Touchpoint
from db.touchpoints import touchpoints

_NUMBER = re.compile(r"(?<!\S)(\d{1,2})(?!\S)")
_MOST = 3


def answer(request: Request, reading: Reading) -> Message:
    """Tells it of the line that was named, else of the first that are open in the message."""
    nudge = _nudge(request)
    lines = lists.lines(request.tx, nudge) if nudge else []
    pairs = [(line.number, t, account) for line, t, account in lines if t.nudge_id == nudge]
    if nudge and not pairs:
        found = touchpoints.list_of_nudge(request.tx, nudge)
        pairs = [(n, t, account) for n, (t, account) in enumerate(found, 1)]
    said = _NUMBER.search(reading.sentence.masked)
    named = [each for each in pairs if said and each[0] == int(said[1])]
    return messages.why([_told(request, t, account) for _, t, account in (named or pairs)[:_MOST]])


def _nudge(request: Request) -> int | None:
    """The message above, or the newest one that asks the speaker for something."""
    if request.thread:
        return outbox.find_message(request.tx, request.channel, request.thread)
    lanes = (request.channel, request.speaker.user_id)
    standing = [each for lane in lanes for each in lists.standing(request.tx, lane)]
    return standing[-1].nudge_id if standing else None


def _told(request: Request, touchpoint: Touchpoint, account: Account) -> messages.Why:
    view = nudge_view(request.work, touchpoint, account)
    reader = request.speaker.user_id
    whose = owner_name(request.work, account, touchpoint.owner, touchpoint.person_id, reader)
    stage = request.playbook.stage(touchpoint.stage)
    where = stage.name if stage and touchpoint.follows_playbook else ""
    return messages.Why(view, whose, where)
