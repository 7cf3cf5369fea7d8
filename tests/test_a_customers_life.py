"""A customer's whole life: from the first talk over two renewals to a reference call."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory

from sandbox import SlackMessage
from sandbox.model import Answer
from tests.commands.helpers import buttons
from tests.forms.helpers import submits
from tests.story import MONDAY, Story
from tests.terms.test_term_plays import PLAYBOOK, done_until, stage_of


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[Story]:
    """Acme is a prospect; Priya manages it."""
    with freeze_time(MONDAY) as frozen:
        assert isinstance(frozen, FrozenDateTimeFactory)
        story = Story(tmp_path, frozen, PLAYBOOK)
        story.types("priya", "/account add Acme manager @priya")
        yield story
        story.close()


def forget(story: Story) -> None:
    """What was posted until now is told by other stories."""
    for message in story.slack.unexpected():
        story.slack.expect(message.channel, message.text)


def decides(story: Story, words: str) -> Answer:
    answer = story.types("priya", f"/decision acme {words}")
    forget(story)
    return answer


def found(story: Story, where: str, words: str) -> SlackMessage:
    """The newest message there with these words; the others are forgotten."""
    posted = [each for each in story.slack.messages(where) if words in each.text]
    forget(story)
    return posted[-1]


def test_from_the_first_talk_to_a_reference_call(acme: Story) -> None:
    # They say why they are looking, and it is written down.
    acme.until("2026-11-24 09:05")
    nudge = found(acme, "#sales", "Ask why they are looking now")
    acme.clicks("sam", nudge, "Done")
    submits(acme, "sam", {"text": "Rotas without email by Christmas"})
    decides(acme, "adopted because they look for a way")
    assert stage_of(acme) == "evaluation"

    # They choose us over another, and hear a promise.
    done_until(acme, "2026-12-10 10:00")
    decides(acme, "chose us over FlowDesk because it is simpler")
    assert stage_of(acme) == "onboarding"
    acme.types("priya", "/account acme renews 2027-12-10")
    acme.types("priya", "/promise acme SSO by 2027-01-29")
    acme.types("maya", "/value acme weekly rota in 20 minutes, was 2 hours, they said so")
    done_until(acme, "2027-01-27 10:00")
    acme.types("priya", "/promise acme sso kept")
    decides(acme, "adopted because they go on to make it their own")
    done_until(acme, "2027-03-01 10:00")
    decides(acme, "adopted because it is how they work")
    assert stage_of(acme) == "growth"

    # Ninety days before the date they come to Renewal by themselves; the brief knows it all.
    done_until(acme, "2027-09-10 18:00")
    acme.until("2027-09-13 12:00")
    assert stage_of(acme) == "renewal"
    assert any("entered Renewal by itself" in m.text for m in acme.slack.messages("#customers"))
    brief = found(acme, "@priya", "Acme renews Fri 10 Dec").text
    for words in ("value this term: 1 result", "Promises: 1 kept", "Alternatives: FlowDesk"):
        assert words in brief, words
    done_until(acme, "2027-11-22 10:00")
    first = decides(acme, "renewed because the night shift is on it")
    assert stage_of(acme) == "growth"
    assert "Move to Advocacy" in buttons(first)

    # The second term gives more than the first; at its end they renew and go on to advocacy.
    acme.types("maya", "/value acme one agency booking a week avoided, they said so")
    acme.types("maya", "/value acme temps start in 2 hours, was a day, they said so")
    done_until(acme, "2028-09-08 18:00")
    acme.until("2028-09-11 12:00")
    assert stage_of(acme) == "renewal"
    done_until(acme, "2028-11-20 10:00")
    second = decides(acme, "renewed because it has become how they work")
    acme.clicks("priya", second.message, "Move to Advocacy")
    assert stage_of(acme) == "advocacy"
    forget(acme)

    # They agree to speak for us, are asked for one call, and give it.
    acme.types("maya", "/advocacy acme agreed reference call Jane Doe would like to")
    done_until(acme, "2029-01-26 18:00")
    acme.until("2029-01-30 09:05")
    call = found(acme, "#sales", "Ask for one call with a prospect")
    acme.clicks("sam", call, "Done")
    acme.types("sam", "/advocacy acme did reference call")
    card = acme.types("priya", "/account acme").text
    assert "Road to Advocacy: 4 of 4" in card
    assert "term 3" in card
