"""`/linchpin status` on messages that wait for a person, and each of its buttons."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from db.models import Audit, Member, Outbox
from sandbox import Ephemeral, SlackMessage
from tests.commands.helpers import buttons
from tests.story import Story


def stuck(story: Story, state: str) -> int:
    """A move's announcement that came to be held or dead; nobody has seen it."""
    story.types("priya", "/account add Acme")
    story.slack.command("priya", "#general", "/stage acme onboarding")
    with story.tx() as tx:
        row = tx.one(select(Outbox).where(col(Outbox.kind) == "move"))
        row.state, row.started_at, row.last_error = state, story.now, "channel_not_found"
        return row.id


def state(story: Story, row: int) -> str:
    with story.tx() as tx:
        found = tx.get(Outbox, row)
        return found.state if found else "gone"


def decisions(story: Story) -> list[tuple[str, str, str | None, str]]:
    with story.tx() as tx:
        rows = tx.all(select(Audit).where(col(Audit.verb).like("message.%")))
        return [(row.verb, row.subject, row.by_user, row.source) for row in rows]


def shown(story: Story, who: str) -> Ephemeral | SlackMessage:
    message = story.types(who, "/linchpin status").message
    assert message is not None
    return message


def test_a_held_message_is_told_with_what_is_known_and_three_buttons(story: Story) -> None:
    stuck(story, "held")
    answer = story.types("priya", "/linchpin status")
    assert "1 message held: nobody knows if they came." in answer.text
    told = str(answer.blocks)
    assert "*Move to <#C0CUSTOMERS>*" in told
    assert "nobody knows whether it came (channel not found)" in told
    assert "Acme moved from Prospect to Onboarding" in told
    assert buttons(answer) == ["Resend", "It is there", "Drop"]


def test_others_see_that_it_is_held_but_neither_its_words_nor_buttons(story: Story) -> None:
    stuck(story, "held")
    answer = story.types("tom", "/linchpin status")
    assert "An admin can decide" in answer.text
    assert buttons(answer) == []
    assert "Acme" not in str(answer.blocks)


def test_resend_lets_it_go(story: Story) -> None:
    row = stuck(story, "held")
    story.clicks("priya", shown(story, "priya"), "Resend")
    story.sees("#customers", "Acme moved")
    assert state(story, row) == "sent"
    assert decisions(story) == [("message.resend", f"outbox:{row}", "U0PRIYA", "button")]
    assert story.private("priya").text.startswith("Messages go out.")


def test_it_is_there_ends_it_unsent(story: Story) -> None:
    row = stuck(story, "held")
    story.clicks("priya", shown(story, "priya"), "It is there")
    assert state(story, row) == "sent"
    assert decisions(story) == [("message.there", f"outbox:{row}", "U0PRIYA", "button")]
    assert story.private("priya").text.startswith("Messages go out.")


def test_drop_ends_it_too(story: Story) -> None:
    row = stuck(story, "held")
    story.clicks("priya", shown(story, "priya"), "Drop")
    assert state(story, row) == "cancelled"
    assert decisions(story) == [("message.drop", f"outbox:{row}", "U0PRIYA", "button")]


def test_a_dead_message_is_told_with_its_reason_and_tried_again(story: Story) -> None:
    row = stuck(story, "dead")
    answer = story.types("priya", "/linchpin status")
    assert "1 message could not be sent at all this week." in answer.text
    assert "Slack refused it (channel not found)" in str(answer.blocks)
    assert buttons(answer) == ["Try again", "Forget it"]
    story.clicks("priya", answer.message, "Try again")
    story.sees("#customers", "Acme moved")
    assert decisions(story) == [("message.again", f"outbox:{row}", "U0PRIYA", "button")]


def test_a_dead_message_can_be_forgotten(story: Story) -> None:
    row = stuck(story, "dead")
    story.clicks("priya", shown(story, "priya"), "Forget it")
    assert state(story, row) == "cancelled"
    assert story.private("priya").text.startswith("Messages go out.")


def test_after_a_week_a_dead_message_is_history(story: Story) -> None:
    stuck(story, "dead")
    story.after(days=8)
    for message in story.slack.unexpected():
        story.slack.expect(message.channel, message.text)
    assert story.types("priya", "/linchpin status").text.startswith("Messages go out.")


def test_what_somebody_has_decided_is_not_decided_again(story: Story) -> None:
    row = stuck(story, "held")
    first, second = shown(story, "priya"), shown(story, "priya")
    story.clicks("priya", first, "Drop")
    story.clicks("priya", second, "Resend")
    assert "Somebody has decided about that message already" in story.private("priya").text
    assert state(story, row) == "cancelled"
    assert len(decisions(story)) == 1


@pytest.mark.parametrize("label", ["Resend", "It is there", "Drop"])
def test_who_is_no_admin_any_more_decides_nothing(story: Story, label: str) -> None:
    row = stuck(story, "held")
    answer = shown(story, "priya")
    story.slack.person("priya").is_admin = False
    with story.tx() as tx:
        tx.execute(update(Member).where(col(Member.user_id) == "U0PRIYA").values(is_admin=False))
    story.clicks("priya", answer, label)
    assert "Only admins" in story.private("priya").text
    assert state(story, row) == "held"
    assert decisions(story) == []


def test_many_are_told_by_number(story: Story) -> None:
    stuck(story, "held")
    with story.tx() as tx:
        for number in range(7):
            tx.add(
                Outbox(
                    dedupe_key=f"x{number}",
                    kind="digest",
                    method="chat.postMessage",
                    lane="U0MAYA",
                    state="held",
                    due_at=story.now,
                    started_at=story.now,
                    created_at=story.now,
                )
            )
    answer = story.types("priya", "/linchpin status")
    assert "8 messages held" in answer.text
    assert "… and 3 more" in str(answer.blocks)
    assert answer.error == ""


def test_status_tells_the_last_event_and_the_age_of_what_waits(story: Story) -> None:
    message = story.slack.say("diego", "#operations", "morning")
    story.reacts("diego", message, "eyes")
    story.types("priya", "/account add Acme")
    story.slack.command("priya", "#general", "/stage acme onboarding")
    story.frozen.tick(40)
    told = story.slack.command("priya", "#general", "/linchpin status").text
    assert "1 message to be sent, the oldest for 40 seconds" in told
    assert "last event at Mon 23 Nov 10:00" in told
    story.settle()
    story.sees("#customers", "Acme moved")
