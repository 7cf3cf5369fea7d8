"""Promises: noted, nudged in time, kept, kept late, moved, broken; they outlive stages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlmodel import col, select

from db.models import Audit, Promise, Touchpoint
from sandbox import SlackMessage
from tests.commands.helpers import buttons
from tests.forms.helpers import modal, starts_with, submits
from tests.nudges.helpers import labels
from tests.story import Story

SSO = "/promise acme SSO by 2026-12-06 owner operations"
ASKED = "2026-11-27 09:00"  # five working days before Fri 4 Dec: Sun 31 Jan is no working day

CHANGE = "New date, or not kept…"
NEVER = {"what": "never", "consent": "told", "reason": "The vendor stopped it"}


@pytest.fixture
def acme(story: Story) -> Iterator[Story]:
    story.types("priya", "/account add Acme stage advocacy manager @priya")
    yield story
    others(story)


def nudge(story: Story, line: str = SSO, until: str = ASKED) -> SlackMessage:
    story.types("priya", line)
    story.until(until)
    story.settle()
    others(story)
    return story.sees("#operations", "Acme", "Promise: SSO")


def others(story: Story) -> None:
    """What is not about promises is another story."""
    for message in story.slack.unexpected():
        if "SSO" not in message.text or "digest, " in message.text:
            story.slack.expect(message.channel, message.text)


def touchpoint(story: Story) -> Touchpoint:
    with story.tx() as tx:
        return tx.one(select(Touchpoint).where(col(Touchpoint.kind) == "promise"))


def audited(story: Story) -> list[str]:
    with story.tx() as tx:
        mine = select(Audit).where(col(Audit.subject).like("promise:%")).order_by(col(Audit.id))
        return [row.verb for row in tx.all(mine)]


def test_it_is_echoed_with_its_day_and_who_keeps_it(acme: Story) -> None:
    answer = acme.types("priya", SSO)
    assert '*Acme* was promised "SSO" by Sun 6 Dec.' in str(answer.blocks)
    assert "Operations will be asked for it" in answer.text
    assert "Fri 27 Nov" in answer.text
    assert buttons(answer) == ["Undo"]
    assert audited(acme) == ["promise.made"]


def test_its_owner_is_nudged_while_it_can_still_be_kept(acme: Story) -> None:
    asked = nudge(acme)
    assert 'Acme was promised "SSO" by Sun 6 Dec.' in asked.text
    assert labels(asked) == ["Done", "I'll take it", "Snooze…", CHANGE]
    acme.until("2026-12-03 09:01")
    others(acme)
    acme.sees("@diego", "SSO", "due Sun 6 Dec · unclaimed, with Operations")
    acme.sees("#operations", "Promise: SSO")


def test_done_on_its_nudge_keeps_it_and_undo_takes_that_back(acme: Story) -> None:
    asked = nudge(acme)
    acme.clicks("diego", asked, "Done")
    assert "✓ Kept, says <@U0DIEGO>" in acme.again(asked).text
    assert '✓ "SSO" kept' in acme.types("priya", "/promise acme").text
    acme.clicks("diego", acme.again(asked), "Undo")
    assert "1 open promise" in acme.types("priya", "/promise acme").text


def test_after_its_day_it_is_overdue_and_then_kept_late(acme: Story) -> None:
    nudge(acme)
    acme.until("2026-12-08 12:00")
    acme.sees("@priya", "Acme: Promise overdue since Sun 6 Dec: SSO")
    assert "Promise overdue since Sun 6 Dec: SSO" in acme.types("priya", "/stage acme").text
    acme.types("diego", "/promise acme sso kept")
    assert '✓ "SSO" kept 2 days late' in acme.types("priya", "/promise acme").text
    story = acme.types("priya", "/account acme timeline").text
    assert "promise kept, 2 days late: SSO" in story
    assert 'promised "SSO" by Sun 6 Dec' in story
    others(acme)
    acme.sees("@diego", "Promise: SSO", "unclaimed, with Operations")
    acme.sees("#operations", "Promise: SSO: Moved to Mon 7 Dec")


def test_it_outlives_moves_and_an_archived_account_that_comes_back_has_it_open(acme: Story) -> None:
    acme.types("priya", SSO)
    acme.types("priya", "/stage acme lost because they went under")
    acme.sees("#customers", "Lost")
    assert touchpoint(acme).state == "planned"
    acme.types("priya", "/account acme archive")
    assert "no longer needed" in acme.types("priya", "/promise acme").text
    acme.types("priya", "/account acme restore")
    assert touchpoint(acme).state == "planned"


def test_a_new_date_folds_the_nudge_and_asks_again_in_time(acme: Story) -> None:
    asked = nudge(acme)
    answer = acme.types("priya", "/promise acme sso by 2026-12-20 they agreed")
    assert "promised for Sun 20 Dec now; they agreed." in answer.text
    assert "They get it by Sun 20 Dec now" in acme.again(asked).text
    assert labels(acme.again(asked)) == []
    acme.until("2026-12-11 09:01")
    others(acme)
    anew = acme.sees("#operations", "by Sun 20 Dec", "SSO")
    acme.clicks("diego", anew, "Done")
    assert '"SSO": Sun 20 Dec instead of Sun 6 Dec; they agreed' in (
        acme.types("priya", "/account acme timeline").text
    )
    assert audited(acme) == ["promise.made", "promise.moved"]


def test_skip_on_its_nudge_asks_what_becomes_of_it(acme: Story) -> None:
    asked = nudge(acme)
    acme.clicks("diego", asked, CHANGE)
    assert "What changes?" in str(modal(acme, "diego").blocks)
    refused = submits(acme, "diego", {"consent": "told", "reason": "The vendor is late"})
    assert "Say by when they get it instead" in str(refused.errors)
    submits(acme, "diego", {"due_on": "2026-12-31"})
    assert "They get it by Thu 31 Dec now" in acme.again(asked).text
    assert "they know" in acme.types("priya", "/promise acme").text


def test_what_will_not_be_kept_is_said_with_the_reason(acme: Story) -> None:
    asked = nudge(acme)
    acme.clicks("diego", asked, CHANGE)
    told = {"what": "never", "consent": "agreed", "reason": "The vendor stopped it"}
    submits(acme, "diego", told)
    assert "✗ Will not be kept, says <@U0DIEGO>" in acme.again(asked).text
    listed = acme.types("priya", "/promise acme").text
    assert '✗ "SSO" not kept' in listed
    assert "The vendor stopped it (they agreed)" in listed


def test_broken_needs_a_reason_and_one_open_promise_needs_no_name(acme: Story) -> None:
    acme.types("priya", SSO)
    refused = acme.types("priya", "/promise acme broken").text
    assert "Say why it will not be kept" in refused
    assert "/promise Acme SSO broken because …" in refused
    acme.types("priya", "/promise acme broken because the vendor stopped it")
    assert touchpoint(acme).state == "skipped"


def test_several_that_may_be_meant_are_asked_about(acme: Story) -> None:
    acme.types("priya", SSO)
    acme.types("priya", "/promise acme SSO for the partners by 2026-12-31")
    acme.types("priya", "/promise acme A report by 2026-12-31")
    answer = acme.types("priya", "/promise acme kept")
    assert buttons(answer) == ["SSO", "SSO for the partners", "A report"]
    acme.clicks("priya", acme.private("priya"), "SSO for the partners")
    assert '"SSO for the partners" kept' in acme.types("priya", "/promise acme").text


def test_the_menu_of_the_list_keeps_it_and_shows_the_list_anew(acme: Story) -> None:
    acme.types("priya", SSO)
    acme.types("priya", "/promise acme")
    acme.clicks("priya", acme.private("priya"), "promise:menu:1", value="kept:1")
    assert touchpoint(acme).state == "done"
    assert '✓ "SSO" kept' in acme.private("priya").text


def test_it_can_be_taken_back_by_whoever_noted_it_until_it_was_asked_for(acme: Story) -> None:
    acme.types("priya", SSO)
    answer = acme.private("priya")
    acme.clicks("priya", answer, "Undo")
    acme.clicks("priya", answer, "Undo")
    with acme.tx() as tx:
        assert tx.count(Promise) == 0
        assert tx.count(Touchpoint, col(Touchpoint.kind) == "promise") == 0
    assert "No promise to *Acme* is recorded" in str(acme.types("priya", "/promise acme").blocks)


def test_the_same_promise_twice_is_one(acme: Story) -> None:
    acme.types("priya", SSO)
    again = acme.types("priya", "/promise acme sso by 2026-12-06")
    assert "already. Nothing was changed." in again.text
    later = acme.types("priya", "/promise acme sso by 2026-12-20")
    assert "`/promise Acme SSO by 2026-12-20 they agreed`" in later.text
    with acme.tx() as tx:
        assert tx.count(Promise) == 1


def test_one_that_was_kept_can_be_made_again(acme: Story) -> None:
    acme.types("priya", "/promise acme A report by 2026-12-18")
    acme.types("priya", "/promise acme a report kept")
    acme.types("priya", "/promise acme A report by 2027-01-15")
    assert "1 open promise" in acme.types("priya", "/promise acme").text


MISTAKES = {
    "/promise acme SSO by 2026-11-01": "`/promise Acme SSO by 2027-01-31`",
    "/promise acme SSO by the vendor": "A line that works",
    "/promise acme SSO by 2026-12-06 owner finance": "marketing, operations, manager",
    "/promise acme SSO by 2026-12-06 owner @aiko": "Name the department",
    "/promise acme report kept": 'no open promise "report"',
    "/promise nobody": "No account matches",
}


def test_mistakes_are_answered_with_a_line_that_works(acme: Story) -> None:
    for line, told in MISTAKES.items():
        assert told in acme.types("priya", line).text, line
    with acme.tx() as tx:
        assert tx.count(Promise) == 0


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Data export in two weeks owner ops", '"Data export" by Mon 7 Dec. Operations will'),
        ("SSO owner mkt by next friday", '"SSO" by Fri 4 Dec. Marketing will'),
        ("SSO next friday, owner me", '"SSO" by Fri 4 Dec. <@U0PRIYA> will'),
        ("SSO by end of january for Berlin", '"SSO for Berlin" by Sun 31 Jan 2027.'),
        ("a trial of 3 months within two weeks", '"a trial of 3 months" by Mon 7 Dec.'),
    ],
)
def test_dates_and_owners_as_people_say_them(acme: Story, line: str, told: str) -> None:
    assert told in acme.types("priya", f"/promise acme {line}").text


def test_a_day_inside_a_promise_is_no_date(acme: Story) -> None:
    acme.types("priya", "/promise acme A report every friday")
    assert starts_with(modal(acme, "priya"), "text") == "A report every friday"


def test_a_misspelled_owner_is_a_button_with_all_that_was_typed(acme: Story) -> None:
    answer = acme.types("priya", "/promise acme SSO by 6 Dec owner opertions")
    assert "Did you mean operations? Nothing was changed." in answer.text
    acme.clicks("priya", answer.message, "Operations")
    assert '"SSO" by Sun 6 Dec. Operations will' in acme.private("priya").text


def test_a_person_s_own_is_nudged_by_dm_and_reminded_there(acme: Story) -> None:
    acme.types("tom", "/linchpin settings department operations")
    answer = acme.types("priya", "/promise acme SSO by 2026-12-06 owner @tom")
    assert "<@U0TOM> (Operations) will be asked for it" in answer.text
    acme.until("2026-11-27 09:05")
    others(acme)
    asked = acme.sees("@tom", "Acme", "Promise: SSO", "Tom Okafor said they would see to it")
    assert "<@U0TOM>" in acme.types("diego", "/next operations").text
    assert "Promise: SSO" in acme.types("tom", "/next mine").text
    acme.until("2026-12-03 09:05")
    others(acme)
    again = acme.sees("@tom", "1 touchpoint for you", "due Sun 6 Dec")
    acme.sees("@diego", "SSO", "due Sun 6 Dec · unclaimed, with <@U0TOM>")
    assert labels(acme.again(asked)) == []
    acme.clicks("tom", again, "Done")
    assert touchpoint(acme).state == "done"


def test_a_person_s_own_goes_to_the_deputy_and_then_to_the_department(acme: Story) -> None:
    acme.types("tom", "/linchpin settings department operations")
    acme.types("priya", "/promise acme SSO by 2026-12-06 owner @tom")
    acme.until("2026-11-27 09:05")
    asked = acme.sees("@tom", "Promise: SSO")
    acme.types("tom", "/linchpin away @maya until 2026-11-29")
    stood_in = acme.sees("@maya", "Promise: SSO")
    assert "Now with <@U0MAYA>" in acme.again(asked).text
    acme.slack.change_person("tom", deleted=True)
    acme.settle()
    acme.until("2026-11-30 09:05")
    others(acme)
    assert touchpoint(acme).person_id == "U0MAYA"
    acme.slack.change_person("maya", deleted=True)
    acme.settle()
    others(acme)
    assert "Now with Operations" in acme.again(stood_in).text
    acme.sees("#operations", "Promise: SSO")


def test_an_article_is_no_part_of_a_longer_name(acme: Story) -> None:
    acme.types("priya", "/account add Pinyon Analytics stage advocacy")
    answer = acme.types("priya", "/promise pinyon A second region by 2026-12-18 owner sales")
    assert 'Pinyon Analytics was promised "A second region"' in answer.text


def test_a_lead_keeps_it_in_the_department_they_lead(acme: Story) -> None:
    answer = acme.types("priya", "/promise acme SSO by 2026-12-06 owner @diego")
    assert "<@U0DIEGO> (Operations) will be asked for it" in answer.text


def test_a_skip_by_reaction_asks_privately_and_breaks_nothing(acme: Story) -> None:
    asked = nudge(acme)
    acme.reacts("diego", asked, "fast_forward")
    assert touchpoint(acme).state == "nudged"
    whisper = acme.private("diego")
    assert "A promise needs a new date" in whisper.text
    acme.clicks("diego", whisper, "New date, or not kept…")
    submits(acme, "diego", NEVER)
    assert "✗ Will not be kept, says <@U0DIEGO>" in acme.again(asked).text
    assert "The vendor stopped it (they know)" in acme.types("priya", "/promise acme").text
    acme.unreacts("diego", asked, "fast_forward")
    assert touchpoint(acme).state == "skipped"


def test_a_skip_in_the_list_of_next_asks_why(acme: Story) -> None:
    asked = nudge(acme)
    acme.types("diego", "/next acme")
    number = touchpoint(acme).id
    menu = f"touchpoint:menu:{number}"
    acme.clicks("diego", acme.private("diego"), menu, value=f"skip:{number}")
    assert touchpoint(acme).state == "nudged"
    submits(acme, "diego", NEVER)
    assert "Will not be kept" in acme.again(asked).text


def test_a_form_asks_for_what_is_missing(acme: Story) -> None:
    acme.types("priya", "/promise acme SSO owner operations")
    shown = modal(acme, "priya")
    assert starts_with(shown, "text") == "SSO"
    assert starts_with(shown, "owner") == "Operations"
    refused = submits(acme, "priya", {"due_on": "2026-11-01"})
    assert "has passed" in str(refused.errors)
    submits(acme, "priya", {"due_on": "2026-12-06"})
    assert touchpoint(acme).owner == "operations"


def test_one_that_is_near_is_asked_for_at_once(acme: Story) -> None:
    acme.types("priya", "/promise acme Call back by tomorrow owner operations")
    acme.settle()
    acme.sees("#operations", "Promise: Call back", "by Tue 24 Nov")
