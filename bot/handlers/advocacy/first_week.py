"""The two questions of the first week: their form, opened and submitted."""

from slack_bolt import App
from slack_sdk.models.views import View

from bot.actions.advocacy import first_week
from bot.context import Context
from bot.handlers.base.clicks import form_listener
from bot.handlers.base.form import Form
from bot.handlers.base.request import Request
from bot.handlers.base.worth import parse_worth
from bot.messages.advocacy import first_week as messages
from bot.messages.kit.message import Message
from db.models import Account


def register(app: App, linchpin: Context) -> None:
    """Listens to Answer…."""
    app.action("first:answer")(form_listener(linchpin, _form))


def _form(request: Request, account_id: int) -> View:
    account = request.tx.require(Account, account_id)
    return messages.form(account.id, account.name, account.renews_on, request.today)


def submit(form: Form) -> Message:
    """Keeps the answers."""
    value, advocate = form.text("value"), form.text("advocate")
    worth = parse_worth(form, "value") if value else None
    account_id = int(form.ids["account"])
    return first_week.save_answer(form.request.work, account_id, value, worth, advocate)
