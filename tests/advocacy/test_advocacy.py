"""Favours are asked for without wearing anyone out."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import freezegun
from freezegun.api import FrozenDateTimeFactory
from sqlmodel import col

from bot.rules.playbook.advocacy import Cooldown, find_act, find_cooldown
from db.models import AdvocacyEntry, Audit, Touchpoint
from tests.nudges.helpers import skip_digests, touchpoint
from tests.story import MONDAY, PLAYBOOK, Story

ACTS = ("quote", "review", "reference call", "case study", "referral", "talk")
TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def says(story: Story, line: str, who: str = "priya") -> str:
    return story.types(who, line).text


def advocates(story: Story) -> None:
    """Acme and Borea in the last stage, Cobalt on its way; the thank-yous are another story."""
    for name, sector in (("Acme", "Healthcare"), ("Borea", "health care"), ("Cobalt", "Retail")):
        stage = "advocacy" if name != "Cobalt" else "onboarding"
        says(story, f"/account add {name} stage {stage}")
        says(story, f"/account {name} sector {sector}")
    with story.tx() as tx:
        tx.delete(Touchpoint)


def test_a_third_ask_in_a_quarter_is_refused_and_somebody_rested_is_named(story: Story) -> None:
    advocates(story)
    assert "Recorded: Acme was asked for a reference call" in says(
        story, "/advocacy acme asked reference call"
    )
    assert "Recorded today already" in says(story, "/advocacy acme asked reference")
    says(story, "/advocacy acme agreed reference call Jo Byrne, half an hour", who="diego")
    says(story, "/advocacy acme asked quote")
    refused = says(story, "/advocacy acme asked case study")
    assert "Acme may not be asked before Sun 21 Feb 2027: asked often enough" in refused
    assert "Borea may be asked: `/advocacy Borea asked case study`" in refused
    shown = says(story, "/advocacy acme")
    assert "reference call: 👍 agreed Mon 23 Nov (<@U0DIEGO>): Jo Byrne" in shown
    assert "review: not asked yet" in shown
    found = says(story, "/advocacy who reference call in healthcare")
    assert found.index("Borea · health care: never asked") < found.index("Not yet")
    assert "Acme · Healthcare: Not before Sun 21 Feb 2027" in found
    assert "Cobalt" not in found
    with story.tx() as tx:
        assert tx.count(AdvocacyEntry) == 3
        assert tx.count(Audit, col(Audit.verb).like("advocacy.%")) == 3


def test_settled_can_be_taken_back_with_the_note_that_said_so(story: Story) -> None:
    advocates(story)
    says(story, "/log acme complaint the export is slow")
    says(story, "/log acme ticket it is slow on Mondays too")
    assert "Settled: 2 open complaints and tickets" in says(
        story, "/log acme resolved the export works again"
    )
    answer = story.private("priya")
    story.clicks("priya", answer, "Undo")
    assert "2 complaints and tickets of Acme are open again" in story.private("priya").text
    story.clicks("priya", answer, "Undo")
    assert "reopened already" in story.private("priya").text
    assert "is open" in says(story, "/advocacy acme asked quote")
    assert "works again" not in says(story, "/account acme timeline")
    with story.tx() as tx:
        assert tx.count(Audit, col(Audit.verb) == "advocacy.open again") == 1


def test_a_complaint_rests_them_until_it_is_settled(story: Story) -> None:
    advocates(story)
    answer = story.types("priya", "/log borea complaint the export loses lines")
    assert "nobody asks them for favours" in answer.text
    whisper = story.private("priya")
    refused = says(story, "/advocacy borea asked review")
    assert "Borea may not be asked before Wed 23 Dec: complaint of Mon 23 Nov is open" in refused
    assert "`/log Borea resolved`" in refused
    assert "At risk: Complaint open since Mon 23 Nov" in says(story, "/account borea")
    story.clicks("priya", whisper, "Mark as settled")
    assert "Settled: 1 open complaint or ticket of Borea" in story.private("priya").text
    assert "Recorded: Borea was asked for a review" in says(story, "/advocacy borea asked review")
    assert "no open complaint" in says(story, "/log borea resolved")
    assert "Logged for Borea: note" in says(story, "/log borea resolved the old question")


def test_undo_consent_gifts_and_words_nobody_knows(story: Story) -> None:
    advocates(story)
    answer = story.types("priya", "/advocacy acme did referral to Fjord")
    assert "record what they get back" in answer.text
    story.clicks("priya", story.private("priya"), "Undo")
    assert 'Taken back: "did referral" for Acme' in story.private("priya").text
    says(story, "/advocacy acme gave quote a day of training")
    assert "🎁 given back Mon 23 Nov for the quote: a day of training" in says(
        story, "/advocacy acme"
    )
    assert "Who agreed" in says(story, "/advocacy acme agreed talk")
    assert "Did you mean quote or review or" in says(story, "/advocacy acme asked lunch")
    assert 'Unknown command "begged"' in says(story, "/advocacy acme begged quote")
    answer = story.types("priya", "/advocacy who lunch in mining")
    story.clicks("priya", answer.message, "Case study")
    assert "No account in mining may be asked for a case study" in story.private("priya").text
    assert "Sectors: Healthcare, Retail" in says(story, "/advocacy who quote in mining")
    with story.tx() as tx:
        assert tx.count(AdvocacyEntry, col(AdvocacyEntry.undone_at).is_(None)) == 2


def test_in_plain_words(story: Story) -> None:
    advocates(story)
    story.slack.say("priya", "@linchpin", "Who could give a reference in healthcare?")
    story.settle()
    story.sees("@priya", "Who may be asked for a reference call in healthcare", "Acme", "Borea")
    story.slack.say("priya", "@linchpin", "who could do the kick-off")
    story.settle()
    story.sees("@priya", "Not understood")


def test_a_play_that_asks_waits_while_they_rest_and_ends_when_they_said_no(tmp_path: Path) -> None:
    asks = PLAYBOOK.replace("due: 3 days after entry,", "due: 3 days after entry, asks_for: quote,")
    with freezegun.freeze_time(MONDAY) as frozen:
        assert isinstance(frozen, FrozenDateTimeFactory)
        story = Story(tmp_path, frozen, asks)
        try:
            for name in ("Acme", "Borea"):
                says(story, f"/account add {name} stage advocacy")
            says(story, "/value acme saves an hour a day, they said so")
            says(story, "/log acme ticket login is broken")
            says(story, "/advocacy borea declined quote")
            story.until("2026-11-26 09:01")
            story.sees("#sales", "Acme", "Complaint open since Mon 23 Nov")  # who stands in
            assert "Acme may not be asked for favours now" in says(story, "/next acme")
            ended = touchpoint(story, "thanks", "Borea")
            assert (ended.state, ended.note) == (
                "cancelled",
                "they said no to a quote on Mon 23 Nov",
            )
            says(story, "/log acme resolved works again")
            story.until("2026-11-27 09:01")
            story.sees("#marketing", "Acme", "A thank-you")
            skip_digests(story)
            story.ended()
        finally:
            story.close()


def test_rest() -> None:
    quarter = {"asks_a_quarter": 2, "after_complaint": 30 * DAY, "today": TODAY}
    two = [TODAY - 89 * DAY, TODAY - 3 * DAY]
    assert find_cooldown(two, [], **quarter) == Cooldown(TODAY + DAY, "asked")  # type: ignore[arg-type]
    assert find_cooldown([TODAY - 90 * DAY, TODAY], [], **quarter) is None  # type: ignore[arg-type]
    old = [TODAY - 30 * DAY]
    assert find_cooldown([], old, **quarter) is None  # type: ignore[arg-type]
    both = find_cooldown(two, [TODAY - 29 * DAY], **quarter)  # type: ignore[arg-type]
    assert both in (
        Cooldown(TODAY + DAY, "asked"),
        Cooldown(TODAY + DAY, "complaint", TODAY - 29 * DAY),
    )


def test_an_act_is_found_at_the_beginning_of_the_words() -> None:
    assert find_act("Reference-Call, Jo said yes", ACTS) == ("reference call", "Jo said yes")
    assert find_act("references", ACTS) == ("reference call", "")
    assert find_act("case studies in print", ACTS) == ("case study", "in print")
    assert find_act("lunch", ACTS) is None
