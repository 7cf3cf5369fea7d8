"""One HTTP call with an end: slack_sdk's client, cut off after a total deadline.

slack_sdk's time-out is per read: an answer that drips a byte a second never ends. So the call runs
in a thread of its own, and whoever waits stops waiting. What the thread brings later is dropped.
Connections are not kept alive: one that Slack has closed meanwhile breaks in a way that cannot be
told from a lost answer, and every such post would have to be read back.
"""

from __future__ import annotations

import errno
import http.client
import logging
import socket
import ssl
from collections.abc import Callable
from functools import cache
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar
from urllib.error import URLError

T = TypeVar("T")

DEADLINE = 15.0  # seconds, for the whole call
_NO_ROUTE = {
    errno.ECONNREFUSED,
    errno.ENETUNREACH,
    errno.EHOSTUNREACH,
    errno.ENETDOWN,
    errno.EHOSTDOWN,
    errno.EADDRNOTAVAIL,
}


class TooLong(Exception):
    """The call did not end within its deadline. It may still do its work."""


@cache
def tls() -> ssl.SSLContext:
    """One context for all calls: making one for each costs 20 ms."""
    return ssl.create_default_context()


@cache
def quiet_logger() -> logging.Logger:
    """For slack_sdk: at DEBUG it would write every message's text into the log."""
    logger = logging.getLogger("linchpin.slack_sdk")
    logger.setLevel(logging.CRITICAL)
    return logger


def within(seconds: float, call: Callable[[], T]) -> T:
    """The call's result or exception; TooLong after `seconds`, whatever the call is doing."""
    answers: SimpleQueue[tuple[bool, Any]] = SimpleQueue()

    def run() -> None:
        try:
            answers.put((True, call()))
        except BaseException as error:  # handed to who waits
            answers.put((False, error))

    Thread(target=run, name="slack-call", daemon=True).start()
    try:
        worked, result = answers.get(timeout=seconds)
    except Empty:
        raise TooLong(f"no complete answer within {seconds:g} s") from None
    if worked:
        return result  # type: ignore[no-any-return]
    raise result


def never_connected(error: BaseException) -> bool:
    """True if the error came before the request could leave: no name, no route, no trust."""
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, socket.gaierror | ssl.SSLCertVerificationError | http.client.InvalidURL):
        return True
    return isinstance(reason, OSError) and reason.errno in _NO_ROUTE
