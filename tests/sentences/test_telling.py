"""What is told in a direct message becomes one proposal, and one click does it."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import col, select

from db.models import (
    Absence,
    AdvocacyEntry,
    Contact,
    Decision,
    Interaction,
    Member,
    Promise,
    Touchpoint,
    ValueEntry,
)
from tests.commands.helpers import account, lasting
from tests.commands.test_conversation import ask, labels
from tests.story import Story


@pytest.fixture
def two(story: Story) -> Story:
    story.types("priya", "/account add Acme Corporation stage renewal manager @priya")
    story.settle()
    story.sees("#marketing", "Story of the year")
    story.types("priya", "/account acme renews 2026-12-31")
    story.types("priya", "/account add Tamarind Foods stage onboarding manager @priya")
    return story


def agree(story: Story, sentence: str, *told: str, who: str = "priya") -> None:
    """Says it, reads the proposal, which changes nothing, and presses its button."""
    before = lasting(story)
    answer = ask(story, sentence, who)
    assert [words for words in told if words not in answer.text] == []
    assert lasting(story) == before
    story.clicks(who, answer, labels(answer)[0])


def last(story: Story, table: Any) -> Any:
    with story.tx() as tx:
        return tx.all(select(table).order_by(col(table.id)))[-1]


def test_a_call_keeps_the_words_and_the_day_that_was(two: Story):
    said = "spoke to Acme on Friday, they love the dashboards 🎉"
    agree(two, said, "Log a call with Acme Corporation, Fri 20 Nov?", f"> {said}")
    entry = last(two, Interaction)
    assert (entry.kind, entry.text, entry.happened_on) == ("call", said, date(2026, 11, 20))


def test_a_day_to_come_is_no_day_of_a_note(two: Story):
    agree(two, "note for acme: CFO on leave until 7 Dec", "Log a note for Acme Corporation, Mon")
    assert last(two, Interaction).text == "CFO on leave until 7 Dec"


def test_two_accounts_are_logged_with_one_click(two: Story):
    agree(two, "had a meeting with Acme and Tamarind: both want SSO", "Acme", "Tamarind")
    with two.tx() as tx:
        entries = tx.all(select(Interaction))
    assert [(e.kind, e.text) for e in entries] == [("meeting", "both want SSO")] * 2
    assert len({e.account_id for e in entries}) == 2


def test_two_proposals_of_one_message_can_both_be_agreed_to(two: Story):
    answer = ask(two, "log a call with acme: all fine. And remind me on Friday to send the offer")
    assert labels(answer) == ["Log it", "Remind me"]
    two.clicks("priya", answer, "Log it")
    two.clicks("priya", two.again(answer), "Remind me")
    assert last(two, Interaction).text == "all fine"
    assert last(two, Touchpoint).title == "send the offer"


def test_a_promise_has_its_day_and_its_owner(two: Story):
    agree(two, "we promised Acme a data export by 4 Dec, ops does it", "Fri 4 Dec", "data export")
    promise = last(two, Promise)
    assert (promise.text, promise.due_on) == ("data export", date(2026, 12, 4))
    assert last(two, Touchpoint).owner == "operations"
    agree(two, "the data export for Acme is done", 'Kept today: Acme Corporation, "data export"')
    assert last(two, Touchpoint).state == "done"


def test_a_day_that_may_be_two_is_asked_about(two: Story):
    answer = ask(two, "we promised Acme a data export by 03/04/27")
    assert labels(answer) == ["Thu 4 Mar 2027", "Sat 3 Apr 2027"]
    two.clicks("priya", answer, "Sat 3 Apr 2027")
    assert last(two, Promise).due_on == date(2027, 4, 3)


def test_a_promise_without_a_day_is_asked_for_it(two: Story):
    answer = ask(two, "we promised Acme a discount")
    assert answer.text.startswith('By when is "discount" promised to Acme Corporation?')
    two.clicks("priya", answer, "Wed 23 Dec")
    assert last(two, Promise).due_on == date(2026, 12, 23)


def test_value_has_no_amount_in_its_words(two: Story):
    said = "Acme says we save them 2 days a month, about 12k EUR a year"
    agree(two, said, "EUR 12,000 a year, confirmed by them")
    entry = last(two, ValueEntry)
    assert (entry.text, entry.hundredths, entry.currency) == (
        "we save them 2 days a month",
        1_200_000,
        "EUR",
    )
    assert entry.confirmed_at is not None


def test_a_decision_reckons_the_next_renewal(two: Story):
    agree(two, "Acme renewed!! 2 years, signed today 🥳", "next renewal Sun 31 Dec 2028")
    decision = last(two, Decision)
    assert (decision.outcome, decision.reason) == ("renewed", None)
    assert account(two, "Acme Corporation").renews_on == date(2028, 12, 31)
    two.settle()
    two.sees("#marketing", "Story of the year")


def test_a_loss_names_who_won_and_why(two: Story):
    agree(two, "we lost Acme to Initech, cheaper", "chose Initech, moves to Lost")
    decision = last(two, Decision)
    assert (decision.outcome, decision.alternative, decision.reason) == (
        "chose other",
        "Initech",
        "cheaper",
    )
    two.sees("#customers", "Acme Corporation")


def test_what_is_not_to_be_done_is_not_proposed(two: Story):
    answer = ask(two, "please do not move acme to advocacy yet")
    assert answer.text == "Acme Corporation stays as it is. Nothing was changed."


def test_a_contact_keeps_address_and_number(two: Story):
    agree(two, "New contact at Acme: Jo Byrne, COO, jo@acme.example, +353 64 555 0199", "Jo Byrne")
    contact = last(two, Contact)
    assert (contact.name, contact.role) == ("Jo Byrne", "COO")
    assert (contact.email, contact.phone) == ("jo@acme.example", "+353 64 555 0199")
    agree(two, "Jo Byrne left Acme", "Jo Byrne has left Acme Corporation")
    assert last(two, Contact).left_on == date(2026, 11, 23)


def test_a_favour_is_recorded(two: Story):
    agree(two, "Acme agreed to a reference call", "Acme Corporation agreed to: reference call")
    entry = last(two, AdvocacyEntry)
    assert (entry.verb, entry.act) == ("agreed", "reference call")


def test_a_reminder_is_a_touchpoint_of_ones_own_and_can_be_undone(two: Story):
    answer = ask(two, "remind me on Thursday at 10 to call Acme")
    assert answer.text.startswith("Remind you on Thu 26 Nov 10:00 about Acme Corporation?")
    two.clicks("priya", answer, "Remind me")
    reminder = last(two, Touchpoint)
    assert (reminder.title, reminder.person_id, reminder.state) == (
        "call Acme",
        "U0PRIYA",
        "planned",
    )
    assert reminder.due_at.isoformat().startswith("2026-11-26T10:00")
    two.clicks("priya", two.again(answer), "Undo")
    assert last(two, Touchpoint).id != reminder.id


def test_away_has_both_days_and_the_cover(two: Story):
    agree(two, "I'm off 24.12.-1.1., Tom takes my stuff", "Thu 24 Dec to Fri 1 Jan 2027")
    absence = last(two, Absence)
    assert (absence.cover_id, absence.since, absence.until) == (
        "U0TOM",
        date(2026, 12, 24),
        date(2027, 1, 1),
    )


def test_digest_and_hours_are_set_in_words_and_in_commands(two: Story):
    agree(two, "send my digest on fridays at 4pm", "on Fridays at 16:00")
    agree(two, "no messages after 6pm please", "from 09:00 to 18:00")
    answer = two.types("tom", "/linchpin settings hours 8-16 mon-thu")
    assert "from 08:00 to 16:00, mon, tue, wed, thu" in answer.text
    with two.tx() as tx:
        people = {one.user_id: one for one in tx.all(select(Member))}
    priya, tom = people["U0PRIYA"], people["U0TOM"]
    assert (priya.digest_weekday, priya.digest_hour, priya.hours) == (4, 16, "09:00-18:00")
    assert (tom.hours, tom.days) == ("08:00-16:00", "mon, tue, wed, thu")


def test_unsubscribe_shows_what_can_be_switched_off_and_does_nothing(two: Story):
    answer = ask(two, "unsubscribe")
    assert labels(answer) == ["Digest off", "Hours 9-17", "Away…"]
    with two.tx() as tx:
        assert not any(one.digest_off for one in tx.all(select(Member)))


def test_undo_names_the_last_deed_and_takes_it_back(two: Story):
    two.types("priya", "/log acme call they like it")
    agree(two, "undo", "Take back: what you logged for Acme Corporation")
    assert last(two, Interaction).undone_at is not None
    two.types("priya", "/account acme worth 42k EUR")
    answer = two.types("priya", "/linchpin undo")
    assert "Acme Corporation" in answer.text
    assert account(two, "Acme Corporation").hundredths is None
    two.types("tom", "/linchpin undo")
    assert "did nothing in the last 24 hours" in two.types("tom", "/linchpin undo").text


def test_an_old_deed_is_asked_about_before_it_is_taken_back(two: Story):
    two.types("priya", "/log acme call they like it")
    two.after(minutes=11)
    answer = two.types("priya", "/linchpin undo")
    assert answer.text.startswith("Take back: what you logged for Acme Corporation")
    assert last(two, Interaction).undone_at is None


def test_erasing_is_an_admins_and_not_done_in_words(two: Story):
    assert "Only an admin may erase Acme" in ask(two, "delete Acme and everything", "tom").text
