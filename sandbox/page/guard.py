"""Who may talk to the page: a browser on this machine, and only our own page in it.

The page can act as anybody, so another web site open in the same browser must not reach it: the
Host check stops DNS rebinding, the same-origin check stops posts from other sites.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from sandbox.errors import NotPossible

Json = dict[str, Any]
Deed = Callable[[Json], Json]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
LONGEST_BODY = 200_000


class Refused(Exception):
    """The request is not for us. `status` is HTTP's, the text says why in a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def is_loopback(host: str) -> bool:
    """True for this machine's own names and addresses (without port)."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_local(request: Request) -> None:
    """Raise Refused when the caller, or the name it used for us, is not this machine."""
    host = urlsplit("//" + request.headers.get("host", "")).hostname or ""
    if not is_loopback(host):
        raise Refused(421, "The sandbox answers only to 127.0.0.1 or localhost.")
    if request.client is None or not is_loopback(request.client.host):
        raise Refused(403, "The sandbox answers only to this machine.")


def check_same_origin(headers: Mapping[str, str], own: str) -> None:
    """Raise Refused for a post that another site's page made. `own` is our scheme://host:port."""
    site = headers.get("sec-fetch-site", "same-origin")
    origin = headers.get("origin", own)
    if site not in ("same-origin", "none") or origin != own:
        raise Refused(403, "This came from another site; open the sandbox's own page.")
    if not headers.get("content-type", "").startswith("application/json"):
        raise Refused(415, "Send JSON.")


async def read_json(request: Request) -> Json:
    """The body as a JSON object; Refused when it is none."""
    body = await request.body()
    if len(body) > LONGEST_BODY:
        raise Refused(413, "That is too long.")
    try:
        found = json.loads(body)
    except ValueError:
        raise Refused(400, "Send JSON.") from None
    if not isinstance(found, dict):
        raise Refused(400, "Send a JSON object.")
    return found


def shown(produce: Callable[[Request], Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
    """An endpoint for GET: local only, with the page's headers."""

    async def endpoint(request: Request) -> Response:
        try:
            check_local(request)
            answer = await produce(request)
        except (Refused, NotPossible) as error:
            answer = refusal(error)
        answer.headers.update(HEADERS)
        return answer

    return endpoint


def done(deed: Deed) -> Callable[..., Awaitable[Response]]:
    """An endpoint for POST: local and same-origin only; `deed` runs in a thread, as it may wait."""

    async def endpoint(request: Request) -> Response:
        try:
            check_local(request)
            check_same_origin(request.headers, f"{request.url.scheme}://{request.headers['host']}")
            answer: Response = JSONResponse(await run_in_threadpool(deed, await read_json(request)))
        except (Refused, NotPossible) as error:
            answer = refusal(error, as_json=True)
        answer.headers.update(HEADERS)
        return answer

    return endpoint


def refusal(error: Exception, *, as_json: bool = False) -> Response:
    """The answer to what cannot be done: a sentence, and a 4xx status."""
    status = error.status if isinstance(error, Refused) else 400
    if as_json:
        return JSONResponse({"ok": False, "error": str(error)}, status)
    return PlainTextResponse(str(error), status)
