"""Draws the picture of an outbox row, which holds its facts, and uploads it to Slack."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.messages.digests import chart
from bot.slack import Outcome, Slack

_DRAWERS: Mapping[str, Callable[[Mapping[str, Any]], bytes]] = {chart.KIND: chart.draw_chart}


class NotDrawn(Exception):
    """There is no picture, and so no call; the message says why."""


def send_chart(slack: Slack, args: Mapping[str, Any], left: timedelta) -> Outcome:
    """Uploads the picture of an outbox row into its thread, within what is `left` of its lease.

    Raises `NotDrawn`.
    """
    try:
        data = _DRAWERS[args["picture"]](args["facts"])
    except ImportError:
        raise NotDrawn("no matplotlib here") from None
    except Exception as error:  # whatever it is, other messages go on
        raise NotDrawn(f"it cannot be drawn: {type(error).__name__}") from error
    return slack.upload(
        name=args["file_name"],
        title=args["title"],
        alt=args["alt"],
        data=data,
        channel=args["channel"],
        thread_ts=args["thread_ts"],
        deadline=left.total_seconds(),
    )
