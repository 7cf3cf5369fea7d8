"""Changes of an account are read back, can be undone, and are told to whom they concern."""

from tests.commands.helpers import account
from tests.story import Story


def test_a_renewal_date_is_read_back_with_the_old_one_and_undo_puts_it_back(story: Story):
    story.types("priya", "/account add Acme manager @priya renews 2027-03-31")
    answer = story.types("priya", "/account acme renews 2028-03-31")
    assert "renews on Fri 31 Mar 2028. Before: Wed 31 Mar 2027." in answer.text
    story.clicks("priya", answer.message, "Undo")
    assert "renews on Wed 31 Mar 2027. Before: Fri 31 Mar 2028." in story.private("priya").text
    assert str(account(story, "Acme").renews_on) == "2027-03-31"


def test_what_somebody_changed_since_is_not_undone(story: Story):
    story.types("priya", "/account add Acme manager @priya renews 2027-03-31")
    answer = story.types("priya", "/account acme renews 2028-03-31")
    story.types("tom", "/account acme renews 2029-03-31")
    story.clicks("priya", answer.message, "Undo")
    assert "was changed since, so nothing was undone" in story.private("priya").text
    assert str(account(story, "Acme").renews_on) == "2029-03-31"


def test_undoing_a_new_manager_tells_both_again(story: Story):
    story.types("priya", "/account add Acme manager @tom")
    answer = story.types("priya", "/account acme manager @maya")
    story.until("2026-11-24 09:01")
    story.sees("@tom", "You no longer manage Acme: Maya Lindqvist manages it now. Priya Raman")
    story.sees("@maya", "You manage Acme from now on")
    story.clicks("priya", answer.message, "Undo")
    assert account(story, "Acme").manager_id == "U0TOM"
    story.until("2026-11-25 09:01")
    story.sees("@tom", "You manage Acme from now on")
    story.sees("@maya", "You no longer manage Acme: Tom Okafor manages it now")
    story.sees("#sales", "First question")


def test_words_that_would_move_a_known_renewal_are_asked_about(story: Story):
    story.types("priya", "/account add Acme manager @priya renews 2027-02-12")
    answer = story.types("priya", "/account acme renews next year")
    assert 'renews on Fri 12 Feb 2027. Does "next year" mean Fri 1 Jan 2027?' in answer.text
    assert str(account(story, "Acme").renews_on) == "2027-02-12"
    story.clicks("priya", answer.message, "Yes, Fri 1 Jan 2027")
    assert str(account(story, "Acme").renews_on) == "2027-01-01"


def test_the_manager_hears_of_a_decision_that_somebody_else_recorded(story: Story):
    story.types("priya", "/account add Acme stage renewal manager @tom")
    story.sees("#marketing", "Story of the year")
    story.types("priya", "/decision acme adopted because it is how they work")
    story.sees("@tom", "Priya Raman recorded a decision of Acme: they adopted it")


def test_moves_of_a_weekend_come_at_the_opening_three_of_them_as_one_message(story: Story):
    for name in ("Acme", "Bolt", "Cog", "Dune"):
        story.types("priya", f"/account add {name} stage renewal manager @priya")
    story.until("2026-11-28 12:00")
    for name in ("acme", "bolt"):
        story.types("tom", f"/stage {name} advocacy")
    story.until("2026-11-28 20:00")
    assert not [m for m in story.slack.messages("#customers") if "moved from" in m.text]
    for name in ("cog", "dune"):
        story.types("tom", f"/stage {name} advocacy because they love it")
    story.until("2026-11-30 09:01")
    for where in ("#customers", "@priya"):
        (told,) = [m for m in story.slack.messages(where) if " moved " in m.text]
        assert all(name in told.text for name in ("Acme", "Bolt", "Cog", "Dune"))
    story.slack.workspace.posts.clear()  # what came due is another story
