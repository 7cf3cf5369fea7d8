"""`/account`: adding one, and changing what is known of one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path

import pytest
from rich.console import Console
from sqlmodel import col, select

from bot.__main__ import build_parser
from bot.settings import Settings
from bot.terminal.imports.command import run
from db.models import Touchpoint
from tests.commands.helpers import account, lasting, touchpoints, verbs
from tests.story import Story

QUIET = Console(quiet=True)
FIELDS = ("stage onboarding", "manager @tom", "renews 2027-03-31")


@pytest.mark.parametrize("fields", list(permutations(FIELDS)))
def test_fields_come_in_any_order(story: Story, fields: tuple[str, ...]):
    answer = story.types("priya", f"/account add Acme Corporation {' '.join(fields)}")
    assert answer.text.startswith("Acme Corporation is added, in Onboarding.\nNext: ")
    assert "Still to be said" not in answer.text
    added = account(story, "Acme Corporation")
    assert (added.stage, added.manager_id) == ("onboarding", "U0TOM")
    assert added.renews_on == date(2027, 3, 31)
    assert verbs(story) == ["term.began", "account.added"]  # onboarding begins a customer's term


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Acme", "Acme"),
        ('"The Stage Company"', "The Stage Company"),
        ("Stage Door Ltd", "Stage Door Ltd"),
        ("Müller & Söhne", "Müller & Söhne"),
        ('Bob "The Builder" Ltd', 'Bob "The Builder" Ltd'),
        ("  Spaced    Out  ", "Spaced Out"),
        ("<!channel>", "<!channel>"),
        ("株式会社サクラ", "株式会社サクラ"),
    ],
)
def test_any_name_will_do(story: Story, typed: str, name: str):
    answer = story.types("priya", f"/account add {typed}")
    assert account(story, name) is not None
    assert "<!channel>" not in answer.text + str(answer.blocks)


def test_what_was_not_said_can_be_said_later(story: Story):
    answer = story.types("priya", "/account add Acme Corporation").text
    assert '`/account "Acme Corporation" manager @name`' in answer
    assert "Acme Corporation" in story.types("priya", '/account "Acme Corporation" manager me').text
    assert account(story, "Acme Corporation").manager_id == "U0PRIYA"


def test_a_name_is_given_once(story: Story):
    story.types("priya", "/account add Acme")
    story.types("priya", "/account acme alias Zenith")
    before = lasting(story)
    for typed in ("add ACME", 'add "acme"', "add zenith"):
        assert "`/account Acme` shows it." in story.types("priya", f"/account {typed}").text
    assert lasting(story) == before
    story.types("priya", "/account acme archive")
    assert "`/account Acme restore` brings it back." in (
        story.types("priya", "/account add Acme").text
    )


def test_a_manager_is_a_colleague_by_mention_handle_name_or_me(story: Story):
    story.types("priya", "/account add Acme")
    before = "nobody"
    for typed, user in (
        ("@tom", "U0TOM"),
        ("maya", "U0MAYA"),
        ("Diego Santos", "U0DIEGO"),
        ("me", "U0PRIYA"),
    ):
        answer = story.types("priya", f"/account acme manager {typed}")
        assert answer.text == f"<@{user}> manages Acme from now on. Before: {before}."
        assert account(story, "Acme").manager_id == user
        before = f"<@{user}>"
    assert "Sales gets its touchpoints" in story.types("priya", "/account acme manager none").text
    story.until("2026-11-24 09:01")
    now = "You no longer manage Acme: Maya Lindqvist manages it now. Priya Raman changed it."
    story.sees("@tom", "You manage Acme from now on. Priya Raman changed it.", now)
    for who in ("@maya", "@diego"):
        story.sees(who, "You manage Acme from now on", "You no longer manage Acme")
    story.sees("#sales", "First question")


@pytest.mark.parametrize("who", ["@gus", "@zapbot", "@linchpin", "@olga", "@nobody"])
def test_only_a_full_member_can_be_a_manager(story: Story, who: str):
    story.types("priya", "/account add Acme")
    before = lasting(story)
    answer = story.types("priya", f"/account acme manager {who}").text
    assert "`/account Acme manager @priya`" in answer
    assert lasting(story) == before


def test_a_manager_s_open_nudge_goes_to_the_new_one(story: Story):
    story.types("priya", "/account add Acme stage onboarding manager @tom")
    story.until("2026-11-25 09:05")
    old = story.sees("@tom", "Personal hello")
    story.sees("#operations", "Kick-off call")
    story.types("priya", "/account acme manager @maya")
    story.after(minutes=1)
    story.sees("@maya", "Personal hello", "You manage Acme from now on")
    story.until("2026-11-26 09:05")
    story.sees("@tom", "You no longer manage Acme")
    assert not any(block["type"] == "actions" for block in story.again(old).blocks)


def test_a_renewal_date_plans_what_hangs_on_it_and_a_new_one_plans_anew(story: Story):
    story.types("priya", "/account add Acme stage renewal manager @priya")
    story.sees("#marketing", "Story of the year")
    assert "Fri 22 Oct" in story.types("priya", "/next acme").text  # before a year is over
    answer = story.types("priya", "/account acme renews 2027-03-31").text
    assert answer.splitlines() == [
        "Acme renews on Wed 31 Mar 2027. Before: not known.",
        "1 touchpoint planned for it.",
    ]
    assert touchpoints(story, "Acme")["brief"] == "planned"
    assert "Mon 1 Mar" in story.types("priya", "/next acme").text
    story.types("priya", "/account acme renews 2027-06-30")
    assert "Mon 31 May" in story.types("priya", "/next acme").text
    assert story.types("priya", "/account acme renews never").text == (
        "Acme has no renewal date now. Before: Wed 30 Jun 2027."
    )
    assert "Fri 22 Oct" in story.types("priya", "/next acme").text


def test_a_renewal_date_does_not_bring_back_what_an_import_left_out(story: Story, tmp_path: Path):
    deals = tmp_path / "deals.csv"
    deals.write_text(
        "Account,Opportunity_ID,Deal_Stage,Close_Date,Created_On\nAcme,1,Won,2026-11-10,2026-10-01\n"
    )
    words = build_parser(["import"]).parse_args(["import", "--deals", str(deals)])
    run(words, settings=Settings(database_url=story.url), now=lambda: story.now, console=QUIET)
    assert touchpoints(story, "Acme") == {"report": "planned", "brief": "planned"}
    story.types("priya", "/account acme renews 2027-03-31")
    assert touchpoints(story, "Acme") == {"report": "planned", "brief": "planned"}


def test_what_a_new_renewal_date_makes_due_already_is_due_now(story: Story):
    story.types("priya", "/account add Acme stage renewal manager @priya")
    story.reacts("maya", story.sees("#marketing", "Story of the year"), "white_check_mark")
    story.until("2026-11-25 10:00")
    story.types("priya", "/account acme renews 2026-12-24")  # 30 days before was yesterday
    story.until("2026-11-26 09:05")
    story.sees("@priya", "Renewal brief")
    with story.tx() as tx:
        (brief,) = tx.all(select(Touchpoint).where(col(Touchpoint.play) == "brief"))
    assert brief.due_at == datetime(2026, 11, 25, 10, tzinfo=UTC)  # it waits since it was asked


def test_a_later_renewal_takes_back_what_was_nudged_and_plans_it_again(story: Story):
    story.types("priya", "/account add Acme stage renewal manager @priya renews 2026-12-25")
    story.sees("#marketing", "Story of the year")
    story.until("2026-11-25 09:05")
    nudge = story.sees("@priya", "Renewal brief")
    story.types("priya", "/account acme renews 2027-12-25")
    assert "No longer needed" in story.again(nudge).text
    assert touchpoints(story, "Acme")["brief"] == "planned"
    answer = story.types("priya", "/next mine").text
    assert "Renewal brief" in answer
    assert "Thu 25 Nov" in answer  # of the year after


def test_renaming_keeps_the_old_name_as_an_alias(story: Story):
    story.types("priya", "/account add Acme")
    answer = story.types("priya", "/account acme rename Zenith & Sons").text
    assert answer == "Acme is now called Zenith &amp; Sons; the old name still finds it."
    assert story.types("priya", "/account acme rename ZENITH & Sons").text.startswith(
        "Its name is written"
    )
    story.types("priya", "/account acme edit")
    assert "Other names: Acme" in str(story.slack.modal("priya"))
    story.slack.dismiss("priya", all_views=True)
    back = story.types("priya", "/account zenith rename Acme").text
    assert back.startswith("ZENITH &amp; Sons is now called Acme")


@pytest.mark.parametrize("verb", ["rename", "alias"])
def test_a_name_of_another_account_is_not_taken(story: Story, verb: str):
    story.types("priya", "/account add Acme")
    story.types("priya", "/account add Globex")
    before = lasting(story)
    answer = story.types("priya", f"/account acme {verb} GLOBEX").text
    assert "There is an account called Globex already. `/account Globex` shows it." in answer
    assert lasting(story) == before


def test_archiving_ends_everything_and_restoring_begins_anew(story: Story):
    story.types("priya", "/account add Acme")
    story.until("2026-11-24 09:05")
    nudge = story.sees("#sales", "First question")
    answer = story.types("priya", "/account acme archive").text
    assert answer == (
        "Acme is archived. 1 touchpoint planned for it will not be sent. "
        "`/account Acme restore` brings it back."
    )
    assert "No longer needed" in story.again(nudge).text
    for line in ("manager me", "renews 2027-01-01", "channel #sales", "archive"):
        assert "`/account Acme restore`" in story.types("priya", f"/account acme {line}").text
    assert "Archived, was in Prospect" in story.types("priya", "/account acme").text
    assert story.types("priya", "/account acme restore").text == (
        "Acme is restored. Its touchpoints are planned again."
    )
    assert "brought back, in Prospect" in story.types("priya", "/account acme").text
    assert "is not archived" in story.types("priya", "/account acme restore").text


def test_what_follows_archive_is_not_guessed(story: Story):
    story.types("priya", "/account add Acme")
    before = lasting(story)
    assert "`/account Acme archive`" in story.types("priya", "/account acme archive ltd").text
    assert lasting(story) == before


def test_a_channel_can_be_set_taken_back_and_is_never_one_shared_outside(story: Story):
    story.types("priya", "/account add Acme")
    assert "announced in <#C0SALES>" in story.types("priya", "/account acme channel #sales").text
    story.types("priya", "/account acme edit")
    assert "<#C0SALES>" in str(story.slack.modal("priya"))
    story.slack.dismiss("priya", all_views=True)
    assert "/invite" in story.types("priya", "/account acme channel #random").text
    for words in ("#partners", "<#C0PARTNERS|partners>"):
        answer = story.types("priya", f"/account acme channel {words}").text
        assert "shared with people outside" in answer
    assert account(story, "Acme").channel_id == "C0RANDOM"
    assert "company's channel" in story.types("priya", "/account acme channel none").text
    assert account(story, "Acme").channel_id is None


def test_other_words_for_the_same_verbs_are_understood(story: Story):
    story.types("priya", "/account add Acme")
    assert "manages Acme" in story.types("priya", "/account acme owner @tom").text
    assert "renews on" in story.types("priya", "/account acme renewal 2027-03-31").text
    moved = story.types("priya", "/account acme stage renewal")
    assert "Move it to renewal" in str(moved.blocks)


def test_the_largest_card_fits(story: Story):
    name = "&" * 200
    story.types("priya", f"/account add {name}")
    for n in range(12):
        story.types("priya", f"/account id:1 alias {'<' * 190}{n}")
        story.types("priya", f"/log id:1 call {'&<>*_' * 500}{n}")
    for line in ("/account id:1", "/stage id:1", "/stage", "/stage prospect", "/next id:1"):
        assert story.types("priya", line).error == ""
    story.types("priya", f"/stage id:1 lost because {'&' * 1000}")
    story.sees("#customers", "&amp;&amp;")
