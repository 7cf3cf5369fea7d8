"""Which modules must keep real time while a test freezes it with freezegun."""

from __future__ import annotations

FREEZE_IGNORE = [
    "asyncio",
    "uvicorn",
    "starlette",
    "anyio",
    "websockets",
    "h11",
    "slack_sdk.socket_mode",
    "sandbox.stopwatch",
]
"""Give it to `freezegun.configure(extend_ignore_list=...)` before the sandbox is served.

Without it the server's event loop believes that no time passes and never wakes up.
"""
