"""Undo of a decision."""

from __future__ import annotations

from slack_bolt import Ack, App, BoltContext

from bot.actions.lifecycle import undo as lifecycle_undo
from bot.actions.lifecycle import views
from bot.actions.work import Work
from bot.context import Context
from bot.handlers.base import clicks
from bot.handlers.base.clicks import Body
from bot.handlers.base.request import Request
from bot.messages.kit.message import Message
from bot.messages.lifecycle import decision as messages


def register(app: App, linchpin: Context) -> None:
    """Listens to the buttons of decisions."""

    @app.action("decision:undo")
    def undo(ack: Ack, body: Body, context: BoltContext) -> None:
        clicks.run_action(linchpin, context["speaker"], body, _undo)
        ack()


def _undo(request: Request, decision_id: int) -> Message:
    tx, playbook = request.tx, request.playbook
    decision, account = lifecycle_undo.undo(
        Work(tx, playbook, request.now, request.by), decision_id
    )
    stage = playbook.stage(account.stage)
    told = views.decision_view(playbook, decision)
    return messages.undone(account.name, told, stage.name if stage else account.stage)
