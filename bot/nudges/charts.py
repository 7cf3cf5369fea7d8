"""Draws a picture and puts it into Slack: its facts stand in the outbox, it is drawn here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.messages.digests import chart
from bot.slack import Outcome, Slack

_DRAWERS: Mapping[str, Callable[[Mapping[str, Any]], bytes]] = {chart.KIND: chart.draw_chart}


class NotDrawn(Exception):
    """There is no picture, and so no call; why."""


def send_chart(slack: Slack, args: Mapping[str, Any], left: timedelta) -> Outcome:
    """Uploads the picture of an outbox row into its thread; `left` is what its lease still has.

    Raises `NotDrawn`.
    """
    data = _draw(args)
    return slack.upload(
        name=args["file_name"],
        title=args["title"],
        alt=args["alt"],
        data=data,
        channel=args["channel"],
        thread_ts=args["thread_ts"],
        deadline=left.total_seconds(),
    )


def _draw(args: Mapping[str, Any]) -> bytes:
    try:
        return _DRAWERS[args["picture"]](args["facts"])
    except ImportError:
        raise NotDrawn("no matplotlib here") from None
    except Exception as error:  # one that cannot be drawn is no reason to stop the others
        raise NotDrawn(f"it cannot be drawn: {type(error).__name__}") from error
