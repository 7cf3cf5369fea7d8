"""Customers who were there before terms were counted get theirs at the next start."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import col, select

from bot.actions.terms import backfill
from db.models import Account, Interaction, Term, Touchpoint
from tests.databases import BOTH
from tests.story import Story

pytestmark = BOTH


@pytest.fixture
def old(story: Story, monkeypatch: pytest.MonkeyPatch) -> Story:
    """Five accounts and not one term, as an older program left them; two at a time."""
    monkeypatch.setattr(backfill, "BATCH_SIZE", 2)
    for name in ("Acme", "Borea", "Cobalt"):
        story.types("priya", f"/account add {name} stage onboarding")
    story.types("priya", "/account add Dune")
    story.types("priya", "/account add Elm stage onboarding")
    with story.tx() as tx:
        tx.delete(Touchpoint)
    story.until("2026-11-24 09:00")
    story.types("priya", "/stage acme advocacy")
    story.sees("#customers", "Acme", "Advocacy")
    with story.tx() as tx:
        tx.delete(Touchpoint)
        tx.delete(Term)
        borea = tx.one(select(Account).where(col(Account.name) == "Borea"))
        for number, day in enumerate((date(2025, 1, 7), date(2026, 1, 5)), 1):
            tx.add(
                Interaction(
                    account_id=borea.id, kind="deal", text="Won: GTX", happened_on=day,
                    source="import", external_id=f"{number}:won", created_at=story.now,
                )
            )  # fmt: skip
    return story


def test_customers_without_a_term_get_theirs_and_nothing_is_asked(old: Story) -> None:
    old.until("2026-11-25 09:00")
    with old.tx() as tx:
        names = {account.id: account.name for account in tx.all(select(Account))}
        rows = tx.all(select(Term).order_by(col(Term.account_id), col(Term.number)))
        told = [(names[c.account_id], c.number, f"{c.began_at:%Y-%m-%d}", c.outcome) for c in rows]
        assert told == [
            ("Acme", 1, "2026-11-23", None),  # not since it came into its last stage
            ("Borea", 1, "2025-01-07", "renewed"),
            ("Borea", 2, "2026-01-05", None),
            ("Cobalt", 1, "2026-11-23", None),
            ("Elm", 1, "2026-11-23", None),
        ]
        assert tx.count(Touchpoint, col(Touchpoint.kind) == "value") == 0
    assert "Onboarding, term 2 · " in old.types("priya", "/account borea").text
    old.until("2026-11-27 09:00")
    with old.tx() as tx:
        assert tx.count(Term) == 5
