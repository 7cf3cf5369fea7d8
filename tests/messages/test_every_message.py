"""Names of strangers stay text on every surface, at their longest and at their most.

One walk through all that Linchpin says; the sandbox ends it red where a limit of Slack's broke.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from bot.handlers.forms.listeners import FORMS_BY_NAME
from bot.terminal.process.startup import send_greeting
from db.models import Account, Touchpoint
from sandbox.people import deeds
from tests.nudges.helpers import many
from tests.story import Story

NASTY = "<!channel> & *Co* `~_<@U0PRIYA>"
LONG = (NASTY + " and the <https://evil.example|Brothers> of " * 6)[:200]
NOTE = "They said <!here> & *more* " * 380  # 10,260 signs
_CODE = re.compile(r"`[^`\n]*`")
_RINGS = re.compile(r"<!channel>|<!here>|<https?://evil|<@U0PRIYA>(?= two|\.csv)")
# Signs that are kept from being markup; the rest of a name's stand in code, as it is typed.
_KEPT = re.compile("\u2060[*_~`]\u2060")
_BOLD = re.compile(r"\*(?:Co|more)\*")

LINES = (
    "/stage",
    "/stage onboarding",
    "/stage {name}",
    "/stage {name} nowhere",
    "/stage {name} prospect",
    "/stage {name} renewal because {note}",
    "/stage {name} renewal",
    "/stage {name} onboarding because {note}",
    "/stage {part}",
    "/log {name} call {note}",
    "/log {name}",
    "/log {part} call hello",
    "/account {name}",
    "/account {name} manager @priya",
    "/account {name} manager {name}",
    "/account {name} manager none",
    "/account {name} renews 2027-03-31",
    "/account {name} renews {name}",
    "/account {name} alias {name} two",
    "/account {name} channel #general",
    "/account {name} channel {name}",
    "/account {name} erase",
    "/account {name} archive",
    "/account {name} restore",
    "/account add {name}",
    "/account add {name} stage {name}",
    "/value {name} {name} worth 12000 EUR {name} said so",
    "/value {name} {name} worth 9 USD",
    "/value {name} {note}",
    "/value {name} confirmed by {name}",
    "/value {name}",
    "/value {name} term {name}",
    "/value {part}",
    "/decision {name} considers {name}, {name} two",
    "/decision {name} {name}",
    "/decision {name} renewed because {note}",
    "/decision {name} chose us because {name} over {name}",
    "/decision {name} renewed because {name} over {name}",
    "/decision {name}",
    "/account {name} terms",
    "/account {name} goals",
    "/account {name} terms 1 people",
    "/account {name} terms 1 stages",
    "/account {name} terms {name}",
    "/account {name} timeline",
    "/promise {name} {name} by 2026-12-04 owner operations",
    "/promise {name} {name} by 2026-12-11 they know",
    "/promise {name} a report by 2026-11-27 owner operations",
    "/promise {name} a report broken because {note}",
    "/account {name} sector {part}",
    "/log {name} complaint {note}",
    "/advocacy {name} asked quote {note}",
    "/log {name} resolved",
    "/advocacy {name} asked quote Anna",
    "/advocacy {name} agreed quote {part}",
    "/advocacy {name} did quote",
    "/advocacy {name} gave quote {part}",
    "/advocacy {name} {part}",
    "/advocacy {name}",
    "/advocacy who quote",
    "/advocacy who quote in {part}",
    "/promise {name}",
    "/promise {name} {note} by 2026-12-11",
    "/next {name}",
    "/next {part}",
    "/next operations",
    "/next mine",
    "/next",
    "/linchpin digest",
    "/linchpin digest operations",
    "/linchpin digest mine",
    "/linchpin digest {name}",
    "/linchpin status",
    "/linchpin settings",
    "/linchpin settings {name} channel #general",
    "/linchpin settings sales channel {name}",
    "/linchpin {name}",
    "/linchpin setup",
    "/linchpin plays",
    "/linchpin plays show onboarding/kickoff",
    "/linchpin plays {name}",
    "/linchpin playbook",
    "/linchpin playbook {name}",
    "/linchpin help",
    "/account {name} participation",
    "/account {part} participation",
    "/linchpin settings thanks off",
    "/linchpin settings thanks on",
    "/linchpin settings digest {name}",
    "/linchpin settings department {name}",
    "/linchpin away {name} until 2026-12-06",
    "/linchpin away @tom from 2026-12-20 to {name}",
    "/linchpin away @tom from 2026-12-20 to 2027-01-03",
    "/linchpin away list",
    "/linchpin away cancel",
    "/linchpin away from 2026-12-20 to 2027-01-03",
    "/linchpin away",
    "/linchpin away @tom until 2026-12-06",
    "/linchpin back",
    "/linchpin back {name}",
    "/log",
    "/stage",
    "/account add",
    "/promise",
    "/promise {name} {name} by {name}",
    "/promise {name} {part} kept",
    "/decision",
    "/value",
    "/advocacy {name} declined quote {note}",
    "/advocacy {name} undo 1",
)


SAYING = (
    "chat.postMessage",
    "chat.update",
    "chat.postEphemeral",
    "views.open",
    "views.update",
    "views.publish",
)


def strings(value: Any) -> Iterator[str]:
    """Every string of a payload that Slack reads as markup; plain text cannot mean anything."""
    if isinstance(value, dict):
        if value.get("type") == "plain_text":
            return
        for key, inner in value.items():
            if key == "text" and isinstance(inner, str):
                yield inner
            elif key not in ("value", "private_metadata", "response_url"):
                yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def said(story: Story) -> Iterator[tuple[str, str]]:
    """(where it was said, the markup) of everything Linchpin said so far; where is "text" when it
    is the line of a notification: nothing is bold there, and stars are left as they are."""
    for method in SAYING:
        for call in story.slack.calls(method):
            yield from _parts(call.args, method)
    for person in story.slack.people:
        for one in story.slack.ephemerals(person):
            yield from _parts({"text": one.text, "blocks": one.blocks}, f"only {person.handle}")


def _parts(args: dict[str, Any], where: str) -> Iterator[tuple[str, str]]:
    if "view" not in args:
        assert str(args["text"]).strip(), args
        assert len(str(args["text"])) <= 4000
        yield "text", str(args["text"])
    yield from ((where, markup) for markup in strings([args.get("blocks"), args.get("view")]))


def live(story: Story) -> list[str]:
    """What would ring, link or be bold although it is a part of a name or a note."""
    return [
        f"{where}: {markup[:300]!r}"
        for where, markup in said(story)
        if _RINGS.search(bare := _CODE.sub("", _KEPT.sub("", markup)))
        or (where != "text" and _BOLD.search(bare))
    ]


def expects_all(story: Story) -> None:
    for message in story.slack.unexpected():
        story.slack.expect(message.channel, *([message.text] if message.text else []))


def types_all(story: Story, name: str, note: str = NOTE) -> None:
    for line in LINES:
        words = {"name": f"“{name}”", "part": name[:22], "note": note}
        answer = story.types("priya", line.format(**words), "#operations")
        assert answer.error == "", (line, answer.error)
        if not answer.text:  # it asks for more in a form, which is within the limits too
            assert story.slack.modal("priya") is not None, line
            story.slack.dismiss("priya", all_views=True)
        assert "Something went wrong" not in answer.text, line


def opens_forms(story: Story) -> None:
    """The Home with its forms, and those of setting up."""
    story.slack.switches.subscriptions |= {"app_home_opened"}
    for who in ("priya", "tom"):
        story.slack.open_home(who)
        story.settle()
    for name in FORMS_BY_NAME:
        _presses(story, f"form:{name}", "1")
    for action_id, value in (("setup:department", "sales"), ("setup:managers", "managers")):
        _presses(story, action_id, value)


def works_on_nudges(story: Story) -> None:
    """What stands on a promise's nudge and in the form behind Done, at its longest."""
    with story.tx() as tx:
        rows = tx.all(select(Touchpoint).where(col(Touchpoint.state) == "nudged"))
        ids = [str(row.id) for row in rows]
    assert ids
    for number in ids[:6]:
        for verb in ("skip", "decide"):
            _presses(story, f"touchpoint:{verb}", number)
    messages = story.slack.messages("#operations")
    promised = [m for m in messages if "Promise: " in m.text and "New date" in str(m.blocks)]
    for message in promised[:1]:
        story.reacts("diego", message, "fast_forward")
    _presses(story, "touchpoint:done", ids[0], leave=True)
    story.slack.dismiss("priya", all_views=True)


def _presses(story: Story, action_id: str, value: str, *, leave: bool = False) -> None:
    """A button pressed by Priya, wherever it stands; a form that it opens is closed again."""
    ws = story.slack.workspace
    place = {"container": {"type": "message", "channel_id": "C0OPERATIONS", "message_ts": "1.1"}}
    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value}
    asked = deeds.base(ws, "block_actions", ws.person("priya")) | place
    answer = story.slack.endpoint.interaction(
        asked | {"actions": [action], "channel": {"id": "C0OPERATIONS"}}
    )
    assert answer.status == 200, action_id
    story.settle()
    if not leave:
        story.slack.dismiss("priya", all_views=True)


def test_an_account_s_name_is_text_on_every_surface(story: Story) -> None:
    send_greeting(story.context)
    with story.tx() as tx:
        for number, name in enumerate((NASTY, NASTY + " two", LONG)):
            tx.add(
                Account(
                    name=name,
                    name_key=f"{name}".casefold(),
                    slug=f"nasty-{number}",
                    stage="prospect",
                    stage_entered_at=story.now - timedelta(days=90),
                    created_at=story.now,
                    manager_id="U0TOM" if number == 1 else None,
                )
            )
    for name in (NASTY, LONG):
        types_all(story, name)
    story.slack.upload("priya", "@linchpin", f"{NASTY}.csv", f"Account\n{LONG}1\n".encode())
    opens_forms(story)
    story.until("2026-11-25 12:00")
    for nudge in story.slack.messages("#operations")[:2]:
        story.reacts("diego", nudge, "eyes")
    works_on_nudges(story)
    story.until("2026-12-08 12:00")
    found = live(story)
    assert found == [], "\n".join(found)
    expects_all(story)


def test_five_hundred_due_touchpoints_are_cut_and_say_how_to_see_the_rest(story: Story) -> None:
    many(story, 500, story.now - timedelta(days=3))
    with story.tx() as tx:
        for account in tx.all(select(Account)):
            account.name = f"{LONG[:190]} {account.id}"
        assert tx.count(Touchpoint) == 500
    story.after(minutes=2)
    story.sees("#operations", "Operations today", "10 touchpoints", "490 more tomorrow")
    for line, rest in (
        ("/next operations", "Page 1 of "),
        ("/stage", "more"),
        ("/stage onboarding", "more"),
        ("/linchpin digest operations", "490 later"),
    ):
        assert rest in story.types("priya", line, "#operations").text, line
    story.until("2026-12-01 12:00")
    found = live(story)
    assert found == [], "\n".join(found)
    expects_all(story)
