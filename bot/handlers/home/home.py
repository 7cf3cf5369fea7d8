"""The App Home comes in: a tab is opened, settings are changed. Its touchpoints are buttons like
any other (handlers/buttons.py)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.actions.actor import Actor
from bot.actions.members import preferences
from bot.actions.work import Work
from bot.context import Context
from bot.handlers.base.idempotency import effect_once
from bot.handlers.home import prompts
from bot.messages.home.settings import NO_DEPARTMENT_VALUE, OFF_VALUE
from bot.rules.errors import UserError
from db.core.tx import begin
from db.home import home
from db.models import Person
from db.ops import inbox

Action = dict[str, Any]


def register(app: App, linchpin: Context) -> None:
    """Listens to the Home being opened and to its settings."""

    @app.event("app_home_opened")
    def opened(event: dict[str, Any], body: dict[str, Any]) -> None:
        _on_opened(linchpin, event, body)

    @app.action(re.compile(r"^home:"))
    def chosen(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        _on_setting(linchpin, context["speaker"], body)
        ack()


def _on_opened(context: Context, event: dict[str, Any], body: dict[str, Any]) -> None:
    now = context.now()
    with effect_once(context, body, now) as tx:
        if tx is not None and event.get("tab") == "home":
            home.record_opened(tx, event["user"], now)
        elif tx is not None:
            prompts.enqueue_prompts(tx, context, event, f"prompts:{body['event_id']}", now)
    context.wake()


def _on_setting(context: Context, speaker: Person, body: dict[str, Any]) -> None:
    now, action = context.now(), body["actions"][0]
    choose = SETTINGS.get(action["action_id"])
    try:
        with context.begin(now, _actor(speaker), speaker.workspace_id) as work:
            once = f"click:{body['trigger_id']}:{action['action_id']}"
            if choose is None or not inbox.first_time(work.tx, once, now):
                return
            choose(work, speaker, action)
    except UserError as error:
        with begin(context.engine, speaker.workspace_id) as tx:
            home.request_rebuild(tx, speaker.user_id, now, error.sentence)
    context.wake()


def _digest_day(work: Work, speaker: Person, action: Action) -> None:
    value = _chosen_value(action)
    weekday = None if value == OFF_VALUE else int(value)
    preferences.choose_digest_day(work, weekday)


def _digest_hour(work: Work, speaker: Person, action: Action) -> None:
    preferences.choose_digest_hour(work, int(_chosen_value(action)))


def _opens(work: Work, speaker: Person, action: Action) -> None:
    opens = _chosen_value(action)
    preferences.choose_hours(work, speaker, opens=opens)


def _closes(work: Work, speaker: Person, action: Action) -> None:
    closes = _chosen_value(action)
    preferences.choose_hours(work, speaker, closes=closes)


def _days(work: Work, speaker: Person, action: Action) -> None:
    days = [int(option["value"]) for option in action["selected_options"]]
    preferences.choose_days(work, days)


def _department(work: Work, speaker: Person, action: Action) -> None:
    key = _chosen_value(action)
    if key != NO_DEPARTMENT_VALUE and key not in work.playbook.departments:
        raise UserError("The playbook no longer has that department. Pick another one.")
    preferences.choose_department(work, key if key != NO_DEPARTMENT_VALUE else None)


def _thanks(work: Work, speaker: Person, action: Action) -> None:
    preferences.choose_thanks(work, _chosen_value(action) != OFF_VALUE)


SETTINGS: dict[str, Callable[[Work, Person, Action], None]] = {
    "home:digest_day": _digest_day,
    "home:digest_hour": _digest_hour,
    "home:opens": _opens,
    "home:closes": _closes,
    "home:days": _days,
    "home:department": _department,
    "home:thanks": _thanks,
}


def _chosen_value(action: Action) -> str:
    return str(action["selected_option"]["value"])


def _actor(speaker: Person) -> Actor:
    return Actor(speaker.user_id, "home")
