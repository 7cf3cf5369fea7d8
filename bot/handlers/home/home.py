"""The App Home: a tab is opened, a list or the settings are shown, a setting is changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from slack_bolt import App
from slack_sdk.models.views import View

from bot.actions.actor import Actor
from bot.actions.members import preferences
from bot.actions.views.home import list_absences, load_settings
from bot.actions.views.leader import renewals_by_month
from bot.actions.work import Work
from bot.context import Context
from bot.handlers.base.clicks import Body, clicked_value, listener, view_listener
from bot.handlers.base.idempotency import effect_once
from bot.handlers.base.replies import click_id, update_form
from bot.handlers.base.request import Request, read_request
from bot.handlers.home import next
from bot.messages.accounts.forms import result
from bot.messages.home.settings import MORNING_VALUE, NO_DEPARTMENT_VALUE, OFF_VALUE, settings
from bot.messages.members.away import settings_blocks
from bot.messages.workspace import prompts
from bot.rules.errors import UserError
from db import outbox
from db.accounts import search
from db.core import workspaces
from db.home import home
from db.members import members
from db.models import Member
from db.ops import inbox
from db.workspace import departments

PROMPTS_SCOPE = "assistant:write"


def register(app: App, linchpin: Context) -> None:
    """Listens to the Home being opened, to its buttons and to the settings."""
    app.action("home:settings")(view_listener(linchpin, lambda one, _: settings_form(one)))
    app.action("home:months")(view_listener(linchpin, _months))
    app.action(re.compile(r"^next:"))(view_listener(linchpin, _list))
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


def _list(request: Request, body: Body) -> View:
    """What `/next` answers to the words that a button carries."""
    return result(next.handle(replace(request, text=clicked_value(body))))


def _months(request: Request, _body: Body) -> View:
    return result(renewals_by_month(request.work, request.speaker))


def settings_form(request: Request, notice: str = "") -> View:
    """The settings as they are now."""
    chosen, speaker = load_settings(request.work, request.speaker), request.speaker
    cover = settings_blocks(speaker.user_id, *list_absences(request.work, speaker))
    return settings(chosen, cover, notice)


def _on_setting(context: Context, speaker: Member, body: Body) -> None:
    """Saves what was chosen and shows the settings as they are then."""
    now, action, notice = context.now(), body["actions"][0], ""
    choose = SETTINGS.get(action["action_id"])
    try:
        with context.begin(now, Actor(speaker.user_id, "home"), speaker.workspace_id) as work:
            if choose is None or not inbox.first_time(work.tx, click_id(body), now):
                return
            choose(work, speaker, _chosen(action))
    except UserError as error:
        notice = error.sentence
    with read_request(context, speaker, "button", "") as request:
        known = members.by_user_id(request.tx, speaker.user_id) or speaker
        view = settings_form(replace(request, speaker=known), notice)
    update_form(context, body, view)
    context.wake()


# What each menu saves. A menu of one choice gives its value, one of several a list of them.
SETTINGS: dict[str, Callable[[Work, Member, Any], None]] = {
    "home:digest_day": lambda work, _, day: preferences.choose_digest_day(
        work, None if day == OFF_VALUE else int(day)
    ),
    "home:digest_hour": lambda work, _, hour: preferences.save_choice(
        work, "digest", digest_hour=None if hour == MORNING_VALUE else int(hour)
    ),
    "home:opens": lambda work, who, hour: preferences.choose_hours(work, who, opens=hour),
    "home:closes": lambda work, who, hour: preferences.choose_hours(work, who, closes=hour),
    "home:days": lambda work, _, days: preferences.choose_days(work, [int(day) for day in days]),
    "home:department": lambda work, _, key: preferences.choose_department(
        work, None if key == NO_DEPARTMENT_VALUE else key
    ),
    "home:thanks": lambda work, _, value: preferences.choose_thanks(work, value != OFF_VALUE),
}


def _chosen(action: Body) -> str | list[str]:
    if "selected_options" in action:
        return [str(option["value"]) for option in action["selected_options"]]
    return str(action["selected_option"]["value"])
