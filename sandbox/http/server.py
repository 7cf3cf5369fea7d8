"""Real HTTP on loopback: Web API, response urls, the Socket Mode link, the page's routes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import BaseRoute, Route, WebSocketRoute

from sandbox.errors import SlackError
from sandbox.http import replies
from sandbox.http.listening import Listening, drop
from sandbox.http.socket_mode import SocketEndpoint
from sandbox.model import Json
from sandbox.people import files
from sandbox.state import Workspace
from sandbox.web_api import web_api


class Server:
    """The workspace over HTTP."""

    def __init__(self, ws: Workspace, link: SocketEndpoint) -> None:
        self.ws = ws
        self.link = link
        self._listening: Listening | None = None

    def start(self, port: int, routes: Sequence[BaseRoute]) -> str:
        """Listen and return the url."""
        self._listening = Listening(self._app(routes), port)
        return f"http://127.0.0.1:{self._listening.port}"

    def stop(self) -> None:
        """Finish what is under way (1 s at most) and end the thread."""
        if self._listening is not None:
            self._listening.close()
        self._listening = None

    def _app(self, routes: Sequence[BaseRoute]) -> Starlette:
        own = [
            Route("/api/{method}", self._api, methods=["GET", "POST"]),
            Route("/response/{name}", self._response_url, methods=["POST"]),
            Route("/files/{file}/{name}", self._file),
            Route("/upload/{file}", self._upload, methods=["POST"]),
            Route("/signin", _signin),
            WebSocketRoute("/link", self.link.endpoint),
        ]
        return Starlette(routes=[*own, *routes])

    async def _api(self, request: Request) -> Response:
        method = request.path_params["method"]
        try:
            given = await _arguments(request)
        except SlackError as error:
            return JSONResponse(web_api.refusal(error).body)
        reply = web_api.handle(self.ws, method, given, _token(request, given))
        if reply.wait:
            await asyncio.sleep(reply.wait)
        if reply.drop:
            await drop(request.scope)
        if reply.drip:
            return _dripping(reply)
        return JSONResponse(reply.body, reply.status, reply.headers)

    async def _file(self, request: Request) -> Response:
        return files.download(self.ws, request, _token(request, {}))

    async def _upload(self, request: Request) -> Response:
        data = await request.body()
        return files.take_bytes(self.ws, request.path_params["file"], data)

    async def _response_url(self, request: Request) -> Response:
        try:
            body = json.loads(await request.body())
            replies.by_response_url(self.ws, request.path_params["name"], body)
        except SlackError as error:
            status = error.status if error.status != 200 else 400
            return JSONResponse({"ok": False, "error": error.error}, status)
        except ValueError:
            return JSONResponse({"ok": False, "error": "invalid_payload"}, 400)
        return PlainTextResponse("ok")


async def _signin(_request: Request) -> Response:
    return HTMLResponse("<!doctype html><title>Sign in</title>")


def _dripping(reply: web_api.Reply) -> Response:
    """An answer that comes a byte at a time: a time-out for each read never ends it."""
    body = json.dumps(reply.body).encode()

    async def drops() -> AsyncIterator[bytes]:
        for at in range(len(body)):
            await asyncio.sleep(reply.drip / len(body))
            yield body[at : at + 1]

    headers = {"Content-Length": str(len(body))}
    return StreamingResponse(drops(), headers=headers, media_type="application/json")


async def _arguments(request: Request) -> Json:
    """The arguments of a call: query, form or JSON body."""
    raw = (await request.body()).decode()
    given: Json = dict(parse_qsl(request.url.query, keep_blank_values=True))
    kind = request.headers.get("content-type", "")
    if not raw:
        return given
    if "application/json" not in kind:
        return given | dict(parse_qsl(raw, keep_blank_values=True))
    try:
        body = json.loads(raw)
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return given | body


def _token(request: Request, given: Json) -> str:
    header = request.headers.get("authorization", "")
    return header.removeprefix("Bearer ").strip() or str(given.get("token", ""))
