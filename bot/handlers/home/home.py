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
from bot.messages.home.settings import NO_DEPARTMENT, OFF
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
        _opened(linchpin, event, body)

    @app.action(re.compile(r"^home:"))
    def chosen(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        _chosen(linchpin, context["speaker"], body)
        ack()


def _opened(context: Context, event: dict[str, Any], body: dict[str, Any]) -> None:
    now = context.now()
    with effect_once(context, body, now) as tx:
        if tx is not None and event.get("tab") == "home":
            home.opened(tx, event["user"], now)
        elif tx is not None:
            prompts.offer(tx, context, event, f"prompts:{body['event_id']}", now)
    context.wake()


def _chosen(context: Context, speaker: Person, body: dict[str, Any]) -> None:
    now, action = context.now(), body["actions"][0]
    choose = SETTINGS.get(action["action_id"])
    try:
        with context.begin(now, _by(speaker), speaker.workspace_id) as work:
            once = f"click:{body['trigger_id']}:{action['action_id']}"
            if choose is None or not inbox.first_time(work.tx, once, now):
                return
            choose(work, speaker, action)
    except UserError as error:
        with begin(context.engine, speaker.workspace_id) as tx:
            home.mark(tx, speaker.user_id, now, error.sentence)
    context.wake()


def _digest_day(work: Work, speaker: Person, action: Action) -> None:
    value = _value(action)
    weekday = None if value == OFF else int(value)
    preferences.choose_digest_day(work, weekday)


def _digest_hour(work: Work, speaker: Person, action: Action) -> None:
    preferences.choose_digest_hour(work, int(_value(action)))


def _opens(work: Work, speaker: Person, action: Action) -> None:
    opens = _value(action)
    preferences.choose_hours(work, speaker, opens=opens)


def _closes(work: Work, speaker: Person, action: Action) -> None:
    closes = _value(action)
    preferences.choose_hours(work, speaker, closes=closes)


def _days(work: Work, speaker: Person, action: Action) -> None:
    days = [int(option["value"]) for option in action["selected_options"]]
    preferences.choose_days(work, days)


def _department(work: Work, speaker: Person, action: Action) -> None:
    key = _value(action)
    if key != NO_DEPARTMENT and key not in work.playbook.departments:
        raise UserError("The playbook no longer has that department. Pick another one.")
    preferences.choose_department(work, key if key != NO_DEPARTMENT else None)


def _thanks(work: Work, speaker: Person, action: Action) -> None:
    preferences.choose_thanks(work, _value(action) != OFF)


SETTINGS: dict[str, Callable[[Work, Person, Action], None]] = {
    "home:digest_day": _digest_day,
    "home:digest_hour": _digest_hour,
    "home:opens": _opens,
    "home:closes": _closes,
    "home:days": _days,
    "home:department": _department,
    "home:thanks": _thanks,
}


def _value(action: Action) -> str:
    return str(action["selected_option"]["value"])


def _by(speaker: Person) -> Actor:
    return Actor(speaker.user_id, "home")
