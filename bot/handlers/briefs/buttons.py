""" "Ask Marketing" beside a gap of a brief, and "Show details"."""

import re

from slack_bolt import App
from slack_sdk.models.views import View

from bot.actions.briefs import briefs as actions
from bot.context import Context
from bot.handlers.base import clicks
from bot.handlers.base.clicks import form_listener
from bot.handlers.base.request import Request
from bot.messages.accounts.forms import result
from bot.messages.briefs import brief as messages
from db.models import Account, Brief, Member

_PREFIX = "brief:ask:"


def register(app: App, linchpin: Context) -> None:
    """Listens to the buttons of briefs."""
    app.action("brief:details")(form_listener(linchpin, _details))
    app.action(re.compile(rf"^{_PREFIX}"))(clicks.listener(linchpin, _ask))


def _details(request: Request, brief_id: int) -> View:
    brief = request.tx.require(Brief, brief_id)
    account = request.tx.require(Account, brief.account_id)
    return result(messages.details(actions.load_view(request.work, account, brief)))


def _ask(context: Context, speaker: Member, body: clicks.Body) -> None:
    gap = body["actions"][0]["action_id"].removeprefix(_PREFIX)

    def ask_for_gap(request: Request, brief_id: int) -> None:
        actions.ask_for_gap(request.work, brief_id, gap)

    clicks.run_action(context, speaker, body, ask_for_gap)
