"""Full members of the workspace speak with Linchpin; all others get one private line."""

from __future__ import annotations

import pytest

from tests.commands.helpers import lasting
from tests.story import Story

LINES = (
    "/stage",
    "/stage acme",
    "/stage acme onboarding",
    "/log acme call hello",
    "/account acme",
    "/account add Globex",
    "/next sales",
    "/linchpin status",
    "/linchpin digest",
    "/linchpin help",
)


@pytest.mark.parametrize(
    ("who", "where", "told"),
    [
        ("gus", "#general", "guests cannot use it"),
        ("olga", "#partners", "only to people of the company"),
        ("zapbot", "#general", "only to people of the company"),
    ],
)
def test_others_are_refused_and_shown_nothing(story: Story, who: str, where: str, told: str):
    story.types("priya", "/account add Acme")
    before = lasting(story)
    for line in LINES:
        answer = story.types(who, line, where)
        assert told in answer.text
        assert "Acme" not in answer.text + str(answer.blocks)
        assert len(answer.blocks) == 1
    assert lasting(story) == before


def test_who_became_a_guest_or_left_is_refused_from_then_on(story: Story):
    story.types("tom", "/account add Acme")
    story.slack.change_person("tom", is_restricted=True)
    assert "guests cannot use it" in story.types("tom", "/stage acme").text
    story.slack.change_person("tom", is_restricted=False)
    assert story.types("tom", "/stage acme").text.startswith("Acme · Prospect")


def test_who_is_new_may_speak_at_once(story: Story):
    story.slack.add_person("nora", "Nora New")
    assert story.types("nora", "/account add Acme manager me").text.startswith("Acme is added")


def test_an_answer_is_for_the_asker_alone_also_where_outsiders_read(story: Story):
    story.types("priya", "/account add Acme")
    assert story.types("priya", "/stage acme", "#partners").text.startswith("Acme · Prospect")
    assert story.slack.messages("#partners") == []
    assert story.slack.ephemerals("olga") == []
