"""What is told in a direct message becomes one proposal, and one click does it."""

from datetime import date

import pytest
from sqlmodel import col, select

from db.models import (
    Absence,
    Account,
    AdvocacyEntry,
    Contact,
    Decision,
    Interaction,
    Member,
    Promise,
    Row,
    Touchpoint,
    ValueEntry,
)
from tests.commands.helpers import account, lasting
from tests.commands.test_conversation import ask, labels
from tests.story import Story


@pytest.fixture
def two(story: Story) -> Story:
    story.types("priya", "/account add Acme Corporation stage renewal manager @priya")
    story.types("priya", "/account acme renews 2026-12-31")
    story.types("priya", "/account add Tamarind Foods stage onboarding manager @priya")
    return story


def last[R: Row](story: Story, table: type[R]) -> R:
    with story.tx() as tx:
        return tx.all(select(table).order_by(col(table.id)))[-1]
