"""Tokens, plurals, escaping, shortening; and what a reaction means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.errors import UserError
from bot.rules.text.words import cut, escape, plural, tokens
from bot.rules.touchpoint_verbs import MEANINGS, VERBS, meaning


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("acme renewal", ["acme", "renewal"]),
        ('"Müller & Söhne" renewal', ["Müller & Söhne", "renewal"]),
        ("'Good Soup' x", ["Good Soup", "x"]),
        ("“Good Soup” x", ["Good Soup", "x"]),
        ("„Gute Suppe“ x", ["Gute Suppe", "x"]),
        ("\u00abBonne soupe\u00bb x", ["Bonne soupe", "x"]),
        ("‘Good Soup’", ["Good Soup"]),
        ('“Good Soup" mixed', ["Good Soup", "mixed"]),
        ("Ollivert's Wand", ["Ollivert's", "Wand"]),
        ("'Ollivert's Wand' x", ["Ollivert's Wand", "x"]),
        ('"open end', ['"open', "end"]),
        ('5" pipe', ['5"', "pipe"]),
        ("manager <@U1|pri ya> now", ["manager", "<@U1|pri ya>", "now"]),
        ('"" x', ["x"]),
        ("  \n ", []),
        ("", []),
    ],
)
def test_text_is_cut_into_words_and_quotes_are_kept_whole(text: str, expected: list[str]):
    assert tokens(text) == expected


@given(st.text(max_size=80))
def test_no_text_breaks_the_tokens_and_no_token_is_empty(text: str):
    assert all(token.strip() for token in tokens(text))


def test_plurals():
    assert plural(1, "touchpoint") == "1 touchpoint"
    assert plural(0, "touchpoint") == "0 touchpoints"
    assert plural(1204, "person", "people") == "1,204 people"
    assert plural(1, "person", "people") == "1 person"


def test_escaping_leaves_no_mention_alive():
    assert escape("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"


def test_a_long_text_is_cut_at_a_word():
    assert cut("one two three", 13) == "one two three"
    assert cut("one two three", 9) == "one two…"
    assert cut("unbelievable", 5) == "unbe…"
    assert cut("one two three", 8) == "one two…"
    assert cut("one twothree", 9) == "one twot…"  # the word's end is too far back
    assert cut("alpha beta gamma", 13) == "alpha beta…"
    assert cut("alpha beta gg delta", 14) == "alpha beta gg…"
    assert cut("twelve chars.", 12) == "twelve char…"
    assert (cut("one", 1), cut("one", 0), cut("", 0)) == ("…", "", "")


@given(st.text(max_size=40), st.integers(0, 30))
def test_a_cut_text_fits(text: str, limit: int):
    assert len(cut(text, limit)) <= limit


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("white_check_mark", "done"),
        (":heavy_check_mark:", "done"),
        (" :EYES: ", "claim"),
        ("eyes", "claim"),
        ("raised_hand::skin-tone-4", "claim"),
        ("zzz", "snooze"),
        ("next_track_button", "skip"),
        ("+1", None),  # some mean "seen" by it
        ("tada", None),
    ],
)
def test_reactions_mean_what_is_printed(name: str, expected: str | None):
    assert meaning(name) == expected


def test_every_printed_emoji_is_understood():
    for verb in MEANINGS:
        assert {meaning(name) for name in VERBS[verb].reactions.split()} == {verb}


def test_an_error_for_people_carries_its_sentence():
    error = UserError("Write it like this.")
    assert error.sentence == str(error) == "Write it like this."
