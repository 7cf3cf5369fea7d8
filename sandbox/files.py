"""Files that people put into conversations, and how the bot gets at them.

Honest about little: a file is shared into one conversation, whole, at once; there is no preview,
no deletion, and nothing but `files.info` and the download with the bot's token.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sandbox import access, shapes
from sandbox.bot_door import BotDoor
from sandbox.deeds import MESSAGES_OF, writable
from sandbox.errors import SlackError
from sandbox.model import Channel, File, Json, Person, SlackMessage
from sandbox.state import BOT_USER, Workspace

NEEDS = "files:read"


def upload(
    door: BotDoor, who: str | Person, where: str | Channel, name: str, data: bytes, text: str
) -> SlackMessage:
    """Put a file into a conversation: a message with it, and `file_shared`."""
    ws = door.ws
    with ws.lock:
        person, place = writable(ws, who, where)
        file = File(ws.ids.next("F"), name, data, person.id, place.id, ws.epoch())
        ws.files[file.id] = file
        post = SlackMessage(ws.mint_ts(), place.id, person.id, text, subtype="file_share")
        post.files = [shapes.file(file, ws.url)]
        ws.add(post)
        message = shapes.message(post, ws) | {
            "channel": place.id,
            "channel_type": place.kind,
            "event_ts": post.ts,
        }
        shared: Json = {
            "type": "file_shared",
            "file_id": file.id,
            "user_id": person.id,
            "file": {"id": file.id},
            "channel_id": place.id,
            "event_ts": ws.mint_ts(),
        }
    door.event(message, place, MESSAGES_OF[place.kind])
    door.event(shared, place)
    return post


def info(ws: Workspace, args: Json) -> Json:
    """files.info."""
    _check_scope(ws)
    file = ws.files.get(args["file"])
    if file is None or BOT_USER not in access.channel(ws, file.channel).members:
        raise SlackError("file_not_found")
    return {"file": shapes.file(file, ws.url), "comments": []}


def download(ws: Workspace, request: Request, token: str) -> Response:
    """What stands at `url_private_download`; without the right token a login page, as in Slack."""
    file = ws.files.get(request.path_params["file"])
    allowed = ws.switches.scopes is None or NEEDS in ws.switches.scopes
    if token != ws.bot_token or ws.token_error or not allowed:
        return RedirectResponse(ws.url + "/signin", 302)
    if file is None:
        return Response(status_code=404)
    return Response(file.data, media_type="text/csv")


def _check_scope(ws: Workspace) -> None:
    if ws.switches.scopes is not None and NEEDS not in ws.switches.scopes:
        raise SlackError("missing_scope")


METHODS = {"files.info": info}
