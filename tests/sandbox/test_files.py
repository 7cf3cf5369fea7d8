"""Pictures that the bot uploads without a channel, and shows in an image block."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox import Sandbox
from tests.sandbox.conftest import Clock


def uploaded(api: WebClient, name: str = "chart.png") -> dict[str, Any]:
    """The file as files.completeUploadExternal tells it, shared nowhere."""
    asked = api.files_getUploadURLExternal(filename=name, length=3)
    httpx.post(asked["upload_url"], content=b"abc")
    done = api.files_completeUploadExternal(files=[{"id": asked["file_id"], "title": "Renewals"}])
    file: dict[str, Any] = done["files"][0]
    return file


def show(api: WebClient, **file: str) -> None:
    block = {"type": "image", "slack_file": file, "alt_text": "Renewals by month: Dec 9, Jan 60"}
    api.chat_postMessage(channel="C0CUSTOMERS", text="The week", blocks=[block])


def refusal(api: WebClient, **file: str) -> list[str]:
    with pytest.raises(SlackApiError) as caught:
        show(api, **file)
    assert caught.value.response["error"] == "invalid_blocks"
    words: list[str] = caught.value.response["errors"]
    return words


def test_a_picture_is_shown_once_it_is_processed(api: WebClient, clock: Clock, sb: Sandbox) -> None:
    file = uploaded(api)
    assert (file["mimetype"], file["channels"]) == ("", [])
    assert refusal(api, id=file["id"]) == ["invalid slack file [json-pointer:/blocks/0/slack_file]"]
    clock.forward(seconds=2)
    show(api, id=file["id"])
    show(api, url=file["url_private"])
    assert len(sb.messages("#customers")) == 2
    assert [one for one in sb.messages("#customers") if one.files] == []


def test_asking_for_the_file_until_it_has_a_type_is_enough_where_the_clock_stands(
    api: WebClient,
) -> None:
    id = uploaded(api)["id"]
    types = [api.files_info(file=id)["file"]["mimetype"] for _ in range(2)]
    assert types == ["", "image/png"]
    show(api, id=id)


def test_what_is_no_picture_or_not_there_is_not_shown(api: WebClient, clock: Clock) -> None:
    table = uploaded(api, "accounts.csv")["id"]
    clock.forward(seconds=2)
    assert refusal(api, id=table) == refusal(api, id="F00009999")


def test_a_picture_of_people_among_themselves_is_not_the_bots(sb: Sandbox, api: WebClient) -> None:
    hidden = sb.upload("priya", "#random", "cat.png", b"abc").files[0]["id"]
    seen = sb.upload("priya", "#sales", "cat.png", b"abc").files[0]["id"]
    assert refusal(api, id=hidden)
    show(api, id=seen)
