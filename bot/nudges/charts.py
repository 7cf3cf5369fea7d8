"""Sends a message with a picture in it: draws it, uploads it, and posts the message with its id."""

import logging
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.messages.digests import chart
from bot.slack import CouldNotRead, Outcome, Refused, Slack

#: Slack looks through an upload before it lets a message show it: seconds between two questions.
_PAUSES = (0.2, 1.0, 2.0, 4.0)
_NOT_SHOWN = "invalid_blocks"

log = logging.getLogger(__name__)


def post_with_picture(slack: Slack, args: Mapping[str, Any], left: timedelta) -> Outcome:
    """Posts the message of an outbox row with its picture, within what is `left` of its lease.
    Nobody sees an upload that no message shows, so a second try after a crash is no second picture.
    Whatever goes wrong with the picture, the message comes with its numbers in words instead."""
    picture, message = args["picture"], {k: v for k, v in args.items() if k != "picture"}
    in_words = {**message, "blocks": [_in_words(block) for block in message["blocks"]]}
    file_id = _upload(slack, picture, left.total_seconds() / 2)
    if file_id is None:
        return slack.send("chat.postMessage", in_words)
    shown = [_with_file(block, file_id) for block in message["blocks"]]
    outcome = slack.send("chat.postMessage", {**message, "blocks": shown})
    if isinstance(outcome, Refused) and outcome.error == _NOT_SHOWN:
        log.warning("Slack does not show the picture %s", file_id)
        return slack.send("chat.postMessage", in_words)
    return outcome


def _upload(slack: Slack, picture: Mapping[str, Any], seconds: float) -> str | None:
    """The id of the uploaded picture; None where there is none."""
    try:
        data = chart.draw_chart(picture["facts"])
        alt = chart.chart_alt_text(picture["facts"])
        named = {"name": picture["name"], "title": picture["title"], "alt": alt}
        file_id = slack.upload(**named, data=data, deadline=seconds)
    except Exception as error:  # whatever it is, the message goes
        log.warning("no picture: %s", error)
        return None
    _wait_until_shown(slack, file_id)
    return file_id


def _wait_until_shown(slack: Slack, file_id: str) -> None:
    """Waits a moment until Slack has looked through the upload, if it says so."""
    for pause in _PAUSES:
        time.sleep(pause)
        try:
            if slack.file(file_id).is_processed:
                return
        except CouldNotRead:
            continue


def _with_file(block: Mapping[str, Any], file_id: str) -> Mapping[str, Any]:
    return {**block, "slack_file": {"id": file_id}} if block["type"] == "image" else block


def _in_words(block: Mapping[str, Any]) -> Mapping[str, Any]:
    if block["type"] != "image":
        return block
    words = {"type": "mrkdwn", "text": block["alt_text"], "verbatim": True}
    return {"type": "context", "elements": [words]}
