"""A sentence leans on what was said before, on the nudge above it, and on who reads along."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.nudges.duties.daily import delete_old
from db.models import Interaction, LastSaid, Outbox
from tests.commands.helpers import lasting, many_accounts
from tests.commands.test_conversation import ask, labels, mention
from tests.story import Story


@pytest.fixture
def two(story: Story) -> Story:
    story.types("priya", "/account add Acme Corporation stage onboarding manager @priya")
    story.types("priya", "/account add Tamarind Foods stage onboarding manager @priya")
    return story


def test_and_for_another_one_asks_the_same_of_it(two: Story):
    ask(two, "what's next for acme?")
    answer = ask(two, "and for Tamarind?")
    assert "Tamarind Foods · Kick-off call" in answer.text
    assert "Acme" not in answer.text


def test_a_word_for_the_account_means_the_one_that_was_spoken_of(two: Story):
    ask(two, "where does tamarind stand?")
    answer = ask(two, "what's next for them?")
    assert "Tamarind Foods · Kick-off call" in answer.text


def test_what_was_said_before_counts_for_ten_minutes(two: Story):
    ask(two, "what's next for acme?")
    two.after(minutes=11)
    answer = ask(two, "and for Tamarind?")
    assert "renewal date not known" in answer.text
    assert "Tamarind Foods · Kick-off call · due" not in answer.text


def test_a_proposal_gets_another_day(two: Story):
    first = ask(two, "log a call with acme on Friday: they like the export")
    assert "Fri 20 Nov" in first.text
    second = ask(two, "make it Thursday")
    assert "Thu 19 Nov" in second.text
    two.clicks("priya", second, "Log it")
    with two.tx() as tx:
        (entry,) = tx.all(select(Interaction))
    assert entry.happened_on.isoformat() == "2026-11-19"


def test_a_proposal_gets_another_kind(two: Story):
    ask(two, "log a call with Acme: they want a demo")
    second = ask(two, "no, it was a meeting")
    two.clicks("priya", second, "Log it")
    with two.tx() as tx:
        (entry,) = tx.all(select(Interaction))
    assert (entry.kind, entry.text) == ("meeting", "they want a demo")


def test_a_question_and_something_told_in_one_message_are_two_answers(two: Story):
    answer = ask(two, "Spoke with Acme today, all fine. What's next for Tamarind?")
    assert "Log a call with Acme Corporation" in answer.text
    assert "Tamarind Foods · Kick-off call" in answer.text


def test_words_that_nothing_was_made_of_are_shown(two: Story):
    answer = ask(two, "move acme to advocacy whole team has changed")
    assert 'Not used: "whole team has changed"' in answer.text
    two.clicks("priya", answer, "Add as reason")
    assert "> whole team has changed" in two.again(answer).text


def test_a_short_name_that_two_have_is_asked_about(story: Story):
    many_accounts(story, ["Acme One", "Acme Two"])
    answer = ask(story, "what's next for acme?")
    assert labels(answer) == ["Acme One", "Acme Two"]
    story.clicks("priya", answer, "Acme Two")
    assert "Acme Two" in story.again(answer).text


def test_an_account_in_a_sentence_nobody_understands_is_shown_with_things_to_do(two: Story):
    answer = ask(two, "hm, Tamarind, those folks with the purple logo")
    assert "Tamarind Foods · renewal date not known" in answer.text
    assert "Log it" in labels(answer)


def test_what_asks_for_nothing_of_ours_proposes_nothing(two: Story):
    before = lasting(two)
    for words in ("lunch?", "haha", "Dear Sir or Madam, please find attached our new brochure."):
        assert all(b["style"] is None for b in _buttons(ask(two, words)) if "style" in b)
    assert lasting(two) == before


def test_a_mention_is_answered_to_the_asker_who_may_show_it_to_all(two: Story):
    said = mention(two, "what's next for acme?", "#marketing")
    assert two.slack.thread(said) == []
    answer = two.private("priya")
    assert "Acme Corporation · Kick-off call" in answer.text
    two.clicks("priya", answer, "Show here")
    two.settle()
    (shown,) = two.slack.thread(said)
    assert "Acme Corporation · Kick-off call" in shown.text
    two.sees("#marketing", "Acme Corporation · Kick-off call")


def test_where_a_guest_reads_along_an_answer_stays_private(two: Story):
    mention(two, "what's next for acme?", "#operations")
    answer = two.private("priya")
    assert "Acme Corporation · Kick-off call" in answer.text
    assert "Show here" not in labels(answer)


def test_a_shown_answer_in_doubt_is_looked_for_and_not_said_twice(two: Story):
    said = mention(two, "where does acme stand?", "#marketing")
    two.slack.fail("chat.postMessage", "drop_after")
    two.clicks("priya", two.private("priya"), "Show here")
    two.after(minutes=10)
    (shown,) = two.slack.thread(said)
    two.sees("#marketing", "Acme Corporation · renewal date not known")
    with two.tx() as tx:
        row = tx.one(select(Outbox).where(Outbox.kind == "talk"))
        assert (row.state, row.slack_ts) == ("sent", shown.ts)


def test_what_was_said_is_forgotten(two: Story):
    ask(two, "what's next for acme?")
    delete_old(two.context.engine, two.now + timedelta(minutes=11))
    with two.tx() as tx:
        assert tx.all(select(LastSaid)) == []


def _buttons(message) -> list[dict]:
    return [e for b in message.blocks if b["type"] == "actions" for e in b["elements"]]
