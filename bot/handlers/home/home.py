"""The App Home comes in: a tab is opened, settings are changed. Its touchpoints are buttons like
any other (handlers/buttons.py)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.actions.actor import Actor
from bot.actions.members import preferences
from bot.context import Context
from bot.handlers.base.idempotency import effect_once
from bot.handlers.home import prompts
from bot.messages.home.settings import NO_DEPARTMENT, OFF
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import Playbook
from db.core.tx import Tx, begin
from db.home import home
from db.models import Person
from db.ops import inbox
from db.workspace import departments

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
        with begin(context.engine, speaker.workspace_id) as tx:
            once = f"click:{body['trigger_id']}:{action['action_id']}"
            if choose is None or not inbox.first_time(tx, once, now):
                return
            playbook = departments.in_force(tx, context.playbook)
            choose(tx, playbook, speaker, action, now)
    except UserError as error:
        with begin(context.engine, speaker.workspace_id) as tx:
            home.mark(tx, speaker.user_id, now, error.sentence)
    context.wake()


def _digest_day(tx: Tx, _: Playbook, speaker: Person, action: Action, now: datetime) -> None:
    value = _value(action)
    weekday = None if value == OFF else int(value)
    preferences.choose_digest_day(tx, _by(speaker), weekday, now)


def _digest_hour(tx: Tx, _: Playbook, speaker: Person, action: Action, now: datetime) -> None:
    preferences.choose_digest_hour(tx, _by(speaker), int(_value(action)), now)


def _opens(tx: Tx, playbook: Playbook, speaker: Person, action: Action, now: datetime) -> None:
    opens = _value(action)
    preferences.choose_hours(tx, playbook, speaker, _by(speaker), now, opens=opens)


def _closes(tx: Tx, playbook: Playbook, speaker: Person, action: Action, now: datetime) -> None:
    closes = _value(action)
    preferences.choose_hours(tx, playbook, speaker, _by(speaker), now, closes=closes)


def _days(tx: Tx, _: Playbook, speaker: Person, action: Action, now: datetime) -> None:
    days = [int(option["value"]) for option in action["selected_options"]]
    preferences.choose_days(tx, _by(speaker), days, now)


def _department(tx: Tx, playbook: Playbook, speaker: Person, action: Action, now: datetime) -> None:
    key = _value(action)
    if key != NO_DEPARTMENT and key not in playbook.departments:
        raise UserError("The playbook no longer has that department. Pick another one.")
    preferences.choose_department(tx, _by(speaker), key if key != NO_DEPARTMENT else None, now)


def _thanks(tx: Tx, _: Playbook, speaker: Person, action: Action, now: datetime) -> None:
    preferences.choose_thanks(tx, _by(speaker), _value(action) != OFF, now)


SETTINGS: dict[str, Callable[[Tx, Playbook, Person, Action, datetime], None]] = {
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
