""" "Ask Marketing" beside a gap of a brief."""

from __future__ import annotations

import re

from slack_bolt import App

from bot.actions.briefs import briefs as actions
from bot.context import Context
from bot.handlers.base import clicks
from bot.handlers.base.request import Request
from db.models import Member

_PREFIX = "brief:ask:"


def register(app: App, linchpin: Context) -> None:
    """Listens to the buttons of gaps."""
    app.action(re.compile(rf"^{_PREFIX}"))(clicks.listener(linchpin, _ask))


def _ask(context: Context, speaker: Member, body: clicks.Body) -> None:
    gap = body["actions"][0]["action_id"].removeprefix(_PREFIX)

    def ask_for_gap(request: Request, brief_id: int) -> None:
        actions.ask_for_gap(request.work, brief_id, gap)

    clicks.run_action(context, speaker, body, ask_for_gap)
