"""The company's digest: in which words it tells what, and how few of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bot.actions.actor import CLOCK
from bot.actions.digests.company import company_digest, company_post, gather_company
from bot.actions.work import Work
from bot.messages.digests import company as messages
from bot.messages.kit.message import Message
from bot.rules.playbook.sections import Value
from db.core.tx import read
from db.models import AdvocacyEntry, Contract, StageChange
from tests.digests.world import CREATED, MONDAY, TEAM, World

DAY = timedelta(days=1)


def digest(world: World) -> Message:
    with read(world.engine, TEAM) as tx:
        return company_digest(Work(tx, _playbook(world), MONDAY, CLOCK))


def payload(world: World) -> dict[str, Any]:
    with read(world.engine, TEAM) as tx:
        return company_post(Work(tx, _playbook(world), MONDAY, CLOCK)).payload()


def _words(world: World) -> int:
    with read(world.engine, TEAM) as tx:
        gathered = gather_company(Work(tx, _playbook(world), MONDAY, CLOCK))
    return messages.count_words(messages.company_digest(gathered, with_picture=True))


def _playbook(world: World) -> Any:
    return world.playbook.model_copy(update={"value": Value(currency="EUR")})


def line(text: str, words: str) -> str:
    """The one line with those words."""
    (found,) = [line for line in text.splitlines() if words in line]
    return found


def rich(world: World) -> None:
    """A company with something in every part."""
    sam, tom = world.person("USAM", "Sam Carter"), world.person("UTOM", "Tom Okafor")
    known = {"currency": "EUR", "stage_entered_at": MONDAY - 60 * DAY}
    quay = {"renews_on": date(2027, 1, 15), "hundredths": 1_800_000, **known}
    first = world.account("Old Quay Shipping", sam, **quay)
    later = {"renews_on": date(2027, 4, 30), "hundredths": 1_600_000, **known}
    world.account("Hearthside Hotels", tom, **later)
    soon = {"renews_on": date(2026, 12, 18), "hundredths": 960_000, "currency": "EUR"}
    second = world.account("O'Hara Provisions", tom, **soon)
    pounds = {"renews_on": date(2027, 1, 29), "hundredths": 6_300_000, "currency": "GBP"}
    world.account("Müller & Söhne", sam, **pounds)
    world.account("Dateless", sam, stage="renewal", renews_on=None)
    for who, times in ((tom, 3), (sam, 2)):
        done = {"state": "done", "by_user": who, "state_at": MONDAY - 4 * DAY, "source": "button"}
        for _ in range(times):
            world.touchpoint(second, "operations", CREATED, **done)
    world.touchpoint(first, "operations", MONDAY - 5 * DAY)
    world.touchpoint(first, "support", MONDAY)
    world.touchpoint(first, "manager", MONDAY)
    held = {"postponed_since": MONDAY - DAY, "postponed_until": MONDAY + DAY}
    world.touchpoint(first, "operations", MONDAY, state="planned", **held)
    at: dict[str, Any] = {"account_id": second, "on": date(2026, 11, 3), "at": MONDAY - 6 * DAY}
    noted: dict[str, Any] = {"term": 1, "by_user": tom, "source": "slash"}
    world.add(AdvocacyEntry(act="reference call", verb="did", **at, **noted))


def test_it_tells_what_is_at_stake_what_is_not_known_and_who_to_thank(world: World) -> None:
    rich(world)
    missing = "confirmed value, decision maker and 3 more"
    assert digest(world).text.splitlines() == [
        "Company digest, Mon 9 Nov",
        "At risk: 1 of 3 renewals within 90 days, EUR 18,000 of EUR 27,600 a year",
        "• Old Quay Shipping · Fri 15 Jan 2027 · EUR 18,000 · "
        "stuck in Onboarding since Mon 26 Oct · Sam Carter",
        "At risk later: 1 · Hearthside Hotels · Fri 30 Apr 2027 · EUR 16,000 · "
        "stuck in Onboarding since Mon 26 Oct · Tom Okafor",
        "Renewal date not known: 1 account",
        "Not known enough: 3 of 3",
        f"O'Hara Provisions ({missing}) · Old Quay Shipping ({missing.replace('3', '4')}) · "
        f"Müller &amp; Söhne ({missing})",
        "Renewals by month, EUR thousand a year. Nov 0; Dec 9.6, none at risk; "
        "Jan 18, all at risk; Feb 0; Mar 0; Apr 16, all at risk.",
        "Not in the chart, none at risk: GBP 63,000 (1 renewal)",
        "Advocates this quarter: O'Hara Provisions: reference call (Tom Okafor)",
        "Unclaimed: 3 (oldest 3 days overdue) · Operations 1 · Support 1 · account managers 1 · "
        "Postponed: 1",
        "Done last week: 5 · thanks to Tom Okafor (3) and Sam Carter (2)",
        "Menu: Renewals within 90 days: 3, At risk: 1, At risk later: 1, Not known enough: 3, "
        "Renewal date not known: 1, Unclaimed: 3, Postponed: 1, Done: 5, "
        "Advocates this quarter: 1.",
    ]


def test_the_picture_stands_in_the_message_and_its_numbers_in_both_texts(world: World) -> None:
    rich(world)
    message = payload(world)
    (image,) = [block for block in message["blocks"] if block["type"] == "image"]
    assert image["alt_text"].startswith("Renewals by month, EUR thousand a year. Nov 0; Dec 9.6")
    assert f"Chart: {image['alt_text']}" in message["text"]
    assert message["picture"]["facts"]["months"][2] == ["2027-01-01", 0, 1_800_000]


def test_however_much_there_is_it_has_at_most_150_words(world: World) -> None:
    rich(world)
    assert 120 < _words(world) <= 150
    for number in range(9):
        who = world.person(f"U{number}", f"Person With A Long Name {number}")
        name = f"The Northern Association of Independent Bookshops {number}"
        near = {"renews_on": date(2026, 12, 1), "stage_entered_at": MONDAY - 60 * DAY}
        account = world.account(name, who, **near, hundredths=100, currency="EUR")
        world.account(name, who, **{**near, "renews_on": date(2027, 5, 1)})
        done = {"state": "done", "by_user": who, "state_at": MONDAY - 4 * DAY, "source": "button"}
        world.touchpoint(account, "operations", CREATED, **done)
    assert _words(world) <= 150
    crowded = digest(world)
    assert "… and 9 more" in crowded.text
    assert "others (" in line(crowded.text, "Done last week: 14")


def test_a_quiet_company_says_what_is_not_known_instead_of_nothing(world: World) -> None:
    world.account("Dateless", stage="renewal", renews_on=None)
    assert digest(world).text.splitlines() == [
        "Company digest, Mon 9 Nov",
        "No renewal within 90 days",
        "Renewal date not known: 1 account",
        "Menu: Renewal date not known: 1.",
    ]


def test_customers_who_left_and_archived_ones_do_not_renew(world: World) -> None:
    world.account("Left", stage="churned", renews_on=date(2026, 12, 1))
    world.account("Archived", archived_at=MONDAY - DAY, renews_on=date(2026, 12, 1))
    assert "No renewal within 90 days" in digest(world).text


def test_a_contract_renews_on_its_own_date_in_the_picture(world: World) -> None:
    account = world.account("Acme", renews_on=date(2026, 12, 1), hundredths=500, currency="EUR")
    days = {"Seats": date(2026, 12, 1), "Support": date(2027, 2, 1), "Training": None}
    for name, on in days.items():
        worth: dict[str, Any] = {"hundredths": 1_000_000, "currency": "EUR", "created_at": CREATED}
        world.add(Contract(account_id=account, name=name, renews_on=on, source="slash", **worth))
    months = payload(world)["picture"]["facts"]["months"]
    assert [safe for _, safe, _ in months] == [0, 2_000_000, 0, 1_000_000, 0, 0]


def test_who_wants_no_thanks_is_not_named_and_the_sum_is_right(world: World) -> None:
    diego = world.person("UDIEGO", "Diego Santos")
    shy = world.person("UAIKO", "Aiko", thanks_off=True)
    account = world.account("Acme")
    for who in (diego, diego, shy):
        done = {"state": "done", "by_user": who, "state_at": MONDAY - 4 * DAY, "source": "button"}
        world.touchpoint(account, "operations", CREATED, **done)
    told = line(digest(world).text, "Done last week")
    assert told == "Done last week: 3 · thanks to Diego Santos (2) and others (1)"


def test_what_became_an_advocate_this_quarter_is_told(world: World) -> None:
    way: dict[str, Any] = {"from_stage": "onboarding", "to_stage": "renewal", "source": "slash"}
    account = world.account("Up", stage="renewal")
    world.add(StageChange(account_id=account, stage_entry=2, term=1, at=MONDAY - DAY, **way))
    assert "Advocates this quarter: Up: now in Renewal" in digest(world).text.splitlines()


def test_no_name_is_markup(world: World) -> None:
    name = "<!channel> & *Co*"
    world.account(name, renews_on=date(2026, 12, 1), stage_entered_at=MONDAY - 60 * DAY)
    message = payload(world)
    assert "<!channel>" not in str(message)
    assert "&lt;!channel&gt; &amp; " in message["text"]
    assert "*Co*" not in str(message["blocks"])
