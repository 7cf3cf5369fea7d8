"""What Linchpin suggests in its conversation: understood as it stands, and soon one's own."""

from __future__ import annotations

import pytest

from bot.manifest import manifest
from tests.commands.helpers import lasting
from tests.story import Story


def opens(story: Story, who: str) -> list[dict[str, str]]:
    """Opens the conversation; what is suggested there then."""
    story.slack.open_home(who, "messages")
    story.settle()
    return story.slack.prompts(who)


def answered(story: Story, who: str, prompt: dict[str, str]) -> str:
    story.slack.say(who, "@linchpin", prompt["message"])
    story.settle()
    return story.sees(f"@{who}").text


def test_what_the_manifest_suggests_is_understood(story: Story):
    suggested = manifest()["features"]["agent_view"]["suggested_prompts"]
    assert len(suggested) <= 4
    for prompt in suggested:
        assert "not sure" not in answered(story, "tom", prompt)


def test_a_persons_own_prompts_name_their_department_and_an_account_of_theirs(story: Story):
    story.types("priya", '/account add "Müller & Söhne" manager @tom')
    story.types("tom", "/linchpin settings department marketing")
    own = opens(story, "tom")
    assert [prompt["title"] for prompt in own] == [
        "What's next for me?",
        "Due this week in Marketing",
        "Where does Müller & Söhne stand?",
        "This week's digest",
    ]
    told = [answered(story, "tom", prompt) for prompt in own]
    assert not any("not sure" in each for each in told)
    assert "Müller &amp; Söhne\nProspect" in told[2]


@pytest.mark.parametrize("trouble", ["error:channel_not_found", "error:not_allowed", "500_after"])
def test_prompts_that_slack_does_not_take_trouble_nobody(story: Story, trouble: str):
    story.slack.fail("assistant.threads.setSuggestedPrompts", trouble, times=20)
    assert opens(story, "tom")[0]["title"] == "What's next for me?"
    story.after(minutes=40)
    assert len(story.slack.calls("assistant.threads.setSuggestedPrompts")) == 1
    assert "Messages go out" in story.types("priya", "/linchpin status").text


def test_an_app_without_the_scope_does_not_try(story: Story):
    with story.tx() as tx:
        tx.connection.exec_driver_sql("UPDATE workspace SET scopes = 'commands,chat:write'")
    opens(story, "tom")
    assert story.slack.calls("assistant.threads.setSuggestedPrompts") == []


def test_guests_get_none_of_their_own(story: Story):
    story.types("priya", "/account add Acme")
    before = lasting(story)
    opens(story, "gus")
    assert story.slack.calls("assistant.threads.setSuggestedPrompts") == []
    assert lasting(story) == before
