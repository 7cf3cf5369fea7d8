"""The App Home: what is mine first, acted on there; kept up to date; shown to nobody else."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import update

from db.core.tx import begin
from db.home import home as home_home
from db.models import Account, Touchpoint, Workspace
from tests.commands.helpers import touchpoints, verbs
from tests.story import Story


def home(story: Story, who: str) -> Any:
    view = story.slack.home(who)
    assert view is not None, f"{who} has no Home yet"
    return view


def modal(story: Story, who: str) -> Any:
    view = story.slack.modal(who)
    assert view is not None, f"{who} sees no form"
    return view


def shown(story: Story, who: str) -> str:
    """The words of a Home, block by block."""
    found = []
    for block in home(story, who).blocks:
        found.append(block.get("text", {}).get("text", ""))
        found += [e["text"] for e in block.get("elements", []) if block["type"] == "context"]
    return "\n".join(filter(None, found))


def opens_home(story: Story, who: str) -> str:
    story.slack.open_home(who)
    story.settle()
    return shown(story, who)


def published(story: Story) -> int:
    return len(story.slack.calls("views.publish"))


def row(story: Story, who: str, words: str) -> str:
    """The block of a Home that holds the words."""
    blocks = home(story, who).blocks
    found = [b["block_id"] for b in blocks if words in b.get("text", {}).get("text", "")]
    assert len(found) == 1, found
    return str(found[0])


def nothing_else_matters(story: Story) -> None:
    """Takes note of what else was said meanwhile: other stories tell of it."""
    while story.slack.unexpected():
        story.sees(story.slack.unexpected()[0].channel)


def test_a_home_shows_mine_my_departments_my_renewals_and_what_is_later_in_that_order(
    story: Story,
):
    story.types("priya", "/account add Acme stage onboarding manager me renews 2026-12-31")
    story.types("priya", "/account acme worth 9600 EUR")
    for name in ("Globex", "Initech"):
        story.types("priya", f"/account add {name} manager @tom")
    story.types("priya", "/linchpin settings department sales")
    story.until("2026-11-26 10:00")
    nothing_else_matters(story)
    story.types("priya", "/account add Hooli stage onboarding manager me")
    words = opens_home(story, "priya")
    order = [
        "Yours today: 1",
        "*Acme* · Personal hello · *1 day overdue*\nRenews Thu 31 Dec · EUR 9,600 a year",
        "Unclaimed in Sales: 2",
        "*Globex* · First question · *2 days overdue*",
        "Your renewals within 90 days: 1",
        "*Acme* · Thu 31 Dec (35 days) · EUR 9,600\n"
        "Confirmed value, decision maker, contact, alternatives and decision date not recorded",
        "Later",
        "*2 more due within 7 days* · next: Hooli, Mon 30 Nov",
    ]
    at = [words.index(each) for each in order]
    assert at == sorted(at)
    assert "Kick-off call" not in words, "operations' touchpoint is neither mine nor sales'"


def test_an_empty_home_says_what_to_do(story: Story):
    words = opens_home(story, "tom")
    assert "Yours today: none" in words
    assert "Choose your department in Settings" in words


def test_a_touchpoint_is_done_in_the_home_and_can_be_undone_there(story: Story):
    hello_is_due(story)
    where = row(story, "priya", "Personal hello")
    story.clicks("priya", home(story, "priya"), "Done", block_id=where)
    assert touchpoints(story, "Acme")["hello"] == "done"
    assert "✓ Done: *Acme* · Personal hello" in shown(story, "priya")
    assert "Yours today: none" in shown(story, "priya")
    story.clicks("priya", home(story, "priya"), "Undo")
    assert touchpoints(story, "Acme")["hello"] == "nudged"
    assert "Yours today: 1" in shown(story, "priya")
    assert "✓ Done" not in shown(story, "priya")
    nothing_else_matters(story)


def hello_is_due(story: Story) -> None:
    """Acme is Priya's, and its second play of the stage is open; she looks at her Home."""
    story.types("priya", "/account add Acme stage onboarding manager me")
    story.until("2026-11-25 09:10")
    nothing_else_matters(story)
    opens_home(story, "priya")


def test_details_show_all_that_is_asked_and_lead_to_the_card(story: Story):
    hello_is_due(story)
    where = row(story, "priya", "Personal hello")
    story.clicks("priya", home(story, "priya"), "Details", block_id=where)
    words = str(modal(story, "priya").blocks)
    assert "Write Acme two lines about the first week." in words
    assert "They know whom to ask." in words
    assert 'They decide: "Did we choose well?"' in words
    story.clicks("priya", modal(story, "priya"), "Open account")
    assert "Onboarding" in str(modal(story, "priya").blocks)


def test_snooze_asks_until_when_in_its_form(story: Story):
    hello_is_due(story)
    where = row(story, "priya", "Personal hello")
    story.clicks("priya", home(story, "priya"), "Snooze…", block_id=where)
    assert modal(story, "priya").title == "Snooze a touchpoint"
    assert touchpoints(story, "Acme")["hello"] == "nudged", "nothing was done yet"


def test_what_is_claimed_in_a_channel_or_on_home_is_mine_from_then_on(story: Story):
    for name in ("Acme", "Globex"):
        story.types("priya", f"/account add {name} stage onboarding manager @tom")
    story.types("diego", "/linchpin settings department operations")
    story.until("2026-11-24 09:10")
    today = story.sees("#operations", "Kick-off call")
    assert "Unclaimed in Operations: 2" in opens_home(story, "diego")
    story.clicks(
        "diego", home(story, "diego"), "I'll take it", block_id=row(story, "diego", "Globex")
    )
    story.slack.click("diego", today, "I'll take it", block_id=line_of(today, "Acme"))
    story.settle()
    words = shown(story, "diego")
    assert "Yours today: 2" in words
    assert words.count("Claimed by you today") == 2
    assert "Unclaimed in Operations: none" in words
    nothing_else_matters(story)


def line_of(message: Any, account: str) -> str:
    """The block of a list that tells of an account."""
    return next(str(b["block_id"]) for b in message.blocks if account in str(b.get("text")))


def test_a_click_that_comes_too_late_says_so_in_the_home(story: Story):
    story.types("priya", "/account add Acme stage onboarding manager @tom")
    story.until("2026-11-24 09:10")
    nothing_else_matters(story)
    for who in ("diego", "sam"):
        story.types(who, "/linchpin settings department operations")
        opens_home(story, who)
    where, stale = row(story, "sam", "Kick-off call"), home(story, "sam")
    story.clicks("diego", home(story, "diego"), "Done", block_id=where)
    story.clicks("sam", stale, "Done", block_id=where)
    assert '⚠️ "Kick-off call" for Acme was done by <@U0DIEGO> already' in shown(story, "sam")
    story.types("sam", "/log acme hello")
    assert "⚠️" not in shown(story, "sam"), "it is told once"
    nothing_else_matters(story)


def test_every_change_of_ones_own_refreshes_it(story: Story):
    story.types("priya", "/account add Acme stage onboarding renews 2026-12-31")
    assert "Your renewals" not in opens_home(story, "priya")
    story.types("priya", "/account acme manager me")
    assert "Your renewals within 90 days: 1" in shown(story, "priya")
    story.until("2026-11-25 09:05")
    nothing_else_matters(story)
    story.types("priya", "/log acme complaint the export fails")
    assert "Complaint open since Wed 25 Nov" in shown(story, "priya")
    assert "Yours today: 1" in shown(story, "priya")
    story.types("priya", "/stage acme prospect because they asked")
    assert "Yours today: none" in shown(story, "priya")
    nothing_else_matters(story)


def test_who_never_opened_it_has_none(story: Story):
    story.types("priya", "/account add Acme manager me")
    story.slack.open_home("priya", tab="messages")
    story.settle()
    assert published(story) == 0


def test_ten_changes_at_once_are_one_home(story: Story):
    story.types("priya", "/account add Acme")
    opens_home(story, "priya")
    before = published(story)
    for n in range(10):
        story.slack.command("priya", "#general", f"/log acme call number {n}")
    story.settle()
    assert published(story) == before + 1


def test_homes_are_never_built_faster_than_slack_takes_them(story: Story):
    people = ["priya", "tom", "maya", "diego", "sam"]
    for who in people:
        story.slack.open_home(who)
    story.after(seconds=20)
    calls = sorted(call.at for call in story.slack.calls("views.publish"))
    assert len(calls) == len(people)
    gaps = [b - a for a, b in pairwise(calls)]
    assert all(gap >= home_home.WORKSPACE_INTERVAL for gap in gaps)


def test_slacks_limit_only_delays_it(story: Story):
    story.slack.fail("views.publish", "429", retry_after=30)
    story.slack.open_home("priya")
    story.settle()
    assert story.slack.home("priya") is None
    story.after(seconds=40)
    assert "Yours today: none" in shown(story, "priya")


def test_the_same_opening_twice_is_one(story: Story):
    opens_home(story, "priya")
    story.after(minutes=1)
    before = published(story)
    story.slack.open_home("priya")
    story.settle()
    assert published(story) == before + 1


@pytest.mark.parametrize(
    ("who", "told"), [("gus", "guests cannot use it"), ("olga", "only to people of the company")]
)
def test_others_see_one_sentence(story: Story, who: str, told: str):
    story.types("priya", "/account add Acme manager me")
    assert told in opens_home(story, who)
    assert len(home(story, who).blocks) == 1


def test_who_becomes_a_guest_loses_what_was_there(story: Story):
    story.types("tom", "/account add Acme stage onboarding manager me")
    story.until("2026-11-25 09:10")
    assert "Acme" in opens_home(story, "tom")
    before = home(story, "tom")
    story.slack.change_person("tom", is_restricted=True)
    story.settle()
    nothing_else_matters(story)
    assert "guests cannot use it" in shown(story, "tom")
    assert len(home(story, "tom").blocks) == 1
    where = next(b["block_id"] for b in before.blocks if "hello" in str(b.get("text")))
    story.clicks("tom", before, "Done", block_id=where)
    assert touchpoints(story, "Acme")["hello"] == "nudged"
    assert len(home(story, "tom").blocks) == 1


def test_who_left_is_published_nothing(story: Story):
    opens_home(story, "tom")
    before = published(story)
    story.slack.change_person("tom", deleted=True)
    story.settle()
    assert published(story) == before


def test_names_stay_text(story: Story):
    story.types("priya", '/account add "<!channel> & *Co*" manager me renews 2026-12-31')
    words = opens_home(story, "priya")
    assert "&lt;!channel&gt; &amp;" in words
    assert "<!channel>" not in words


def many(story: Story, count: int, **more: Any) -> None:
    """Accounts of Priya's with long names, each with a touchpoint of hers, straight into rows."""
    with story.tx() as tx:
        for n in range(count):
            name = f"{n:03} " + "&" * 196
            made = tx.add(
                Account(
                    name=name,
                    name_key=name,
                    slug=name,
                    stage="onboarding",
                    stage_entered_at=story.now - timedelta(days=40 + n),
                    manager_id="U0PRIYA",
                    created_at=story.now,
                    renews_on=story.now.date() + timedelta(days=n % 60),
                )
            )
            tx.add(
                Touchpoint(
                    account_id=made.id,
                    stage="onboarding",
                    stage_entry=1,
                    play="hello",
                    owner="manager",
                    title="Personal hello " * 10,
                    state="nudged",
                    state_at=story.now,
                    nudged_at=story.now,
                    due_at=story.now - timedelta(minutes=n),
                )
            )


def test_much_is_cut_and_a_button_shows_the_rest(story: Story):
    many(story, 200)
    story.types("priya", "/linchpin settings department sales")
    assert "Yours today: 200" in opens_home(story, "priya")
    assert len(home(story, "priya").blocks) <= 60
    story.clicks("priya", home(story, "priya"), "next:all")
    listed = modal(story, "priya")
    assert "Yours today: 200" in str(listed.blocks)
    assert "Page 1 of " in str(listed.blocks)
    story.clicks("priya", listed, "Older")
    assert "Page 2 of " in str(modal(story, "priya").blocks)
    story.clicks("priya", modal(story, "priya"), "Newer")
    assert "Page 1 of " in str(modal(story, "priya").blocks)
    nothing_else_matters(story)


def test_what_lies_far_ahead_is_not_shown(story: Story):
    many(story, 8)
    with story.tx() as tx:
        far = story.now + timedelta(days=60)
        tx.execute(update(Touchpoint).values(due_at=far, state="planned", nudged_at=None))
    words = opens_home(story, "priya")
    assert "Yours today: none" in words
    assert "Personal hello" not in words
    nothing_else_matters(story)


def test_home_and_next_say_the_same_in_the_same_order(story: Story):
    for n, name in enumerate(("Acme", "Globex", "Initech", "Hooli", "Umbrella", "Stark")):
        story.types(
            "priya", f"/account add {name} stage onboarding manager {'me' if n % 2 else '@tom'}"
        )
    story.types("priya", "/linchpin settings department operations")
    story.until("2026-11-25 10:00")
    today = story.sees("#operations", "Kick-off call")
    story.slack.click("priya", today, "I'll take it", block_id=line_of(today, "Globex"))
    story.slack.click("sam", today, "I'll take it", block_id=line_of(today, "Stark"))
    story.settle()
    nothing_else_matters(story)
    words = opens_home(story, "priya")
    asked = story.types("priya", "/next").blocks
    listed = [block["text"]["text"] for block in asked if block["type"] == "section"]
    heads = [each.strip("*") for each in listed if "\n" not in each and each.startswith("*")]
    titles = [line for line in words.splitlines() if line.startswith(("Yours", "Unclaimed"))]
    assert titles == ["Yours today: 4", "Unclaimed in Operations: 4"]
    assert [each for each in heads if each in titles] == titles
    assert "Claimed in Operations: 1" in heads
    rows = [b["text"]["text"] for b in home(story, "priya").blocks if "accessory" in b]
    touched = [each for each in rows if " · Kick-off call" in each or "hello" in each]
    assert len(touched) == 8
    assert [each for each in listed if each in touched] == touched


def test_another_workspaces_accounts_are_not_there(story: Story):
    with story.tx() as tx:
        tx.connection.execute(
            Workspace.__table__.insert(),  # type: ignore[attr-defined]
            {"id": "T2", "name": "Other", "bot_user_id": "U", "created_at": story.now},
        )
    with begin(story.engine, "T2") as tx:
        tx.add(
            Account(
                name="Secret",
                name_key="secret",
                slug="secret",
                stage="onboarding",
                stage_entered_at=story.now,
                manager_id="U0PRIYA",
                created_at=story.now,
                renews_on=story.now.date(),
            )
        )
    assert "Secret" not in opens_home(story, "priya")


# -- settings


def opens_settings(story: Story, who: str) -> None:
    opens_home(story, who)
    story.clicks(who, home(story, who), "Settings")


def picks(story: Story, who: str, control: str, value: Any) -> None:
    story.clicks(who, modal(story, who), control, value=value)


def chosen(story: Story, who: str) -> dict[str, Any]:
    """What the controls of the settings show as chosen, by action id."""
    found: dict[str, Any] = {}
    for block in modal(story, who).blocks:
        for element in [*block.get("elements", []), block.get("accessory", {})]:
            if "initial_option" in element:
                found[element["action_id"]] = element["initial_option"]["text"]["text"]
            if "initial_options" in element:
                days = [option["text"]["text"] for option in element["initial_options"]]
                found[element["action_id"]] = days
    return found


def test_settings_show_what_holds_until_one_chooses(story: Story):
    opens_settings(story, "priya")
    assert chosen(story, "priya") == {
        "home:digest_day": "Mondays",
        "home:digest_hour": "First message",
        "home:opens": "09:00",
        "home:closes": "17:00",
        "home:days": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
        "home:department": "None of these",
        "home:thanks": "Thank me by name",
    }


def test_a_department_is_chosen_and_left_again(story: Story):
    opens_settings(story, "priya")
    picks(story, "priya", "home:department", "Operations")
    assert chosen(story, "priya")["home:department"] == "Operations"
    assert "Unclaimed in Operations: none" in shown(story, "priya")
    picks(story, "priya", "home:department", "None of these")
    assert "Choose your department in Settings" in shown(story, "priya")
    assert verbs(story) == ["person.department", "person.department"]


def test_nudges_keep_to_ones_own_hours(story: Story):
    story.types("priya", "/account add Acme stage onboarding manager me")
    opens_settings(story, "priya")
    picks(story, "priya", "home:opens", "13:00")
    assert chosen(story, "priya")["home:opens"] == "13:00"
    story.until("2026-11-25 12:55")
    story.sees("#operations", "Kick-off call")
    assert story.slack.dms("priya") == []
    story.until("2026-11-25 13:05")
    story.sees("@priya", "Personal hello")


def test_nudges_keep_to_ones_own_days(story: Story):
    story.types("priya", "/account add Acme stage onboarding manager me")
    opens_settings(story, "priya")
    picks(story, "priya", "home:days", ["Monday", "Thursday", "Friday"])
    assert chosen(story, "priya")["home:days"] == ["Monday", "Thursday", "Friday"]
    story.until("2026-11-26 08:55")
    story.sees("#operations", "Kick-off call")
    assert story.slack.dms("priya") == []
    story.until("2026-11-26 09:05")
    story.sees("@priya", "Personal hello")
    nothing_else_matters(story)


def test_hours_that_leave_no_time_are_refused_where_they_were_picked(story: Story):
    opens_settings(story, "priya")
    picks(story, "priya", "home:closes", "08:00")
    notice = "⚠️ Working hours from 09:00 to 08:00 would leave no time"
    assert notice in str(modal(story, "priya").blocks)
    assert chosen(story, "priya")["home:closes"] == "17:00"
    picks(story, "priya", "home:days", [])
    assert "⚠️ Keep at least one working day" in str(modal(story, "priya").blocks)
    assert verbs(story) == []


def test_the_digest_comes_when_one_chose_and_once_a_week(story: Story):
    story.types("priya", "/account add Acme stage onboarding manager me renews 2026-12-31")
    opens_settings(story, "priya")
    picks(story, "priya", "home:digest_day", "Wednesdays")
    picks(story, "priya", "home:digest_hour", "14:00")
    story.until("2026-12-02 13:55")
    assert not [m for m in story.slack.dms("priya") if "Your digest" in m.text]
    story.until("2026-12-02 14:05")
    digests = [m for m in story.slack.dms("priya") if "Your digest" in m.text]
    assert len(digests) == 1
    picks(story, "priya", "home:digest_day", "Thursdays")
    story.until("2026-12-05 10:00")
    assert [m for m in story.slack.dms("priya") if "Your digest" in m.text] == digests
    nothing_else_matters(story)


def test_the_digest_is_switched_off_and_on(story: Story):
    opens_settings(story, "priya")
    picks(story, "priya", "home:digest_day", "Off")
    assert chosen(story, "priya")["home:digest_day"] == "Off"
    assert "home:digest_hour" not in chosen(story, "priya")
    answer = story.types("priya", "/linchpin settings digest on")
    assert "Comes with your first message on Mondays." in answer.text
    opens_settings(story, "priya")
    assert chosen(story, "priya")["home:digest_day"] == "Mondays"


# -- what others change


def in_operations(story: Story, *who: str) -> None:
    for each in who:
        story.types(each, "/linchpin settings department operations")
        opens_home(story, each)


def test_what_a_colleague_takes_is_gone_from_my_home_a_little_later(story: Story):
    story.types("priya", "/account add Acme stage onboarding manager @tom")
    story.until("2026-11-24 09:10")
    nothing_else_matters(story)
    in_operations(story, "diego", "aiko")
    where = row(story, "diego", "Kick-off call")
    story.clicks("diego", home(story, "diego"), "I'll take it", block_id=where)
    assert "Unclaimed in Operations: 1" in shown(story, "aiko"), "not at once"
    story.after(minutes=2)
    assert "Unclaimed in Operations: none" in shown(story, "aiko")
    nothing_else_matters(story)


def test_an_account_that_is_moved_or_given_away_changes_its_managers_homes(story: Story):
    story.types("priya", "/account add Acme stage onboarding manager @tom renews 2026-12-31")
    assert "Your renewals within 90 days: 1" in opens_home(story, "tom")
    opens_home(story, "sam")
    story.types("priya", "/account acme manager @sam")
    story.after(minutes=2)
    assert "Your renewals" not in shown(story, "tom")
    assert "Your renewals within 90 days: 1" in shown(story, "sam")
    story.types("priya", "/stage acme lost because price")
    story.after(minutes=2)
    assert "Your renewals" not in shown(story, "sam")
    nothing_else_matters(story)


def test_many_changes_of_others_are_one_home_a_minute(story: Story):
    in_operations(story, "aiko")
    before = published(story)
    for number in range(5):
        story.types("priya", f"/account add Acme {number} stage onboarding")
    assert published(story) == before
    story.after(minutes=2)
    assert published(story) == before + 1
    assert "*5 due within 7 days*" in shown(story, "aiko")


def test_who_has_not_looked_for_long_is_shown_it_when_they_look(story: Story):
    in_operations(story, "aiko")
    story.until("2026-11-24 08:00")
    before = published(story)
    story.types("priya", "/account add Acme stage onboarding")
    story.after(minutes=5)
    assert published(story) == before
    assert "*1 due within 7 days*" in opens_home(story, "aiko")
