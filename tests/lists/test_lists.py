"""A channel's morning is one list: its lines, its reactions, its buttons, and how it folds."""

from __future__ import annotations

from sqlmodel import col, select

from db.models import Touchpoint
from sandbox import SlackMessage
from tests.story import Story

MORNING = "2026-11-24 09:00"


def morning(story: Story, *accounts: str) -> SlackMessage:
    """The list in #operations on the morning after these accounts came in."""
    for account in accounts or ("Acme", "Initech", "Vellum"):
        story.types("priya", f"/account add {account} stage onboarding")
    story.until(MORNING)
    story.settle()
    return story.sees("#operations", "Operations today")


def pick(story: Story, who: str, listed: SlackMessage, account: str, choice: str) -> None:
    """Picks something in the menu of an account's line."""
    row = next(block for block in listed.blocks if account in str(block.get("text")))
    story.clicks(who, listed, choice, block_id=row["block_id"])
    if choice == "Snooze…":
        story.slack.submit(who)
        story.settle()


def test_what_is_due_together_stands_in_one_list_by_play(story: Story) -> None:
    text = morning(story).text
    assert "3 touchpoints" in text
    assert "3 unclaimed" in text
    assert "They decide:" in text
    assert [line for line in text.splitlines() if line[:1].isdigit()] == [
        "3 unclaimed",
        "1   Acme",
        "2   Initech",
        "3   Vellum",
    ]


def test_a_number_marks_its_line_and_taking_it_back_undoes_it(story: Story) -> None:
    listed = morning(story)
    story.reacts("diego", listed, "two")
    assert "2   ✅ Initech · Diego" in story.again(listed).text
    assert "1 done · 2 unclaimed" in story.again(listed).text
    story.unreacts("diego", listed, "two")
    assert "3 unclaimed" in story.again(listed).text


def test_only_the_doer_s_removal_undoes_a_line(story: Story) -> None:
    listed = morning(story)
    story.reacts("diego", listed, "one")
    story.reacts("aiko", listed, "one")
    assert "was done" in story.private("aiko").text
    story.unreacts("aiko", listed, "one")
    assert "1 done · 2 unclaimed" in story.again(listed).text


def test_a_check_mark_asks_whether_all_are_done(story: Story) -> None:
    listed = morning(story)
    pick(story, "aiko", listed, "Vellum", "I'll take it")
    story.reacts("diego", listed, "white_check_mark")
    asked = story.private("diego")
    assert "Mark these 2 done? Acme, Initech." in asked.text
    assert "Vellum stays with Aiko" in asked.text
    assert "1 claimed · 2 unclaimed" in story.again(listed).text
    story.clicks("diego", asked, "Mark 2 done")
    assert "2 done · 1 claimed" in story.again(listed).text
    story.unreacts("diego", listed, "white_check_mark")
    assert "1 claimed · 2 unclaimed" in story.again(listed).text


def test_eyes_take_what_is_unclaimed_after_a_question(story: Story) -> None:
    listed = morning(story)
    story.reacts("diego", listed, "eyes")
    story.clicks("diego", story.private("diego"), "Take 3")
    assert "3 claimed" in story.again(listed).text


def test_no_reaction_on_a_list_passes_in_silence(story: Story) -> None:
    listed = morning(story)
    for name, words in (
        ("zzz", "use the line's menu"),
        ("track_next", "use its menu"),
        ("+1", "Which line?"),
        ("nine", "no line 9"),
    ):
        story.reacts("diego", listed, name)
        assert words in story.private("diego").text
    assert "3 unclaimed" in story.again(listed).text


def test_a_list_folds_to_what_was_done_when_nothing_is_open(story: Story) -> None:
    listed = morning(story)
    for number in ("one", "two"):
        story.reacts("diego", listed, number)
    pick(story, "aiko", listed, "Vellum", "Done")
    text = story.again(listed).text
    assert "Operations, Tue 24 Nov: 3 of 3 done" in text
    assert "Acme · Diego" in text
    assert "React" not in text


def test_what_is_left_over_stays_for_two_mornings_and_is_posted_anew_on_the_third(
    story: Story,
) -> None:
    listed = morning(story)
    story.reacts("diego", listed, "one")
    for day in (25, 26):
        story.until(f"2026-11-{day} 09:05")
        if day == 25:
            story.sees("#sales", "Personal hello")
        assert f"{day} Nov: 3 touchpoints" in story.again(listed).text
    assert "2 days overdue" in story.again(listed).text
    story.until("2026-11-27 09:05")
    anew = story.sees("#operations", "Fri 27 Nov: 2 touchpoints")
    assert "2 unclaimed (all carried over)" in anew.text
    folded = story.again(listed).text
    assert "1 of 3 done" in folded
    assert "Moved to Fri 27 Nov: Initech, Vellum" in folded


def test_what_is_snoozed_comes_back_with_what_was_left_over(story: Story) -> None:
    listed = morning(story)
    pick(story, "diego", listed, "Acme", "Snooze…")
    assert "snoozed until Wed 25 Nov by Diego" in story.again(listed).text
    story.until("2026-11-25 09:05")
    anew = story.sees("#operations", "Wed 25 Nov: 3 touchpoints").text
    assert "3 unclaimed" in anew
    story.sees("#sales", "Personal hello")


def test_several_are_marked_done_in_one_form(story: Story) -> None:
    listed = morning(story)
    story.clicks("diego", listed, "Mark several done…")
    form = story.slack.modal("diego")
    assert form is not None
    options = form.blocks[0]["element"]["options"]
    story.slack.submit("diego", {"lines:0": [options[0]["value"], options[2]["value"]]})
    story.settle()
    assert "2 done · 1 unclaimed" in story.again(listed).text


def test_how_to_do_these_tells_the_whole_ask(story: Story) -> None:
    listed = morning(story)
    story.clicks("diego", listed, "How to do these")
    form = story.slack.modal("diego")
    assert form is not None
    assert "Agree with the customer what a good first month" in str(form.blocks)


def test_a_deleted_list_comes_again_the_next_morning_and_its_buttons_say_so(story: Story) -> None:
    listed = morning(story)
    story.reacts("diego", listed, "one")
    story.slack.delete_message(listed)
    story.until("2026-11-25 09:05")
    again = story.sees("#operations", "Wed 25 Nov: 2 touchpoints")
    story.sees("#sales", "Personal hello")
    story.clicks("diego", listed, "How to do these")
    assert "no longer known" in story.private("diego").text
    pick(story, "diego", again, "Initech", "Done")
    assert "1 done · 1 unclaimed" in story.again(again).text


def test_a_list_deleted_during_the_day_waits_for_the_morning(story: Story) -> None:
    listed = morning(story)
    story.until("2026-11-24 14:00")
    story.slack.delete_message(listed)
    story.types("diego", "/next operations")
    story.clicks("diego", story.private("diego"), "Done", block_id="next:1:operations")
    pick(story, "aiko", listed, "Vellum", "Done")
    assert "This message was deleted" in story.private("aiko").text
    story.until("2026-11-25 08:59")
    assert story.slack.messages("#operations") == []
    story.until("2026-11-25 09:05")
    story.sees("#operations", "Wed 25 Nov: 2 touchpoints", "Initech", "Vellum")
    story.sees("#sales", "Personal hello")


def test_a_department_s_digest_comes_on_monday_whatever_is_due(story: Story) -> None:
    listed = morning(story)
    story.reacts("diego", listed, "white_check_mark")
    story.clicks("diego", story.private("diego"), "Mark 3 done")
    story.until("2026-11-30 09:05")
    digest = story.sees("#operations", "Operations digest, Mon 30 Nov")
    assert "Last week: 3 of 3 done. This week: nothing is due." in digest.text
    story.sees("#sales", "Sales, Wed 25 Nov")
    story.sees("#sales", "Sales digest, Mon 30 Nov")
    story.sees("#customers", "Company digest")
    assert [m for m in story.slack.messages("#marketing") if "digest" in m.text] == []


def test_the_number_works_on_a_list_of_one_line(story: Story) -> None:
    """A digest's list has its lines numbered, however few they are."""
    story.types("priya", "/account add Acme stage onboarding")
    story.until("2026-11-30 09:05")
    listed = story.sees("#operations", "Operations digest, Mon 30 Nov")
    assert "React: :one: done" in listed.text
    story.reacts("diego", listed, "one")
    assert touchpoint_state(story) == "done"
    for message in story.slack.unexpected():
        story.sees(message.channel, message.text[:20])


def test_a_reaction_on_a_nudge_that_has_moved_says_where_to_answer(story: Story) -> None:
    story.types("priya", "/account add Acme stage onboarding")
    story.until("2026-11-24 09:05")
    old = story.sees("#operations", "Kick-off call")
    story.until("2026-11-27 09:05")
    story.reacts("diego", old, "white_check_mark")
    assert "newer message" in story.private("diego").text
    assert touchpoint_state(story) == "nudged"
    for message in story.slack.unexpected():
        story.sees(message.channel, message.text[:20])


def touchpoint_state(story: Story) -> str:
    with story.tx() as tx:
        return tx.one(select(Touchpoint).where(col(Touchpoint.play) == "kickoff")).state


def test_two_nudges_of_a_day_are_one_list_the_next_morning(story: Story) -> None:
    for account in ("Acme", "Initech"):
        story.types("priya", f"/account add {account} stage renewal")
        story.after(minutes=30)
        story.sees("#marketing", account, "Story of the year")
    story.until("2026-11-24 09:05")
    together = story.sees("#marketing", "Marketing today, Tue 24 Nov: 2 touchpoints")
    assert "2 unclaimed (all carried over)" in together.text
