"""Finding an account by what people type."""

import pytest

from bot.rules.text.names import (
    BEGINS,
    EXACT,
    FIRST_WORDS,
    INSIDE,
    SAME_LETTERS,
    SPELLED,
    UNFINISHED,
    Candidate,
    clear_winner,
    key,
    match_names,
    slug,
)

NAMES = [
    "Acorn Corporation",
    "Massive Harmonic",
    "Donwear",
    "Dontexi",
    "Hottexi",
    "Zoomly",
    "Domzoomer",
    "Olivia Hope & Associates",
    "Geckler & Co",
    "Ollivert's Wand Shop",
    "Müller & Söhne",
    "Initrex",
    "株式会社さくら",
    "Xx-zorbam",
]
ACCOUNTS = list(enumerate(NAMES))


def winner(words: str, accounts: list[tuple[int, str]] = ACCOUNTS) -> str | None:
    found = clear_winner(match_names(words, accounts))
    return found.name if found else None


@pytest.mark.parametrize("name", NAMES)
def test_every_name_and_its_slug_find_themselves(name: str):
    assert match_names(name, ACCOUNTS)[0].score == 100
    assert winner(name) == winner(slug(name)) == winner(name.upper()) == name


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("acorn", "Acorn Corporation"),
        ("acorn corp", "Acorn Corporation"),
        ("hope", "Olivia Hope & Associates"),
        ("olliverts", "Ollivert's Wand Shop"),
        ("ollivert’s wand", "Ollivert's Wand Shop"),
        ("muller", "Müller & Söhne"),
        ("müller und", "Müller & Söhne"),
        ("muller and sohne", "Müller & Söhne"),
        ("geckler and co", "Geckler & Co"),
        ("initre", "Initrex"),
        ("initerx", "Initrex"),
        ("xx zorbam", "Xx-zorbam"),
        ("さくら", None),
    ],
)
def test_near_words_find_one_or_are_asked_about(words: str, name: str | None):
    assert winner(words) == name


@pytest.mark.parametrize(
    ("words", "name", "score"),
    [
        ("ACORN corp.", "Acorn Corp", EXACT),
        ("acorn-corp", "Acorn Corp", EXACT),
        ("muller & sohne", "Müller & Söhne", SAME_LETTERS),
        ("muller + sohne", "Müller and Söhne", SAME_LETTERS),
        ("acorn", "Acorn Corporation", BEGINS),
        ("hope", "Olivia Hope & Associates", INSIDE),
        ("associates", "Olivia Hope & Associates", INSIDE),
        ("aco", "Acorn", UNFINISHED),
        ("acorn corp", "Acorn Corporation", UNFINISHED),
        ("domzomer", "Domzoomer", 100 * 16 / 17 * FIRST_WORDS),
        ("acron", "Acorn", 80),
        ("acron", "Acorn Corporation", 80 * FIRST_WORDS),
        ("corporation acorn", "Acorn Corporation", SPELLED),  # never above
    ],
)
def test_how_near_words_are_to_a_name(words: str, name: str, score: float):
    (found,) = match_names(words, [(1, name)])
    assert (found.id, found.name) == (1, name)
    assert found.score == pytest.approx(score)


def test_two_letters_begin_no_name_and_what_is_far_is_left_out():
    assert match_names("ac", [(1, "Acorn")]) == []
    assert match_names("zebra", [(1, "Acorn")]) == []


def test_the_best_comes_first_and_of_equals_the_first_by_name():
    found = match_names(
        "acorn", [(1, "Acorn Zoo"), (2, "Acorn Bank"), (3, "The Acorn"), (4, "Acorn")]
    )
    assert [one.name for one in found] == ["Acorn", "Acorn Bank", "Acorn Zoo", "The Acorn"]


@pytest.mark.parametrize(
    ("scores", "taken"),
    [
        ([84], True),
        ([83.9], False),
        ([95, 87], True),
        ([95, 87.1], False),
        ([100, 97], True),
        ([100, 100], False),
        ([97, 95], False),
        ([], False),
    ],
)
def test_the_first_is_taken_when_it_is_near_and_nothing_else_is(scores: list[float], taken: bool):
    found = [Candidate(n, "x", score) for n, score in enumerate(scores)]
    assert clear_winner(found) == (found[0] if taken else None)


def test_swapped_letters_suggest_the_right_one_only_but_are_asked_about():
    found = match_names("acron", ACCOUNTS)
    assert [candidate.name for candidate in found] == ["Acorn Corporation"]
    assert clear_winner(found) is None


def test_two_that_begin_alike_are_never_guessed():
    accounts = [(1, "Acorn Corporation"), (2, "Acorn Robotics")]
    assert winner("acorn", accounts) is None
    assert len(match_names("acorn", accounts)) == 2


def test_the_exact_name_wins_over_a_longer_one():
    assert winner("acorn", [(1, "Acorn Corporation"), (2, "Acorn")]) == "Acorn"


def test_whole_words_win_over_a_longer_word():
    assert winner("acorn", [(1, "Acornville"), (2, "Acorn Corporation")]) == "Acorn Corporation"


def test_two_accounts_of_one_name_are_asked_about():
    assert winner("acorn", [(1, "Acorn"), (2, "ACORN")]) is None


def test_an_alias_finds_its_account_and_is_no_rival_of_it():
    accounts = [(1, "Acorn Corporation"), (1, "Acorn"), (1, "AC")]
    found = match_names("ac", accounts)
    assert [(candidate.id, candidate.name) for candidate in found] == [(1, "AC")]


def test_nothing_is_found_for_nothing():
    assert match_names("", ACCOUNTS) == match_names("   ", ACCOUNTS) == []
    assert clear_winner([]) is None
    assert winner("quite something else") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acorn", "  ACORN "),
        ("O'Neil", "O’Neil"),
        ("Straße", "STRASSE"),
        ("ＡＣＯＲＮ", "acorn"),  # full width
        ("Acorn\u200b Corp", "acorn\u00a0corp"),
        ("Mu\u0308ller", "Müller"),
        ('"Acorn"', "acorn"),
    ],
)
def test_one_name_in_two_spellings_has_one_key(one: str, other: str):
    assert key(one) == key(other)


def test_accents_make_another_key():
    assert key("Muller") != key("Müller")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Müller & Söhne", "müller-söhne"),
        ("Ollivert's Wand Shop", "olliverts-wand-shop"),
        ("株式会社 さくら", "株式会社-さくら"),
        ("हिन्दी लिमिटेड", "हिन्दी-लिमिटेड"),
        ("🚀", "🚀"),
        ("", ""),
    ],
)
def test_a_slug_is_one_word_in_any_script(name: str, expected: str):
    assert slug(name) == expected
