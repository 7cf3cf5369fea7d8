"""One HTTP call with an end: slack_sdk's client, cut off after a total deadline. slack_sdk's
time-out is per read: an answer that drips a byte a second never ends. So each call runs in a thread
of its own, and what the thread brings after the deadline is dropped."""

import errno
import http.client
import logging
import os
import socket
import ssl
from collections import deque
from collections.abc import Callable
from functools import cache
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar
from urllib.error import URLError

from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProxyError
from urllib3.exceptions import SSLError as TLSError

T = TypeVar("T")

DEADLINE = 15.0  # seconds, for the whole call
# Threads without a call, as what they wait at; as many as there were calls at once.
_idle: deque[SimpleQueue[Callable[[], None]]] = deque()
os.register_at_fork(after_in_child=_idle.clear)  # threads stay behind in the parent
_NO_ROUTE_NAMES = "ECONNREFUSED ENETUNREACH EHOSTUNREACH ENETDOWN EHOSTDOWN EADDRNOTAVAIL".split()
_NO_ROUTE = {getattr(errno, name) for name in _NO_ROUTE_NAMES}


class CallTimedOut(Exception):
    """The call did not end within its deadline. It may still do its work."""


@cache
def tls_context() -> ssl.SSLContext:
    """One context for all calls and connections: making one for each costs 40 ms."""
    return ssl.create_default_context()


@cache
def quiet_logger() -> logging.Logger:
    """For slack_sdk: at DEBUG it would write every message's text into the log."""
    logger = logging.getLogger("linchpin.slack_sdk")
    logger.setLevel(logging.CRITICAL)
    return logger


def call_with_deadline(seconds: float, call: Callable[[], T]) -> T:
    """The call's result or exception; CallTimedOut after `seconds`, whatever it is doing."""
    answers: SimpleQueue[tuple[bool, Any]] = SimpleQueue()

    def run() -> None:
        try:
            answers.put((True, call()))
        except BaseException as error:  # handed to who waits
            answers.put((False, error))

    run_in_thread(run)
    try:
        worked, result = answers.get(timeout=seconds)
    except Empty:
        raise CallTimedOut(f"no complete answer within {seconds:g} s") from None
    if worked:
        return result  # type: ignore[no-any-return]
    raise result


def run_in_thread(work: Callable[[], None]) -> None:
    """Starts it in a thread that waits for some, or in a new one: some hang with their calls."""
    try:
        _idle.pop().put(work)
    except IndexError:
        Thread(target=_work_loop, args=(work,), name="slack-call", daemon=True).start()


def _work_loop(work: Callable[[], None]) -> None:
    inbox: SimpleQueue[Callable[[], None]] = SimpleQueue()
    while True:
        work()
        _idle.append(inbox)
        work = inbox.get()


def never_connected(error: BaseException) -> bool:
    """True if the error came before the request could leave: no name, no route, no trust."""
    reason = _root_cause(error)
    if isinstance(reason, ConnectTimeoutError | NewConnectionError):
        return True
    if isinstance(reason, socket.gaierror | ssl.SSLCertVerificationError | http.client.InvalidURL):
        return True
    return isinstance(reason, OSError) and reason.errno in _NO_ROUTE


def _root_cause(error: BaseException) -> object:
    """What urllib or urllib3 has wrapped up."""
    if isinstance(error, URLError):
        return error.reason
    if isinstance(error, ProxyError):
        return _root_cause(error.original_error)
    if isinstance(error, TLSError):
        return error.args[0] if error.args else error
    return error
