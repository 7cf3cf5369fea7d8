"""Builds the Bolt app, with access control, handlers and one error reply, and its HTTP endpoint."""

import logging
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltRequest, BoltResponse
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.context import Context
from bot.handlers import commands
from bot.handlers.accounts import forms as account_forms
from bot.handlers.accounts import value
from bot.handlers.advocacy import command as advocacy
from bot.handlers.advocacy import first_week
from bot.handlers.answers import forms as answers_forms
from bot.handlers.answers import known
from bot.handlers.briefs import buttons as briefs_buttons
from bot.handlers.contacts import people
from bot.handlers.contracts import contracts
from bot.handlers.conversation import listeners, shortcuts, showing
from bot.handlers.forms import listeners as forms_listeners
from bot.handlers.forms import suggestions
from bot.handlers.handoffs import buttons as handoffs_buttons
from bot.handlers.home import accounts as home_accounts
from bot.handlers.home import home, reminders, rows
from bot.handlers.imports import dropped_file
from bot.handlers.lifecycle import decision
from bot.handlers.lists import buttons as lists
from bot.handlers.members import command
from bot.handlers.playbook import playbook
from bot.handlers.promises import buttons as promises_buttons
from bot.handlers.touchpoints import buttons, reactions
from bot.handlers.workspace import events, setup, status
from bot.health import Health
from bot.messages.kit.blocks import text_message
from bot.refusals import refuse_request
from bot.speakers import AccessRefused, require_member

log = logging.getLogger(__name__)

HANDLERS = (
    commands,
    buttons,
    answers_forms,
    known,
    forms_listeners,
    suggestions,
    status,
    home,
    reminders,
    home_accounts,
    rows,
    shortcuts,
    reactions,
    lists,
    promises_buttons,
    handoffs_buttons,
    command,
    briefs_buttons,
    advocacy,
    decision,
    value,
    people,
    account_forms,
    first_week,
    contracts,
    listeners,
    showing,
    setup,
    dropped_file,
    playbook,
    events,
)

ERROR_TEXT = (
    "Something went wrong on my side, and nothing was changed. Try once more; if it stays, "
    "tell whoever runs Linchpin to look at its log."
)
# Events of a person, who must be allowed to speak; all others are about the workspace itself.
_MEMBER_EVENTS = (
    "reaction_added reaction_removed app_mention message app_home_opened file_shared".split()
)
_MESSAGE_EVENTS = ("app_mention", "message")


def build(linchpin: Context, signing_secret: str) -> App:
    """The app with every handler. Listeners commit before they ack: a failure is no 200."""
    app = App(
        name=__name__,  # or Bolt reads its caller's whole stack from the disk to find one
        authorize=_authorize(linchpin),
        signing_secret=signing_secret or "socket-mode-needs-none",
        client=WebClient(),
        process_before_response=True,
        ignoring_self_events_enabled=True,
        ssl_check_enabled=True,
        logger=_quiet_logger(),
    )
    app.middleware(_check_access(linchpin))
    for handlers in HANDLERS:
        handlers.register(app, linchpin)
    app.error(_on_error)
    return app


def wsgi(app: App, health: Health | None = None) -> Callable[..., Any]:
    """The HTTP endpoint: `POST /slack/events` for Slack, and the addresses of `health`."""
    slack = SlackRequestHandler(app, path="/slack/events")

    def endpoint(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        if health is not None and health.answers(environ.get("PATH_INFO", "")):
            return health(environ, start_response)
        return slack(environ, start_response)

    return endpoint


def _authorize(linchpin: Context) -> Callable[..., AuthorizeResult]:
    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        # The token stays in bot.slack: listeners have no other way out.
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=linchpin.workspace,
            bot_token="unused",
            bot_user_id=linchpin.bot_user,
        )

    return authorize


def _check_access(linchpin: Context) -> Callable[..., Any]:
    def admit(
        body: dict[str, Any], context: BoltContext, next: Callable[[], Any], ack: Ack
    ) -> BoltResponse | None:
        user = _acting_user(body)
        if user is not None:
            try:
                context["speaker"] = require_member(linchpin, user, linchpin.now())
            except AccessRefused as refused:
                return refuse_request(linchpin, body, user, refused, ack)
        next()
        return None

    return admit


def _acting_user(body: dict[str, Any]) -> str | None:
    """The user who did something, or None for an event of the workspace itself."""
    if body.get("type") == "event_callback":
        event = body.get("event", {})
        # Edits, joins and messages of bots are nobody's request: the listener ignores them.
        if event.get("type") in _MESSAGE_EVENTS and not listeners.is_from_person(event):
            return None
        person: str | None = event.get("user") or event.get("user_id")
        return person if event.get("type") in _MEMBER_EVENTS else None
    user: str | None = body.get("user_id") or body.get("user", {}).get("id")
    return user


def _on_error(error: Exception, body: dict[str, Any], request: BoltRequest) -> BoltResponse:
    """Commands get one sentence; events get no 200, so that Slack sends them again."""
    log.error("a request failed: %s", type(error).__name__, exc_info=error)
    if "command" in body:
        payload = text_message(ERROR_TEXT).payload()
        return BoltResponse(status=200, body={"response_type": "ephemeral", **payload})
    if body.get("type") == "view_submission":
        return _keep_form_open(body["view"])
    if body.get("type") == "block_suggestion":
        return BoltResponse(status=200, body={"options": []})
    return BoltResponse(status=500, body="")


def _keep_form_open(view: dict[str, Any]) -> BoltResponse:
    """A form that failed keeps what was typed into it."""
    inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    if not inputs:  # Slack shows an error only below an input
        return BoltResponse(status=200, body="")
    errors = {inputs[0]: ERROR_TEXT}
    return BoltResponse(status=200, body={"response_action": "errors", "errors": errors})


def _quiet_logger() -> logging.Logger:
    """Bolt's logger without INFO, where it logs the body of a request with a bad signature."""
    logger = logging.getLogger("bot.bolt")
    logger.setLevel(logging.WARNING)
    logger.addFilter(_is_relevant)
    return logger


def _is_relevant(record: logging.LogRecord) -> bool:
    """False for Bolt's warning that it does not use the SLACK_BOT_TOKEN of the environment."""
    return "`token` will be unused" not in record.getMessage()
