"""What people mistype: one clear sentence, the line that would have worked, nothing written."""

from __future__ import annotations

import re

import pytest

from tests.commands.helpers import lasting
from tests.story import Story

LONG = "x" * 201
# Each line with the one that would have worked, as the answer shows it.
TABLE: dict[str, dict[str, str]] = {
    "/stage": {
        "nobody": "/account add nobody",
        "nobody at all": '/account add "nobody at all"',
        "nobody renewal": "/account add nobody",
        "acme xyzzy": '/stage "Acme Corporation" prospect',
        "acme lost": '/stage "Acme Corporation" lost because …',
        "acme lost because": '/stage "Acme Corporation" lost because …',
        f"{LONG}": "/account add Acme Corporation",
        "<!channel>": "/account add &lt;!channel&gt;",
        "` ` `": "/account add \"' ' '\"",
    },
    "/log": {
        "nobody call hello": "/account add nobody",
        "acme call x on 2027-01-01": "/log acme call walked through the report on 2026-11-23",
        "acme call x on 2026-02-30": "/log acme call walked through the report on 2026-11-23",
    },
    "/account": {
        "nobody": "/account add nobody",
        "nobody archive": "/account add nobody",
        "add stage renewal": "/account add Acme Corporation stage",
        "add manager @tom": "/account add Acme Corporation stage",
        "add X stage": "/account add Acme Corporation stage",
        "add X stage nope": "/account add Acme Corporation stage",
        "add X manager @nobody": "/account add Acme Corporation stage",
        "add X manager @gus": "/account add Acme Corporation stage",
        "add X renews someday": "/account add Acme Corporation stage",
        "add X renews 2020-01-01": "/account add Acme Corporation stage",
        "add X renews 2027-02-29": "/account add Acme Corporation stage",
        "add X stage lost stage lost": "/account add Acme Corporation stage",
        f"add {LONG}": "/account add Acme Corporation",
        "add acme corporation": '/account "Acme Corporation"',
        "acme dance": "/account acme renews 2027-03-31",
        "acme manager": '/account "Acme Corporation" manager @priya',
        "acme manager @nobody": '/account "Acme Corporation" manager @priya',
        "acme manager <!channel>": '/account "Acme Corporation" manager @priya',
        "acme renews": '/account "Acme Corporation" renews 2027-03-31',
        "acme renews <!channel>": '/account "Acme Corporation" renews 2027-03-31',
        "acme renews 31/31/2027": '/account "Acme Corporation" renews 2027-03-31',
        "acme renews 2999-01-01": '/account "Acme Corporation" renews 2027-03-31',
        "acme rename": '/account "Acme Corporation" rename Acme International',
        f"acme rename {LONG}": "/account add Acme Corporation",
        "acme alias": '/account "Acme Corporation" alias ACME Inc',
        "acme channel": '/account "Acme Corporation" channel #acme',
        "acme channel #nowhere": '/account "Acme Corporation" channel #acme',
        "acme archive please": '/account "Acme Corporation" archive',
        "acme restore": '/account "Acme Corporation"',
    },
    "/next": {"nobody": "/account add nobody"},
    "/linchpin": {
        "dance": "/linchpin help",
        "<!channel>": "/linchpin help",
        "digest nobody": "/linchpin digest sales",
        "settings dance": "/linchpin settings sales channel #ops",
        "settings sales": "/linchpin settings sales channel #ops",
        "settings sales channel": "/linchpin settings sales channel #ops",
        "settings sales channel #nowhere": "/linchpin settings sales channel #ops",
        "settings sales lead @nobody": "/linchpin settings sales lead @diego",
        "settings sales lead @gus": "/linchpin settings sales lead @diego",
        "settings company lead @tom": "/linchpin settings sales channel #ops",
        "settings digest": "/linchpin settings digest off",
        "settings digest maybe": "/linchpin settings digest off",
        "settings department": "/linchpin settings department sales",
        "settings department nobody": "/linchpin settings department sales",
    },
}


@pytest.mark.parametrize("command", list(TABLE))
def test_a_mistake_is_answered_privately_and_changes_nothing(story: Story, command: str):
    story.types("priya", "/account add Acme Corporation")
    before = lasting(story)
    wrong = []
    for words, would_work in TABLE[command].items():
        answer = story.slack.command("priya", "#general", f"{command} {words}")
        shown = str(answer.blocks)
        right = (
            f"`{would_work}" in answer.text
            and not re.search(r"Traceback|None|<!channel|went wrong|  ", answer.text)
            and "<!channel" not in shown
            and len(answer.blocks) == 1
            and answer.error == ""
        )
        if not right:
            wrong.append(f"{command} {words[:60]} → {answer.text[:300]}")
    story.settle()
    assert wrong == []
    assert lasting(story) == before


@pytest.mark.parametrize("command", list(TABLE))
def test_nothing_people_can_type_breaks_a_command(story: Story, command: str):
    story.types("priya", "/account add Acme Corporation")
    odd = (
        '"', "'", '"', "“acme", "acme “", "&", "<", "<@", "<@U0TOM", "<@>", "<#>", "@", "#", "\\",
        "%s {0} {account} {n}", "\u202eacme", "\x00", "a" * 3000, "acme " * 500, "because",
        "next", "next next", "acme next next", "add add", "id:", "id:1@", "id:1@x", "id:9" * 9,
        "🙂", "مرحبا", "acme\nrenewal", "\t", "`", "```", "*", "acme because because", "mine mine",
    )  # fmt: skip
    wrong = []
    for words in odd:
        answer = story.slack.command("priya", "#general", f"{command} {words}")
        if answer.status != 200 or answer.error or "went wrong" in answer.text:
            wrong.append(f"{words[:40]!r} → {answer.status} {answer.error} {answer.text[:200]}")
    story.settle()
    assert wrong == []
    story.slack.workspace.posts.clear()
