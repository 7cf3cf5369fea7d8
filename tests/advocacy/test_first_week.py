"""In the first week of their accounts managers say what customers got and who speaks for us."""

from __future__ import annotations

from pathlib import Path

from bot.__main__ import build_parser
from bot.settings import Settings
from bot.terminal.imports.command import run
from db.models import Contact, ValueEntry
from tests.commands.test_account import QUIET
from tests.forms.helpers import modal, submits
from tests.story import Story

CSV = """Account,Stage,Owner,Renewal date
Acme,renewal,Tom Okafor,2027-05-31
Globex,onboarding,Tom Okafor,2027-03-31
Initech,onboarding,Tom Okafor,
Umbrella,onboarding,Tom Okafor,2027-04-30
Lost Ltd,lost,Tom Okafor,2027-01-31
Prospect Ltd,prospect,Tom Okafor,
"""


def import_file(story: Story, folder: Path) -> None:
    file = folder / "accounts.csv"
    file.write_text(CSV)
    words = build_parser(["import"]).parse_args(["import", str(file)])
    run(words, settings=Settings(database_url=story.url), now=lambda: story.now, console=QUIET)


def forget_the_rest(story: Story) -> None:
    """The import's own touchpoints are told by other stories."""
    for message in story.slack.unexpected():
        story.slack.expect(message.channel, message.text)


def test_a_manager_is_asked_two_questions_once(story: Story, tmp_path: Path) -> None:
    import_file(story, tmp_path)
    story.until("2026-11-24 15:05")
    asked = story.sees("@tom", "First week: 2 questions about 3 accounts of yours")
    assert "Globex · renews Wed 31 Mar 2027" in asked.text
    assert "Umbrella" in asked.text
    assert "Acme" in asked.text
    assert "Initech" not in asked.text  # no renewal date: not among the three
    assert "Lost Ltd" not in asked.text
    story.clicks("tom", asked, "Answer…", block_id=asked.blocks[1]["block_id"])
    assert "What did they get from us" in str(modal(story, "tom").blocks)
    submits(story, "tom", {"value": "two days a month saved", "advocate": "Jane Doe, CFO"})
    assert "our estimate until they confirm it" in str(modal(story, "tom").blocks)
    with story.tx() as tx:
        assert tx.count(ValueEntry) == 1
        assert tx.count(Contact) == 1
    story.until("2026-11-30 09:05")
    assert not any("First week: 2 questions" in m.text for m in story.slack.unexpected())
    forget_the_rest(story)


def test_the_card_shows_the_road_to_advocacy(story: Story) -> None:
    story.types("priya", "/account add Acme stage onboarding manager @priya")
    card = story.types("priya", "/account acme").text
    assert (
        "Road to Advocacy: 0 of 4 · left: confirmed value, promise kept, second term, "
        "someone who speaks for us"
    ) in card
    story.types("priya", "/value acme saves an hour a day, they said so")
    story.types("priya", "/advocacy acme agreed quote Jane Doe said yes")
    card = story.types("priya", "/account acme").text
    assert (
        "Road to Advocacy: 2 of 4 · confirmed value, someone who speaks for us · "
        "left: promise kept, second term"
    ) in card


def test_the_company_s_digest_has_the_advocates_of_the_quarter(story: Story) -> None:
    story.types("priya", "/account add Acme stage advocacy manager @priya")
    story.types("priya", "/advocacy acme did quote Jane Doe")
    story.frozen.move_to("2026-12-14 10:00")  # nothing that happens meanwhile is asked for
    digest = story.types("priya", "/linchpin digest company").text
    assert "Advocates this quarter: Acme: quote (Priya Raman)" in digest
    story.frozen.move_to("2027-01-11 10:00")
    assert "Acme: quote" not in story.types("priya", "/linchpin digest company").text
    forget_the_rest(story)
