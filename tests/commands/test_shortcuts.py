"""Shortcuts: from the menu of a message, and from anywhere."""

from __future__ import annotations

from typing import Any

from bot.handlers.conversation import shortcuts
from bot.manifest import SHORTCUTS, manifest
from sandbox import SlackMessage, View
from tests.commands.helpers import account, lasting, logged
from tests.story import Story


def run(story: Story, who: str, name: str, message: SlackMessage | None = None) -> View:
    """Runs a shortcut; the form that opens."""
    story.slack.shortcut(who, name, message)
    story.settle()
    form = story.slack.modal(who)
    assert form is not None
    return form


def submit(story: Story, who: str, values: dict[str, Any]) -> Any:
    answer = story.slack.submit(who, values)
    story.settle()
    return answer


def text_of(view: View) -> str:
    return str(next(b for b in view.blocks if b["block_id"] == "text")["element"]["initial_value"])


def picked(view: View) -> str | None:
    block = next(b for b in view.blocks if b["block_id"] == "account")
    option = block["element"].get("initial_option")
    return str(option["text"]["text"]) if option else None


def option(story: Story, view: View, typed: str) -> Any:
    (found,) = story.slack.suggest("tom", view, "account", typed)
    return found


def test_the_manifest_has_the_shortcuts_within_slacks_limits(story: Story):
    ours = {shortcuts.LOG_MESSAGE_SHORTCUT, shortcuts.LOG_SHORTCUT, shortcuts.LOOKUP_SHORTCUT}
    assert set(SHORTCUTS) == {*ours, shortcuts.VALUE_MESSAGE_SHORTCUT}
    found = manifest()["features"]["shortcuts"]
    assert sorted(each["type"] for each in found) == ["global", "global", "message", "message"]
    assert all(len(each["name"]) <= 24 and len(each["description"]) <= 150 for each in found)


def test_a_message_is_logged_with_its_text_and_a_link_to_it(story: Story):
    story.types("priya", "/account add Acme")
    said = story.slack.say("tom", "#operations", "They *love* the export & asked @priya for <more>")
    form = run(story, "tom", "log_message", said)
    link = f".slack.com/archives/{said.channel}/p{said.ts.replace('.', '')}"
    assert text_of(form).startswith("They *love* the export & asked @Priya")
    assert "<more>" in text_of(form)
    assert link in text_of(form)
    assert picked(form) is None
    submit(story, "tom", {"account": option(story, form, "acm")})
    (entry,) = logged(story)
    assert (entry.kind, entry.by_user, entry.text) == ("note", "U0TOM", text_of(form))
    assert story.private("tom").text.startswith("Logged for Acme: note, Mon 23 Nov")
    assert story.private("tom").channel == said.channel


def test_it_works_in_a_thread_and_knows_the_account_that_the_message_names(story: Story):
    story.types("priya", "/account add Acme Corporation")
    root = story.slack.say("tom", "#operations", "News?")
    said = story.slack.say(
        "tom", "#operations", "Yes: Acme Corporation, finally, signed.", thread=root.ts
    )
    form = run(story, "priya", "log_message", said)
    assert picked(form) == "Acme Corporation"
    assert f"?thread_ts={root.ts}&cid={said.channel}" in text_of(form)
    submit(story, "priya", {"Kind": "Call"})
    assert [entry.kind for entry in logged(story)] == ["call"]
    assert story.private("priya").thread_ts == root.ts, "told where they read"


def test_a_message_in_an_accounts_own_channel_is_that_accounts(story: Story):
    story.types("priya", "/account add Acme")
    story.types("priya", "/account acme channel #operations")
    said = story.slack.say("tom", "#operations", "They called.")
    assert picked(run(story, "tom", "log_message", said)) == "Acme"


def test_a_message_of_yesterday_is_logged_for_yesterday_and_a_long_one_is_cut(story: Story):
    story.types("priya", "/account add Acme")
    said = story.slack.say("tom", "#operations", "acme " + "wants more " * 900)
    story.until("2026-11-24 08:00")
    form = run(story, "tom", "log_message", said)
    assert len(text_of(form)) <= 3000
    assert text_of(form).rsplit("\n", 1)[1].startswith("https://")
    submit(story, "tom", {})
    assert [e.happened_on.isoformat() for e in logged(story)] == ["2026-11-23"]


def test_an_interaction_is_logged_from_anywhere_and_taken_back_in_the_form(story: Story):
    story.types("priya", "/account add Acme")
    form = run(story, "tom", "log_interaction")
    submit(
        story,
        "tom",
        {"account": option(story, form, "acm"), "Kind": "Visit", "What happened": "Saw the plant."},
    )
    shown = story.slack.modal("tom")
    assert shown is not None
    assert "Logged for *Acme*: visit" in shown.blocks[0]["text"]["text"]
    assert [entry.text for entry in logged(story)] == ["Saw the plant."]
    story.clicks("tom", shown, "Undo")
    after = story.slack.modal("tom")
    assert after is not None
    assert after.blocks[0]["text"]["text"].startswith("Taken back")


def test_an_account_is_looked_up_and_moved_from_its_card(story: Story):
    story.types("priya", "/account add Acme stage renewal")
    story.sees("#marketing", "Story of the year")
    form = run(story, "tom", "account_lookup")
    before = lasting(story)
    submit(story, "tom", {"account": option(story, form, "acme")})
    shown = story.slack.modal("tom")
    assert shown is not None
    assert shown.blocks[0]["text"]["text"].startswith("*Acme* · renewal date not known\nRenewal")
    assert lasting(story) == before
    story.clicks("tom", shown, "Move stage…")
    submit(story, "tom", {"stage": "advocacy"})
    assert account(story, "Acme").stage == "advocacy"
    story.sees("#customers", "by Tom Okafor")


def test_guests_are_refused_in_one_sentence_and_shown_nothing(story: Story):
    story.types("priya", "/account add Acme")
    said = story.slack.say("tom", "#general", "acme called")
    before = lasting(story)
    for name in ("log_interaction", "account_lookup"):
        story.slack.shortcut("gus", name)
        story.settle()
        story.sees("@gus", "guests cannot use it")
    story.slack.shortcut("gus", "log_message", said)
    story.settle()
    assert "guests cannot use it" in story.slack.ephemerals("gus")[-1].text
    assert story.slack.modal("gus") is None
    assert lasting(story) == before


def test_when_slack_does_not_open_the_form_the_person_is_told(story: Story):
    story.slack.fail("views.open", "error:internal_error")
    story.slack.shortcut("tom", "log_interaction")
    story.settle()
    story.sees("@tom", "Slack did not open the form just now")
