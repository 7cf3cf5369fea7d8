"""Events: Slack's shapes, only where the bot is, retried on demand."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient

from sandbox import NotPossible, Sandbox, SlackMessage
from tests.sandbox.little_bot import LittleBot


@pytest.fixture
def nudge(sb: Sandbox, bot: LittleBot, api: WebClient) -> SlackMessage:
    api.chat_postMessage(channel="C0OPERATIONS", text="a nudge")
    return sb.messages("#operations")[0]


def test_a_reaction_is_told(sb: Sandbox, bot: LittleBot, nudge: SlackMessage) -> None:
    sb.react("diego", nudge, ":white_check_mark:")
    got = bot.got[-1]
    assert got["event"] == {
        "type": "reaction_added",
        "user": "U0DIEGO",
        "reaction": "white_check_mark",
        "item": {"type": "message", "channel": "C0OPERATIONS", "ts": nudge.ts},
        "item_user": "U0LINCHPIN",
        "event_ts": got["event"]["event_ts"],
    }
    assert (got["team_id"], got["type"]) == ("T0SANDBOX", "event_callback")
    assert got["event_id"].startswith("Ev")
    assert got["authorizations"][0]["user_id"] == "U0LINCHPIN"
    assert got["is_ext_shared_channel"] is False


def test_a_reaction_is_taken_back(sb: Sandbox, bot: LittleBot, nudge: SlackMessage) -> None:
    sb.react("diego", nudge, "eyes::skin-tone-2")
    sb.unreact("diego", nudge, "eyes::skin-tone-2")
    assert bot.got[-1]["event"]["type"] == "reaction_removed"
    assert sb.messages("#operations")[0].reactions == []
    with pytest.raises(NotPossible, match="no_reaction"):
        sb.unreact("diego", nudge, "eyes::skin-tone-2")


def test_in_a_shared_channel_the_event_says_so(sb: Sandbox, bot: LittleBot, api: WebClient) -> None:
    api.chat_postMessage(channel="C0PARTNERS", text="hello")
    sb.react("olga", sb.messages("partners")[0], "eyes")
    assert bot.got[-1]["is_ext_shared_channel"] is True
    assert "team" not in bot.got[-1]["event"]


def test_where_the_bot_is_not_it_hears_nothing(sb: Sandbox, bot: LittleBot) -> None:
    said = sb.say("priya", "#random", "hello @linchpin")
    assert sb.react("tom", said, "eyes") is None
    assert bot.got == []


def test_a_dm_and_a_mention_are_told_and_talk_is_not(sb: Sandbox, bot: LittleBot) -> None:
    sb.say("priya", "@linchpin", "help & so on")
    assert bot.got[-1]["event"]["channel_type"] == "im"
    assert bot.got[-1]["event"]["text"] == "help &amp; so on"
    sb.say("priya", "#sales", "just talk")
    assert len(bot.got) == 1
    sb.say("priya", "#sales", "@linchpin what now?")
    assert bot.got[-1]["event"]["type"] == "app_mention"
    assert bot.got[-1]["event"]["text"] == "<@U0LINCHPIN> what now?"


def test_talk_is_told_to_an_app_that_subscribed(sb: Sandbox, bot: LittleBot) -> None:
    sb.switches.subscriptions.add("message.channels")
    sb.say("zapbot", "#sales", "beep")
    assert bot.got[-1]["event"]["subtype"] == "bot_message"


def test_changes_of_channels_and_people_are_told(sb: Sandbox, bot: LittleBot) -> None:
    sb.archive("#sales")
    sb.unarchive("#sales")
    sb.rename("#sales", "deals")
    sb.share("#deals")
    sb.change_person("tom", deleted=True)
    sb.invite("priya", "#random", "linchpin")
    kinds = [body["event"]["type"] for body in bot.got]
    assert kinds == [
        "channel_archive",
        "channel_unarchive",
        "channel_rename",
        "channel_shared",
        "member_joined_channel",
        "user_change",
        "member_joined_channel",
    ]
    assert bot.got[-2]["event"]["user"]["deleted"] is True
    assert bot.got[2]["event"]["channel"]["name"] == "deals"
    assert sb.complaints == []


def test_a_failed_event_is_undelivered_until_it_is_sent_again(
    sb: Sandbox, bot: LittleBot, nudge: SlackMessage
) -> None:
    bot.fail_events = True
    event = sb.react("diego", nudge, "eyes")
    assert event is not None
    assert (event.status, sb.undelivered) == (500, [event])
    assert sb.complaints == ["reaction_added: the bot answered 500"]
    bot.fail_events = False
    sb.redeliver(event)
    assert (event.status, sb.undelivered) == (200, [])
    assert bot.headers[-1]["x-slack-retry-num"] == ["1"]
    assert bot.headers[-1]["x-slack-retry-reason"] == ["http_error"]
    assert bot.got[-1]["event_id"] == bot.got[-2]["event_id"]


def test_a_delivered_event_can_come_twice_too(
    sb: Sandbox, bot: LittleBot, nudge: SlackMessage
) -> None:
    event = sb.react("diego", nudge, "eyes")
    assert event is not None
    sb.redeliver(event)
    assert [body["event_id"] for body in bot.got] == [event.payload["event_id"]] * 2
    assert bot.headers[-1]["x-slack-retry-reason"] == ["http_timeout"]


def test_an_uninstall_is_told(sb: Sandbox, bot: LittleBot) -> None:
    sb.uninstall()
    kinds = [event.type for event in sb.undelivered] + [b["event"]["type"] for b in bot.got]
    assert sorted(set(kinds)) == ["app_uninstalled", "tokens_revoked"]


def test_a_new_member_is_told_to_an_app_that_asked(sb: Sandbox, bot: LittleBot) -> None:
    sb.switches.subscriptions.add("team_join")
    new = sb.add_person("nora.new", "Nora New", channels=["sales"])
    assert sb.person("nora.new").id == new.id == "U0NORANEW"  # ids have no dots, as Slack's
    assert "U0NORANEW" in sb.channel("sales").members
    assert sb.undelivered[-1].type == "team_join"  # the little bot has no listener for it
