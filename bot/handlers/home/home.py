"""The App Home: a tab is opened, a setting is changed. Its touchpoints have the buttons of
bot/handlers/touchpoints; its messages tab gets the person's own prompts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from slack_bolt import App

from bot.actions.actor import Actor
from bot.actions.members import preferences
from bot.actions.work import Work
from bot.context import Context
from bot.handlers.base.clicks import Body, listener
from bot.handlers.base.idempotency import effect_once
from bot.messages.home.settings import NO_DEPARTMENT_VALUE, OFF_VALUE
from bot.messages.workspace import prompts
from bot.rules.errors import UserError
from db import outbox
from db.accounts import search
from db.core import workspaces
from db.core.tx import begin
from db.home import home
from db.members import members
from db.models import Member
from db.ops import inbox
from db.workspace import departments

PROMPTS_SCOPE = "assistant:write"


def register(app: App, linchpin: Context) -> None:
    """Listens to the Home being opened and to its settings."""
    app.action(re.compile(r"^home:"))(listener(linchpin, _on_setting))

    @app.event("app_home_opened")
    def opened(event: Body, body: Body) -> None:
        with effect_once(linchpin, body) as work:
            if work is not None and event.get("tab") == "home":
                home.record_opened(work.tx, event["user"], work.now)
            elif work is not None:
                _enqueue_prompts(work, event, f"prompts:{body['event_id']}")
        linchpin.wake()


def _enqueue_prompts(work: Work, event: Body, once: str) -> None:
    """Enqueues the prompts of whoever opened it; none where the app may not set any."""
    workspace = workspaces.current(work.tx)
    granted = workspace.scopes if workspace else None
    person = members.by_user_id(work.tx, event["user"])
    if person is None or (granted is not None and PROMPTS_SCOPE not in granted.split(",")):
        return
    key = departments.of_member(work.tx, work.playbook, person)
    managed = search.list_of_manager(work.tx, person.user_id, 1)
    own = prompts.member_prompts(
        work.playbook.departments[key].name if key else None, managed[0].name if managed else None
    )
    outbox.enqueue_prompts(
        work.tx, dedupe_key=once, channel=event["channel"], prompts=own, now=work.now
    )


def _on_setting(context: Context, speaker: Member, body: Body) -> None:
    now, action = context.now(), body["actions"][0]
    choose = SETTINGS.get(action["action_id"])
    try:
        with context.begin(now, Actor(speaker.user_id, "home"), speaker.workspace_id) as work:
            once = f"click:{body['trigger_id']}:{action['action_id']}"
            if choose is None or not inbox.first_time(work.tx, once, now):
                return
            choose(work, speaker, _chosen(action))
    except UserError as error:
        with begin(context.engine, speaker.workspace_id) as tx:
            home.request_rebuild(tx, speaker.user_id, now, error.sentence)
    context.wake()


def _choose_department(work: Work, key: str) -> None:
    if key != NO_DEPARTMENT_VALUE and key not in work.playbook.departments:
        raise UserError("The playbook no longer has that department. Pick another one.")
    preferences.choose_department(work, key if key != NO_DEPARTMENT_VALUE else None)


# What each menu saves. A menu of one choice gives its value, one of several a list of them.
SETTINGS: dict[str, Callable[[Work, Member, Any], None]] = {
    "home:digest_day": lambda work, _, day: preferences.choose_digest_day(
        work, None if day == OFF_VALUE else int(day)
    ),
    "home:digest_hour": lambda work, _, hour: preferences.choose_digest_hour(work, int(hour)),
    "home:opens": lambda work, who, hour: preferences.choose_hours(work, who, opens=hour),
    "home:closes": lambda work, who, hour: preferences.choose_hours(work, who, closes=hour),
    "home:days": lambda work, _, days: preferences.choose_days(work, [int(day) for day in days]),
    "home:department": lambda work, _, key: _choose_department(work, key),
    "home:thanks": lambda work, _, value: preferences.choose_thanks(work, value != OFF_VALUE),
}


def _chosen(action: Body) -> str | list[str]:
    if "selected_options" in action:
        return [str(option["value"]) for option in action["selected_options"]]
    return str(action["selected_option"]["value"])
