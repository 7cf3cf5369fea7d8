"""Plain words in a direct message or a mention: the same cards, and no change without a button."""

from __future__ import annotations

import pytest

from sandbox import Ephemeral, SlackMessage
from tests.commands.helpers import account, lasting, logged, many_accounts, moves
from tests.story import Story

DM = "@priya"


def ask(story: Story, sentence: str, who: str = "priya") -> SlackMessage:
    """Says something to Linchpin in the DM; the one answer."""
    before = len(story.slack.dms(who))
    story.slack.say(who, f"@{who}", sentence)
    story.settle()
    said = [m for m in story.slack.dms(who)[before:] if m.user != story.slack.person(who).id]
    assert len(said) == 1
    return story.sees(f"@{who}", said[0].text)


def mention(story: Story, sentence: str, where: str = "#operations", who: str = "priya"):
    """Mentions Linchpin in a channel; the message with the mention."""
    said = story.slack.say(who, where, f"@linchpin {sentence}")
    story.settle()
    return said


def labels(message: SlackMessage | Ephemeral) -> list[str]:
    rows = [b["elements"] for b in message.blocks if b["type"] == "actions"]
    return [e["text"]["text"] for row in rows for e in row]


@pytest.fixture
def acme(story: Story) -> Story:
    story.types("priya", "/account add Acme Corporation stage onboarding manager @priya")
    return story


def test_what_comes_next_for_an_account_is_listed_with_its_menus(acme: Story):
    answer = ask(acme, "what's next for acme?")
    assert answer.text.startswith("Later: 2 due within 7 days · 2 planned for later")
    menu = answer.blocks[1]["block_id"]
    acme.clicks("priya", answer, "Done", block_id=menu)
    assert acme.again(answer).text.startswith("Later: 1 due within 7 days · 2 planned for later")


@pytest.mark.parametrize(
    "sentence",
    [
        "where does acme stand",
        "how is Acme doing?",
        "acme corporation",
        "tell me about acme",
    ],
)
def test_one_account_is_shown_by_its_card(acme: Story, sentence: str):
    before = lasting(acme)
    answer = ask(acme, sentence)
    assert "Acme Corporation · renewal date not known" in answer.text
    assert "Priya Raman" in answer.text
    assert lasting(acme) == before


def test_what_is_due_this_week_in_a_department_leaves_later_things_out(acme: Story):
    answer = ask(acme, "what is due this week in operations")
    assert answer.text.startswith("Due up to Sun 29 Nov for Operations\nLater: 1 due within 7 days")
    assert "Monthly report" not in answer.text
    assert ask(acme, "what is due today in marketing").text == (
        "Nothing is due today for Marketing."
    )


def test_a_move_is_proposed_and_made_by_the_button_only(acme: Story):
    before = lasting(acme)
    answer = ask(acme, "please move acme to advocacy")
    assert answer.text.startswith("Move Acme Corporation from Onboarding to Advocacy?")
    assert lasting(acme) == before
    acme.clicks("priya", answer, "Move it")
    assert account(acme, "Acme Corporation").stage == "advocacy"
    assert acme.again(answer).text.startswith("Acme Corporation: Onboarding → Advocacy")
    acme.sees("#customers", "moved from Onboarding to Advocacy by Priya Raman")


def test_a_way_back_asks_for_its_reason_before_any_button(acme: Story):
    answer = ask(acme, "move acme to prospect")
    assert "is an earlier stage for Acme Corporation. Add a reason" in answer.text
    assert labels(answer) == []
    answer = ask(acme, "move acme to prospect because they went to a review")
    acme.clicks("priya", answer, "Move it")
    assert moves(acme, "Acme Corporation")[-1] == (
        "onboarding",
        "prospect",
        "they went to a review",
        "U0PRIYA",
    )
    acme.sees("#customers", "moved from Onboarding to Prospect")


def test_a_proposal_that_somebody_overtook_does_not_move_the_account_twice(acme: Story):
    answer = ask(acme, "move acme to renewal")
    acme.types("tom", "/stage acme advocacy")
    acme.sees("#customers", "moved from Onboarding to Advocacy")
    acme.sees("@priya", "Tom Okafor moved Acme Corporation from Onboarding to Advocacy.")
    acme.clicks("priya", answer, "Move it")
    assert account(acme, "Acme Corporation").stage == "advocacy"
    assert "Advocacy" in acme.again(answer).text


def test_a_note_is_proposed_and_kept_by_the_button_only(acme: Story):
    answer = ask(acme, "log a call with acme yesterday: they *like* the report & <price>")
    assert answer.text.startswith("Log a call with Acme Corporation, Sun 22 Nov?\n> they ")
    assert logged(acme) == []
    acme.clicks("priya", answer, "Log it")
    (entry,) = logged(acme)
    assert (entry.kind, entry.text) == ("call", "they *like* the report & <price>")
    assert (entry.happened_on.isoformat(), entry.by_user) == ("2026-11-22", "U0PRIYA")
    acme.clicks("priya", acme.again(answer), "Undo")
    assert acme.again(answer).text.startswith("Taken back")


@pytest.mark.parametrize(
    ("sentence", "kind", "text"),
    [
        ("log a call with acme they like the report", "call", "they like the report"),
        ("we met with Acme Corporation", "meeting", "we met with Acme Corporation"),
        ("note for acme: renewal is safe, thanks", "note", "renewal is safe, thanks"),
        ("log an email to acme: sent the offer", "email", "sent the offer"),
    ],
)
def test_the_account_is_found_among_the_words(acme: Story, sentence: str, kind: str, text: str):
    acme.clicks("priya", ask(acme, sentence), "Log it")
    assert [(e.kind, e.text) for e in logged(acme)] == [(kind, text)]


def test_a_note_without_words_is_asked_for(acme: Story):
    assert "What happened with Acme Corporation?" in ask(acme, "log a call with acme:").text


def test_a_note_too_long_for_a_button_is_sent_to_the_message_menu(acme: Story):
    answer = ask(acme, "log a call with acme: " + "they like it " * 200)
    assert "Log to an account" in answer.text
    assert labels(answer) == []


def test_two_accounts_of_one_name_are_asked_about_and_nothing_moves(story: Story):
    many_accounts(story, ["Acme One", "Acme Two"])
    answer = ask(story, "move acme to advocacy")
    assert labels(answer) == ["Acme One", "Acme Two"]
    story.clicks("priya", answer, "Acme Two")
    proposal = story.again(answer)
    assert proposal.text.startswith("Move Acme Two from Prospect to Advocacy?")
    assert account(story, "Acme Two").stage == "prospect"
    story.clicks("priya", proposal, "Move it")
    assert account(story, "Acme Two").stage == "advocacy"
    story.sees("#customers", "Acme Two")


def test_an_account_and_a_stage_alone_move_nothing(acme: Story):
    answer = ask(acme, "acme renewal")
    assert "Acme Corporation · renewal date not known" in answer.text
    assert account(acme, "Acme Corporation").stage == "onboarding"


def test_an_account_in_a_sentence_nobody_understands_is_offered(acme: Story):
    answer = ask(acme, "I think Acme Corporation, our oldest, might not stay this year")
    assert "Acme Corporation · renewal date not known" in answer.text
    assert {"Log it", "What's next"} <= set(labels(answer))
    acme.clicks("priya", answer, "What's next")
    assert "Acme Corporation · Kick-off call" in acme.again(answer).text


def test_an_unknown_account_is_said_to_be_unknown(story: Story):
    assert 'No account matches "bioholding"' in (
        ask(story, "who owns the renewal at bioholding").text
    )


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("hi", "Hello! Ask me about an account"),
        ("help", "Ask me about accounts, renewals, promises"),
        ("thanks!", "You are welcome."),
        ("who is in onboarding?", "Onboarding · 1 account"),
        ("show me the board", "Acme Corporation"),
        ("digest", "Company digest"),
        ("my digest", "Your digest"),
        ("are you there", "Messages go out."),
        ("archive acme", "Archive Acme Corporation?"),
        ("what is next", "Later: 1 due within 7 days"),
    ],
)
def test_the_rest_of_what_is_asked_for_is_answered(acme: Story, sentence: str, told: str):
    before = lasting(acme)
    assert told in ask(acme, sentence).text
    assert lasting(acme) == before


def test_a_channel_shared_outside_shows_nothing_about_accounts(acme: Story):
    said = mention(acme, "where does acme stand?", "#partners")
    assert acme.slack.thread(said) == []
    told = acme.private("priya").text
    assert "shared with people outside" in told
    assert "Acme" not in told
    assert acme.slack.ephemerals("olga") == []


@pytest.mark.parametrize(
    ("who", "where", "told"),
    [("gus", "#general", "guests cannot use it"), ("olga", "#partners", "people of the company")],
)
def test_guests_and_outsiders_are_refused_in_one_private_line(
    acme: Story, who: str, where: str, told: str
):
    before = lasting(acme)
    said = mention(acme, "where does acme stand?", where, who)
    assert acme.slack.thread(said) == []
    refused = acme.private(who)
    assert told in refused.text
    assert "Acme" not in refused.text
    assert lasting(acme) == before


def test_a_guest_is_refused_in_a_direct_message_too(acme: Story):
    acme.slack.say("gus", "@gus", "where does acme stand?")
    acme.settle()
    assert "guests cannot use it" in acme.slack.ephemerals("gus")[-1].text
    assert acme.slack.dms("gus")[-1].user == "U0GUS"


def test_a_bot_gets_no_answer_at_all(acme: Story):
    said = mention(acme, "where does acme stand?", "#general", "zapbot")
    assert acme.slack.thread(said) == []
    assert acme.slack.ephemerals("zapbot") == []


def test_the_same_message_is_answered_once_however_often_slack_tells_of_it(acme: Story):
    said = acme.slack.say("priya", DM, "where does acme stand")
    place = acme.slack.channel(DM)
    event = {"type": "message", "user": "U0PRIYA", "text": said.text, "ts": said.ts}
    again = acme.slack.endpoint.event(
        {**event, "channel": place.id, "channel_type": "im"}, place, "message.im"
    )
    assert again is not None
    acme.slack.redeliver(again)
    acme.slack.redeliver(again)
    acme.settle()
    acme.sees(DM, "Acme Corporation · renewal date not known")
    acme.ended()


def test_edits_joins_and_its_own_words_are_nobodys_request(acme: Story):
    before = lasting(acme)
    for more in (
        {"subtype": "message_changed", "message": {"text": "help", "user": "U0PRIYA"}},
        {"subtype": "message_deleted"},
        {"subtype": "channel_join", "user": "U0PRIYA", "text": "help"},
        {"subtype": "bot_message", "bot_id": "B0ZAP", "text": "help"},
        {"user": "U0PRIYA", "text": "help", "edited": {"user": "U0PRIYA", "ts": "1.2"}},
        {"user": acme.context.bot_user, "bot_id": "B0LINCHPIN", "text": "help"},
        {"text": "help"},
    ):
        place = acme.slack.channel(DM)
        event = {"type": "message", "channel": place.id, "channel_type": "im", "ts": "1.1", **more}
        sent = acme.slack.endpoint.event(event, place, "message.im")
        assert sent is not None
        assert sent.status == 200
    acme.settle()
    assert lasting(acme) == before


def test_a_name_full_of_markup_stays_text_in_every_answer(story: Story):
    story.types("priya", '/account add "<!channel> & *Co*" stage onboarding')
    for sentence in (
        "where does “<!channel> & *Co*” stand",
        "move “<!channel> & *Co*” to renewal",
        "log a call with “<!channel> & *Co*”: hello <!here>",
        "I hear that <!channel> & *Co* is unhappy with all of us",
    ):
        answer = ask(story, sentence)
        markup = answer.text + str([b["text"]["text"] for b in answer.blocks if "text" in b])
        assert "<!channel>" not in markup
        assert "<!here>" not in markup
        assert "&lt;!channel&gt;" in answer.text
