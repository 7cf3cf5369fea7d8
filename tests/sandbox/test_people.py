"""What people do reaches a real Bolt app, signed, and what it answers is seen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox import NotPossible, Sandbox
from tests.sandbox.conftest import Clock
from tests.sandbox.little_bot import LittleBot


def button(text: str, action_id: str = "press", **more: Any) -> dict[str, Any]:
    label = {"type": "plain_text", "text": text}
    return {"type": "button", "text": label, "action_id": action_id, **more}


def option(text: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": text}, "value": text.lower()}


def with_elements(*elements: dict[str, Any], block_id: str = "row") -> list[dict[str, Any]]:
    return [{"type": "actions", "block_id": block_id, "elements": list(elements)}]


def post(api: WebClient, sb: Sandbox, *elements: dict[str, Any], channel: str = "C0SALES") -> Any:
    api.chat_postMessage(channel=channel, text="a nudge", blocks=with_elements(*elements))
    return sb.messages(channel)[-1]


# -- commands


def test_a_command_is_signed_and_its_answer_seen_by_one(sb: Sandbox, bot: LittleBot) -> None:
    answer = sb.command("priya", "#operations", "/echo acme renewal")
    assert (answer.status, answer.text) == (200, "ok")
    assert answer.message is not None
    assert [e.text for e in sb.ephemerals("priya")] == ["ok"]
    assert sb.messages("#operations") == []
    [got] = bot.got
    assert got["text"] == "acme renewal"
    assert (got["user_id"], got["channel_name"]) == ("U0PRIYA", "operations")


def test_a_wrong_secret_is_not_let_in(sb: Sandbox, bot: LittleBot) -> None:
    sb.endpoint.secret = "another"
    answer = sb.command("priya", "#operations", "/echo x")
    assert (answer.status, answer.error) == (401, "dispatch_failed")
    assert bot.got == []
    assert sb.complaints == ["/echo: the bot answered 401"]


def test_an_answer_can_be_for_the_channel(sb: Sandbox, bot: LittleBot) -> None:
    bot.answer = {"text": "all", "response_type": "in_channel"}
    sb.command("priya", "#operations", "/echo x")
    assert [m.text for m in sb.messages("#operations")] == ["all"]


def test_people_and_channels_are_links_in_a_command(sb: Sandbox, bot: LittleBot) -> None:
    sb.command("priya", "#sales", "/echo a & b manager @Tom in #marketing by @nobody, tom@x.ie")
    assert bot.got[0]["text"] == (
        "a &amp; b manager <@U0TOM|tom> in <#C0MARKETING|marketing> by @nobody, "
        "<mailto:tom@x.ie|tom@x.ie>"
    )


def test_addresses_are_links_in_commands_and_messages(sb: Sandbox, bot: LittleBot) -> None:
    linked = (
        "<http://booking.com|booking.com>: <https://x.ie/#sales?a=1&amp;b=2>. v2.5 &lt;a.txt&gt;"
    )
    typed = "booking.com: https://x.ie/#sales?a=1&b=2. v2.5 <a.txt>"
    sb.command("priya", "#sales", f"/echo {typed}")
    assert bot.got[0]["text"] == linked
    assert sb.say("priya", "#sales", typed).text == linked


def test_a_command_can_be_typed_in_the_dm(sb: Sandbox, bot: LittleBot) -> None:
    sb.command("priya", "@linchpin", "/echo x")
    assert bot.got[0]["channel_id"] == "D0PRIYA"
    assert bot.got[0]["channel_name"] == "directmessage"


def test_a_broken_answer_is_complained_about_and_not_shown(sb: Sandbox, bot: LittleBot) -> None:
    bot.answer = {"text": "x", "blocks": [{"type": "header"}]}
    answer = sb.command("priya", "#sales", "/echo x")
    assert answer.error == "invalid_blocks"
    assert sb.ephemerals("priya") == []
    assert sb.complaints[0].startswith("ack of /echo: invalid_blocks")


def test_a_command_nobody_handles_is_a_complaint(sb: Sandbox, bot: LittleBot) -> None:
    answer = sb.command("priya", "#sales", "/nothing")
    assert answer.text == '/nothing failed with the error "dispatch_failed"'
    assert sb.complaints == ["/nothing: the bot answered 404"]


def test_a_command_outside_the_manifest_never_leaves_slack(sb: Sandbox, bot: LittleBot) -> None:
    sb.switches.commands = {"/echo"}
    answer = sb.command("priya", "#sales", "/stgae acme")
    assert answer.error == "unknown_command"
    assert answer.text.startswith(
        "/stgae is not a valid command. In Slack, all messages that start"
    )
    assert bot.got == []


def test_a_late_answer_is_a_timeout(sb: Sandbox, bot: LittleBot) -> None:
    sb.switches.patience = 0.1
    bot.pause = 0.4
    answer = sb.command("priya", "#sales", "/echo x")
    assert (answer.status, answer.error) == (0, "operation_timeout")
    assert "no ack within 0.1 s" in sb.complaints[0]


def test_without_a_bot_slack_says_so(sb: Sandbox) -> None:
    assert sb.command("priya", "#sales", "/echo x").error == "dispatch_failed"


def test_one_can_only_act_where_one_is(sb: Sandbox, bot: LittleBot) -> None:
    with pytest.raises(NotPossible, match="olga is not in #sales"):
        sb.command("olga", "#sales", "/echo x")
    with pytest.raises(NotPossible, match="nobody here is called"):
        sb.command("nemo", "#sales", "/echo x")


def test_an_outsiders_command_carries_her_own_team(sb: Sandbox, bot: LittleBot) -> None:
    sb.command("olga", "#partners", "/echo x")
    assert bot.got[0]["team_id"] == "T0OTHER"


# -- response urls


def test_a_response_url_shows_a_message(sb: Sandbox, bot: LittleBot) -> None:
    assert sb.command("priya", "#sales", "/whisper hi").text == "you said hi"


def response_url(sb: Sandbox, bot: LittleBot) -> str:
    sb.command("priya", "#sales", "/echo x")
    return str(bot.got[-1]["response_url"])


def respond(url: str, **body: Any) -> int:
    from slack_sdk.webhook import WebhookClient

    return WebhookClient(url).send_dict(body).status_code


def test_a_response_url_is_good_for_five_uses(sb: Sandbox, bot: LittleBot) -> None:
    url = response_url(sb, bot)
    assert [respond(url, text=str(n)) for n in range(6)] == [200] * 5 + [404]


def test_a_response_url_is_good_for_half_an_hour(sb: Sandbox, bot: LittleBot, clock: Clock) -> None:
    url = response_url(sb, bot)
    clock.forward(minutes=30)
    assert respond(url, text="x") == 200
    clock.forward(seconds=1)
    assert respond(url, text="x") == 404


def test_a_malformed_response_is_refused(sb: Sandbox, bot: LittleBot) -> None:
    url = response_url(sb, bot)
    assert respond(url, txt="x") == 400
    assert respond(url, text="x", blocks=[{"type": "header"}]) == 400
    assert len(sb.complaints) == 2


def test_a_response_replaces_or_removes_what_was_clicked(
    sb: Sandbox, bot: LittleBot, api: WebClient
) -> None:
    message = post(api, sb, button("Done"))
    sb.click("priya", message, "Done")
    respond(bot.got[-1]["response_url"], text="done", replace_original=True)
    assert [m.text for m in sb.messages("sales")] == ["done"]
    respond(bot.got[-1]["response_url"], delete_original=True)
    assert sb.messages("sales") == []


def test_a_response_replaces_an_ephemeral(sb: Sandbox, bot: LittleBot) -> None:
    bot.answer = {"text": "which?", "blocks": with_elements(button("This one"))}
    asked = sb.command("priya", "#sales", "/echo x").message
    assert asked is not None
    sb.click("priya", asked, "This one")
    assert bot.got[-1]["container"]["is_ephemeral"]
    assert "message" not in bot.got[-1]
    respond(bot.got[-1]["response_url"], text="that one", replace_original=True)
    assert "that one" in [e.text for e in sb.ephemerals("priya")]
    assert "which?" not in [e.text for e in sb.ephemerals("priya")]


# -- clicks


def test_a_click_carries_what_was_clicked(sb: Sandbox, bot: LittleBot, api: WebClient) -> None:
    message = post(api, sb, button("Done", value="tp-7"))
    answer = sb.click("priya", message, "Done")
    assert answer.text == "pressed"
    got = bot.got[-1]
    assert got["type"] == "block_actions"
    assert got["actions"][0]["value"] == "tp-7"
    assert got["actions"][0]["block_id"] == "row"
    assert got["message"]["ts"] == got["container"]["message_ts"] == message.ts
    assert (got["user"]["id"], got["channel"]["id"]) == ("U0PRIYA", "C0SALES")
    assert got["trigger_id"]
    assert got["response_url"].startswith(sb.url)


def test_a_click_by_an_outsider_names_both_teams(
    sb: Sandbox, bot: LittleBot, api: WebClient
) -> None:
    message = post(api, sb, button("Done"), channel="C0PARTNERS")
    sb.click("olga", message, "Done")
    assert bot.got[-1]["user"]["team_id"] == "T0OTHER"
    assert bot.got[-1]["team"]["id"] == "T0SANDBOX"


def test_one_of_several_equal_buttons_is_named_by_its_row(
    sb: Sandbox, bot: LittleBot, api: WebClient
) -> None:
    rows = [*with_elements(button("Done", value="1"), block_id="one")]
    rows += with_elements(button("Done", value="2"), block_id="two")
    api.chat_postMessage(channel="C0SALES", text="two nudges", blocks=rows)
    [message] = sb.messages("sales")
    with pytest.raises(NotPossible, match="2 times: say which block_id"):
        sb.click("priya", message, "Done")
    sb.click("priya", message, "Done", block_id="two")
    assert bot.got[-1]["actions"][0]["value"] == "2"
    sb.click("priya", message, "Done", "1")
    assert bot.got[-1]["actions"][0]["value"] == "1"


@pytest.mark.parametrize(
    ("element", "what", "value", "field", "picked"),
    [
        (
            {"type": "overflow", "options": [option("Snooze"), option("Skip")]},
            "Skip",
            None,
            "selected_option",
            option("Skip"),
        ),
        (
            {"type": "static_select", "options": [option("Call")]},
            "Call",
            None,
            "selected_option",
            option("Call"),
        ),
        ({"type": "users_select"}, "pick", "tom", "selected_user", "U0TOM"),
        ({"type": "channels_select"}, "pick", "#sales", "selected_channel", "C0SALES"),
        ({"type": "datepicker"}, "pick", "2026-11-30", "selected_date", "2026-11-30"),
        (
            {"type": "checkboxes", "options": [option("A"), option("B")]},
            "pick",
            ["A", "B"],
            "selected_options",
            [option("A"), option("B")],
        ),
        (
            {"type": "multi_users_select"},
            "pick",
            ["tom", "maya"],
            "selected_users",
            ["U0TOM", "U0MAYA"],
        ),
    ],
)
def test_each_control_says_what_was_picked(
    sb: Sandbox,
    bot: LittleBot,
    api: WebClient,
    element: dict[str, Any],
    what: str,
    value: Any,
    field: str,
    picked: Any,
) -> None:
    message = post(api, sb, element | {"action_id": "pick"})
    sb.click("priya", message, what, value)
    assert bot.got[-1]["actions"][0][field] == picked
    if element["type"] != "overflow":
        assert bot.got[-1]["state"]["values"]["row"]["pick"][field] == picked
    assert sb.complaints == []


def test_a_button_that_is_not_there_cannot_be_clicked(sb: Sandbox, api: WebClient) -> None:
    message = post(api, sb, button("Done"), button("Skip", "skip"))
    with pytest.raises(NotPossible, match="no 'Later' here, only Done, Skip"):
        sb.click("priya", message, "Later")


def test_a_menu_asks_the_bot_for_its_options(sb: Sandbox, bot: LittleBot, api: WebClient) -> None:
    message = post(api, sb, {"type": "external_select", "action_id": "ask"})
    bot.options = [option("Acme")]
    assert sb.suggest("priya", message, "ask", "acm") == [option("Acme")]
    assert bot.got[-1]["value"] == "acm"
    bot.options = [option("x" * 76)]
    assert sb.suggest("priya", message, "ask", "acm") == []
    assert "block_suggestion" in sb.complaints[0]


def test_a_shortcut_on_a_message_carries_it(sb: Sandbox, bot: LittleBot) -> None:
    said = sb.say("tom", "#sales", "they called")
    assert sb.shortcut("priya", "jump", said).status == 200
    assert bot.got[-1]["message"]["text"] == "they called"
    assert sb.shortcut("priya", "jump").status == 200
    assert bot.got[-1]["type"] == "shortcut"


# -- modals and home


def test_a_modal_opens_is_filled_and_closes(sb: Sandbox, bot: LittleBot) -> None:
    sb.command("priya", "#sales", "/modal")
    modal = sb.modal("priya")
    assert modal is not None
    assert modal.title == "A note"
    assert sb.modal("tom") is None
    sb.submit("priya", {"Words": "hello", "Who": "tom"})
    values = bot.got[-1]["view"]["state"]["values"]
    assert values["words"]["typed"] == {"type": "plain_text_input", "value": "hello"}
    assert values["who"]["picked"]["selected_user"] == "U0TOM"
    assert sb.modal("priya") is None


def test_a_required_field_must_be_filled(sb: Sandbox, bot: LittleBot) -> None:
    sb.command("priya", "#sales", "/modal")
    answer = sb.submit("priya")
    assert list(answer.errors) == ["words"]
    assert bot.got[-1]["command"] == "/modal"


def test_the_bot_may_refuse_a_field(sb: Sandbox, bot: LittleBot) -> None:
    sb.command("priya", "#sales", "/modal")
    bot.submission = {"response_action": "errors", "errors": {"words": "Say more."}}
    assert sb.submit("priya", {"Words": "hm"}).errors == {"words": "Say more."}
    assert sb.modal("priya") is not None
    bot.submission = {"response_action": "errors", "errors": {"nowhere": "?"}}
    sb.submit("priya", {"Words": "hm"})
    assert "no input block is called nowhere" in sb.complaints[0]


def test_the_bot_may_show_another_view(sb: Sandbox, bot: LittleBot) -> None:
    from tests.sandbox.little_bot import MODAL

    sb.command("priya", "#sales", "/modal")
    again = json.loads(json.dumps(MODAL)) | {"title": {"type": "plain_text", "text": "Two"}}
    bot.submission = {"response_action": "push", "view": again}
    sb.submit("priya", {"Words": "x"})
    top = sb.modal("priya")
    assert top is not None
    assert (top.title, top.root_id != top.id) == ("Two", True)
    bot.submission = {"response_action": "clear"}
    sb.submit("priya", {"Words": "x"})
    assert sb.modal("priya") is None


def test_closing_a_modal_is_told(sb: Sandbox, bot: LittleBot) -> None:
    sb.command("priya", "#sales", "/modal")
    sb.dismiss("priya")
    assert bot.got[-1]["type"] == "view_closed"
    assert sb.modal("priya") is None


def test_a_trigger_is_good_once_and_for_three_seconds(
    sb: Sandbox, bot: LittleBot, api: WebClient, clock: Clock
) -> None:
    from slack_sdk.errors import SlackApiError

    from tests.sandbox.little_bot import MODAL

    sb.command("priya", "#sales", "/echo x")
    clock.forward(seconds=4)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        api.views_open(trigger_id=bot.got[-1]["trigger_id"], view=MODAL)
    sb.command("priya", "#sales", "/modal")
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        api.views_open(trigger_id=bot.got[-1]["trigger_id"], view=MODAL)


def test_an_update_on_an_old_hash_is_a_conflict(
    sb: Sandbox, bot: LittleBot, api: WebClient
) -> None:
    from slack_sdk.errors import SlackApiError

    from tests.sandbox.little_bot import MODAL

    sb.command("priya", "#sales", "/modal")
    modal = sb.modal("priya")
    assert modal is not None
    api.views_update(view_id=modal.id, hash=modal.hash, view=MODAL)
    with pytest.raises(SlackApiError, match="hash_conflict"):
        api.views_update(view_id=modal.id, hash=modal.hash, view=MODAL)


def test_the_home_is_published_when_it_is_opened(sb: Sandbox, bot: LittleBot) -> None:
    home = sb.open_home("priya")
    assert home is not None
    assert home.blocks[0]["type"] == "divider"
    assert bot.got[-1]["event"]["tab"] == "home"
    assert sb.home("tom") is None
