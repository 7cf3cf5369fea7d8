"""What digests tell: to whom, in which words, and what they leave out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.actions.actor import CLOCK
from bot.actions.digests import digests
from bot.actions.work import Work
from db.core.tx import read
from db.models import Alternative, Lane, Outbox, StageChange, Term
from tests.digests.world import CREATED, MONDAY, TEAM, World

DAY = timedelta(days=1)
QUIET = "nothing waits, nothing renews within 90 days, nothing is at risk. A quiet week."


def company(world: World) -> str:
    with read(world.engine, TEAM) as tx:
        return digests.company_digest(Work(tx, world.playbook, MONDAY, CLOCK)).text


def department(world: World, key: str = "operations") -> str:
    with read(world.engine, TEAM) as tx:
        return digests.department_digest(Work(tx, world.playbook, MONDAY, CLOCK), key).text


def manager(world: World, user_id: str) -> str:
    with read(world.engine, TEAM) as tx:
        message = digests.manager_digest(Work(tx, world.playbook, MONDAY, CLOCK), user_id)
    return message.text if message else ""


def line(text: str, words: str) -> str:
    """The one line with those words."""
    (found,) = [line for line in text.splitlines() if words in line]
    return found


def test_a_quiet_week_is_one_line(world):
    assert department(world) == f"Operations this week: {QUIET}"
    assert company(world) == f"All of us this week: {QUIET}"
    with read(world.engine, TEAM) as tx:
        assert (
            len(
                digests.department_digest(
                    Work(tx, world.playbook, MONDAY, CLOCK), "operations"
                ).blocks
            )
            == 1
        )


def test_one_is_singular_and_two_are_plural(world):
    world.touchpoint(world.account("Acme"), "operations", MONDAY - DAY)
    assert ": 1 unclaimed (oldest 1 day overdue)." in department(world)
    world.touchpoint(world.account("Zed"), "operations", MONDAY - 3 * DAY)
    assert ": 2 unclaimed (oldest 1 day overdue)." in department(world)


def test_the_headline_says_what_matters(world):
    soon = world.account("Acme", renews_on=date(2026, 11, 21), stage_entered_at=MONDAY - 50 * DAY)
    world.touchpoint(soon, "operations", MONDAY - 4 * DAY)
    world.touchpoint(soon, "operations", MONDAY + 2 * DAY, state="planned")
    world.touchpoint(soon, "operations", MONDAY - DAY, state="claimed", by_user="UDIEGO")
    assert department(world).splitlines()[0] == (
        "Operations this week: 1 unclaimed (oldest 2 days overdue), "
        "1 claimed, 1 due within 7 days, Acme renews in 12 days and 1 account is at risk."
    )


@pytest.mark.parametrize(
    ("state", "due", "words"),
    [
        ("claimed", -1, "1 claimed."),
        ("planned", 2, "1 due within 7 days."),
    ],
)
def test_the_first_number_says_what_is_counted(world, state, due, words):
    world.touchpoint(world.account("Acme"), "operations", MONDAY + due * DAY, state=state)
    assert department(world).splitlines()[0] == f"Operations this week: {words}"


def test_a_near_renewal_comes_before_a_longer_wait(world):
    patient = world.account("Patient")
    world.touchpoint(patient, "operations", MONDAY - 40 * DAY)
    for number, days in enumerate((80, 50, 20)):
        account = world.account(f"Soon{days}", renews_on=MONDAY.date() + days * DAY)
        world.touchpoint(account, "operations", MONDAY - (number + 1) * DAY)
    rows = [row for row in department(world).splitlines() if "Kick-off call" in row]
    assert [row.removeprefix("• ").split(" · ")[0] for row in rows] == [
        "Soon20",
        "Soon50",
        "Soon80",
        "Patient",
    ]


def test_who_has_left_is_no_near_renewal(world):
    left = world.account("Left", stage="churned", renews_on=MONDAY.date() + 2 * DAY)
    world.touchpoint(left, "operations", MONDAY - DAY)
    world.touchpoint(world.account("Patient"), "operations", MONDAY - 40 * DAY)
    rows = [row for row in department(world).splitlines() if "Kick-off call" in row]
    assert rows[0].startswith("• Patient")
    assert "renews" not in rows[1]


def test_at_most_five_need_somebody_and_the_rest_is_counted(world):
    account = world.account("Acme")
    for days in range(12):
        world.touchpoint(account, "operations", MONDAY - days * DAY)
    text = department(world)
    assert text.count("Kick-off call") == 5
    assert "Needs somebody · the first 5, 7 more: `/next operations`" in text


def test_each_need_has_the_menu_of_next(world):
    number = world.touchpoint(world.account("Acme"), "operations", MONDAY - DAY)
    with read(world.engine, TEAM) as tx:
        blocks = digests.department_digest(
            Work(tx, world.playbook, MONDAY, CLOCK), "operations"
        ).payload()["blocks"]
    (menu,) = [block["accessory"] for block in blocks if "accessory" in block]
    assert menu["type"] == "overflow"
    assert menu["action_id"] == f"touchpoint:menu:{number}"
    assert [(o["text"]["text"], o["value"]) for o in menu["options"]] == [
        ("Done", f"done:{number}"),
        ("I'll take it", f"claim:{number}"),
        ("Skip…", f"skip:{number}"),
    ]


def test_what_somebody_has_can_be_given_back(world):
    world.person("UDIEGO", "Diego")
    account = world.account("Acme")
    world.touchpoint(account, "operations", MONDAY - DAY, state="claimed", by_user="UDIEGO")
    assert "Diego has it" in department(world)
    with read(world.engine, TEAM) as tx:
        blocks = digests.department_digest(
            Work(tx, world.playbook, MONDAY, CLOCK), "operations"
        ).payload()["blocks"]
    (menu,) = [block["accessory"] for block in blocks if "accessory" in block]
    assert menu["options"][1]["text"]["text"] == "Release"


def test_what_is_snoozed_beyond_the_week_needs_nobody(world):
    later = MONDAY + 20 * DAY
    account = world.account("Acme")
    world.touchpoint(
        account, "operations", MONDAY - DAY, state="planned", snoozed_until=later, wake_at=later
    )
    assert QUIET in department(world)


def test_a_department_hears_only_of_its_own(world):
    ours = world.account("Ours", renews_on=date(2026, 12, 1), stage_entered_at=MONDAY - 60 * DAY)
    theirs = world.account("Theirs", "UPRIYA", renews_on=date(2026, 12, 2))
    world.touchpoint(ours, "operations", MONDAY - DAY)
    world.touchpoint(theirs, "support", MONDAY - DAY)
    assert "Theirs" not in department(world)
    assert "Ours" not in department(world, "support")
    assert "Ours" in company(world)
    assert "Theirs" in company(world)


def test_the_stand_in_hears_of_accounts_without_a_manager(world):
    world.touchpoint(world.account("Orphan"), "manager", MONDAY - DAY)
    text = department(world)
    assert "the account has no manager" in line(text, "Say hello")
    assert "1 account has no manager" in text
    assert "went to Operations" in text
    assert "Orphan" not in department(world, "support")


def test_a_manager_hears_only_of_their_accounts(world):
    world.person("UPRIYA", "Priya")
    mine, other = world.account("Mine", "UPRIYA"), world.account("Other", "USAM")
    world.touchpoint(mine, "manager", MONDAY - DAY)
    world.touchpoint(other, "manager", MONDAY - DAY)
    world.touchpoint(mine, "operations", MONDAY - DAY)
    text = manager(world, "UPRIYA")
    assert text.startswith("Your week: 1 unclaimed")
    assert "Other" not in text
    assert "Kick-off call" not in text


def test_a_manager_hears_of_what_they_took_for_a_department(world):
    account = world.account("Other", "USAM")
    world.touchpoint(account, "operations", MONDAY - DAY, state="claimed", by_user="UPRIYA")
    assert "Operations" in line(manager(world, "UPRIYA"), "Kick-off call")


def test_renewals_tell_what_is_missing(world):
    world.person("UPRIYA", "Priya")
    bare = world.account("Bare", renews_on=date(2026, 11, 20))
    world.touchpoint(bare, "operations", MONDAY - 4 * DAY)
    silent = world.account("Silent", "UPRIYA", renews_on=date(2026, 12, 20))
    world.interaction(silent, date(2026, 9, 1))
    ready = world.account("Ready", "UPRIYA", renews_on=date(2027, 1, 20))
    world.interaction(ready, date(2026, 11, 4))
    known = {"account_id": ready, "term": 1, "source": "slash", "by_user": "UPRIYA"}
    world.add(Alternative(name="Excel", name_key="excel", at=CREATED, **known))
    text = company(world)
    assert line(text, "Bare in 11 days").endswith("Fri 20 Nov · no manager · 1 touchpoint overdue")
    assert line(text, "Ready in").endswith("Wed 20 Jan · Priya")
    assert "Not known enough: 3 of 3 renewals within 90 days" in text
    rest = "alternatives, decision date"
    assert f"• Bare: confirmed value, decision maker, contact, {rest}" in text
    assert f"contact, nobody in touch for 69 days, {rest}" in line(text, "Silent:")
    assert (
        line(text, "Ready:") == "• Ready: confirmed value, decision maker, contact, decision date"
    )
    assert "are at risk" not in text
    for group in ("Within 30 days: 1 account", "In 31 to 60 days: 1", "In 61 to 90 days: 1"):
        assert group in text


def test_what_was_done_with_the_customer_is_contact(world):
    account = world.account("Acme", renews_on=date(2026, 12, 20), created_at=MONDAY - 100 * DAY)
    world.interaction(account, date(2026, 11, 4), undone_at=MONDAY)
    assert "nobody in touch since it was added on Sat 1 Aug" in company(world)
    ended = {"state": "done", "by_user": "UDIEGO", "state_at": MONDAY - 5 * DAY}
    world.touchpoint(account, "operations", MONDAY - 6 * DAY, **ended)
    assert "nobody in touch" not in company(world)


def test_dates_that_are_not_known_are_counted(world):
    for number in range(5):
        world.account(f"Firm{number}", renews_on=None)
    world.account("Left", stage="churned", renews_on=None)
    assert company(world) == (
        "All of us this week: nothing waits, no renewal known within 90 days. Renewal date not "
        "known for 5 accounts: Firm0, Firm1, Firm2 and 2 more. "
        "`/account Firm0 renews 2027-03-31` sets one, a file with dates all of them."
    )
    world.account("Soon", renews_on=date(2026, 12, 20))
    assert "Renewal date not known for 5 accounts" in line(company(world), "not known for")


def test_customers_who_left_and_archived_ones_do_not_renew(world):
    world.account("Left", stage="churned", renews_on=date(2026, 12, 1))
    world.account("Archived", archived_at=MONDAY - DAY, renews_on=date(2026, 12, 1))
    assert QUIET in company(world)


def test_accounts_at_risk_are_named_with_their_reasons_those_that_renew_soon_first(world):
    world.person("UPRIYA", "Priya")
    for days in range(31, 38):
        world.account(f"Slow{days}", renews_on=None, stage_entered_at=MONDAY - days * DAY)
    values = {"stage_entered_at": MONDAY - 46 * DAY, "renews_on": MONDAY.date() + 90 * DAY}
    world.account("Near", "UPRIYA", **values, hundredths=1_800_000, currency="EUR")
    world.account("Left", stage="churned", **values)
    text = company(world)
    assert text.splitlines()[0].endswith("1 account is at risk and 7 at risk later.")
    assert "At risk: 1 of 1 renewal within 90 days" in text
    assert line(text, "Near · renews") == (
        "• Near · renews Sun 7 Feb 2027 · EUR 18,000 a year · Priya: "
        "Stuck in Onboarding since Mon 9 Nov (46 days, 30 expected)"
    )
    assert "At risk later: 7" in text
    behind = "Behind in Onboarding since Mon 9 Nov (31 days, 30 expected)"
    assert line(text, "Slow31:") == f"• Slow31: {behind}"
    assert (text.count("30 expected"), "… and 2 more" in text) == (6, True)
    assert "At risk: 1 of 1 renewal within 90 days" in manager(world, "UPRIYA")
    assert "Slow31:" not in manager(world, "UPRIYA")


def test_a_renewal_date_that_has_passed_is_to_watch_and_no_risk(world):
    account = world.account("Acme", renews_on=date(2026, 11, 2))
    world.add(Term(account_id=account, number=1, began_at=CREATED, source="slash"))
    text = company(world)
    assert "at risk" not in text
    assert "To watch: 1" in text
    assert line(text, "Acme").endswith("Renewal date passed on Mon 2 Nov: record the outcome")


def test_what_a_crm_says_of_years_ago_makes_no_account_stuck(world):
    since = MONDAY - 900 * DAY
    world.account("Imported", stage_entered_at=since, created_at=MONDAY - 30 * DAY)
    assert QUIET in company(world)
    world.account("Known", stage_entered_at=since, created_at=MONDAY - 31 * DAY)
    assert "1 account is at risk later" in company(world).splitlines()[0]


def test_thirty_days_of_thirty_expected_are_not_stuck(world):
    world.account("Punctual", stage_entered_at=MONDAY - 30 * DAY)
    assert QUIET in company(world)


def test_who_did_something_is_thanked(world):
    diego, aiko = world.person("UDIEGO", "Diego"), world.person("UAIKO", "Aiko")
    account = world.account("Acme")
    for who, state, times in ((diego, "done", 3), (aiko, "done", 2), (aiko, "skipped", 1)):
        for _ in range(times):
            world.touchpoint(
                account,
                "operations",
                CREATED,
                state=state,
                by_user=who,
                state_at=MONDAY - DAY,
                source="button",
            )
    world.interaction(account, date(2026, 11, 6), diego)
    assert line(department(world), "Done") == (
        "Done since Mon 2 Nov · 5 touchpoints done and 1 skipped. Thank you Diego (3), Aiko (2)."
    )
    assert line(company(world), "Done") == (
        "Done since Mon 2 Nov · 5 touchpoints done, 1 interaction logged and 1 skipped. "
        "Thank you Diego (4), Aiko (2)."
    )
    assert "• Operations: 5 done" in company(world)


def test_what_an_import_brought_is_nobodys_work(world):
    account = world.account("Acme")
    world.interaction(account, date(2026, 11, 5), "UDIEGO", external_id="O1")
    world.touchpoint(
        account, "operations", CREATED, state="skipped", state_at=MONDAY - DAY, source="import"
    )
    assert "skipped" not in company(world)


def test_moves_are_told_with_the_reason_for_a_way_back(world):
    world.person("UDIEGO", "Diego")
    for name, before, after in (("Up", "onboarding", "renewal"), ("Out", "renewal", "churned")):
        world.add(
            StageChange(
                account_id=world.account(name, stage=after),
                stage_entry=2,
                term=1,
                from_stage=before,
                to_stage=after,
                reason="too dear",
                by_user="UDIEGO",
                source="slash",
                at=MONDAY - DAY,
            )
        )
    text = company(world)
    assert line(text, "Up:") == "• Up: Onboarding → Renewal · Diego"
    assert line(text, "Up came") == "• Up came to Renewal, 2 days after we first met them"
    assert line(text, "Out") == "• Out: Renewal → Churned, because too dear · Diego"


@pytest.mark.parametrize(
    ("state", "why", "words"),
    [
        ("dead", "is_archived", "the channel is archived"),
        ("expired", None, "they had waited too long"),
        ("pending", "not_in_channel", "`/invite @Linchpin` there"),
    ],
)
def test_what_was_not_sent_is_told_with_the_reason(world, state, why, words):
    if state == "pending":
        world.add(Lane(lane="CSUPPORT", next_ok_at=CREATED, parked_reason=why, parked_at=CREATED))
    world.add(
        Outbox(
            dedupe_key="nudge:1",
            kind="nudge",
            method="chat.postMessage",
            lane="CSUPPORT",
            state=state,
            due_at=CREATED,
            created_at=CREATED,
            last_error=None if state == "pending" else why,
        )
    )
    row = line(department(world, "support"), "1 nudge to")
    assert "<#CSUPPORT>" in row
    assert words in row
    assert "1 nudge" not in department(world)
    assert "1 nudge" in company(world)


def test_the_company_sees_counts_for_each_department_and_no_buttons(world):
    account = world.account("Acme", "UPRIYA")
    world.touchpoint(account, "operations", MONDAY - DAY)
    world.touchpoint(account, "support", MONDAY - DAY, state="claimed", by_user="UDIEGO")
    world.touchpoint(account, "manager", MONDAY - DAY)
    text = company(world)
    assert "• Operations: 1 unclaimed" in text
    assert "• Support: 1 claimed" in text
    assert "• Account managers: 1 unclaimed" in text
    with read(world.engine, TEAM) as tx:
        blocks = digests.company_digest(Work(tx, world.playbook, MONDAY, CLOCK)).payload()["blocks"]
    assert not any("accessory" in block for block in blocks)
    assert [b["elements"][0]["action_id"] for b in blocks if b["type"] == "actions"] == [
        "rows:show"
    ]


def test_a_holidays_work_does_not_fall_between_two_digests(world):
    world.person("UDIEGO", "Diego")
    account = world.account("Acme")
    world.tick(MONDAY)
    tuesday = MONDAY + 8 * DAY
    world.touchpoint(
        account,
        "operations",
        CREATED,
        state="done",
        by_user="UDIEGO",
        state_at=MONDAY + timedelta(hours=1),
    )
    with read(world.engine, TEAM) as tx:
        text = digests.department_digest(
            Work(tx, world.playbook, tuesday, CLOCK), "operations"
        ).text
    assert "Thank you Diego (1)" in text


def test_nobody_else_is_called_by_a_name(world):
    name = "<!channel> & *Co*"
    account = world.account(name, renews_on=date(2026, 12, 1), stage_entered_at=MONDAY - 60 * DAY)
    world.touchpoint(account, "operations", MONDAY - DAY)
    with read(world.engine, TEAM) as tx:
        payload = digests.department_digest(
            Work(tx, world.playbook, MONDAY, CLOCK), "operations"
        ).payload()
    assert "<!channel>" not in str(payload)
    assert "&lt;!channel&gt; &amp; " in payload["text"]
    assert "*Co*" not in str(payload["blocks"])  # the text is no markup: stars are stars there
