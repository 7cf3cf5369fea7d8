"""`/log`: what happened with a customer, as people type it."""

from __future__ import annotations

from datetime import date

import pytest

from sandbox import NotPossible
from tests.commands.helpers import buttons, lasting, logged, verbs
from tests.story import Story


@pytest.mark.parametrize(
    ("typed", "kind", "text", "on"),
    [
        ("call walked through it", "call", "walked through it", "2026-11-23"),
        ("Email: the new price list", "email", "the new price list", "2026-11-23"),
        ("meeting with the board yesterday", "meeting", "with the board", "2026-11-22"),
        ("visit saw the plant on 2026-11-20", "visit", "saw the plant", "2026-11-20"),
        ("visit saw the plant on 20 Nov", "visit", "saw the plant", "2026-11-20"),
        ("ticket the export is slow monday", "ticket", "the export is slow", "2026-11-16"),
        ("note they “like” it", "note", "they “like” it", "2026-11-23"),
        (
            "they said \"soon\", and 'never'",
            "note",
            "they said \"soon\", and 'never'",
            "2026-11-23",
        ),
        ("met with their new CFO", "meeting", "met with their new CFO", "2026-11-23"),
        ("call an answer by friday", "call", "an answer by friday", "2026-11-23"),
        ("call one\ntwo   three yesterday", "call", "one\ntwo   three", "2026-11-22"),
        ('call "they sign on 2026-12-20"', "call", '"they sign on 2026-12-20"', "2026-11-23"),
    ],
)
def test_a_line_is_understood(story: Story, typed: str, kind: str, text: str, on: str):
    story.types("priya", "/account add Acme Corporation")
    answer = story.types("priya", f"/log acme {typed}")
    (entry,) = logged(story)
    assert (entry.kind, entry.text, entry.happened_on) == (kind, text, date.fromisoformat(on))
    assert entry.by_user == "U0PRIYA"
    assert answer.text.startswith(f"Logged for Acme Corporation: {kind}, ")
    settles = ["Mark as settled"] if kind == "ticket" else []  # an open ticket lets a customer rest
    assert buttons(answer) == [*settles, "Undo"]
    assert verbs(story)[-1] == "interaction.logged"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Umbrella Corporation", "umbrella corp they like it"),
        ("Umbrella Corporation", "umbrella they like it"),
        ("Umbrella Corporation", '"umbrella corporation" they like it'),
        ("Umbrella Corporation", "umbrela corporation note they like it"),
        ("Olivia Pope & Associates", "Olivia Pope & Associates they like it"),
        ("Olivia Pope & Associates", "“olivia pope & associates” they like it"),
        ("株式会社サクラ", "株式会社サクラ they like it"),
    ],
)
def test_the_name_ends_where_it_should(story: Story, name: str, typed: str):
    story.types("priya", f"/account add {name}")
    story.types("priya", f"/log {typed}")
    assert [entry.text for entry in logged(story)] == ["they like it"]


def test_a_day_to_come_is_refused(story: Story):
    story.types("priya", "/account add Acme")
    answer = story.types("priya", "/log acme call they sign on 2026-12-20").text
    assert answer.startswith("Sun 20 Dec is still to come")
    assert "`/log acme call walked through the report on 2026-11-23`" in answer
    assert logged(story) == []


def test_yesterday_is_the_speaker_s_own(story: Story):
    story.types("priya", "/account add Acme")
    story.until("2026-11-23 23:30")  # Tuesday in Tokyo, Monday in Dublin
    story.types("aiko", "/log acme call hello yesterday")
    assert [entry.happened_on for entry in logged(story)] == [date(2026, 11, 23)]


def test_undo_takes_it_back_once_and_says_so(story: Story):
    story.types("priya", "/account add Acme")
    answer = story.types("priya", "/log acme call the price is *fine* & good")
    for _ in range(2):
        story.clicks("priya", answer.message, "Undo")
        assert story.private("priya").text == (
            'Taken back: the call for Acme ("the price is *fine* &amp; good") is no longer logged.'
        )
    assert logged(story)[0].undone_at is not None
    assert verbs(story).count("interaction.undone") == 1
    assert "the price" not in story.types("priya", "/account acme").text


def test_nobody_undoes_what_another_has_logged(story: Story):
    story.types("priya", "/account add Acme")
    answer = story.types("priya", "/log acme call hello")
    with pytest.raises(NotPossible):  # Slack does not even show it to others …
        story.clicks("tom", answer.message, "Undo")
    mine = story.types("tom", "/log acme call mine")
    assert mine.message is not None
    mine.message.blocks[-1]["elements"][0]["value"] = str(logged(story)[0].id)
    story.clicks("tom", mine.message, "Undo")  # … and a request made by hand is refused
    assert "Only the person who logged this can undo it." in story.private("tom").text
    assert logged(story)[0].undone_at is None


def test_three_thousand_characters_are_kept_and_shortened_in_the_echo(story: Story):
    story.types("priya", "/account add Acme")
    text = "a & b " * 500
    answer = story.types("priya", f"/log acme call {text}")
    assert logged(story)[0].text == text.strip()
    assert answer.text.rstrip().endswith("…")
    assert story.types("priya", "/account acme").error == ""


def test_markup_and_mentions_stay_text(story: Story):
    story.types("priya", "/account add *Co* <!channel>")
    story.types("priya", "/log *co* <!channel> call <!here> & @tom in #sales, see https://x.ie/a")
    assert logged(story)[0].text == "<!here> & @tom in #sales, see https://x.ie/a"
    shown = story.private("priya")
    for words in (shown.text, str(shown.blocks)):
        assert "&lt;!here&gt; &amp; @tom" in words
        assert "<!channel>" not in words


def test_an_archived_account_takes_no_notes(story: Story):
    story.types("priya", "/account add Acme")
    story.types("priya", "/account acme archive")
    before = lasting(story)
    assert "`/account Acme restore`" in story.types("priya", "/log acme call hello").text
    assert lasting(story) == before


def test_a_misspelled_kind_is_a_button_and_so_is_the_note(story: Story):
    story.types("priya", "/account add Acme")
    answer = story.types("priya", "/log acme meting with their CFO on 2026-11-20")
    assert "Did you mean meeting? Nothing was changed." in answer.text
    story.clicks("priya", answer.message, "Meeting")
    answer = story.types("priya", "/log acme tickt was lost")
    story.clicks("priya", answer.message, "Keep it as a note")
    story.types("priya", "/log acme emails are down")
    assert [(e.kind, e.text, e.happened_on.day) for e in logged(story)] == [
        ("meeting", "with their CFO", 20),
        ("note", "tickt was lost", 23),
        ("note", "emails are down", 23),
    ]
