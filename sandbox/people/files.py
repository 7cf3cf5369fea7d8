"""Files that people put into conversations, and how the bot gets at them.

Honest about little: there is no deletion, and nothing but `files.info`, the download with the
bot's token, and the two calls of an upload. What the bot uploads is processed, as in Slack, a
little later: until then its type is empty and no block may show it. Here that is PROCESSING
seconds of the workspace's clock, or once `files.info` has been asked, as a clock may stand still.
"""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sandbox.blocks import shapes
from sandbox.errors import SlackError
from sandbox.http.bot_endpoint import BotEndpoint
from sandbox.model import Channel, File, Json, Person, SlackMessage, Upload
from sandbox.people import access
from sandbox.people.deeds import MESSAGES_OF, writable
from sandbox.state import BOT_USER, Workspace

NEEDS = "files:read"
WRITES = "files:write"
LONGEST_ALT = 1000
PROCESSING = 2


def upload(
    endpoint: BotEndpoint,
    who: str | Person,
    where: str | Channel,
    name: str,
    data: bytes,
    text: str,
) -> SlackMessage:
    """Put a file into a conversation: a message with it, and `file_shared`."""
    ws = endpoint.ws
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
    endpoint.event(message, place, MESSAGES_OF[place.kind])
    endpoint.event(shared, place)
    return post


def upload_url(ws: Workspace, args: Json) -> Json:
    """files.getUploadURLExternal: an address that takes the bytes once, and the file's id to be."""
    _check_scope(ws, WRITES)
    if not args["length"].isdecimal() or int(args["length"]) == 0:
        raise SlackError("invalid_arguments", ["[ERROR] length must be the number of bytes"])
    if len(args.get("alt_txt", "")) > LONGEST_ALT:
        raise SlackError("invalid_arguments", ["[ERROR] alt_txt is longer than 1000 characters"])
    file_id = ws.ids.next("F")
    ws.uploads[file_id] = Upload(args["filename"], int(args["length"]), args.get("alt_txt", ""))
    return {"upload_url": f"{ws.url}/upload/{file_id}", "file_id": file_id}


def take_bytes(ws: Workspace, file_id: str, data: bytes) -> Response:
    """What is sent to an upload's address."""
    with ws.lock:
        waiting = ws.uploads.get(file_id)
        if waiting is None or waiting.length != len(data):
            return Response(status_code=400)
        waiting.data = data
    return Response(f"OK - {len(data)}")


def complete(ws: Workspace, args: Json) -> Json:
    """files.completeUploadExternal: the files are there, and shared into a conversation."""
    _check_scope(ws, WRITES)
    done = []
    place = access.channel(ws, args["channel_id"]) if "channel_id" in args else None
    if place is not None and BOT_USER not in place.members:
        raise SlackError("not_in_channel")
    for named in args["files"]:
        waiting = ws.uploads.pop(str(named.get("id")), None)
        if waiting is None or not waiting.data:
            raise SlackError("file_not_found")
        file = File(
            str(named["id"]),
            waiting.name,
            waiting.data,
            BOT_USER,
            place.id if place else "",
            ws.epoch(),
            waiting.alt,
            str(named.get("title") or waiting.name),
            ws.epoch() + PROCESSING,
        )
        ws.files[file.id] = file
        done.append(file)
    if place is not None:
        post = SlackMessage(ws.mint_ts(), place.id, BOT_USER, "", thread_ts=args.get("thread_ts"))
        post.subtype, post.files = "file_share", [shapes.file(file, ws.url) for file in done]
        ws.add(post)
    return {"files": [shapes.file(file, ws.url, processed=False) for file in done]}


def info(ws: Workspace, args: Json) -> Json:
    """files.info."""
    _check_scope(ws)
    file = access.file(ws, args["file"])
    ws.files[file.id] = replace(file, processed_at=0)
    processed = file.processed_at <= ws.epoch()
    return {"file": shapes.file(file, ws.url, processed), "comments": []}


def download(ws: Workspace, request: Request, token: str) -> Response:
    """What stands at `url_private_download`; without the right token a login page, as in Slack."""
    file = ws.files.get(request.path_params["file"])
    allowed = ws.switches.scopes is None or NEEDS in ws.switches.scopes
    if token != ws.bot_token or ws.token_error or not allowed:
        return RedirectResponse(ws.url + "/signin", 302)
    if file is None:
        return Response(status_code=404)
    return Response(file.data, media_type=shapes.mimetype(file))


def _check_scope(ws: Workspace, needed: str = NEEDS) -> None:
    if ws.switches.scopes is not None and needed not in ws.switches.scopes:
        raise SlackError("missing_scope")


METHODS = {
    "files.info": info,
    "files.getUploadURLExternal": upload_url,
    "files.completeUploadExternal": complete,
}
