""" "Ask Marketing" beside a gap of a brief."""

from __future__ import annotations

import re

from slack_bolt import Ack, App, BoltContext

from bot.actions.briefs import briefs as actions
from bot.context import Context
from bot.handlers.base import clicks
from bot.handlers.base.clicks import Body
from bot.handlers.base.request import Request

_PREFIX = "brief:ask:"


def register(app: App, linchpin: Context) -> None:
    """Listens to the buttons of gaps."""

    @app.action(re.compile(rf"^{_PREFIX}"))
    def ask(ack: Ack, body: Body, context: BoltContext) -> None:
        gap = body["actions"][0]["action_id"].removeprefix(_PREFIX)

        def do(request: Request, brief_id: int) -> None:
            actions.ask_for_gap(request.work, brief_id, gap)

        clicks.run_action(linchpin, context["speaker"], body, do)
        ack()
