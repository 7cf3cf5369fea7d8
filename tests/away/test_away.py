"""People are away for a while, or leave: nothing vanishes, nothing is nudged twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlmodel import col, select

from bot.actions.touchpoints.routing import resolve_delegate
from db.models import Absence, Account, Audit, Departure, Touchpoint
from sandbox import SlackMessage
from tests.commands.helpers import buttons
from tests.forms.helpers import modal, starts_with, submits
from tests.nudges.helpers import labels, touchpoint
from tests.story import Story

AWAY = "/linchpin away @sam until 2026-12-06"  # a Sunday


@pytest.fixture
def acme(story: Story) -> Iterator[Story]:
    """Tom manages Acme, which is in onboarding; what is not about him is another story."""
    story.types("priya", "/account add Acme stage onboarding manager @tom")
    yield story
    for message in story.slack.unexpected():
        if "Personal hello" not in message.text or "week" in message.text:
            story.slack.expect(message.channel, message.text)


def hello(story: Story, where: str) -> SlackMessage:
    return story.sees(where, "Personal hello")


def done(story: Story, who: str, message: SlackMessage) -> None:
    row = touchpoint(story, "hello")
    story.clicks(who, message, "Done", block_id=f"touchpoint-{row.id}")


def manager(story: Story, name: str = "Acme") -> str | None:
    with story.tx() as tx:
        return tx.first(select(col(Account.manager_id)).where(Account.name == name))


def verbs(story: Story) -> list[str]:
    with story.tx() as tx:
        return sorted(tx.all(select(col(Audit.verb)).where(col(Audit.verb).like("away.%"))))


def forget_the_rest(story: Story) -> None:
    """Weeks have gone by: what else was posted meanwhile is told by other stories."""
    for message in story.slack.unexpected():
        story.slack.expect(message.channel, message.text)


def absences(story: Story) -> int:
    with story.tx() as tx:
        return tx.count(Absence)


def test_a_cover_gets_what_comes_due_and_is_told_once(acme: Story) -> None:
    answer = acme.types("tom", AWAY)
    assert "You are away until Sun 6 Dec; <@U0SAM> covers." in answer.text
    assert "It ends automatically: you are back on Mon 7 Dec." in answer.text
    assert buttons(answer) == ["I'm back"]
    acme.until("2026-11-25 15:05")  # 10:05 in New York, where Sam works
    nudge = acme.sees("@sam", "You cover for Tom Okafor, away until Sun 6 Dec:", "Personal hello")
    assert "Personal hello" in acme.types("sam", "/next mine").text
    done(acme, "sam", nudge)
    assert touchpoint(acme, "hello").by_user == "U0SAM"


def test_what_was_said_already_goes_over_at_once_and_comes_back(acme: Story) -> None:
    acme.until("2026-11-25 09:05")
    first = hello(acme, "@tom")
    acme.types("tom", AWAY)
    assert labels(acme.again(first)) == []
    acme.until("2026-11-25 15:05")
    second = hello(acme, "@sam")
    answer = acme.types("tom", "/linchpin back")
    assert "You are back" in answer.text
    assert "1 open touchpoint moved back" in answer.text
    assert "Personal hello\nMoved" in acme.again(second).text
    assert "Personal hello · due today" in acme.again(first).text
    acme.until("2026-11-26 15:05")
    acme.sees("@sam", "<@U0TOM> is back; you no longer cover.")
    assert not [m for m in acme.slack.dms("tom") if "You are back" in m.text]
    assert verbs(acme) == ["away.begun", "away.ended"]


def test_the_digest_of_who_is_away_heads_the_cover_s_morning(acme: Story) -> None:
    acme.types("tom", "/account acme renews 2027-01-15")
    acme.types("tom", AWAY)
    acme.until("2026-11-25 15:05")
    acme.clicks("sam", hello(acme, "@sam"), "Done")
    acme.until("2026-11-30 15:05")
    acme.sees("@sam", "Tom Okafor's digest, Mon 30 Nov, while you cover", "Acme")
    assert not [m for m in acme.slack.dms("tom") if "digest" in m.text]


def test_it_ends_by_itself_on_the_first_working_day_after(acme: Story) -> None:
    acme.types("tom", AWAY)
    acme.until("2026-11-25 15:05")
    done(acme, "sam", hello(acme, "@sam"))
    acme.until("2026-12-07 09:06")
    acme.sees("@tom", "You are back")


def test_a_cover_who_is_away_or_gone_leads_on_or_to_the_department(acme: Story) -> None:
    acme.types("tom", AWAY)
    acme.types("sam", "/linchpin away @maya until 2026-12-04")
    told = acme.types("maya", "/linchpin away @tom until 2026-12-04")
    assert "You are away until Fri 4 Dec; Sales covers: <@U0TOM> cannot." in told.text
    acme.types("maya", "/linchpin back")
    acme.until("2026-11-25 09:05")
    hello(acme, "@maya")
    acme.slack.change_person("maya", deleted=True)
    acme.settle()
    acme.sees("@priya", "Maya Lindqvist", "they covered for <@U0SAM>: Sales gets it")
    hello(acme, "#sales")


def test_the_same_twice_is_one_and_the_claimed_goes_along(acme: Story) -> None:
    acme.until("2026-11-24 09:00")
    acme.settle()
    kickoff = acme.sees("#operations", "Kick-off call")
    acme.clicks("tom", kickoff, "I'll take it")
    acme.types("tom", AWAY)
    acme.types("tom", AWAY)
    assert "Claimed by <@U0SAM>" in acme.again(kickoff).text
    assert absences(acme) == 1


def test_another_cover_takes_the_place_of_the_first(acme: Story) -> None:
    acme.until("2026-11-25 09:05")
    hello(acme, "@tom")
    acme.types("tom", AWAY)
    acme.until("2026-11-25 15:05")
    hello(acme, "@sam")
    answer = acme.types("tom", "/linchpin away @maya until 2026-12-06")
    assert "1 open touchpoint moved there" in answer.text
    acme.until("2026-11-26 15:05")
    acme.sees("@sam", "<@U0TOM> no longer needs you to cover until Sun 6 Dec.")
    acme.sees("@maya", "You cover for Tom Okafor", "Personal hello")


def test_home_sets_a_cover_and_takes_it_back(acme: Story) -> None:
    acme.slack.switches.subscriptions |= {"app_home_opened"}
    for name in ("tom", "sam"):
        acme.slack.open_home(name)
    acme.settle()
    _sets_a_cover(acme)
    assert starts_with(modal(acme, "tom"), "since") == "2026-11-23"
    assert "Please complete this required field" in str(
        submits(acme, "tom", {"until": "2026-12-06"}).errors
    )
    late = {"cover": "U0SAM", "since": "2026-12-07", "until": "2026-12-06"}
    assert "comes before" in str(submits(acme, "tom", late).errors)
    submits(acme, "tom", {"since": "2026-11-23"})
    acme.slack.dismiss("tom", all_views=True)
    acme.slack.open_home("sam")
    acme.after(seconds=5)
    assert "You cover for <@U0TOM>." in str(acme.slack.home("sam"))
    _sets_a_cover(acme)
    assert starts_with(modal(acme, "tom"), "cover") == "U0SAM"
    acme.slack.dismiss("tom", all_views=True)
    acme.clicks("tom", acme.slack.home("tom"), "I'm back")
    acme.after(seconds=5)
    assert "You are away" not in str(acme.slack.home("tom"))


AHEAD = "/linchpin away @sam from 2026-12-07 to 2026-12-13"


def test_a_start_ahead_begins_by_itself_and_the_cover_hears_of_it_once(acme: Story) -> None:
    answer = acme.types("tom", AHEAD)
    assert "You are away from Mon 7 Dec to Sun 13 Dec; <@U0SAM> covers." in answer.text
    assert buttons(answer) == ["Cancel"]
    acme.types("tom", AHEAD)
    acme.until("2026-11-25 09:05")
    acme.sees("@sam", "<@U0TOM> is away from Mon 7 Dec to Sun 13 Dec; you cover.")
    done(acme, "tom", hello(acme, "@tom"))
    acme.slack.dismiss("tom", all_views=True)
    acme.until("2026-12-14 09:01")
    assert len([m for m in acme.slack.dms("sam") if "; you cover" in m.text]) == 1
    acme.sees("@tom", "You are back")
    assert verbs(acme) == ["away.begun", "away.ended", "away.planned"]


def test_what_is_planned_is_listed_cancelled_and_replaced(acme: Story) -> None:
    assert "You are not away" in acme.types("tom", "/linchpin away list").text
    acme.types("tom", AHEAD)
    acme.until("2026-11-24 15:05")
    acme.sees("@sam", "from Mon 7 Dec to Sun 13 Dec; you cover")
    acme.types("tom", "/linchpin away @maya from 2026-12-10 until 2026-12-15")
    acme.types("tom", "/linchpin away @sam from 2027-01-04 until 2027-01-06")
    listed = acme.types("tom", "/linchpin away cancel")
    assert "You are away from Thu 10 Dec to Tue 15 Dec; <@U0MAYA> covers." in listed.text
    assert str(listed.blocks).count("away:end") == 2
    whisper = acme.private("tom")
    acme.clicks("tom", whisper, "Cancel", block_id=whisper.blocks[0]["block_id"])
    assert "Cancelled: you are not away" in acme.types("tom", "/linchpin away cancel").text
    acme.until("2026-11-25 15:05")
    acme.sees("@sam", "<@U0TOM> no longer needs you to cover from Mon 7 Dec to Sun 13 Dec.")
    assert not [m for m in acme.slack.dms("maya") if "cover" in m.text]  # set and cancelled
    hello(acme, "@tom")
    assert "nothing is planned" in acme.types("tom", "/linchpin away list").text
    assert verbs(acme) == ["away.cancelled"] * 3 + ["away.planned"] * 3


def test_an_absence_from_now_takes_the_place_of_what_was_planned_for_these_days(
    acme: Story,
) -> None:
    acme.types("tom", "/linchpin away @maya from 2026-12-01 until 2026-12-02")
    acme.types("tom", AWAY)
    acme.until("2026-11-25 15:05")
    done(acme, "sam", hello(acme, "@sam"))
    acme.until("2026-12-03 09:01")
    assert "until Sun 6 Dec; <@U0SAM> covers" in acme.types("tom", "/linchpin away list").text


def test_a_cover_who_cannot_by_then_leaves_it_to_the_department(acme: Story) -> None:
    """One has left; two who cover for each other do not go round in circles."""
    acme.types("tom", AHEAD)
    acme.types("maya", "/linchpin away @diego from 2026-12-07 to 2026-12-13")
    acme.types("diego", "/linchpin away @maya from 2026-12-07 to 2026-12-13")
    acme.slack.change_person("sam", deleted=True)
    acme.settle()
    acme.until("2026-11-25 09:05")
    done(acme, "tom", hello(acme, "@tom"))
    acme.until("2026-12-07 09:01")
    acme.sees("@tom", "You are away until Sun 13 Dec; Sales covers: <@U0SAM> cannot.")
    told = [m for who in ("maya", "diego") for m in acme.slack.dms(who) if "cannot" in m.text]
    assert len(told) == 1, "whoever went first had a cover"
    with acme.tx() as tx:
        assert [resolve_delegate(tx, who) for who in ("U0TOM", "U0MAYA", "U0DIEGO")] == [None] * 3
    acme.until("2026-12-14 09:01")
    with acme.tx() as tx:
        assert resolve_delegate(tx, "U0MAYA") == "U0MAYA"


def _sets_a_cover(acme: Story) -> None:
    acme.clicks("tom", acme.slack.home("tom"), "Settings")
    acme.clicks("tom", acme.slack.modal("tom"), "Set a cover…")


def test_home_cancels_what_is_planned(acme: Story) -> None:
    acme.slack.switches.subscriptions |= {"app_home_opened"}
    acme.slack.open_home("tom")
    acme.types("tom", AHEAD)
    acme.after(seconds=5)
    acme.clicks("tom", acme.slack.home("tom"), "Settings")
    acme.clicks("tom", acme.slack.modal("tom"), "Cancel")
    acme.after(seconds=5)
    assert "<@U0SAM> covers" not in str(acme.slack.home("tom"))


def test_dates_without_a_cover_open_the_form_with_the_dates(acme: Story) -> None:
    for words, since in (("from 2026-12-20 to", "2026-12-20"), ("until", "2026-11-23")):
        acme.types("tom", f"/linchpin away {words} 2027-01-03")
        shown = modal(acme, "tom")
        assert (starts_with(shown, "since"), starts_with(shown, "until")) == (since, "2027-01-03")
        acme.slack.dismiss("tom", all_views=True)


LATER = (
    "hand all of mine to <@U0SAM> from monday until 2026-12-06",
    "I'm away from 30 Nov to 6 Dec, <@U0SAM> stands in",
    "away from 2026-11-30 to 2026-12-06, @sam covers for me",
)


def test_plain_words_propose_a_start_ahead(acme: Story) -> None:
    acme.slack.switches.subscriptions |= {"message.im"}
    for sentence in LATER:
        acme.slack.say("tom", "@linchpin", sentence)
        acme.settle()
        asked = acme.sees("@tom", "as your cover from Mon 30 Nov to Sun 6 Dec?")
    acme.slack.say("tom", "@linchpin", "away from 2026-12-20 to 2027-01-03")
    acme.settle()
    acme.sees("@tom", "Who covers for you")
    acme.clicks("tom", asked, "Set cover")
    acme.until("2026-11-24 15:05")
    acme.sees("@sam", "is away from Mon 30 Nov to Sun 6 Dec; you cover")


SENTENCES = (
    "hand all of mine to <@U0SAM> until 2026-12-06",
    "I'm away until 6 Dec, <@U0SAM> stands in",
    "give my accounts to @sam until 2026-12-06",
)


def test_plain_words_propose_it(acme: Story) -> None:
    acme.slack.switches.subscriptions |= {"message.im"}
    for sentence in SENTENCES:
        acme.slack.say("tom", "@linchpin", sentence)
        acme.settle()
        asked = acme.sees("@tom", "Set <@U0SAM> as your cover until Sun 6 Dec?")
        assert absences(acme) == 0
    acme.clicks("tom", asked, "Set cover")
    assert absences(acme) == 1


MISTAKES = {
    "/linchpin away @sam": "until when",
    "/linchpin away @sam from 2026-12-20 to 2026-12-06": "no working day from",
    "/linchpin away @sam from 2026-12-05 to 2026-12-06": "no working day from Sat 5 Dec",
    "/linchpin away @sam from 2026-12-07 until whenever": "from 2026-12-20 to 2027-01-03",
    "/linchpin away @sam until yesterday": "`/linchpin away @priya until 2027-01-10`",
    "/linchpin away me until 2026-12-06": "You cannot cover for yourself",
    "/linchpin away @gus until 2026-12-06": "not a full member",
    "/linchpin away @sam until 2206-12-06": "too far away",
    "/linchpin back": "You are not away",
}


def test_mistakes_are_answered_with_a_line_that_works(acme: Story) -> None:
    for line, told in MISTAKES.items():
        assert told in acme.types("tom", line).text, line
    assert absences(acme) == 0


def test_a_leaver_s_work_goes_to_the_department_and_an_admin_can_give_it(acme: Story) -> None:
    acme.types("priya", "/account add Globex stage advocacy manager @tom")
    acme.types("priya", "/linchpin settings sales lead @tom")
    acme.until("2026-11-24 09:00")
    acme.settle()
    kickoff = acme.sees("#operations", "Kick-off call")
    acme.clicks("tom", kickoff, "I'll take it")
    acme.until("2026-11-25 09:05")
    old = hello(acme, "@tom")
    acme.slack.change_person("tom", deleted=True)
    acme.settle()
    told = acme.sees("@priya", "Tom Okafor has left Slack")
    for words in (
        "2 accounts have no manager now; Sales gets their touchpoints: Acme, Globex",
        "1 claimed touchpoint is unclaimed again",
        "Sales has no lead: `/linchpin settings sales lead @name`",
    ):
        assert words in told.text, words
    assert labels(acme.again(kickoff)) == ["Done", "I'll take it", "Snooze…", "Skip…"]
    assert labels(acme.again(old)) == []
    hello(acme, "#sales")
    acme.clicks("priya", told, "Reassign all…")
    assert "2 accounts of *Tom Okafor*" in str(modal(acme, "priya").blocks)
    acme.types("priya", "/account globex manager @maya")
    submits(acme, "priya", {"manager": "U0SAM"})
    assert (manager(acme), manager(acme, "Globex")) == ("U0SAM", "U0MAYA")
    assert "✓ All reassigned to <@U0SAM> by <@U0PRIYA>" in acme.again(told).text
    acme.until("2026-11-26 15:05")
    acme.sees("@maya", "You manage Globex from now on")
    acme.sees("@sam", "<@U0PRIYA> gave you 1 account of Tom Okafor", "Personal hello")


def test_a_leaver_with_a_cover_leaves_the_accounts_to_the_cover(acme: Story) -> None:
    acme.types("tom", AWAY)
    acme.slack.change_person("tom", is_restricted=True)
    acme.settle()
    acme.sees("@priya", "Tom Okafor is a guest now", "1 account went to <@U0SAM>: Acme")
    assert manager(acme) == "U0SAM"
    acme.until("2026-11-25 15:05")
    acme.sees("@sam", "You manage 1 account of Tom Okafor", "Acme")
    hello(acme, "@sam")


def test_who_had_nothing_is_not_told_of(acme: Story) -> None:
    acme.slack.change_person("aiko", deleted=True)
    acme.settle()
    with acme.tx() as tx:
        assert tx.count(Departure) == 0
    acme.slack.change_person("tom", deleted=True)
    acme.settle()
    told = acme.sees("@priya", "Tom Okafor has left Slack")
    assert labels(told) == ["Reassign all…"]
    assert manager(acme) is None
    with acme.tx() as tx:
        assert tx.count(Touchpoint, col(Touchpoint.state) == "cancelled") == 0


def test_who_is_back_within_30_days_is_offered_their_accounts_in_one_click(acme: Story) -> None:
    for name in ("Globex", "Initech"):
        acme.types("priya", f"/account add {name} stage advocacy manager @tom")
    acme.slack.change_person("tom", deleted=True)
    acme.settle()
    acme.sees("@priya", "Tom Okafor has left Slack")
    acme.types("priya", "/account initech manager @maya")
    acme.slack.change_person("tom", deleted=False)
    acme.until("2026-11-24 09:05")
    acme.sees("@maya", "You manage Initech")
    offer = acme.sees("@tom", "Welcome back. You managed 2 accounts: Acme, Globex.")
    acme.clicks("tom", offer, "Take them back")
    assert "You manage 2 accounts again: Acme, Globex." in acme.private("tom").text
    assert [manager(acme, each) for each in ("Acme", "Globex")] == ["U0TOM", "U0TOM"]
    assert manager(acme, "Initech") == "U0MAYA"
    acme.slack.change_person("tom", real_name="Tom O.")
    acme.settle()  # nothing is offered twice


def test_a_manager_who_answers_nothing_is_asked_and_a_week_later_the_lead(acme: Story) -> None:
    acme.types("priya", "/linchpin settings sales lead @sam")
    acme.until("2026-12-14 15:05")
    acme.sees("@tom", "Are you away?", "nothing of yours was recorded for two weeks")
    acme.until("2026-12-22 15:05")
    offer = acme.sees("@sam", "Nothing of Tom Okafor was recorded for three weeks")
    acme.clicks("sam", offer, "Set a cover…")
    assert "The cover of *Tom Okafor* gets their nudges" in str(modal(acme, "sam").blocks)
    submits(acme, "sam", {"cover": "U0MAYA", "until": "2027-01-05"})
    acme.until("2026-12-23 15:05")
    acme.sees("@maya", "You cover for Tom Okafor, away until Tue 5 Jan 2027:")
    forget_the_rest(acme)


def test_a_manager_who_does_anything_is_not_asked(acme: Story) -> None:
    acme.until("2026-12-07 13:00")
    acme.types("tom", "/log acme call about the first weeks")
    acme.until("2026-12-14 15:05")
    assert not any("Are you away" in each.text for each in acme.slack.unexpected())
    forget_the_rest(acme)
