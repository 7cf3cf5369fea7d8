"""A few accounts, and every surface on which their facts are told: all say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import freezegun
import pytest

from db.models import Account, Contact, Term
from tests.home.test_home import opens_home
from tests.story import MONDAY, PLAYBOOK, Story

#: The sentences of card and brief, and the names of Home and digest.
NAMES = {
    "no confirmed value this term": "confirmed value",
    "no decision maker recorded": "decision maker",
    "no contact recorded": "contact",
    "alternatives not known": "alternatives",
    "decision date not recorded": "decision date",
}


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    """Acme is known well, Borea not at all, Cove has left, Dune came from a CRM without a date."""
    playbook = PLAYBOOK + "renewals: {brief: [90], value: marketing, alternatives: sales}\n"
    with freezegun.freeze_time(MONDAY) as frozen:
        told = Story(tmp_path, frozen, playbook)  # type: ignore[arg-type]
        try:
            for name, stage in (("Acme", "onboarding"), ("Borea", "renewal"), ("Cove", "renewal")):
                told.types("priya", f"/account add {name} stage {stage} manager @priya")
            told.types("priya", "/account cove renews 2026-12-20")
            told.types("priya", "/stage cove lost because they closed")
            with told.tx() as tx:
                dune = tx.add(_imported(told))
                began = told.now - timedelta(days=300)
                tx.add(Term(account_id=dune.id, number=1, began_at=began, source="import"))
                tx.add(_contact(told))
            yield told
        finally:
            told.close()


def _imported(story: Story) -> Account:
    return Account(
        name="Dune",
        name_key="dune",
        slug="dune",
        stage="onboarding",
        stage_entered_at=story.now - timedelta(days=3567),
        manager_id="U0PRIYA",
        created_at=story.now,
    )


def _contact(story: Story) -> Contact:
    return Contact(
        account_id=1,
        name="Tom Reed",
        name_key="tom reed",
        role="CFO, decision maker",
        source="slash",
        created_at=story.now,
    )


def _work(story: Story) -> None:
    """Diego does a touchpoint, Maya notes value that they confirmed, Tom in no department logs."""
    for who, department in (("diego", "operations"), ("maya", "marketing")):
        story.types(who, f"/linchpin settings department {department}")
    story.types("tom", "/log acme call they like it")
    story.types("maya", "/log acme meeting they want more")
    story.types("maya", "/value acme rota in 20 minutes, they said so")
    story.until("2026-11-24 10:00")
    story.reacts("diego", story.sees("#operations", "Acme", "Kick-off call"), "white_check_mark")
    story.types("priya", "/account acme renews 2027-01-20")
    story.types("priya", "/account borea renews 2027-02-01")
    story.after(minutes=6)
    story.settle()


def _gaps(text: str) -> list[str]:
    """What card or brief say is missing, by the names of Home and digest."""
    told = [sentence for sentence in NAMES if sentence in text.lower()]
    count = re.search(r"Missing: (\w+)", text)
    assert count is not None
    assert count[1] == str(len(told) or "none")
    return [NAMES[sentence] for sentence in told]


def _line(text: str, start: str) -> str:
    """The line that begins so, without its beginning; empty if there is none."""
    found = [line for line in text.replace("*", "").splitlines() if line.startswith(start)]
    return found[0].removeprefix(start) if found else ""


def test_every_surface_says_the_same_of_an_account(story: Story) -> None:
    _work(story)
    told = [message.text for message in story.slack.messages("@priya")]
    briefs = {text.split()[0]: text for text in told if text.split()[1] == "renews"}
    cards = {name: story.types("priya", f"/account {name}").text for name in ("Acme", "Borea")}
    digests = [story.types("priya", f"/linchpin digest {which}").text for which in ("", "mine")]
    home = opens_home(story, "priya")
    expected = {
        "Acme": ["alternatives", "decision date"],
        "Borea": ["confirmed value", "decision maker", "contact", "alternatives", "decision date"],
    }
    for name, gaps in expected.items():
        assert _gaps(cards[name]) == gaps
        assert _gaps(briefs[name]) == gaps
        listed = home.replace("*", "").partition(f"\n{name} · ")[2].splitlines()
        first, _, last = ", ".join(gaps).rpartition(", ")
        assert listed[1].lower() == f"{first} and {last} not recorded"
        more = f" and {len(gaps) - 2} more" if len(gaps) > 2 else ""
        for digest in digests:
            assert f"{name} ({', '.join(gaps[:2])}{more})" in digest
            assert "Not known enough: 2 of 2" in digest
    assert "last contact Tue 24 Nov (Diego Santos, Kick-off call)" in briefs["Acme"]
    involved = "Sales 0, Marketing 1, Operations 1, others 1"
    people = story.types("priya", "/account acme people").text
    assert re.search(rf"Our involvement(?: this term)?: {involved}", people), people
    assert "no contact recorded since it was added on Mon 23 Nov" in briefs["Borea"]
    terms = story.types("priya", "/account acme terms").text
    assert "Our involvement: Marketing, Operations: " in terms
    assert all(
        f"<@U0{who}>" in _line(terms, "Our involvement:") for who in ("TOM", "MAYA", "DIEGO")
    )


def test_who_has_left_renews_nowhere_and_what_is_before_an_import_is_not_known(
    story: Story,
) -> None:
    story.after(hours=1)
    assert not [m.text for m in story.slack.messages("@priya") if m.text.startswith("Cove renews")]
    card = story.types("priya", "/account cove").text
    assert "enews" not in card
    assert "Missing" not in card
    home = opens_home(story, "priya")
    digests = [story.types("priya", f"/linchpin digest {which}").text for which in ("", "mine")]
    assert "Renewal date not known for 3 accounts: Acme, Borea, Dune." in home
    for text in digests:
        assert "Cove" not in text
        assert "Renewal date not known: 3 accounts" in text
    story.types("priya", "/log dune call they like it")
    card = story.types("priya", "/account dune people").text
    assert "Operations 0, manager 1 (not known before Mon 23 Nov)" in card
    story.frozen.tick(timedelta(days=17))
    text = story.types("priya", "/stage").text
    assert "at least 17 days" in text
    assert "3,5" not in text
