"""What is typed after `/decision acme`."""

from datetime import date

import pytest
from dateutil.relativedelta import relativedelta

from bot.rules.language.decisions import DecisionText, read_decision, suggest_outcome

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("renewed", DecisionText("renewed")),
        ("Renewed because it pays", DecisionText("renewed", "it pays")),
        ("renewed until 2028-03-31", DecisionText("renewed", until="2028-03-31")),
        (
            "renewed until 31 March 2028 because it pays over doing nothing",
            DecisionText("renewed", "it pays", "doing nothing", "31 March 2028"),
        ),
        ("chose us over Initech", DecisionText("chose us", alternative="Initech")),
        (
            "chose us over Initech because it is quick",
            DecisionText("chose us", "it is quick", "Initech"),
        ),
        (
            "won because they won over their CFO",
            DecisionText("chose us", "they won over their CFO"),
        ),
        ("reduced because it went over budget", DecisionText("reduced", "it went over budget")),
        (
            "expanded because they grow over nothing",
            DecisionText("expanded", "they grow", "doing nothing"),
        ),
        ("chose other because of the price", DecisionText("chose other", "of the price")),
        ("chose other over Initech because …", DecisionText("chose other", "…", "Initech")),
        (
            "chose Initech Systems because cheap",
            DecisionText("chose other", "cheap", "Initech Systems"),
        ),
        ("lost to Initech", DecisionText("chose other", alternative="Initech")),
        ("lost to Initech because late", DecisionText("chose other", "late", "Initech")),
        ("none", DecisionText("none")),
        ("no decision because no money", DecisionText("none", "no money")),
        ("considers Initech, doing nothing", DecisionText(considers=("Initech", "doing nothing"))),
        ("looks at Initech and Globex", DecisionText(considers=("Initech", "Globex"))),
        ("renewed they like it", DecisionText("renewed", extra="they like it")),
        ("renewd", DecisionText(extra="renewd")),
        ("nonetheless", DecisionText(extra="nonetheless")),
        ("chose", DecisionText(extra="chose")),
        ("  CHOSE NOTHING ", DecisionText("none")),
        ("renewed, till 2028-01-01.", DecisionText("renewed", until="2028-01-01")),
        (
            "renewed because it pays over Globex until 2028-03-31",
            DecisionText("renewed", "it pays", "Globex", "2028-03-31"),
        ),
        (
            "renewed because cheaper than hiring until 30 june 2028",
            DecisionText("renewed", "cheaper than hiring", until="30 june 2028"),
        ),
        (
            "chose us because it grows to end of year to 1 March 2027.",
            DecisionText("chose us", "it grows to end of year", until="1 March 2027"),
        ),
        # A near day belongs to the reason, and so does any with an outcome that begins no term.
        (
            "renewed because they stay until friday",
            DecisionText("renewed", "they stay until friday"),
        ),
        (
            "adopted because it runs until 30 june 2028",
            DecisionText("adopted", "it runs until 30 june 2028"),
        ),
        (
            "renewed for 2 years because it pays",
            DecisionText("renewed", "it pays", length=relativedelta(years=2)),
        ),
        (
            "renewed 18 months over Initech",
            DecisionText("renewed", None, "Initech", length=relativedelta(years=1, months=6)),
        ),
        ("reduced ; they pay less.", DecisionText("reduced", extra="they pay less")),
        ("renewed to Initech", DecisionText("renewed", extra="to Initech")),
        ("chose us instead of 'Initech'", DecisionText("chose us", alternative="Initech")),
        # Who was chosen goes before who else was looked at.
        ("went with Initech over Globex", DecisionText("chose other", alternative="Initech")),
        ("chose other to Initech over Globex", DecisionText("chose other", alternative="Initech")),
        ("picked Initech renews 1 may", DecisionText("chose other", None, "Initech", "1 may")),
        ("chooses Initech", DecisionText("chose other", alternative="Initech")),
        ("went with doing nothing because no money", DecisionText("none", "no money")),
        (
            "considers do nothing, leaving it as it is",
            DecisionText(considers=("doing nothing", "doing nothing")),
        ),
        ("chose over Initech", DecisionText(extra="chose over Initech")),
        ("left because", DecisionText("chose other")),
        # In a reason the last "over" counts, where a name follows.
        (
            "won because it is quick over Initech",
            DecisionText("chose us", "it is quick", "Initech"),
        ),
        ("won because a over b over Initech", DecisionText("chose us", "a over b", "Initech")),
        ("won because over Initech", DecisionText("chose us", "over Initech")),
        ("won because it lasts over 5 years", DecisionText("chose us", "it lasts over 5 years")),
        ("won because we grew over the year", DecisionText("chose us", "we grew over the year")),
        ("won because they Came over Globex", DecisionText("chose us", "they Came over Globex")),
        (
            "won because we fit over Big Blue Sky Inc!",
            DecisionText("chose us", "we fit", "Big Blue Sky Inc"),
        ),
        (
            "won because we fit over Big Blue Sky Systems Inc",
            DecisionText("chose us", "we fit over Big Blue Sky Systems Inc"),
        ),
        (
            "also weighs Initech;Globex and leaving it.",
            DecisionText(considers=("Initech", "Globex", "doing nothing")),
        ),
    ],
)
def test_a_decision_is_read(words: str, said: DecisionText) -> None:
    assert read_decision(words, TODAY, ("renewed", "chose us")) == said


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("renewd for a year", ("renewed", "for a year")),
        ("chose uss", ("chose us", "")),
        ("Choos other because X", ("chose other", "because X")),
        ("expande", ("expanded", "")),
        ("banana", None),
        ("", None),
    ],
)
def test_a_misspelled_outcome_is_guessed(words: str, outcome: tuple[str, str] | None) -> None:
    assert suggest_outcome(words) == outcome
