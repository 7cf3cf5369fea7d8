"""What is said under a nudge: the verb, the line's number, and the rest."""

import pytest

from bot.rules.language.replies import read_reply


@pytest.mark.parametrize(
    ("said", "verb", "line", "rest"),
    [
        ("done, they agreed on 3 goals", "done", None, "they agreed on 3 goals"),
        ("2 done, all fine", "done", 2, "all fine"),
        ("done 2, all fine", "done", 2, "all fine"),
        ("done 2 calls with them", "done", None, "2 calls with them"),
        ("I'll take number 3", "claim", 3, ""),
        ("snooze 2 till Thursday", "snooze", 2, "Thursday"),
        ("snooze 2 days", "snooze", None, "2 days"),
        ("snooze it 3 weeks", "snooze", None, "3 weeks"),
        ("skip 2, they cancelled", "skip", 2, "they cancelled"),
        ("not this week, maybe next monday", "snooze", None, "maybe next monday"),
        ("we don't need that one", "skip", None, ""),
        ("can’t do this one, no budget", "release", None, "no budget"),
        ("nothing new", "nothing-new", None, ""),
    ],
)
def test_a_reply_is_a_verb_a_line_and_the_rest(said: str, verb: str, line: int, rest: str) -> None:
    reply = read_reply(said)
    assert reply is not None
    assert (reply.verb, reply.line, reply.rest) == (verb, line, rest)


@pytest.mark.parametrize("said", ["they agreed on 3 goals", "who owns this?", "dinner at 8"])
def test_what_is_no_reply_is_read_otherwise(said: str) -> None:
    assert read_reply(said) is None
