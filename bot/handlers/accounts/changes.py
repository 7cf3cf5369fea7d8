"""The Undo button of a changed account."""

from slack_bolt import App

from bot.actions.lifecycle import changes
from bot.context import Context
from bot.handlers.base.clicks import action_listener


def register(app: App, linchpin: Context) -> None:
    """Listens to Undo."""
    undo = action_listener(linchpin, lambda request, change: changes.undo(request.work, change))
    app.action("account:undo")(undo)
