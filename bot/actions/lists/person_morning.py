"""A person's morning: one DM with what is theirs, when there is something new.

A morning without anything new edits the DM that stands; what comes later in the day is a message of
its own, and claims whose list was folded are added to the DM of the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import select
from slack_sdk.models.blocks import Block

from bot.actions.lists import claims, due, escalations, posting
from bot.actions.lists.posting import Pair
from bot.actions.touchpoints import nudging
from bot.actions.touchpoints.rendering import refresh_nudge
from bot.actions.touchpoints.routing import Destination, working_calendar, delegators_of
from bot.actions.work import Work
from bot.messages.kit.message import Message
from bot.messages.kit.text import mention
from bot.messages.lists import person as messages
from bot.messages.lists.person import Told
from bot.rules.answers import ONE_WEEK, is_last_of_week
from bot.rules.playbook.playbook import MANAGER
from bot.rules.time.calendar import WorkingCalendar
from db.answers import answers
from db.lists import lists, news, people
from db.models import HandoffQuestion, Outbox, TouchpointList
from db.touchpoints import touchpoints

#: After so many mornings without anything new the DM is posted anew.
MAX_QUIET_MORNINGS = 2


def hold_person_morning(work: Work, user_id: str) -> None:
    """Posts what is new for a person with what they still have, or edits the DM that stands."""
    calendar = working_calendar(work.tx, work.playbook.calendar(MANAGER), user_id)
    if not calendar.is_open(work.now):
        _wait(work, user_id, calendar)
        return
    today = calendar.local_date(work.now)
    place = Destination(user_id, mention(user_id), (), user_id, "/next mine")
    if lists.was_posted_on(work.tx, user_id, today):
        _add_later(work, place, calendar, today)
        return
    held = claims.settle(work, user_id, calendar, morning=True)
    new = due.split_own(work, place, due.list_due(work, place, calendar, today), today)
    standing = lists.standing(work.tx, user_id)
    carried = _carried(work, user_id, standing, held.moved)
    questions = people.list_questions_to(work.tx, user_id)
    below = [*held.released, *_passed(work, user_id), *_told(work, user_id, calendar, today)]
    ...
