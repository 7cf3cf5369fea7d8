"""What the page asks and posts, over real HTTP against a real sandbox."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.page.clock import next_monday
from tests.sandbox_page.stand_ins import (
    OPERATIONS,
    EchoBot,
    HandClock,
    button,
    client,
    form,
    nudge,
    section,
)
from tests.waiting import wait_for


def posted(sandbox: Sandbox, text: str, blocks: list[dict[str, Any]] | None = None) -> str:
    answer = client(sandbox).chat_postMessage(channel=OPERATIONS, text=text, blocks=blocks)
    return str(answer["ts"])


def test_a_member_sees_channels_and_the_app_and_an_outsider_only_the_shared_channel(as_):
    member = [one["name"] for one in as_("diego").state()["channels"]]
    outsider = [one["name"] for one in as_("olga").state()["channels"]]
    assert {"general", "operations", "Linchpin"} <= set(member)
    assert outsider == ["partners"]


def test_a_channel_one_is_not_in_cannot_be_read_or_written(as_, sandbox):
    olga = as_("olga")
    query = {"viewer": olga.viewer, "channel": OPERATIONS}
    assert olga.http.get("/ui/conversation", params=query).status_code == 400
    assert olga.send("let me in")["ok"] is False
    assert sandbox.messages("#operations") == []


def test_everyone_has_a_face_and_a_role_and_bots_cannot_be_played(as_):
    people = {one["id"]: one for one in as_("diego").state()["people"]}
    assert people["U0PRIYA"]["initials"] == "PR"
    assert "guest" in people["U0GUS"]["role"]
    assert people["U0OLGA"]["kind"] == "outsider"
    assert not people["U0LINCHPIN"]["playable"]


def test_a_message_is_unread_for_others_until_they_look(as_, sandbox):
    as_("priya").send("Good morning")
    diego = as_("diego")
    assert diego.room("operations")["unread"] == 1
    diego.post("read", channel=OPERATIONS)
    assert diego.room("operations")["unread"] == 0
    assert as_("priya").room("operations")["unread"] == 0


def test_a_slash_command_answers_only_the_person_who_typed_it(as_, bot: EchoBot):
    bot.answer = lambda payload: {"response_type": "ephemeral", "text": "Acme is in Adoption."}
    assert as_("priya").send("/stage acme")["ok"]
    (seen,) = as_("priya").messages()
    assert (seen["text"], seen["ephemeral"]) == ("Acme is in Adoption.", True)
    assert as_("diego").messages() == []
    assert bot.last("command")["text"] == "acme"


def test_a_dismissed_private_message_is_gone(as_, bot: EchoBot):
    bot.answer = lambda payload: {"text": "Acme is in Adoption."}
    priya = as_("priya")
    priya.send("/stage acme")
    priya.post("dismiss", id=priya.messages()[0]["id"])
    assert priya.messages() == []


def test_a_bot_that_fails_is_told_as_slack_tells_it(as_, bot: EchoBot):
    bot.answer = lambda payload: 500
    answer = as_("priya").send("/stage acme")
    (seen,) = as_("priya").messages()
    assert answer["ok"] is False
    assert "/stage failed with the error" in seen["text"]
    assert seen["user"] == "USLACKBOT"


def test_commands_do_not_run_in_threads(as_, sandbox, bot: EchoBot):
    ts = posted(sandbox, "A nudge")
    as_("priya").send("/stage acme", thread_ts=ts)
    assert "not supported in threads" in as_("priya").messages()[-1]["text"]
    assert not any(one.get("type") == "command" for one in bot.heard)


def test_a_button_reaches_the_bot_with_its_value(as_, sandbox, bot: EchoBot):
    ts = posted(sandbox, "Acme", nudge("Acme"))
    action = {"type": "button", "action_id": "done", "block_id": "touchpoint", "value": "7"}
    assert as_("diego").post("action", channel=OPERATIONS, ts=ts, action=action)["ok"]
    heard = bot.last("block_actions")["actions"][0]
    assert (heard["action_id"], heard["value"]) == ("done", "7")


def test_a_choice_from_a_menu_reaches_the_bot(as_, sandbox, bot: EchoBot):
    blocks = nudge("Acme")
    ts = posted(sandbox, "Acme", blocks)
    week = blocks[2]["elements"][2]["options"][1]
    action = {"type": "static_select", "action_id": "snooze", "selected_option": week}
    as_("diego").post("action", channel=OPERATIONS, ts=ts, action=action)
    assert bot.last("block_actions")["actions"][0]["selected_option"]["value"] == "7"


def test_a_click_the_bot_does_not_answer_says_so(as_, sandbox, bot: EchoBot):
    ts = posted(sandbox, "Acme", nudge("Acme"))
    bot.answer = lambda payload: 500
    action = {"type": "button", "action_id": "done", "value": "7"}
    answer = as_("diego").post("action", channel=OPERATIONS, ts=ts, action=action)
    assert "did not answer" in answer["error"]


def test_reactions_toggle_and_the_bot_hears_both(as_, sandbox, bot: EchoBot):
    ts = posted(sandbox, "Acme", nudge("Acme"))
    diego = as_("diego")
    diego.post("react", channel=OPERATIONS, ts=ts, name="white_check_mark", on=True)
    assert diego.messages()[0]["reactions"] == [{"name": "white_check_mark", "users": ["U0DIEGO"]}]
    diego.post("react", channel=OPERATIONS, ts=ts, name="white_check_mark", on=False)
    assert diego.messages()[0]["reactions"] == []
    assert [one["event"]["type"] for one in bot.heard] == ["reaction_added", "reaction_removed"]


def test_a_form_opens_shows_the_bots_objections_and_closes(as_, sandbox, bot: EchoBot):
    def answer(payload):
        if payload["type"] == "command":
            client(sandbox).views_open(trigger_id=payload["trigger_id"], view=form())
        if payload["type"] == "view_submission":
            return {"response_action": "errors", "errors": {"what": "Say a little more."}}
        return {}

    bot.answer = answer
    diego = as_("diego")
    diego.send("/log acme")
    (view,) = diego.state()["views"]
    good = {"text": {"type": "plain_text", "text": "Good"}, "value": "good"}
    state = {
        "what": {"it": {"type": "plain_text_input", "value": "ok"}},
        "outcome": {"it": {"type": "static_select", "selected_option": good}},
    }
    answered = diego.post("view/submit", view_id=view["id"], state=state)
    assert answered["errors"] == {"what": "Say a little more."}
    values = bot.last("view_submission")["view"]["state"]["values"]
    assert values["what"]["it"]["value"] == "ok"
    assert values["outcome"]["it"]["selected_option"]["value"] == "good"
    diego.post("view/close", view_id=view["id"])
    assert diego.state()["views"] == []


def test_opening_the_home_tells_the_bot(as_, bot: EchoBot):
    as_("diego").post("home", tab="home")
    assert bot.last("event_callback")["event"]["tab"] == "home"


def test_only_the_viewers_own_dm_is_shown(as_, sandbox):
    client(sandbox).chat_postMessage(channel="U0PRIYA", text="For Priya")
    room = as_("priya").room("Linchpin")
    assert room["unread"] == 1
    assert [one["text"] for one in as_("priya").messages(room["id"])] == ["For Priya"]
    query = {"viewer": "U0DIEGO", "channel": room["id"]}
    assert as_("diego").http.get("/ui/conversation", params=query).status_code == 400


def test_the_clock_runs_on_and_only_once_at_a_time(as_, clock: HandClock):
    over = threading.Event()
    clock.at_work = lambda: over.wait(100)
    before, diego = clock.now(), as_("diego")
    assert diego.post("clock", step="day")["ok"]
    assert "already running" in diego.post("clock", step="day")["error"]
    over.set()
    wait_for(lambda: not diego.state()["clock"]["busy"])
    assert (clock.now() - before).days == 1
    assert diego.post("clock", step="year")["ok"] is False


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        ("2026-11-23 08:59", "2026-11-23 09:00"),
        ("2026-11-23 09:00", "2026-11-30 09:00"),
        ("2026-11-29 23:00", "2026-11-30 09:00"),
        ("2026-10-24 12:00", "2026-10-26 09:00"),
    ],
)
def test_the_next_monday_is_the_persons_own_and_knows_summer_time(now, monday):
    start = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert next_monday(start, "Europe/Dublin") == datetime.fromisoformat(monday).replace(tzinfo=UTC)


def test_a_section_with_a_button_keeps_working_as_a_private_message(as_, bot: EchoBot):
    blocks = [section("Acme or Acme Robotics?", accessory=button("Acme", "pick"))]
    bot.answer = lambda payload: {"text": "Which?", "blocks": blocks}
    priya = as_("priya")
    priya.send("/stage acme")
    (seen,) = priya.messages()
    bot.answer = lambda payload: {}
    block = seen["blocks"][0]["block_id"]
    action = {"type": "button", "action_id": "pick", "block_id": block, "value": "7"}
    assert priya.post("action", channel=OPERATIONS, ts=seen["ts"], action=action)["ok"]
    assert bot.last("block_actions")["container"]["is_ephemeral"] is True


def test_an_external_menu_asks_the_bot_while_one_types(as_, sandbox, bot: EchoBot):
    menu = {"type": "external_select", "action_id": "account", "min_query_length": 2}
    ts = posted(sandbox, "Which account?", [section("Which?", accessory=menu)])
    found = {"text": {"type": "plain_text", "text": "Acme"}, "value": "1"}
    bot.answer = lambda payload: {"options": [found]} if "value" in payload else {}
    diego = as_("diego")
    asked = {"channel": OPERATIONS, "ts": ts, "action_id": "account"}
    assert diego.post("suggest", value="a", **asked)["options"] == []
    assert diego.post("suggest", value="ac", **asked)["options"] == [found]
    action = {"type": "external_select", "action_id": "account", "selected_option": found}
    assert diego.post("action", channel=OPERATIONS, ts=ts, action=action)["ok"]
    assert bot.last("block_actions")["actions"][0]["selected_option"] == found


def test_who_and_where_is_linked_in_what_one_writes(as_, sandbox):
    as_("priya").send("@diego see #sales & <b>")
    assert sandbox.messages("#operations")[0].text == (
        "<@U0DIEGO> see <#C0SALES|sales> &amp; &lt;b&gt;"
    )


def test_a_forged_choice_is_refused_kindly(as_, sandbox):
    ts = posted(sandbox, "Acme", nudge("Acme"))
    action = {"type": "button", "action_id": "delete_everything", "value": "7"}
    answer = as_("diego").post("action", channel=OPERATIONS, ts=ts, action=action)
    assert answer["ok"] is False


def test_shortcuts_are_offered_and_run_on_a_message_and_from_anywhere(as_, sandbox, bot: EchoBot):
    ts = posted(sandbox, "Acme", nudge("Acme"))
    diego = as_("diego")
    assert diego.post("shortcut", callback_id="log_message", channel=OPERATIONS, ts=ts)["ok"]
    assert bot.last("message_action")["message"]["ts"] == ts
    assert diego.post("shortcut", callback_id="log_interaction")["ok"]
    assert bot.last("shortcut")["callback_id"] == "log_interaction"
