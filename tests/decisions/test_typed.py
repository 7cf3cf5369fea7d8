"""What is typed after `/decision acme`."""

import pytest

from bot.rules.language.decisions import Said, read_decision, suggest_outcome


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("renewed", Said("renewed")),
        ("Renewed because it pays", Said("renewed", "it pays")),
        ("renewed until 2028-03-31", Said("renewed", until="2028-03-31")),
        (
            "renewed until 31 March 2028 because it pays over doing nothing",
            Said("renewed", "it pays", "doing nothing", "31 March 2028"),
        ),
        ("chose us over Initech", Said("chose us", alternative="Initech")),
        ("chose us over Initech because it is quick", Said("chose us", "it is quick", "Initech")),
        ("won because they won over their CFO", Said("chose us", "they won over their CFO")),
        ("reduced because it went over budget", Said("reduced", "it went over budget")),
        (
            "expanded because they grow over nothing",
            Said("expanded", "they grow", "doing nothing"),
        ),
        ("chose other because of the price", Said("chose other", "of the price")),
        ("chose other over Initech because …", Said("chose other", "…", "Initech")),
        ("chose Initech Systems because cheap", Said("chose other", "cheap", "Initech Systems")),
        ("lost to Initech", Said("chose other", alternative="Initech")),
        ("lost to Initech because late", Said("chose other", "late", "Initech")),
        ("none", Said("none")),
        ("no decision because no money", Said("none", "no money")),
        ("considers Initech, doing nothing", Said(considers=("Initech", "doing nothing"))),
        ("looks at Initech and Globex", Said(considers=("Initech", "Globex"))),
        ("renewed they like it", Said("renewed", extra="they like it")),
        ("renewd", Said(extra="renewd")),
        ("nonetheless", Said(extra="nonetheless")),
        ("chose", Said(extra="chose")),
        ("  CHOSE NOTHING ", Said("none")),
        ("renewed, till 2028-01-01.", Said("renewed", until="2028-01-01")),
        ("reduced ; they pay less.", Said("reduced", extra="they pay less")),
        ("renewed to Initech", Said("renewed", extra="to Initech")),
        ("chose us instead of 'Initech'", Said("chose us", alternative="Initech")),
        # Who was chosen goes before who else was looked at.
        ("went with Initech over Globex", Said("chose other", alternative="Initech")),
        ("chose other to Initech over Globex", Said("chose other", alternative="Initech")),
        ("picked Initech renews 1 may", Said("chose other", None, "Initech", "1 may")),
        ("chooses Initech", Said("chose other", alternative="Initech")),
        ("went with doing nothing because no money", Said("none", "no money")),
        (
            "considers do nothing, leaving it as it is",
            Said(considers=("doing nothing", "doing nothing")),
        ),
        ("chose over Initech", Said(extra="chose over Initech")),
        ("left because", Said("chose other")),
        # In a reason the last «over» counts, where a name follows.
        ("won because it is quick over Initech", Said("chose us", "it is quick", "Initech")),
        ("won because a over b over Initech", Said("chose us", "a over b", "Initech")),
        ("won because over Initech", Said("chose us", "over Initech")),
        ("won because it lasts over 5 years", Said("chose us", "it lasts over 5 years")),
        ("won because we grew over the year", Said("chose us", "we grew over the year")),
        ("won because they Came over Globex", Said("chose us", "they Came over Globex")),
        (
            "won because we fit over Big Blue Sky Inc!",
            Said("chose us", "we fit", "Big Blue Sky Inc"),
        ),
        (
            "won because we fit over Big Blue Sky Systems Inc",
            Said("chose us", "we fit over Big Blue Sky Systems Inc"),
        ),
        (
            "also weighs Initech;Globex and leaving it.",
            Said(considers=("Initech", "Globex", "doing nothing")),
        ),
    ],
)
def test_a_decision_is_read(words: str, said: Said) -> None:
    assert read_decision(words) == said


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("renewd for a year", "renewed"),
        ("chose uss", "chose us"),
        ("Choos other because", "chose other"),
        ("expande", "expanded"),
        ("banana", None),
        ("", None),
    ],
)
def test_a_misspelled_outcome_is_guessed(words: str, outcome: str | None) -> None:
    assert suggest_outcome(words) == outcome
