"""What the bot says back in an ack or by a response_url, and how it appears."""

from __future__ import annotations

from typing import Any

from sandbox.blocks.checks import Check, Report, Shape, anything, boolean, one_of
from sandbox.blocks.rules import check_message, check_metadata
from sandbox.errors import SlackError
from sandbox.http.tickets import ResponseTicket
from sandbox.model import Change, Ephemeral, Json, SlackMessage
from sandbox.people import access
from sandbox.state import BOT_USER, Workspace
from sandbox.web_api import chat

_FIELDS: dict[str, Check] = {
    "response_type": one_of("ephemeral", "in_channel"),
    "replace_original": boolean,
    "delete_original": boolean,
    **dict.fromkeys(
        ("text", "blocks", "thread_ts", "metadata", "mrkdwn", "parse", "link_names"), anything
    ),
    **dict.fromkeys(("unfurl_links", "unfurl_media"), anything),
}
REPLY = Shape(_FIELDS)

Shown = Ephemeral | SlackMessage


def by_response_url(ws: Workspace, name: str, body: Any) -> None:
    """Do what a POST to a response_url asks. SlackError when it may not or is malformed."""
    with ws.lock:
        ticket = ws.tickets.use_response(name, ws.now())
        try:
            show(ws, ticket, body)
        except SlackError as error:
            ws.complain(f"response_url: {error}")
            raise


def show(ws: Workspace, ticket: ResponseTicket, body: Any) -> Shown | None:
    """Show a reply for the ticket's user, or in the channel. Raises SlackError."""
    _check_fields(body)
    if body.get("delete_original"):
        _remove(ws, ticket)
        return None
    check_message(body.get("text"), body.get("blocks"), shows=access.pictures(ws))
    check_metadata(body.get("metadata"))
    if body.get("replace_original"):
        return _replace(ws, ticket, body)
    if body.get("response_type") == "in_channel":
        place = ws.channels[ticket.channel]
        return ws.add(chat.bot_message(ws, place, body))
    return whisper(ws, ticket, body["text"], body.get("blocks"))


def _check_fields(body: Any) -> None:
    report = Report()
    REPLY(report, "", body)
    if report.problems:
        raise SlackError("invalid_arguments", report.problems)


def whisper(
    ws: Workspace, ticket: ResponseTicket, text: str, blocks: list[Json] | None = None
) -> Ephemeral:
    """Show something to the ticket's user only."""
    kept = chat.kept_blocks(ws, blocks)
    ts = ws.mint_ts()
    shown = Ephemeral(ts, ticket.channel, ticket.user, text, kept, ticket.thread_ts, BOT_USER, ts)
    return ws.whisper(shown)


def _original(ws: Workspace, ticket: ResponseTicket) -> Shown:
    found: Shown | None = ws.message(ticket.channel, ticket.on_ts)
    if ticket.on_ephemeral:
        found = next((w for w in ws.whispers if w.ts == ticket.on_ts), None)
    if found is None:
        raise SlackError("message_not_found", status=404)
    return found


def _replace(ws: Workspace, ticket: ResponseTicket, body: Json) -> Shown:
    shown = _original(ws, ticket)
    shown.text = body["text"]
    shown.blocks = chat.kept_blocks(ws, body.get("blocks"))
    if isinstance(shown, Ephemeral):
        shown.shown_at = ws.mint_ts()
        ws.announce(Change("ephemeral", shown.channel, shown.viewer))
    else:
        shown.edited = {"user": BOT_USER, "ts": ws.mint_ts()}
        ws.announce(Change("message", shown.channel))
    return shown


def _remove(ws: Workspace, ticket: ResponseTicket) -> None:
    shown = _original(ws, ticket)
    if isinstance(shown, Ephemeral):
        ws.whispers.remove(shown)
        ws.announce(Change("ephemeral", shown.channel, shown.viewer))
    else:
        del ws.posts[shown.channel][shown.ts]
        ws.announce(Change("message", shown.channel))
