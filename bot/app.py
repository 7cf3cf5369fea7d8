"""Builds the Bolt app, with access control, handlers and one error reply, and its HTTP endpoint."""

import logging
from collections.abc import Callable
from importlib import import_module
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltRequest, BoltResponse
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.context import Context
from bot.handlers.conversation.listeners import is_from_person
from bot.health import Health
from bot.messages.kit.blocks import text_message
from bot.refusals import refuse_request
from bot.speakers import AccessRefused, require_member

log = logging.getLogger(__name__)

_HANDLERS = (
    "commands touchpoints.buttons answers.forms answers.known forms.listeners forms.suggestions "
    "workspace.status home.home home.reminders home.accounts home.rows conversation.shortcuts "
    "touchpoints.reactions lists.buttons promises.buttons handoffs.buttons members.command "
    "briefs.buttons advocacy.command lifecycle.decision accounts.value contacts.people "
    "accounts.forms advocacy.first_week contracts.contracts conversation.listeners "
    "conversation.showing workspace.setup imports.dropped_file workspace.workflow_steps "
    "playbook.playbook workspace.events"
).split()
#: What listens: each module has `register(app, context)`.
HANDLERS = tuple(import_module(f"bot.handlers.{name}") for name in _HANDLERS)

ERROR_TEXT = (
    "Something went wrong on my side, and nothing was changed. Try once more; if it stays, "
    "tell whoever runs Linchpin to look at its log."
)
# Events of a person, who must be allowed to speak; all others are about the workspace itself.
_MEMBER_EVENTS = (
    "reaction_added reaction_removed app_mention message app_home_opened file_shared".split()
)
_MESSAGE_EVENTS = ("app_mention", "message")
_STEP_EVENT = "function_executed"


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
        if event.get("type") in _MESSAGE_EVENTS and not is_from_person(event):
            return None
        # Slack does not say who used a workflow: its step names a person.
        if event.get("type") == _STEP_EVENT:
            chosen = (event.get("inputs") or {}).get("person")
            return chosen if isinstance(chosen, str) and chosen else None
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
