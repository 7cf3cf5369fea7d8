"""The Web API, through slack_sdk's own client."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox import Sandbox
from tests.sandbox.conftest import Clock

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*hello*"}}
LONG = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2500}}
META = {"event_type": "nudge", "event_payload": {"id": "7"}}


def refused(call: Any, **args: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**args)
    return str(caught.value.response["error"])


def test_a_message_is_posted_and_read_back(sb: Sandbox, api: WebClient) -> None:
    sent = api.chat_postMessage(
        channel="#operations", text="hello", blocks=[SECTION], metadata=META
    )
    assert sent["channel"] == "C0OPERATIONS"
    read = api.conversations_history(channel="C0OPERATIONS", include_all_metadata=True)
    assert read["messages"][0]["ts"] == sent["ts"]
    assert read["messages"][0]["metadata"] == META
    assert "metadata" not in api.conversations_history(channel="C0OPERATIONS")["messages"][0]
    assert sb.messages("#operations")[0].text == "hello"


def test_a_form_body_works_as_well_as_json(sb: Sandbox, api: WebClient) -> None:
    args = {"channel": "C0SALES", "text": "formed", "blocks": '[{"type":"divider"}]'}
    assert api.api_call("chat.postMessage", data=args)["ok"]
    assert sb.messages("sales")[0].blocks[0]["type"] == "divider"


def test_a_person_as_channel_opens_the_dm(sb: Sandbox, api: WebClient) -> None:
    sent = api.chat_postMessage(channel="U0PRIYA", text="for you")
    opened = api.conversations_open(users=["U0PRIYA"])
    assert sent["channel"] == opened["channel"]["id"] == "D0PRIYA"
    assert [m.text for m in sb.dms("priya")] == ["for you"]


def test_names_of_messages_grow_even_when_the_clock_stands(api: WebClient) -> None:
    sent = [api.chat_postMessage(channel="C0SALES", text=str(n))["ts"] for n in range(5)]
    assert sent == sorted(set(sent))
    assert sent[0].startswith("1795424400.")


def test_replies_stand_in_their_thread_only(api: WebClient) -> None:
    root = api.chat_postMessage(channel="C0SALES", text="root")["ts"]
    api.chat_postMessage(channel="C0SALES", text="reply", thread_ts=root)
    history = api.conversations_history(channel="C0SALES")["messages"]
    assert [(m["text"], m["reply_count"]) for m in history] == [("root", 1)]
    thread = api.conversations_replies(channel="C0SALES", ts=root)["messages"]
    assert [m["text"] for m in thread] == ["root", "reply"]


def test_history_comes_page_by_page_and_misses_nothing(api: WebClient) -> None:
    for n in range(7):
        api.chat_postMessage(channel="C0SALES", text=str(n))
    read: list[str] = []
    for page in api.conversations_history(channel="C0SALES", limit=3):
        read += [message["text"] for message in page["messages"]]
        api.chat_postMessage(channel="C0SALES", text="meanwhile")
    assert read == ["6", "5", "4", "3", "2", "1", "0"]


def test_a_thread_comes_page_by_page(api: WebClient) -> None:
    root = api.chat_postMessage(channel="C0SALES", text="0")["ts"]
    for n in range(1, 5):
        api.chat_postMessage(channel="C0SALES", text=str(n), thread_ts=root)
    pages = api.conversations_replies(channel="C0SALES", ts=root, limit=2)
    assert [m["text"] for page in pages for m in page["messages"]] == ["0", "1", "2", "3", "4"]


def test_history_keeps_to_oldest_and_latest(api: WebClient, clock: Clock) -> None:
    names = []
    for n in range(3):
        names.append(api.chat_postMessage(channel="C0SALES", text=str(n))["ts"])
        clock.forward(minutes=1)

    def texts(**span: Any) -> list[str]:
        read = api.conversations_history(channel="C0SALES", **span)
        return [message["text"] for message in read["messages"]]

    assert texts(oldest=names[0]) == ["2", "1"]
    assert texts(oldest=names[0], inclusive=True) == ["2", "1", "0"]
    assert texts(oldest=names[0], latest=names[2]) == ["1"]


def test_channels_and_people_come_page_by_page(api: WebClient) -> None:
    pages = [[c["name"] for c in page["channels"]] for page in api.conversations_list(limit=3)]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert pages[0] == ["general", "customers", "sales"]
    people = [p["name"] for page in api.users_list(limit=4) for p in page["members"]]
    assert "priya" in people
    assert "olga" not in people


def test_guests_outsiders_and_bots_are_told_apart(api: WebClient) -> None:
    assert api.users_info(user="U0GUS")["user"]["is_restricted"]
    assert api.users_info(user="U0OLGA")["user"]["team_id"] == "T0OTHER"
    assert api.users_info(user="U0ZAPBOT")["user"]["is_bot"]
    assert api.users_info(user="U0PRIYA")["user"]["is_admin"]
    aiko = api.users_info(user="U0AIKO")["user"]
    assert (aiko["tz"], aiko["tz_offset"]) == ("Asia/Tokyo", 9 * 3600)
    assert api.conversations_info(channel="C0PARTNERS")["channel"]["is_ext_shared"]


def test_a_message_is_changed_and_taken_back(sb: Sandbox, api: WebClient) -> None:
    sent = api.chat_postMessage(channel="C0SALES", text="one", blocks=[SECTION], metadata=META)
    api.chat_update(channel="C0SALES", ts=sent["ts"], text="two")
    [standing] = sb.messages("sales")
    assert (standing.text, len(standing.blocks), standing.metadata) == ("two", 1, META)
    assert standing.edited
    api.chat_update(channel="C0SALES", ts=sent["ts"], text="three", blocks=[])
    assert sb.messages("sales")[0].blocks == []
    api.chat_delete(channel="C0SALES", ts=sent["ts"])
    assert sb.messages("sales") == []


def test_an_ephemeral_is_seen_by_one(sb: Sandbox, api: WebClient) -> None:
    api.chat_postEphemeral(channel="C0SALES", user="U0TOM", text="psst")
    assert [e.text for e in sb.ephemerals("tom")] == ["psst"]
    assert sb.ephemerals("priya") == []
    assert sb.messages("sales") == []


def test_reactions_are_read_with_who_made_them(sb: Sandbox, api: WebClient) -> None:
    ts = api.chat_postMessage(channel="C0SALES", text="hello")["ts"]
    sb.react("tom", sb.messages("sales")[0], "eyes")
    api.reactions_add(channel="C0SALES", timestamp=ts, name="wave")
    read = api.reactions_get(channel="C0SALES", timestamp=ts)["message"]["reactions"]
    assert [(r["name"], r["users"]) for r in read] == [
        ("eyes", ["U0TOM"]),
        ("wave", ["U0LINCHPIN"]),
    ]
    again = refused(api.reactions_add, channel="C0SALES", timestamp=ts, name="wave")
    assert again == "already_reacted"
    api.reactions_remove(channel="C0SALES", timestamp=ts, name="wave")
    assert sb.messages("sales")[0].reactions == [{"name": "eyes", "users": ["U0TOM"], "count": 1}]


def test_the_bot_goes_into_a_channel_by_itself(api: WebClient) -> None:
    assert refused(api.chat_postMessage, channel="#random", text="x") == "not_in_channel"
    assert refused(api.conversations_history, channel="C0RANDOM") == "not_in_channel"
    api.conversations_join(channel="C0RANDOM")
    assert api.chat_postMessage(channel="#random", text="x")["ok"]
    assert "U0LINCHPIN" in api.conversations_members(channel="C0RANDOM")["members"]
    mine = api.users_conversations(types="public_channel")["channels"]
    assert len(mine) == 7


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("chat.postMessage", {"channel": "C404", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0SALES"}, "no_text"),
        ("chat.postMessage", {"channel": "C0SALES", "blocks": [SECTION]}, "no_text"),
        ("chat.postMessage", {"channel": "C0SALES", "text": "x" * 40001}, "msg_too_long"),
        (
            "chat.postMessage",
            {"channel": "C0SALES", "text": "x", "blocks": [LONG] * 5},
            "msg_blocks_too_long",
        ),
        ("chat.postMessage", {"channel": "C0SALES", "txt": "x"}, "invalid_arguments"),
        ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
        (
            "chat.postMessage",
            {"channel": "C0SALES", "text": "x", "blocks": [{"type": "x"}]},
            "invalid_blocks",
        ),
        (
            "chat.postMessage",
            {"channel": "C0SALES", "text": "x", "blocks": "{no"},
            "invalid_blocks_format",
        ),
        (
            "chat.postMessage",
            {"channel": "C0SALES", "text": "x", "thread_ts": "1.1"},
            "thread_not_found",
        ),
        ("chat.postMessage", {"channel": "U0ZAPBOT", "text": "x"}, "cannot_dm_bot"),
        ("chat.update", {"channel": "C0SALES", "ts": "1.1", "text": "x"}, "message_not_found"),
        ("chat.delete", {"channel": "C0SALES", "ts": "1.1"}, "message_not_found"),
        (
            "chat.postEphemeral",
            {"channel": "C0MARKETING", "user": "U0OLGA", "text": "x"},
            "user_not_in_channel",
        ),
        ("users.info", {"user": "U404"}, "user_not_found"),
        ("conversations.info", {"channel": "C404"}, "channel_not_found"),
        ("conversations.history", {"channel": "C0SALES", "cursor": "x"}, "invalid_cursor"),
        ("conversations.history", {"channel": "C0SALES", "limit": 5000}, "invalid_limit"),
        ("conversations.replies", {"channel": "C0SALES", "ts": "1.1"}, "thread_not_found"),
        ("reactions.get", {"channel": "C0SALES", "timestamp": "1.1"}, "message_not_found"),
        ("views.open", {"trigger_id": "1.2.3", "view": {"type": "x"}}, "invalid_arguments"),
        ("chat.sing", {}, "unknown_method"),
    ],
)
def test_a_mistake_is_refused_with_slacks_word(
    api: WebClient, method: str, args: dict[str, Any], error: str
) -> None:
    assert refused(api.api_call, api_method=method, json=args) == error


def test_what_is_wrong_with_blocks_is_told(api: WebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        api.chat_postMessage(channel="C0SALES", text="x", blocks=[{"type": "header"}])
    [words] = caught.value.response["response_metadata"]["messages"]
    assert words == "[ERROR] missing required field: text [json-pointer:/blocks/0]"


def test_someone_elses_message_cannot_be_changed(sb: Sandbox, api: WebClient) -> None:
    said = sb.say("tom", "#sales", "mine")
    where = {"channel": "C0SALES", "ts": said.ts}
    assert refused(api.chat_update, text="x", **where) == "cant_update_message"
    assert refused(api.chat_delete, **where) == "cant_delete_message"


def test_an_update_is_shorter_than_a_post(sb: Sandbox, api: WebClient) -> None:
    ts = api.chat_postMessage(channel="C0SALES", text="x" * 4001)["ts"]
    assert "aim for 4000" in sb.complaints[0]
    assert refused(api.chat_update, channel="C0SALES", ts=ts, text="x" * 4001) == "msg_too_long"


def test_an_archived_channel_takes_nothing(sb: Sandbox, api: WebClient) -> None:
    sb.archive("#sales")
    assert refused(api.chat_postMessage, channel="C0SALES", text="x") == "is_archived"
    open_ones = api.conversations_list(exclude_archived=True)["channels"]
    assert "sales" not in [channel["name"] for channel in open_ones]
    sb.unarchive("#sales")
    assert api.chat_postMessage(channel="C0SALES", text="x")["ok"]


@pytest.mark.parametrize(("token", "error"), [("xoxb-other", "invalid_auth"), (None, "not_authed")])
def test_a_token_is_needed(sb: Sandbox, token: str | None, error: str) -> None:
    assert refused(WebClient(token=token, base_url=sb.api_url).auth_test) == error


def test_a_removed_app_is_inactive(sb: Sandbox, api: WebClient) -> None:
    sb.uninstall()
    assert refused(api.auth_test) == "account_inactive"


def test_every_call_is_noted(sb: Sandbox, api: WebClient) -> None:
    api.chat_postMessage(channel="C0SALES", text="x")
    refused(api.users_info, user="U404")
    assert [(c.method, c.outcome) for c in sb.calls()] == [
        ("chat.postMessage", "ok"),
        ("users.info", "user_not_found"),
    ]
    assert sb.calls("chat.postMessage")[0].args["text"] == "x"


def test_a_permalink_names_the_message(sb: Sandbox, api: WebClient) -> None:
    ts = api.chat_postMessage(channel="C0SALES", text="x")["ts"]
    link = api.chat_getPermalink(channel="C0SALES", message_ts=ts)["permalink"]
    assert link == f"{sb.url}/archives/C0SALES/p{ts.replace('.', '')}"
