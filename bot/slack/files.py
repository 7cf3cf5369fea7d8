"""Fetches files from Slack: the bot's token goes along, so only Slack itself may be asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from bot.slack.http_call import tls_context
from bot.slack.pagination import CouldNotRead

_METHOD = "files.download"


class _NoRedirect(HTTPRedirectHandler):
    """A redirect is Slack's login page, or leads away with the token in the headers."""

    def redirect_request(self, *_args: Any, **_named: Any) -> None:
        return None


@dataclass(frozen=True)
class FileDownload:
    """Knows the token and where Slack is; called with an address and the most bytes to take."""

    token: str
    api_url: str

    def __call__(self, url: str, most: int) -> bytes:
        if not self.is_slack(url):
            raise CouldNotRead(_METHOD, "not Slack's own address")
        request = Request(url, headers={"Authorization": f"Bearer {self.token}"})
        opener = build_opener(_NoRedirect, HTTPSHandler(context=tls_context()))
        with opener.open(request) as answer:
            # Without the scope Slack answers with a page to log in at, and 200.
            if "html" in answer.headers.get_content_type():
                raise CouldNotRead(_METHOD, "missing_scope")
            data: bytes = answer.read(most + 1)
        if len(data) > most:
            raise CouldNotRead(_METHOD, "too_large")
        return data

    def is_slack(self, url: str) -> bool:
        asked, api = urlsplit(url), urlsplit(self.api_url)
        if asked.netloc == api.netloc and asked.scheme == api.scheme:
            return True
        host = asked.hostname or ""
        return asked.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))


def upload_bytes(url: str, data: bytes, is_slack: Callable[[str], bool]) -> None:
    """Sends a file's bytes to the address that Slack named for them; CouldNotRead if it did not
    take them. No token goes along: the address is the permission."""
    if not is_slack(url):
        raise CouldNotRead("files.put", "not Slack's own address")
    head = {"Content-Type": "application/octet-stream"}
    opener = build_opener(_NoRedirect, HTTPSHandler(context=tls_context()))
    with opener.open(Request(url, data=data, headers=head, method="POST")) as answer:
        if answer.status != 200:
            raise CouldNotRead("files.put", f"HTTP {answer.status}")


def find_header(headers: Mapping[str, Any], name: str) -> str | None:
    """A header's value whatever its letters' case; None when it is not there."""
    for key, value in dict(headers).items():
        if key.lower() == name:
            return str(value[0] if isinstance(value, list) else value)
    return None
