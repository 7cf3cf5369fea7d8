"""A loaded playbook: stages, ways between them, owners."""

from datetime import date, time

import pytest
from pydantic import ValidationError

from bot.rules.playbook import yaml_reader
from bot.rules.playbook.playbook import MANAGER, Playbook, PlaybookError, parse
from bot.rules.playbook.yaml_reader import Exact, Quick
from bot.rules.time.phrases import Duration
from tests.rules.samples import TEXT

PLAY = "{key: x, title: X, owner: sales, due: on entry, ask: A, helps: H}"


@pytest.fixture
def playbook() -> Playbook:
    return parse(TEXT)


def with_stage(stage: str) -> Playbook:
    """The small playbook with one more stage at its end."""
    return parse(TEXT + stage)


def test_what_is_left_out_is_filled_in(playbook: Playbook):
    assert playbook.without_manager == "operations"
    assert playbook.company.channel == "#operations"
    assert playbook.company.timezone == "Europe/Dublin"
    assert playbook.stages[0].name == "Prospect"
    kickoff = playbook.play("customer", "kickoff")
    assert kickoff is not None
    assert kickoff.remind_after == Duration(2, "business days")
    assert kickoff.escalate_after == Duration(4, "business days")
    assert kickoff.claim_expires == Duration(3, "business days")


def test_half_a_company_is_completed_from_the_first_department():
    playbook = parse('company: {channel: "#all"}\n' + TEXT)
    assert (playbook.company.channel, playbook.company.timezone) == ("#all", "Europe/Dublin")


def test_departments_know_their_key_and_their_working_time(playbook: Playbook):
    sales = playbook.departments["sales"]
    assert (sales.key, sales.name, sales.channel) == ("sales", "Sales", "#sales")
    assert sales.calendar() is sales.calendar()
    assert sales.calendar().opens == time(8, 30)
    irish = playbook.departments["operations"].calendar()
    assert irish.on_or_before(date(2026, 12, 25)) == date(2026, 12, 24)


def test_a_managers_plays_follow_the_clock_of_the_deputy(playbook: Playbook):
    assert playbook.calendar(MANAGER) is playbook.departments["operations"].calendar()
    assert playbook.calendar("sales") is playbook.departments["sales"].calendar()


def test_nothing_in_it_can_be_changed(playbook: Playbook):
    with pytest.raises(ValidationError):
        playbook.destination = "gone"  # type: ignore[misc]
    with pytest.raises(TypeError):
        playbook.departments["x"] = playbook.departments["sales"]  # type: ignore[index]


def test_the_version_changes_with_the_text(playbook: Playbook):
    assert len(playbook.version) == 12
    assert playbook.version == parse(TEXT).version
    assert playbook.version != parse(TEXT + "# a remark\n").version


@pytest.mark.parametrize(
    "words", ["win-back", "Win Back", "WIN_BACK", "Second chance", "second-chance"]
)
def test_a_stage_is_found_however_it_is_written(words: str):
    playbook = with_stage(
        "  - {key: win-back, name: Second chance, decision: Again?, exit: yes, plays: []}\n"
    )
    stage = playbook.find_stage(words)
    assert stage is not None
    assert stage.key == "win-back"


def test_what_a_stage_belongs_to_is_the_department_with_the_most_of_its_plays(playbook: Playbook):
    assert [playbook.owner_of(key) for key in ("prospect", "customer", "gone", "unheard-of")] == [
        "sales",
        "operations",
        None,
        None,
    ]
    named = parse(TEXT.replace("    decision: Is it", "    owner: operations\n    decision: Is it"))
    assert named.owner_of("prospect") == "operations"
    more = "      - {{key: {}, title: T, owner: {}, due: on entry, ask: A, helps: H}}\n"
    for owners, found in (
        (["manager", "manager"], "sales"),  # a manager is no department
        (["operations"], None),  # as many
        (["operations", "operations"], "operations"),
    ):
        plays = "".join(more.format(f"k{n}", owner) for n, owner in enumerate(owners))
        text = TEXT.replace("  - key: customer\n", f"{plays}  - key: customer\n")
        assert parse(text).owner_of("prospect") == found


def test_where_each_stage_leads(playbook: Playbook):
    keys = ("prospect", "customer", "gone", "unheard-of")
    assert [playbook.next_keys(key) for key in keys] == [("customer",), (), (), ()]
    longer = with_stage("  - {key: extra, decision: More?, exit: false, plays: [" + PLAY + "]}\n")
    assert (longer.next_keys("prospect"), longer.next_keys("customer")) == (
        ("customer",),
        ("extra",),
    )
    back = parse(TEXT.replace("exit: true", "exit: true\n    next: [prospect, customer]"))
    assert back.next_keys("gone") == ("prospect", "customer")
    assert back.direction("gone", "customer") == "return"
    found = back.stage("gone")
    assert found is not None
    assert (found.name, found.exit, back.stage("unheard-of")) == ("Gone", True, None)


def test_a_name_is_made_from_a_key_where_there_is_none():
    text = TEXT.replace("  sales:", "  key-accounts_team:").replace(
        "owner: sales", "owner: manager"
    )
    playbook = parse(text.replace("key: gone", "key: won-elsewhere"))
    assert playbook.departments["key-accounts_team"].name == "Key accounts team"
    assert playbook.stages[2].name == "Won elsewhere"
    own = "company: {timezone: UTC}\nwithout_manager: sales\n" + TEXT
    ours = parse(own)
    assert (ours.company.channel, ours.company.timezone) == ("#operations", "UTC")
    assert ours.calendar(MANAGER) is ours.departments["sales"].calendar()


def test_a_misspelled_stage_is_suggested_but_not_taken(playbook: Playbook):
    assert playbook.find_stage("custmer") is None
    assert playbook.suggest_stage("custmer") == "customer"
    assert playbook.suggest_stage("zzzzzz") is None


def test_next_goes_on_to_the_last_stage_that_is_no_exit(playbook: Playbook):
    after = playbook.after("prospect")
    assert after is not None
    assert after.key == "customer"
    assert playbook.after("customer") is None
    assert playbook.after("gone") is None
    assert playbook.after("unheard-of") is None


@pytest.mark.parametrize(
    ("start", "end", "direction"),
    [
        ("prospect", "customer", "forward"),
        ("customer", "prospect", "back"),
        ("customer", "customer", "same"),
        ("customer", "gone", "out"),
        ("gone", "prospect", "return"),
        ("removed-since", "prospect", "forward"),
        ("prospect", "removed-since", "back"),
        ("removed-since", "removed-too", "back"),
    ],
)
def test_moves_have_a_direction(playbook: Playbook, start: str, end: str, direction: str):
    assert playbook.direction(start, end) == direction


def test_what_a_stage_names_as_next_is_forward_even_when_it_stands_earlier():
    looped = parse(TEXT.replace("    decision: Did we", "    next: prospect\n    decision: Did we"))
    assert looped.direction("customer", "prospect") == "forward"
    assert looped.after("customer") is None  # but "next" never leads around in circles


def test_a_named_next_can_jump_over_a_stage():
    text = TEXT.replace("    decision: Is it", "    next: [extra]\n    decision: Is it")
    extra = text + (
        "  - key: extra\n    decision: More?\n    next: [customer]\n    plays:\n"
        "      - {key: x, title: X, owner: manager, due: on entry, ask: Do it., helps: So.}\n"
    )
    after = parse(extra).after("prospect")
    assert after is not None
    assert after.key == "extra"


def test_a_play_that_was_removed_is_none(playbook: Playbook):
    assert playbook.play("prospect", "gone-play") is None
    assert playbook.play("gone-stage", "ask") is None


def test_a_country_called_no_is_norway():
    playbook = parse(TEXT.replace("holidays: IE", "holidays: NO"))
    assert playbook.departments["operations"].holidays == ("NO",)


def test_no_holidays_are_written_in_three_ways():
    for words in ("none", "", '""'):
        text = TEXT.replace("holidays: IE", f"holidays: {words}")
        assert parse(text).departments["operations"].holidays == ()
    several = parse(TEXT.replace("holidays: IE", "holidays: [IE, 2026-12-24]"))
    assert several.departments["operations"].holidays == ("IE", "2026-12-24")


def test_briefs_come_farthest_first_and_each_once():
    playbook = parse("renewals: {brief: [30, 1, 366, 30]}\n" + TEXT)
    assert playbook.renewals is not None
    assert playbook.renewals.brief == (366, 30, 1)


def test_of_several_anchors_the_first_wins_and_what_is_written_wins_over_all():
    shared = TEXT.replace("  operations:", "  operations: &o").replace(
        'sales: {channel: "#sales", timezone: America/New_York, hours: "08:30-16:30"}',
        'support: &s {name: Support, channel: "#support", timezone: UTC, days: sun-thu}\n'
        '  sales: {<<: [*s, *o], name: Sales, channel: "#sales"}',
    )
    sales = parse(shared).departments["sales"]
    assert (sales.name, sales.channel, sales.timezone) == ("Sales", "#sales", "UTC")
    assert (sales.days, sales.holidays) == ("sun-thu", ("IE",))


def test_anchors_spare_repetition():
    shared = TEXT.replace("operations: {", "operations: &o {").replace(
        'sales: {channel: "#sales", timezone: America/New_York', 'sales: {<<: *o, channel: "#sales"'
    )
    sales = parse(shared).departments["sales"]
    assert (sales.timezone, sales.channel, sales.name) == ("Europe/Dublin", "#sales", "Sales")


def test_the_error_lists_every_mistake_as_text():
    with pytest.raises(PlaybookError) as caught:
        parse(
            TEXT.replace("owner: sales", "owner: salse").replace("on entry", "on entri"), "p.yaml"
        )
    lines = str(caught.value).splitlines()
    assert lines == [
        'p.yaml:11:16: stages.0.plays.0.owner: no department "salse", did you mean "sales"?',
        'p.yaml:12:14: stages.0.plays.0.due: due "on entri" is not understood,'
        ' did you mean "on entry"?',
    ]


@pytest.mark.parametrize("reader", [Quick, Exact])
def test_words_are_words_as_yaml_1_2_has_it(reader: type, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.rules.playbook.yaml_reader.Quick", reader)
    told = "[no, on, y, 12:30, 1_000, 0x1F, -3, 1.5, 2026-12-24, true, ~, 'true', 3 days, 0.]"
    found = yaml_reader.read_yaml(f"\U0001f642: {told}\n")
    words = ["no", "on", "y", "12:30", 1000, 31, -3, 1.5, date(2026, 12, 24), True, None]
    assert found.data == {"\U0001f642": [*words, "true", "3 days", 0.0]}
    assert found.place(("\U0001f642", 1)) == (1, 9)
