"""`/account acme people` and the contacts that forms pick or add."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from bot.actions.contacts import earlier
from bot.rules.contacts import contact_label, has_role, read_contact
from db.models import AdvocacyEntry, Contact, Interaction, Outbox, ValueEntry
from tests.commands.helpers import buttons
from tests.forms.helpers import modal, names, submits
from tests.story import Story


@pytest.fixture
def acme(story: Story) -> None:
    story.types("priya", "/account add Acme stage advocacy renews 2027-11-23")


def contacts(story: Story) -> list[tuple[str, str | None, bool]]:
    with story.tx() as tx:
        rows = tx.all(select(Contact).order_by(col(Contact.id)))
        return [(row.name, row.role, row.left_on is not None) for row in rows]


@pytest.mark.parametrize(
    ("words", "name", "role"),
    [
        ("Jo Byrne", "Jo Byrne", None),
        ("Jürgen Vogt, COO, decides", "Jürgen Vogt", "COO, decision maker"),
        ("Ruth Pell, owner (decision maker)", "Ruth Pell", "owner, decision maker"),
        ("Ben Osei is our champion", "Ben Osei", "champion"),
        ("Anna Berg decides on tools", "Anna Berg", "decision maker"),
        ("Lena Marsh - head of IT", "Lena Marsh", "head of IT"),
    ],
)
def test_a_contact_is_read_as_people_type_it(words: str, name: str, role: str | None) -> None:
    assert read_contact(words)[:2] == (name, role)


def test_known_roles_stand_in_brackets() -> None:
    assert (
        contact_label("Ruth Pell", "owner, decision maker") == "Ruth Pell, owner (decision maker)"
    )
    assert has_role("owner, decision maker", "decision maker")
    assert not has_role("owner", "user")


def test_people_are_added_typed_and_by_a_form(story: Story, acme: None) -> None:
    told = story.types("priya", "/account acme people")
    assert "no contact recorded" in told.text
    assert buttons(told) == ["Add…"]
    story.types("priya", "/account acme people Ben Osei, production lead, champion")
    assert "Ben Osei, production lead (champion) is recorded" in story.private("priya").text
    story.types("priya", "/account acme people")
    story.clicks("priya", story.private("priya"), "Add…")
    submits(story, "priya", {"name": "Ruth Pell", "role": "owner, decides"})
    assert contacts(story) == [
        ("Ben Osei", "production lead, champion", False),
        ("Ruth Pell", "owner, decision maker", False),
    ]


def test_last_contact_is_the_last_row_that_names_them(story: Story, acme: None) -> None:
    story.types("priya", "/account acme people Ruth Pell, owner")
    assert "no contact recorded" in story.types("priya", "/account acme people").text
    story.types("priya", "/log acme call Ruth Pell likes the export yesterday")
    assert "last contact Sun 22 Nov" in story.types("priya", "/account acme people").text
    story.types("priya", "/value acme saved a day, Ruth Pell said so")
    assert "last contact Mon 23 Nov" in story.types("priya", "/account acme people").text
    with story.tx() as tx:
        (row,) = tx.all(select(ValueEntry))
        assert (row.confirmed_by, row.contact_id) == ("Ruth Pell", 1)


def test_forms_pick_a_contact_or_add_one_in_one_field(story: Story, acme: None) -> None:
    story.types("priya", "/account acme people Ruth Pell, owner")
    story.types("priya", "/account acme")
    story.clicks("priya", story.private("priya"), "Log…")
    form = modal(story, "priya")
    assert names(story, "priya", "rut")["text"]["text"] == 'Add "rut"'
    action = next(b for b in form.blocks if b["block_id"] == "contact")["element"]["action_id"]
    (known, _) = story.slack.suggest("priya", form, action, "rut")
    assert known["text"]["text"] == "Ruth Pell, owner"
    submits(story, "priya", {"text": "walked through the plan", "contact": known})
    story.types("priya", "/value")
    assert names(story, "priya", "Jo Byrne, COO")["value"] == "+Jo Byrne, COO"
    picked = names(story, "priya", "Jo Byrne, COO")
    account = story.slack.suggest("priya", modal(story, "priya"), "account", "acme")[0]
    values = {"account": account, "text": "saved a day", "says": "confirmed", "contact": picked}
    submits(story, "priya", values)
    assert "Confirmed by Jo Byrne, COO" in story.private("priya").text
    assert [name for name, _, _ in contacts(story)] == ["Ruth Pell", "Jo Byrne"]
    with story.tx() as tx:
        assert tx.one(select(col(Interaction.contact_id))) == 1
        assert tx.one(select(col(ValueEntry.contact_id))) == 2


def test_a_contact_of_another_account_is_refused(story: Story, acme: None) -> None:
    story.types("priya", "/account add Bolt stage advocacy")
    story.types("priya", "/account bolt people Tim Bolt")
    story.types("priya", "/log acme")
    other = {"text": {"type": "plain_text", "text": "Tim Bolt"}, "value": "1"}
    answer = story.slack.submit("priya", {"text": "hello", "contact": other})
    assert "That contact is not at Acme" in str(answer)


def test_the_consent_names_a_contact_and_earlier_names_are_matched(
    story: Story, acme: None
) -> None:
    with story.tx() as tx:
        tx.add(ValueEntry(account_id=1, term=1, text="a day", source="slash", created_at=story.now,
                          confirmed_at=story.now, confirmed_by="Jo Byrne, COO"))  # fmt: skip
    story.types("priya", "/advocacy acme agreed reference call Jo Byrne, no press")
    with story.tx() as tx:
        assert tx.one(select(col(AdvocacyEntry.contact_id))) == 1
        assert tx.one(select(col(ValueEntry.contact_id))) == 1
    assert contacts(story) == [("Jo Byrne", None, False)]


def test_a_favour_is_recorded_with_who_of_them_in_one_form(story: Story, acme: None) -> None:
    story.types("priya", "/advocacy acme")
    story.clicks("priya", story.private("priya"), "Record a step…")
    who = names(story, "priya", "Jo Byrne, COO")
    submits(story, "priya", {"verb": "agreed", "contact": who, "note": "no press"})
    assert "Jo Byrne, no press" in story.private("priya").text
    assert contacts(story) == [("Jo Byrne", "COO", False)]
    with story.tx() as tx:
        assert tx.one(select(col(AdvocacyEntry.contact_id))) == 1


def test_an_admin_is_told_once_who_was_named_before(story: Story, acme: None) -> None:
    with story.tx() as tx:
        for who in ("Jane Doe, COO", "Jane Doe, COO", "their CFO"):
            tx.add(ValueEntry(account_id=1, term=1, text="a day", source="slash",
                              created_at=story.now, confirmed_by=who))  # fmt: skip
    with story.context.begin(story.now) as work:
        assert earlier.tell_admin(work)
    with story.context.begin(story.now) as work:
        assert not earlier.tell_admin(work)
    story.settle()
    told = story.sees("@priya", "1 person named before, and no contacts yet", "Acme: Jane Doe")
    story.clicks("priya", told, "Add them")
    assert contacts(story) == [("Jane Doe", "COO", False)]
    with story.tx() as tx:
        matched = tx.all(select(col(ValueEntry.contact_id)).order_by(col(ValueEntry.id)))
        assert matched == [1, 1, None]


def test_the_manager_hears_in_the_morning_that_a_champion_left(story: Story, acme: None) -> None:
    story.types("priya", "/account acme manager @priya")
    story.types("tom", "/account acme people Ben Osei, champion")
    story.types("tom", "/account acme people")
    story.clicks("tom", story.private("tom"), "contact:menu", value="left:1")
    assert "left Mon 23 Nov" in story.private("tom").text
    story.until("2026-11-24 09:06")
    story.sees("@priya", "Acme: Champion left on Mon 23 Nov: Ben Osei")
    assert "People:" not in story.types("tom", "/account acme").text


def test_erasing_a_person_takes_the_name_out_everywhere(story: Story, acme: None) -> None:
    story.types("priya", "/account acme people Ruth Pell, owner")
    story.types("priya", "/log acme call Ruth Pell likes the export")
    story.types("tom", "/account acme people")
    assert "erase:1" not in str(story.private("tom").blocks)
    story.types("priya", "/account acme people")
    story.clicks("priya", story.private("priya"), "contact:menu", value="erase:1")
    submits(story, "priya", {"name": "ruth pell"})
    assert contacts(story) == []
    with story.tx() as tx:
        (row,) = tx.all(select(Interaction))
        assert (row.text, row.contact_id) == ("(an erased person) likes the export", None)
        payloads = tx.all(select(col(Outbox.payload)))
        assert not any("Ruth Pell" in str(payload) for payload in payloads)
