"""Every mistake in a playbook is told, with its place and what would be right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.playbook.playbook import PlaybookError, Problem, load, parse
from tests.rules.samples import TEXT


def problems(text: str) -> list[Problem]:
    with pytest.raises(PlaybookError) as caught:
        parse(text, "p.yaml")
    return caught.value.problems


def only(text: str) -> Problem:
    found = problems(text)
    assert len(found) == 1, [str(problem) for problem in found]
    return found[0]


MISTAKES = {
    "unknown key": ("title: Ask why", "titel: Ask why", "stages.0.plays.0.titel", '"title"?'),
    "unknown top key": ("destination: c", "destinaton: c", "destinaton", '"destination"?'),
    "unknown owner": ("owner: sales", "owner: sails", "stages.0.plays.0.owner", '"sales"?'),
    "bad due": ("due: on entry", "due: at entry", "stages.0.plays.0.due", '"on entry"?'),
    "due as a number": ("due: on entry", "due: 3", "stages.0.plays.0.due", "write words"),
    "no destination": ("destination: customer\n", "", "destination", "destination: advocacy"),
    "destination is no stage": (
        "destination: customer",
        "destination: custom",
        "destination",
        "customer",
    ),
    "destination is an exit": ("destination: customer", "destination: gone", "destination", "exit"),
    "two stages of one key": ("key: gone", "key: customer", "stages.2.key", "choose another key"),
    "two stages of one name": (
        "  - key: gone\n",
        "  - key: gone\n    name: Customer\n",
        "stages.2.name",
        "choose another name",
    ),
    "a stage named next": ("key: gone", "key: next", "stages.2.key", "/stage command"),
    "a stage with no decision": (
        "    decision: Did we choose well?\n",
        "",
        "stages.1.decision",
        "missing",
    ),
    "an empty decision": (
        "decision: Did we choose well?",
        "decision:",
        "stages.1.decision",
        "is empty",
    ),
    "an unknown zone": (
        "America/New_York",
        "America/NewYork",
        "departments.sales.timezone",
        "New_York",
    ),
    "an unknown country": (
        "holidays: IE",
        "holidays: Irland",
        "departments.operations.holidays",
        '"IE"?',
    ),
    "bad hours": ('"08:30-16:30"', '"8-16"', "departments.sales.hours", "09:00-17:00"),
    "hours backwards": ('"08:30-16:30"', '"16:30-08:30"', "departments.sales.hours", "earlier"),
    "bad days": ("holidays: IE", "days: mon-fry", "departments.operations.days", '"fri"?'),
    "a channel lost in a remark": (
        '  sales: {channel: "#sales", timezone: America/New_York, hours: "08:30-16:30"}',
        "  sales:\n    timezone: UTC\n    channel: #sales",
        "departments.sales.channel",
        "in quotes",
    ),
    "a channel without #": ('"#sales"', "Sales Team", "departments.sales.channel", "#sales-team"),
    "a department called manager": ("  sales:", "  manager:", "departments.manager", "another key"),
    "a title that is a number": ("title: Ask why", "title: 5", "stages.0.plays.0.title", "quotes"),
    "a placeholder misspelled": (
        "{account} why",
        "{acount} why",
        "stages.0.plays.0.ask",
        "{account}",
    ),
    "a lonely brace": ("{account} why", "{account why", "stages.0.plays.0.ask", "brace"),
    "braces where none are filled": (
        "title: Ask why",
        'title: "Ask {account}"',
        "stages.0.plays.0.title",
        "ask",
    ),
    "exit that is no yes or no": ("exit: true", "exit: perhaps", "stages.2.exit", "true or false"),
    "next that is no stage": (
        "exit: true",
        "exit: true\n    next: [custmer]",
        "stages.2.next.0",
        '"customer"?',
    ),
    "expected days in words": (
        "exit: true",
        "exit: true\n    expected_days: ten",
        "stages.2.expected_days",
        "30",
    ),
    "a version of one's own": (
        "destination: c",
        "version: 2\ndestination: c",
        "version",
        "leave it out",
    ),
    "an unknown deputy": (
        "destination: c",
        "without_manager: ops\ndestination: c",
        "without_manager",
        "operations",
    ),
    "a double key": (
        "title: Ask why",
        "title: Ask why\n        title: Ask",
        "stages.0.plays.0.title",
        "line 10",
    ),
}


@pytest.mark.parametrize(("right", "wrong", "path", "hint"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_with_its_path_and_what_would_be_right(
    right: str, wrong: str, path: str, hint: str
):
    assert right in TEXT
    found = problems(TEXT.replace(right, wrong, 1))
    assert [p for p in found if p.path == path and hint in p.message], [str(p) for p in found]


@pytest.mark.parametrize(
    "mistake",
    ["unknown key", "unknown owner", "bad due", "bad hours", "a double key", "no destination"],
)
def test_one_mistake_is_told_once(mistake: str):
    right, wrong, _, _ = MISTAKES[mistake]
    only(TEXT.replace(right, wrong, 1))


def test_the_place_is_that_of_the_word_itself():
    problem = only(TEXT.replace("owner: sales", "owner: sails"))
    assert str(problem) == (
        'p.yaml:11:16: stages.0.plays.0.owner: no department "sails", did you mean "sales"?'
    )
    line = TEXT.replace("owner: sales", "owner: sails").splitlines()[problem.line - 1]
    assert line[problem.column - 1 :] == "sails"


def test_the_place_of_an_unknown_key_is_the_key():
    problem = only(TEXT.replace("title: Ask why", "titel: Ask why"))
    assert (problem.line, problem.column) == (10, 9)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file():
    wrong = TEXT
    for name in ("unknown owner", "bad due", "bad hours", "unknown key", "an unknown zone"):
        right, instead, _, _ = MISTAKES[name]
        wrong = wrong.replace(right, instead, 1)
    found = problems(wrong)
    assert len(found) == 5
    assert found == sorted(found, key=lambda problem: (problem.line, problem.column))


def test_a_stage_without_plays_is_told_but_an_exit_may_be_empty():
    start = TEXT.index("    plays:\n      - key: kickoff")
    end = TEXT.index("  - key: gone")
    problem = only(TEXT[:start] + TEXT[end:])
    assert (problem.path, problem.line) == ("stages.1.plays", 15)
    assert "has no plays" in problem.message


def test_a_stage_that_no_way_leads_to_is_told():
    problem = only(TEXT.replace("    decision: Is it", "    next: [gone]\n    decision: Is it"))
    assert problem.path == "stages.1.key"
    assert 'no stage leads to "customer"' in problem.message


def test_a_way_back_through_an_exit_counts_as_a_way():
    through = TEXT.replace("    decision: Is it", "    next: [gone]\n    decision: Is it")
    parse(through.replace("exit: true", "exit: true\n    next: [customer]"))


def test_two_plays_of_one_key_are_told():
    twice = TEXT.replace(
        "  - key: customer",
        "      - {key: ask, title: T, owner: sales, due: on entry, ask: A, helps: H}\n"
        "  - key: customer",
    )
    assert only(twice).path == "stages.0.plays.1.key"


LOOK = "; look at quotes, colons and indents here and above."


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "1:1: the playbook is empty, start from playbooks/default.yaml."),
        ("# only a remark\n", "1:1: the playbook is empty, start from playbooks/default.yaml."),
        (
            "- a list\n",
            "1:1: a playbook is a mapping, begin with lines like `destination: advocacy`.",
        ),
        ("hello", "1:1: a playbook is a mapping, begin with lines like `destination: advocacy`."),
        ("a: [1, 2", f"1:9: this is not YAML: expected ',' or ']', but got '<stream end>'{LOOK}"),
        ("a: b: c", f"1:5: this is not YAML: mapping values are not allowed here{LOOK}"),
        ("b:\n  a: *x", f"2:6: this is not YAML: found undefined alias 'x'{LOOK}"),
        (
            "a: 1\n---\nb: 2",
            "2:1: this is not YAML: expected a single document in the stream, "
            f"but found another document{LOOK}",
        ),
        ("a: &a [*a]", "1:4: this goes on without end: do anchors hold themselves?"),
        ("? [a]\n: b", "1:3: a key must be one word; does a value need quotes here?"),
        (
            "a: \x00",
            "1:1: this is no YAML text: unacceptable character #x0000: special characters are not "
            "allowed",
        ),
        ("[" * 300 + "]" * 300, "1:32: this goes on without end: do anchors hold themselves?"),
    ],
)
def test_what_is_no_playbook_at_all_is_told_kindly(text: str, says: str):
    assert str(only(text)) == f"p.yaml:{says}"


LIST = "must be a list, with a dash before each item."
MAPPING = "must be a mapping, with lines like `key: value` below it."


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "name: Ours\n",
            [
                "1:1: departments: it is missing, add a line like `departments:`.",
                "1:1: destination: it is missing, add a line like `destination: advocacy`.",
                "1:1: stages: it is missing, add a line like `stages:`.",
            ],
        ),
        (
            "destination: x\ndepartments: 5\nstages: 5\ncompany: 5\n",
            [f"2:14: departments: {MAPPING}", f"3:9: stages: {LIST}", f"4:10: company: {MAPPING}"],
        ),
        (
            "destination: x\ndepartments: {}\nstages: []\n",
            [
                "2:14: departments: is empty, add at least one.",
                "3:9: stages: is empty, add at least one.",
            ],
        ),
        (
            "destination: x\ndepartments: {a: 5}\nstages: {a: 1}\n",
            [f"2:18: departments.a: {MAPPING}", f"3:9: stages: {LIST}"],
        ),
    ],
    ids=["nothing else", "numbers", "empty", "other kinds"],
)
def test_what_is_filled_in_from_elsewhere_is_no_second_mistake(text: str, says: list[str]):
    assert [str(one) for one in problems(text)] == [f"p.yaml:{line}" for line in says]


def test_every_line_indented_with_a_tab_is_named():
    found = problems("a:\n\tb: 1\n  \tc: 2\n")
    says = "a tab is used to indent, YAML wants spaces: write two for each level."
    assert list(map(str, found)) == [f"p.yaml:2:1: {says}", f"p.yaml:3:3: {says}"]


def test_a_tree_of_anchors_is_refused_before_it_fills_the_memory():
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 9)]
    assert "without end" in only("\n".join(["l0: &l0 [x]", *levels])).message


def test_a_file_that_cannot_be_read_is_a_problem_too(tmp_path):
    strange = tmp_path / "latin.yaml"
    strange.write_bytes("name: Caf\xe9".encode("latin-1"))
    told = "the file cannot be read ({}), check its name.".format
    for path, says in (
        (strange, "the file is not UTF-8 text, save it as UTF-8."),
        (tmp_path / "none.yaml", told("no such file or directory")),
        (tmp_path, told("is a directory")),
    ):
        with pytest.raises(PlaybookError) as caught:
            load(path)
        assert str(caught.value) == f"{path}:1:1: {says}"


def test_a_file_begins_with_a_mark_or_without(tmp_path):
    file = tmp_path / "ours.yaml"
    file.write_text(TEXT.replace("Ask why", "Fråga varför"), encoding="utf-8-sig")
    found = load(file)
    assert (found.source, found.stages[0].plays[0].title) == ("ours.yaml", "Fråga varför")


PARTS = st.sampled_from(
    ["key", "plays", "- ", "  ", ": ", "\n", '"', "#", "{", "[", "&a", "*a", "5"]
)


@given(st.integers(0, len(TEXT)), st.integers(0, 40), st.lists(PARTS, max_size=4))
def test_no_damage_to_the_file_ends_in_a_traceback(at: int, length: int, parts: list[str]):
    damaged = TEXT[:at] + "".join(parts) + TEXT[at + length :]
    told: list[Problem] = []
    try:
        parse(damaged)
    except PlaybookError as error:
        told = error.problems or [Problem("", 0, 0, "", "")]
    assert all(problem.line >= 1 and problem.message for problem in told)
