"""A move between departments is a handoff: told once, accepted or asked about, not left lying."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import freezegun
import pytest
from sqlmodel import col, select

from bot.rules.playbook.playbook import parse
from db.models import Audit, Handoff
from sandbox import SlackMessage
from tests.forms.helpers import submits
from tests.nudges.helpers import labels, thread
from tests.story import MONDAY, PLAYBOOK, Story

HANDING = PLAYBOOK + "handoffs: {accept_within: 2 business days}\n"


@pytest.fixture
def story(tmp_path: Path, database_url: str) -> Iterator[Story]:
    """A workspace whose playbook asks for handoffs to be accepted."""
    with freezegun.freeze_time(MONDAY) as frozen:
        told = Story(tmp_path, frozen, HANDING, database_url)  # type: ignore[arg-type]
        try:
            yield told
            for message in told.slack.unexpected():
                if "Acme · Handoff from" not in message.text:
                    told.slack.expect(message.channel, message.text)
            told.ended()
        finally:
            told.close()


def handed(story: Story) -> SlackMessage:
    """Acme comes to Operations, with a call logged and a promise open."""
    story.types("priya", "/account add Acme manager @priya")
    story.types("tom", "/log acme call they have to be live by May")
    story.types("priya", "/promise acme SSO by 2026-12-18 owner sales")
    story.types("priya", "/decision acme considers FlowDesk")
    story.types("priya", "/account acme people Ben Osei, production lead, champion")
    story.types("priya", "/stage acme onboarding because they want to be live by May")
    return story.sees("#operations", "Acme · Handoff from Sales")


def rows(story: Story) -> list[Handoff]:
    with story.tx() as tx:
        return tx.all(select(Handoff).order_by(col(Handoff.id)))


def test_the_department_is_told_all_it_needs_and_the_company_of_the_move(story: Story) -> None:
    message = handed(story)
    for words in (
        "Acme · Handoff from Sales · accept by Wed 25 Nov\nProspect to Onboarding",
        "Why they chose us: they want to be live by May (over FlowDesk)\n"
        "Promised: SSO by Fri 18 Dec\n"
        "People: Ben Osei, production lead (champion)\n"
        "Not known: confirmed value, decision maker, decision date",
        "Handed over by Priya Raman",
    ):
        assert words in message.text, words
    assert labels(message) == ["Accept", "Ask a question…", "Show account"]
    story.sees("#customers", "Acme moved from Prospect to Onboarding")


def test_why_they_chose_us_is_what_the_decision_says(story: Story) -> None:
    story.types("priya", "/account add Acme")
    story.types(
        "priya", "/decision acme chose us over FlowDesk because they want to be live by May"
    )
    why = "Why they chose us: they want to be live by May (over FlowDesk)"
    story.sees("#operations", "Acme · Handoff from Sales", why)


def test_accepting_folds_it_for_good_and_says_who_has_it(story: Story) -> None:
    message = handed(story)
    story.clicks("diego", message, "Accept")
    folded = story.again(message)
    assert "✅ Acme · Handoff from Sales · accepted by <@U0DIEGO>" in folded.text
    assert "Promised: SSO by Fri 18 Dec" in folded.text
    assert labels(folded) == ["Ask a question…", "Show account"]
    story.clicks("aiko", folded, "Show account")
    assert "Acme · renewal date not known\nOnboarding" in story.private("aiko").text
    story.clicks("aiko", message, "Accept")
    assert "<@U0DIEGO> accepted it already" in story.private("aiko").text
    story.until("2026-11-26 12:00")
    with story.tx() as tx:
        verbs = tx.all(select(col(Audit.verb)).where(col(Audit.verb).like("handoff.%")))
    assert sorted(verbs) == ["handoff.accepted", "handoff.begun"]


def test_a_question_goes_to_the_giver_and_the_answer_into_the_thread(story: Story) -> None:
    message = handed(story)
    story.clicks("diego", message, "Ask a question…")
    submits(story, "diego", {"text": "Who signs on their side?"})
    story.until("2026-11-24 09:01")
    asked = story.sees("@priya", "1 question for you", 'Diego Santos asks: "Who signs on')
    assert '"Who signs on their side?" (no answer yet)' in story.again(message).text
    story.clicks("priya", asked, "Answer…")
    submits(story, "priya", {"text": "Wile, their CFO"})
    story.sees("#operations", "<@U0PRIYA> answers your question", "Wile, their CFO")
    assert any("Wile, their CFO" in reply for reply in thread(story, message))
    assert "✅ Answered by <@U0PRIYA>" in story.again(asked).text
    assert '"Who signs on their side?" → Wile, their CFO' in story.again(message).text
    story.clicks("priya", asked, "Answer…")
    assert "has answered it already" in str(submits(story, "priya", {"text": "Me too"}).errors)


def test_what_nobody_accepts_goes_to_the_lead_once(story: Story) -> None:
    message = handed(story)
    story.until("2026-11-25 09:59")
    assert not [m for m in story.slack.unexpected() if "not accepted" in m.text]
    story.until("2026-11-26 09:06")
    told = story.sees("@diego", "Handoff from Sales to Operations · not accepted")
    story.clicks("diego", told, "Accept")
    assert "accepted by <@U0DIEGO>" in story.again(message).text
    story.until("2026-11-27 12:00")
    assert len([m for m in story.slack.dms("diego") if "not accepted" in m.text]) == 1


def test_an_account_that_goes_on_first_needs_no_acceptance(story: Story) -> None:
    message = handed(story)
    story.types("priya", "/stage acme renewal")
    assert "No longer needed: Acme moved on to Renewal" in story.again(message).text
    assert labels(story.again(message)) == []
    story.sees("#marketing", "Acme · Handoff from Operations")
    story.types("priya", "/account acme archive")
    assert all(row.wake_at is None for row in rows(story))


def test_no_handoff_out_of_the_process_nor_within_a_department(story: Story) -> None:
    story.types("priya", "/account add Acme stage renewal")
    story.types("priya", "/stage acme advocacy")
    story.types("priya", "/stage acme lost because they closed")
    assert rows(story) == []


def test_one_channel_for_both_hears_of_the_move_once(story: Story) -> None:
    story.types("priya", "/linchpin settings company channel #operations")
    story.types("priya", "/account add Acme")
    story.types("priya", "/stage acme onboarding")
    about = [m for m in story.slack.messages("#operations") if "Acme" in m.text]
    assert len(about) == 1
    story.sees("#operations", "Acme · Handoff from Sales", "Prospect to Onboarding")


def test_a_stage_belongs_to_whom_it_names_or_to_most_of_its_plays() -> None:
    playbook = parse(PLAYBOOK)
    assert [playbook.owner_of(stage.key) for stage in playbook.stages] == [
        "sales",
        "operations",
        "marketing",
        "marketing",
        None,
    ]
    named = parse(PLAYBOOK.replace("  - key: renewal\n", "  - key: renewal\n    owner: sales\n"))
    assert named.owner_of("renewal") == "sales"
