"""Questions in plain words: the first line answers, from what is recorded; nothing changes."""

import pytest

from tests.commands.helpers import lasting
from tests.commands.test_conversation import ask, mention
from tests.story import Story


@pytest.fixture
def told(story: Story) -> Story:
    """Two accounts with what is known of them."""
    for line in (
        "/account add Acme Corporation stage advocacy manager @priya renews 2026-12-18",
        "/account add Borea Foods stage advocacy manager @sam renews 2027-01-15",
        "/account add Calder stage prospect manager @sam",
        "/account acme worth 42k EUR",
        "/account borea worth 7k GBP",
        "/log acme meeting Dr Lena Marsh, medical director, is our champion on 2026-11-18",
        "/log borea complaint invoices were wrong twice on 2026-11-19",
        "/promise acme single sign-on by 2026-12-15 owner operations",
        "/promise borea new manual by 2026-11-27 owner @sam",
        "/value acme saved a day a week worth 18000 EUR they said so",
        "/decision acme considers Optivue, doing nothing",
    ):
        story.types("priya", line)
    return story


def first(story: Story, sentence: str, who: str = "priya") -> str:
    """The first line of the answer, after which nothing is another than before."""
    before = lasting(story)
    line = ask(story, sentence, who).text.split("\n")[0]
    assert lasting(story) == before
    return line


def test_renewals_are_listed_by_span_and_person_with_their_sum_by_currency(told: Story):
    answer = ask(told, "which renewals come up by end of January?").text
    assert "2 renewals from Mon 23 Nov to Sun 31 Jan 2027, EUR 42,000 and GBP 7,000" in answer
    assert "Acme Corporation · Fri 18 Dec (25 days) · EUR 42,000" in answer
    assert "Borea Foods · Fri 15 Jan 2027 (53 days) · GBP 7,000 · Sam Carter" in answer
    assert "Acme" not in ask(told, "only Sam's renewals in January please").text
    assert first(told, "my renewals in march?").startswith("No renewal of yours from Mon 1 Mar")


def test_when_accounts_renew_is_said_of_each_that_is_named(told: Story):
    assert first(told, "whens acme up for renewl") == (
        "Acme Corporation renews Fri 18 Dec, in 25 days (EUR 42,000 a year)."
    )
    answer = ask(told, "when do acme, Borea and Calder renew?").text
    assert "Borea Foods renews Fri 15 Jan 2027, in 53 days" in answer
    assert "Calder is no customer yet: it is in Prospect." in answer


def test_why_an_account_is_at_risk_is_told_in_what_was_said_and_nothing_is_foretold(told: Story):
    answer = ask(told, "is borea going to churn?").text
    assert answer.startswith("Borea Foods is at risk: Complaint open since Thu 19 Nov.")
    assert "What they will decide is not known." in answer
    assert '"invoices were wrong twice" (complaint, Thu 19 Nov, Priya Raman)' in answer
    assert first(told, "any of my accounts in danger?") == "No account of yours is at risk."
    assert "Borea Foods Thu 19 Nov" in ask(told, "open complaints?").text


def test_who_manages_an_account_and_whose_the_next_step_is(told: Story):
    answer = ask(told, "who owns Borea?", "diego").text
    assert answer.startswith("Sam Carter manages Borea Foods.\nNext: ")
    assert first(told, "which accounts does Sam have?") == "Sam Carter manages 2 accounts"


def test_a_role_that_only_a_note_names_is_quoted_with_its_day(told: Story):
    assert first(told, "who is our champion at acme?") == (
        '"Dr Lena Marsh, medical director, is our champion" (meeting, Wed 18 Nov, Priya Raman)'
    )
    assert first(told, "who is the CFO of acme?") == (
        "No CFO of Acme Corporation is recorded as a contact."
    )


def test_promises_are_listed_by_department_and_person(told: Story):
    answer = ask(told, "open promises of operations").text
    assert answer.startswith("1 open promise of Operations\n")
    assert 'Acme Corporation: "single sign-on" by Tue 15 Dec' in answer
    assert "new manual" in ask(told, "what did Sam promise?").text
    assert "overdue is recorded" in first(told, "are any promises overdue?")


def test_value_decisions_and_alternatives_start_with_the_fact(told: Story):
    assert first(told, "how much value did acme confirm this year?") == (
        "Acme Corporation since Thu 1 Jan: confirmed EUR 18,000 (1 entry)."
    )
    assert "Confirmed by customers: EUR 18,000" in ask(told, "total value our customers got?").text
    assert first(told, "did borea renew?") == "No decision of Borea Foods is recorded."
    assert "considers doing nothing and Optivue." in first(told, "who is acme looking at?")


def test_due_and_overdue_are_told_for_whom_and_which_day_was_asked(told: Story):
    assert first(told, "what do I have to do tomorrow?") == "Nothing is due on Tue 24 Nov for you."
    assert "Nothing is overdue for Operations" in first(told, "OVERDUE ops?")
    assert "new manual" in ask(told, "what's on Sam's plate this week").text


def test_why_a_message_came_is_said_under_it_and_of_the_newest_one(told: Story):
    told.until("2026-11-27 10:00")
    line = first(told, "why did I get this?", "sam")
    assert line.startswith("Borea Foods · Promise: new manual: a promise to them, due today")
    assert "asks you for anything" in first(told, "why did I get this?", "tom")
    for message in told.slack.unexpected():
        told.sees(message.channel, message.text)


def test_help_names_what_is_ones_own_and_how_something_is_recorded(told: Story):
    assert "what's next for Acme Corporation?" in ask(told, "what can you do?").text
    assert "/log acme call" in ask(told, "how do I log a visit?").text


def test_a_mention_is_answered_in_the_same_words(told: Story):
    mention(told, "who manages acme?", who="diego")
    assert "Priya Raman manages Acme Corporation." in told.private("diego").text
