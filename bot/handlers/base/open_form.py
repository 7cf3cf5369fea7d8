"""Opens forms while the trigger lives that Slack sent with a click or a command."""

from __future__ import annotations

from slack_sdk.models.views import View

from bot.context import Context
from bot.slack import CouldNotRead

#: Seconds that Slack gets to open a form: the trigger lives for three, and the ack waits for it.
OPENS_WITHIN = 2.0
DID_NOT_OPEN = "Slack did not open the form just now, and nothing was changed. Try once more."


def open_form(context: Context, trigger_id: str, view: View) -> bool:
    """Shows a form to whoever's doing gave the trigger; False when Slack did not open it.

    Never call it inside a transaction: it waits for Slack.
    """
    try:
        context.slack.open_view(trigger_id, view.to_dict(), OPENS_WITHIN)
    except CouldNotRead:
        return False
    return True
