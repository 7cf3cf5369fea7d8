"""Undo of a decision."""

from __future__ import annotations

from slack_bolt import Ack, App, BoltContext

from bot.actions import decisions_told, decisions_undo
from bot.context import Context
from bot.handlers import clicks
from bot.handlers.clicks import Body
from bot.handlers.request import Request
from bot.messages import decision as messages
from bot.messages.message import Message


def register(app: App, linchpin: Context) -> None:
    """Listens to the buttons of decisions."""

    @app.action("decision:undo")
    def undo(ack: Ack, body: Body, context: BoltContext) -> None:
        clicks.act(linchpin, context["speaker"], body, _undo)
        ack()


def _undo(request: Request, decision_id: int) -> Message:
    tx, playbook = request.tx, request.playbook
    decision, account = decisions_undo.undo(tx, playbook, decision_id, request.by, request.now)
    stage = playbook.stage(account.stage)
    told = decisions_told.told(playbook, decision)
    return messages.undone(account.name, told, stage.name if stage else account.stage)
