"""`/log`, `/account add` and moving by forms: filled with what is known, errors at the field."""

from __future__ import annotations

from datetime import date

from tests.commands.helpers import account, lasting, logged, moves
from tests.forms.helpers import modal, picks, starts_with, submits
from tests.story import Story


def test_log_alone_opens_a_form(story: Story) -> None:
    story.types("priya", "/account add Acme Corporation")
    assert story.types("priya", "/log").text == ""
    values = {"Account": picks(story, "priya", "acm"), "What happened": "They like it"}
    values |= {"Kind": "Call", "When": "2026-11-20"}
    submits(story, "priya", values)
    (entry,) = logged(story)
    assert (entry.kind, entry.text, entry.happened_on) == (
        "call",
        "They like it",
        date(2026, 11, 20),
    )
    assert (entry.by_user, entry.source) == ("U0PRIYA", "form")
    said = story.private("priya")
    assert said.text.startswith("Logged for Acme Corporation: call, Fri 20 Nov")
    story.clicks("priya", said, "Undo")
    assert logged(story)[0].undone_at is not None


def test_what_was_typed_stands_in_the_form(story: Story) -> None:
    story.types("priya", "/account add Acme Corporation")
    assert story.types("priya", "/log acme call yesterday").text == ""
    form = modal(story, "priya")
    assert starts_with(form, "account") == "Acme Corporation"
    assert starts_with(form, "kind") == "Call"
    assert starts_with(form, "on") == "2026-11-22"
    submits(story, "priya", {"What happened": "They like it"})
    assert [entry.text for entry in logged(story)] == ["They like it"]


def test_help_is_still_help_and_a_form_that_does_not_open_is_the_usage(story: Story) -> None:
    assert "`/log acme call walked" in story.types("priya", "/log help").text
    story.slack.fail("views.open", "error:expired_trigger_id", times=2)
    assert "`/log acme call walked" in story.types("priya", "/log").text
    assert "`/account add Acme" in story.types("priya", "/account add").text


def test_a_day_to_come_is_refused_at_the_day(story: Story) -> None:
    story.types("priya", "/account add Acme")
    story.types("priya", "/log acme")
    answer = submits(story, "priya", {"What happened": "They sign", "When": "2026-12-20"})
    assert answer.errors == {
        "on": "Sun 20 Dec is still to come, and only what has happened is logged."
    }
    submits(story, "priya", {"What happened": "They sign", "When": "2026-11-20"})
    assert len(logged(story)) == 1


def test_an_account_archived_meanwhile_is_told_at_the_account(story: Story) -> None:
    story.types("priya", "/account add Acme")
    story.types("priya", "/log acme")
    story.types("tom", "/account acme archive")
    story.after(hours=1)
    answer = submits(story, "priya", {"What happened": "They like it"})
    assert answer.errors["account"].startswith("Acme is archived, so nothing was changed.")
    assert logged(story) == []


def test_account_add_alone_opens_a_form(story: Story) -> None:
    assert story.types("priya", "/account add").text == ""
    values = {"Name": "Müller & Söhne", "Stage": "Onboarding", "Manager": "tom"}
    submits(story, "priya", values | {"Renews on": "2027-03-31"})
    added = account(story, "Müller & Söhne")
    assert (added.stage, added.manager_id) == ("onboarding", "U0TOM")
    assert added.renews_on == date(2027, 3, 31)
    assert story.private("priya").text.startswith("Müller &amp; Söhne is added, in Onboarding.")


def test_mistakes_of_an_addition_stand_at_their_fields(story: Story) -> None:
    story.types("priya", "/account add Acme")
    story.types("priya", "/account add")
    before = lasting(story)
    taken = submits(story, "priya", {"Name": "ACME"}).errors
    assert taken["name"].startswith("There is an account called Acme already.")
    assert "guest" not in str(taken)
    guest = submits(story, "priya", {"Name": "Globex", "Manager": "gus"}).errors
    assert "is not a full member" in guest["manager"]
    past = submits(story, "priya", {"Name": "Globex", "Manager": "tom", "Renews on": "2020-01-01"})
    assert "has passed" in past.errors["renews"]
    assert lasting(story) == before


def test_a_card_moves_its_account_by_a_form(story: Story) -> None:
    story.types("priya", "/account add Acme stage onboarding")
    card = story.types("priya", "/stage acme")
    story.clicks("priya", card.message, "Move stage…")
    assert starts_with(modal(story, "priya"), "account") == "Acme"
    assert starts_with(modal(story, "priya"), "stage") == "Renewal"
    refused = submits(story, "priya", {"To": "Prospect"})
    assert "earlier stage" in refused.errors["reason"]
    submits(story, "priya", {"To": "Prospect", "Reason": "their admin left"})
    assert moves(story, "Acme")[-1] == ("onboarding", "prospect", "their admin left", "U0PRIYA")
    story.sees("#customers", "Acme", "their admin left")
    assert "Acme: Onboarding → Prospect" in story.private("priya").text
    story.clicks("priya", card.message, "Move stage…")
    assert "already" in submits(story, "priya", {"To": "Prospect"}).errors["stage"]


def test_the_board_moves_any_account(story: Story) -> None:
    story.types("priya", "/account add Acme")
    board = story.types("priya", "/stage")
    story.clicks("priya", board.message, "Move an account…")
    submits(story, "priya", {"Account": picks(story, "priya", "acme"), "To": "Onboarding"})
    assert account(story, "Acme").stage == "onboarding"
    story.sees("#customers", "Acme")


def test_a_move_meanwhile_is_told_above_the_form_which_keeps_what_was_typed(story: Story) -> None:
    story.types("priya", "/account add Acme")
    card = story.types("priya", "/stage acme")
    story.clicks("priya", card.message, "Move stage…")
    story.types("tom", "/stage acme renewal")
    story.sees("#customers", "Acme")
    story.after(hours=1)
    submits(story, "priya", {"To": "Lost", "Reason": "they chose another"})
    assert account(story, "Acme").stage == "renewal"
    form = modal(story, "priya")
    assert "<@U0TOM> moved *Acme* to *Renewal* meanwhile" in str(form.blocks)
    assert starts_with(form, "reason") == "they chose another"
    submits(story, "priya")
    assert moves(story, "Acme")[-1] == ("renewal", "lost", "they chose another", "U0PRIYA")
    story.sees("#customers", "Acme", "they chose another")
    story.sees("#marketing", "Story of the year", "moved to Lost")


def test_where_the_bot_is_not_the_result_takes_the_form_s_place(story: Story) -> None:
    story.types("priya", "/account add Acme")
    story.slack.kick("#general", "linchpin")
    story.types("priya", "/log acme")
    submits(story, "priya", {"What happened": "They like it"})
    assert "Logged for *Acme*" in str(modal(story, "priya").blocks)


def test_forms_show_nothing_to_guests(story: Story) -> None:
    story.types("priya", "/account add Acme")
    before = lasting(story)
    assert "guests cannot use it" in story.types("gus", "/log").text
    story.types("tom", "/log")
    form = modal(story, "tom")
    assert story.slack.suggest("tom", form, "account", "acm")
    story.slack.change_person("tom", is_restricted=True)
    assert story.slack.suggest("tom", form, "account", "acm") == []
    assert lasting(story) == before


def test_the_suggestions_are_names_aliases_and_slips_of_the_pen(story: Story) -> None:
    story.types("priya", "/account add Acme Corporation stage onboarding manager @priya")
    story.types("priya", "/account acme alias Coyote Supplies")
    story.types("priya", "/account add Müller & Söhne")
    story.types("priya", "/account add *Co* :tada: <!channel>")
    story.types("priya", "/log")

    def offered(typed: str) -> list[str]:
        found = story.slack.suggest("priya", modal(story, "priya"), "account", typed)
        return [option["text"]["text"] for option in found]

    for typed in ("ac", "ACME", "corp", "coyote", "supp", "acmee", "acme corpration"):
        assert offered(typed)[:1] == ["Acme Corporation"], typed
    assert offered("muller") == ["Müller & Söhne"]
    assert offered("*co")[:1] == ["*Co* :tada: <!channel>"]
    assert offered("xyzzy") == []
    assert offered("")[0] == "Acme Corporation"  # hers comes first
    story.types("priya", "/account acme rename Zenith")
    assert offered("zenit") == ["Zenith"]
    story.types("priya", "/account zenith archive")
    assert offered("zenit") == []


def test_other_workspaces_are_not_suggested(story: Story) -> None:
    story.types("priya", "/account add Acme")
    story.types("priya", "/log")
    with story.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO workspace (id, name, bot_user_id, created_at) "
            "VALUES ('T9', 'Other', 'U9', '2026-01-01')"
        )
        connection.exec_driver_sql("UPDATE account SET workspace_id = 'T9'")
    for typed in ("", "acme", "acmee"):
        assert story.slack.suggest("priya", modal(story, "priya"), "account", typed) == []
