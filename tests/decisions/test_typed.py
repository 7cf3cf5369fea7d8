"""What is typed after `/decision acme`."""

import pytest

from bot.rules.typed_decisions import Said, read_decision, suggest_outcome


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
    ],
)
def test_a_decision_is_read(words: str, said: Said) -> None:
    assert read_decision(words) == said


@pytest.mark.parametrize(
    ("words", "outcome"),
    [("renewd for a year", "renewed"), ("chose uss", "chose us"), ("banana", None)],
)
def test_a_misspelled_outcome_is_guessed(words: str, outcome: str | None) -> None:
    assert suggest_outcome(words) == outcome
