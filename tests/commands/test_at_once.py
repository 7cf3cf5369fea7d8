"""Several people, or Slack itself, at the same moment: one wins, nobody is left in the dark."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.commands.helpers import account, buttons, lasting, logged, moves, payload, send
from tests.databases import BOTH
from tests.story import Story

pytestmark = BOTH


def test_who_comes_second_is_told_and_a_button_still_does_it(story: Story):
    story.types("priya", "/account add Acme")
    story.types("tom", "/stage acme onboarding")
    before = lasting(story)
    told = story.types("priya", "/stage acme renewal")
    assert told.text.startswith("<@U0TOM> moved Acme to Onboarding meanwhile, <!date^")
    assert "Nothing of yours was changed." in told.text
    assert lasting(story) == before
    assert buttons(told) == ["Still move it to Renewal"]
    story.clicks("priya", told.message, "Still move it to Renewal")
    assert "Acme: Onboarding → Renewal" in story.private("priya").text
    for stage in ("Onboarding", "Renewal"):
        story.sees("#customers", "Acme", f"to *{stage}*")
    story.sees("#marketing", "Story of the year")


def test_who_wants_the_same_stage_hears_that_it_is_there(story: Story):
    story.types("priya", "/account add Acme")
    story.types("tom", "/stage acme onboarding")
    told = story.types("priya", "/stage acme onboarding")
    assert "is in Onboarding already" in told.text
    assert "<@U0TOM> moved it" in told.text
    story.sees("#customers", "Acme")


def test_a_minute_later_a_move_is_a_move(story: Story):
    story.types("priya", "/account add Acme")
    story.types("tom", "/stage acme onboarding")
    story.after(minutes=1)
    assert "Onboarding → Renewal" in story.types("priya", "/stage acme renewal").text
    for stage in ("Onboarding", "Renewal"):
        story.sees("#customers", f"to *{stage}*")
    story.sees("#marketing", "Story of the year")


def test_a_card_that_is_out_of_date_moves_nothing(story: Story):
    story.types("priya", "/account add Acme")
    card = story.types("priya", "/stage acme")
    story.types("tom", "/stage acme renewal")
    story.after(hours=1)
    story.clicks("priya", card.message, "Move to Onboarding")
    assert "moved Acme to Renewal meanwhile" in story.private("priya").text
    assert account(story, "Acme").stage == "renewal"
    story.sees("#customers", "Acme")
    story.sees("#marketing", "Story of the year")


def test_a_card_stays_good_when_something_else_has_changed(story: Story):
    story.types("priya", "/account add Acme")
    card = story.types("priya", "/stage acme")
    story.types("tom", "/account acme renews 2027-03-31")
    story.clicks("priya", card.message, "Move to Onboarding")
    assert account(story, "Acme").stage == "onboarding"
    story.sees("#customers", "Acme")


def test_threads_that_move_one_account_at_once_leave_one_move_each_told(story: Story):
    story.types("priya", "/account add Acme")
    requests = [
        payload(story, who, f"/stage acme {stage}")
        for who, stage in (
            ("priya", "onboarding"),
            ("tom", "renewal"),
            ("maya", "advocacy"),
            ("diego", "onboarding"),
        )
    ]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda request: send(story, request)["text"], requests))
    won = [text for text in answers if text.startswith("Acme: Prospect → ")]
    told = [text for text in answers if "Nothing of yours was changed." in text]
    same = [text for text in answers if "already" in text]
    assert len(won) == 1
    assert len(told) + len(same) == 3
    assert len(moves(story, "Acme")) == 2
    story.settle()
    story.sees("#customers", "Acme")
    story.slack.workspace.posts.pop("C0MARKETING", None)


def test_two_who_say_next_move_it_once(story: Story):
    story.types("priya", "/account add Acme")
    requests = [payload(story, who, "/stage acme next") for who in ("priya", "tom")]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda request: send(story, request)["text"], requests))
    assert sum("Prospect → Onboarding" in text for text in answers) == 1
    assert len(moves(story, "Acme")) == 2
    story.settle()
    story.sees("#customers", "Acme")


def test_the_same_request_twice_has_one_effect_and_one_answer(story: Story):
    story.types("priya", "/account add Acme")
    for line in ("/stage acme onboarding", "/log acme call hello", "/account add Globex"):
        request = payload(story, "priya", line)
        first, before = send(story, request), lasting(story)
        story.after(minutes=5)
        assert send(story, request) == first
        assert lasting(story) == before
    assert len(logged(story)) == 1
    story.sees("#customers", "Acme")


def test_the_same_request_twice_at_once_has_one_effect(story: Story):
    story.types("priya", "/account add Acme")
    request = payload(story, "priya", "/log acme call hello")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: send(story, request), range(4)))
    assert all(answer == answers[0] for answer in answers)
    assert len(logged(story)) == 1


def test_a_double_click_moves_once(story: Story):
    story.types("priya", "/account add Acme")
    card = story.types("priya", "/stage acme")
    story.clicks("priya", card.message, "Move to Onboarding")
    story.clicks("priya", card.message, "Move to Onboarding")
    assert len(moves(story, "Acme")) == 2
    story.sees("#customers", "Acme")
