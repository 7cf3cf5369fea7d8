"""The page as a person uses it, in a headless Chromium."""

from __future__ import annotations

import re
import threading
from base64 import b64decode

import httpx
import pytest

from sandbox import Sandbox
from tests.sandbox_page.stand_ins import (
    ANSWERED,
    EchoBot,
    HandClock,
    button,
    client,
    form,
    nudge,
    option,
    section,
    words,
)

pytestmark = pytest.mark.timeout(400)

OPERATIONS = "C0OPERATIONS"
TEXT = {"type": "string", "title": "words", "description": "What to say"}
STEPS = {
    "greet": {
        "title": "Greet",
        "description": "Says hello",
        "input_parameters": {"properties": {"words": TEXT}, "required": ["words"]},
        "output_parameters": {"properties": {}, "required": []},
    }
}
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC"
)
EVIL = "<!channel> & *Co* <img src=x onerror=document.title='hacked'>"


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def say(sandbox: Sandbox, text: str, blocks=None, **more) -> str:
    more = {"channel": OPERATIONS, "text": text, "blocks": blocks, **more}
    return str(client(sandbox).chat_postMessage(**more)["ts"])


def become(page, name: str) -> None:
    page.click("#switcher")
    page.get_by_role("option", name=name).click()
    page.locator(f"#switcher[aria-label*='{name}']").wait_for()


def test_messages_arrive_without_reloading(page, sandbox):
    say(sandbox, "Acme: kick-off call")
    page.get_by_text("Acme: kick-off call").wait_for()
    assert page.locator(".msg .badge").first.inner_text() == "APP"


def test_a_strangers_name_stays_text(page, sandbox):
    evil = escaped(EVIL)
    say(sandbox, evil, [section(f"Account: {evil}", fields=[{"type": "mrkdwn", "text": evil}])])
    shown = page.locator(".msg .mrkdwn").first
    shown.wait_for()
    assert "<!channel> & Co <img src=x" in shown.inner_text()
    assert page.locator(".msg img, .msg .broadcast").count() == 0
    assert "hacked" not in page.title()


MRKDWN = [
    ("*bold* _it_ ~no~ `code`", "<strong>bold</strong> <em>it</em> <s>no</s> <code>code</code>"),
    ("snake_case_name 2*3*4", "snake_case_name 2*3*4"),
    ("&amp;lt;b&amp;gt; once", "&amp;lt;b&amp;gt; once"),
    ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ("<javascript:alert(1)|press>", "&lt;javascript:alert(1)|press&gt;"),
    ("<!here>", '<span class="mention broadcast">@here</span>'),
    ("<@U0PRIYA>", '<span class="mention">@Priya Raman</span>'),
    ("&gt; said\nafter", "<blockquote><div>said</div></blockquote>after"),
    ("one\ntwo", "one<br>two"),
    ("```a &lt; b\n*c*```", "<pre>a &lt; b\n*c*</pre>"),
    ("<!date^1795424400^{date_num} {time}|later>", "2026-11-23 9:00 AM"),
    (":unknown_thing:", ":unknown_thing:"),
]


def test_mrkdwn_is_drawn_as_slack_draws_it(page):
    made = page.evaluate(
        """async texts => {
            const { mrkdwn } = await import('/ui/static/mrkdwn.js');
            const { store } = await import('/ui/static/store.js');
            return texts.map(text => {
                const box = document.createElement('div');
                box.append(mrkdwn(text, store.ctx));
                return box.innerHTML;
            });
        }""",
        [text for text, _ in MRKDWN],
    )
    assert [re.sub(r"</?time[^>]*>", "", one) for one in made] == [html for _, html in MRKDWN]


def test_a_link_opens_elsewhere_and_gives_nothing_away(page, sandbox):
    say(sandbox, "See <https://example.org/?a=1&amp;b=2|the plan>")
    link = page.get_by_role("link", name="the plan")
    link.wait_for()
    assert link.get_attribute("href") == "https://example.org/?a=1&b=2"
    assert "noopener" in link.get_attribute("rel")


def test_a_command_is_completed_sent_and_answered_privately(page, bot: EchoBot):
    bot.answer = lambda payload: {"text": "*Acme* is in Renewal."}
    box = page.get_by_role("textbox", name="Message", exact=True)
    box.press_sequentially("/sta")
    page.get_by_role("option", name="/stage").wait_for()
    box.press("Tab")
    box.press_sequentially("acme renewal")
    box.press("Enter")
    page.get_by_text("Only visible to you").wait_for()
    assert bot.last("command")["text"] == "acme renewal"
    page.get_by_role("button", name="Dismiss message").click()
    page.get_by_text("Only visible to you").wait_for(state="detached")
    box.press("ArrowUp")
    assert box.input_value() == "/stage acme renewal"


def test_a_command_the_bot_fails_shows_slacks_words(page, bot: EchoBot):
    bot.answer = lambda payload: 500
    box = page.get_by_role("textbox", name="Message", exact=True)
    box.fill("/stage acme")
    box.press("Enter")
    page.get_by_text("failed with the error").wait_for()


def test_a_nudge_is_answered_by_button_by_menu_and_by_reaction(page, sandbox, bot: EchoBot):
    say(sandbox, "Acme", nudge("Acme"))
    with page.expect_response(ANSWERED):
        page.get_by_role("button", name="Done", exact=True).click()
    page.get_by_role("button", name="Snooze", exact=True).click()
    with page.expect_response(ANSWERED):
        page.get_by_role("option", name="Next week").click()
    page.locator(".msg").hover()
    page.get_by_role("button", name="React: Done").click()
    page.locator(".pill.mine").wait_for()
    assert bot.actions() == ["done", "snooze"]
    page.locator(".pill.mine").click()
    page.locator(".pill.mine").wait_for(state="detached")


def test_a_dangerous_button_asks_first(page, sandbox, bot: EchoBot):
    say(sandbox, "Acme", nudge("Acme"))
    page.get_by_role("button", name="Skip", exact=True).click()
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="Skip", exact=True).click()
    with page.expect_response(ANSWERED):
        page.get_by_role("button", name="Skip it").click()
    page.get_by_role("dialog").wait_for(state="detached")
    assert bot.actions() == ["skip"]


def test_a_thread_opens_beside_and_escape_closes_it(page, sandbox):
    ts = say(sandbox, "Acme: kick-off call")
    say(sandbox, "Nobody has this yet", thread_ts=ts)
    page.get_by_role("button", name="1 reply").click()
    box = page.get_by_role("textbox", name="Reply in thread")
    box.fill("On it")
    box.press("Enter")
    page.locator("#replies").get_by_text("On it").wait_for()
    assert sandbox.messages("#operations")[-1].thread_ts == ts
    box.press("Escape")
    assert page.locator("#thread").is_hidden()


def test_a_form_is_filled_objected_to_and_saved(page, sandbox, bot: EchoBot):
    objections = [{"what": "Say a little more."}]

    def answer(payload):
        if payload["type"] == "command":
            client(sandbox).views_open(trigger_id=payload["trigger_id"], view=form())
        if payload["type"] == "view_submission" and objections:
            return {"response_action": "errors", "errors": objections.pop()}
        return {}

    bot.answer = answer
    page.get_by_role("textbox", name="Message", exact=True).fill("/log acme")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="How did it go?")
    dialog.get_by_role("button", name="Save").click()
    assert dialog.get_by_text("Please complete this required field.").count() == 2
    dialog.get_by_role("textbox", name="What happened?").fill("ok")
    dialog.get_by_role("button", name="Outcome").click()
    page.get_by_role("option", name="Good").click()
    dialog.get_by_role("button", name="Save").click()
    dialog.get_by_text("Say a little more.").wait_for()
    dialog.get_by_role("textbox", name="What happened?").fill("They showed us their plan")
    dialog.get_by_role("button", name="Save").click()
    dialog.wait_for(state="detached")
    values = bot.last("view_submission")["view"]["state"]["values"]
    assert values["what"]["it"]["value"] == "They showed us their plan"
    assert values["when"]["it"]["selected_date"] == "2026-11-23"


def test_each_person_sees_their_own_zone_and_rooms(page, sandbox):
    say(sandbox, "Acme", nudge("Acme"))
    page.get_by_text("tomorrow at 2:00 PM").wait_for()
    become(page, "Sam Carter")
    page.get_by_text("tomorrow at 9:00 AM").wait_for()
    become(page, "Olga Outsider")
    page.get_by_role("button", name="partners").wait_for()
    assert page.get_by_role("button", name="operations").count() == 0


def test_the_clock_is_moved_and_what_happens_meanwhile_appears(page, sandbox, clock: HandClock):
    seen = threading.Event()
    clock.at_work = lambda: seen.wait(100) and say(sandbox, "Operations this week")
    page.get_by_role("button", name="+1 week").click()
    page.get_by_text("Linchpin is at work").wait_for()
    seen.set()
    page.get_by_text("Operations this week").wait_for()
    page.locator("#now", has_text="Nov 30").wait_for()
    page.locator("body:not(.moving)").wait_for()
    assert page.get_by_role("button", name="+1 week").is_enabled()


def test_the_home_is_kind_while_it_is_empty_and_shows_what_is_published(page, sandbox):
    page.get_by_role("button", name="Linchpin", exact=True).click()
    page.get_by_role("tab", name="Home").click()
    page.get_by_text("nothing here yet").wait_for()
    view = {"type": "home", "blocks": [section("*Yours today*: nothing.")]}
    client(sandbox).views_publish(user_id="U0DIEGO", view=view)
    page.get_by_text("Yours today").wait_for()


def test_every_button_has_a_name(page, sandbox):
    say(sandbox, "Acme", nudge("Acme"))
    page.locator(".msg").hover()
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button')]
            .filter(one => !(one.ariaLabel || one.textContent.trim())).map(one => one.outerHTML)"""
    )
    assert nameless == []


@pytest.mark.parametrize("width", [1280, 1024, 390])
def test_nothing_sticks_out_at_the_side(page, sandbox, width):
    say(sandbox, "Acme", nudge("Acme Corporation with quite a long name, Limited"))
    page.set_viewport_size({"width": width, "height": 720})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_narrow_screen_shows_the_list_or_what_was_picked_from_it(page, sandbox):
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.locator("#sidebar").is_hidden()
    page.get_by_role("button", name="Back to the list").click()
    assert page.locator("#main").is_hidden()
    page.get_by_role("button", name="sales").click()
    page.locator("#roomhead h2", has_text="sales").wait_for()
    assert page.locator("#sidebar").is_hidden()


def test_a_number_is_picked_as_a_reaction_to_a_list(page, sandbox, bot: EchoBot):
    more = {"type": "overflow", "action_id": "more", "options": [option("Done", "d")] * 2}
    lines = [section(f"*{number}* Acme {number}", accessory=more) for number in range(1, 11)]
    done = button("Done", "done", accessibility_label="Done: Acme 1")
    legend = section(":one: to :keycap_ten: done, as 7️⃣ is", accessory=done)
    say(sandbox, "Today", [*lines, legend])
    page.get_by_role("button", name="Done: Acme 1").wait_for()
    shown = page.locator(".blocks .emoji")
    shown.nth(2).wait_for()
    names = [one.get_attribute("title") for one in shown.all()]
    assert names == [":one:", ":keycap_ten:", ":seven:"]
    page.locator(".msg").hover()
    page.get_by_role("button", name="Add another reaction").click()
    page.get_by_role("button", name="React with three").click()
    page.locator(".pill.mine").wait_for()
    assert bot.last("event_callback")["event"]["reaction"] == "three"


def test_a_picture_block_shows_an_uploaded_file(page, sandbox):
    pixel = b64decode(PIXEL)
    asked = client(sandbox).files_getUploadURLExternal(filename="a.png", length=len(pixel))
    httpx.post(asked["upload_url"], content=pixel)
    client(sandbox).files_completeUploadExternal(files=[{"id": asked["file_id"]}])
    client(sandbox).files_info(file=asked["file_id"])
    file = {"slack_file": {"id": asked["file_id"]}}
    say(sandbox, "Week", [{"type": "image", "alt_text": "Dec 9.6, Jan 60", **file}])
    shown = page.get_by_role("img", name="Dec 9.6, Jan 60")
    shown.wait_for()
    page.wait_for_function("document.querySelector('.image img').naturalWidth === 1")


def test_what_is_no_command_stays_in_slack_unless_a_space_stands_before_it(
    page, sandbox, bot: EchoBot
):
    box = page.get_by_role("textbox", name="Message", exact=True)
    box.fill("/foo bar")
    box.press("Enter")
    assert page.get_by_text("is sending…").count() == 0
    page.get_by_text("/foo is not a valid command.").wait_for()
    page.get_by_text("Only visible to you").wait_for()
    assert page.locator(".msg .name").inner_text() == "Slackbot"
    box.fill(" /foo bar")
    box.press("Enter")
    page.get_by_text("/foo bar", exact=True).wait_for()
    assert [one["type"] for one in bot.heard if one["type"] == "command"] == []


def test_activity_leads_to_an_answer_and_search_says_there_is_none(page, sandbox):
    ts = sandbox.say("diego", "#sales", "Who has Acme?").ts
    sandbox.say("priya", "#sales", "I do, @Diego", thread=ts)
    page.get_by_role("button", name="Activity").click()
    page.get_by_role("button", name="Priya Raman mentioned you in #sales").click()
    page.locator("#replies").get_by_text("I do").wait_for()
    page.get_by_role("button", name="DMs").click()
    page.get_by_role("heading", name="Direct messages").wait_for()
    assert page.locator("#sidebar .roomname").all_inner_texts() == ["Linchpin"]
    page.get_by_role("button", name="Search").click()
    page.get_by_text("There is no search in this sandbox.").wait_for()


def test_the_hints_can_be_hidden_for_good(page):
    page.get_by_role("button", name="Hide these hints").click()
    page.reload()
    page.wait_for_selector("body.ready")
    assert page.locator("#hints").is_hidden()


def test_a_line_shows_what_is_new(page, sandbox):
    say(sandbox, "Old news", channel="C0SALES")
    page.get_by_role("button", name="sales, 1 unread").click()
    page.get_by_role("separator", name="New messages").wait_for()
    page.get_by_role("button", name="sales", exact=True).wait_for()
    become(page, "Priya Raman")
    assert page.get_by_role("separator", name="New messages").count() == 0


def test_a_half_typed_message_survives_news(page, sandbox):
    box = page.get_by_role("textbox", name="Message", exact=True)
    box.fill("Half a sen")
    say(sandbox, "Something else")
    page.get_by_text("Something else").wait_for()
    assert box.input_value() == "Half a sen"


def test_a_menu_of_further_actions_works_from_the_keyboard(page, sandbox, bot: EchoBot):
    more = {
        "type": "overflow",
        "action_id": "more",
        "options": [option("Hand over", "hand"), option("Open account", "open")],
    }
    say(sandbox, "Acme", [section("Acme", accessory=more)])
    page.get_by_role("button", name="More actions").press("Enter")
    page.keyboard.press("ArrowDown")
    with page.expect_response(ANSWERED):
        page.keyboard.press("Enter")
    page.get_by_role("menu").wait_for(state="detached")
    assert bot.last("block_actions")["actions"][0]["selected_option"]["value"] == "open"


def test_a_view_pushed_on_another_goes_back_to_what_was_typed(page, sandbox, bot: EchoBot):
    def answer(payload):
        if payload["type"] == "command":
            client(sandbox).views_open(trigger_id=payload["trigger_id"], view=form())
        if payload["type"] == "view_submission":
            blocks = [section("Really?")]
            sure = {"type": "modal", "title": words("Are you sure?"), "blocks": blocks}
            return {"response_action": "push", "view": sure}
        return {}

    bot.answer = answer
    page.get_by_role("textbox", name="Message", exact=True).fill("/log acme")
    page.keyboard.press("Enter")
    first = page.get_by_role("dialog", name="How did it go?")
    first.get_by_role("textbox", name="What happened?").fill("Their plan")
    first.get_by_role("button", name="Outcome").click()
    page.get_by_role("option", name="Mixed").click()
    first.get_by_role("button", name="Save").click()
    page.get_by_role("dialog", name="Are you sure?").get_by_role("button", name="Back").click()
    first.wait_for()
    assert first.get_by_role("textbox", name="What happened?").input_value() == "Their plan"
    assert "Mixed" in first.get_by_role("button", name="Outcome").inner_text()


def test_a_prompt_is_said_and_a_workflows_step_is_run(page, sandbox, bot: EchoBot):
    sandbox.switches.prompts = [{"title": "What is next?", "message": "next please"}]
    sandbox.switches.functions = STEPS
    page.reload()
    page.wait_for_selector("body.ready")
    page.get_by_role("button", name="Linchpin").click()
    page.get_by_role("tab", name="Messages").click()
    page.get_by_role("button", name="What is next?").click()
    page.get_by_role("log", name="Messages").get_by_text("next please").wait_for()
    page.get_by_role("button", name="Shortcuts").first.click()
    page.get_by_role("menuitem", name="Run a workflow").click()
    dialog = page.get_by_role("dialog", name="Run a workflow")
    dialog.get_by_role("button", name="Run").click()
    dialog.get_by_text('Please fill in "words".').wait_for()
    dialog.get_by_label("words").fill("hello")
    with page.expect_response("**/ui/step"):
        dialog.get_by_role("button", name="Run").click()
    dialog.get_by_text("Running").wait_for()
    (run,) = sandbox.workspace.executions
    assert bot.last("event_callback")["event"]["inputs"]["words"] == "hello"
    failed = {"function_execution_id": run, "error": "<b>Nobody</b> is there."}
    client(sandbox).functions_completeError(**failed)
    dialog.get_by_text("It failed: <b>Nobody</b> is there.").wait_for()
