"""The plain demo on its first Monday, its clock standing still, and people who type at its page."""

from __future__ import annotations

import copy
import json
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlmodel import Session, col, select

from bench.questions.seen import Button, Seen, buttons_of, readable, text_of
from db.models import ListLine, Outbox, Touchpoint
from demo.company import OPEN_TIME, Demo
from tests.sandbox_page.stand_ins import Browser

Json = dict[str, Any]

_SLACK = "posts whispers views stacks homes prompts files executions buckets".split()
_DELIVERED = timedelta(seconds=5)
#: Under a list a line is meant by its number: it takes the place of "it", or follows the verb.
_VERB = re.compile(
    r"\b(done|skip|snooze|postpone|claim|take|taking|finished)\b( (this|that|it)( one)?\b)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Moment:
    """Everything as it was: the database, Slack, and what the process remembers."""

    database: sqlite3.Connection
    slack: Json
    memory: Json
    now: datetime


@dataclass(frozen=True)
class Nudge:
    """The message in whose thread is typed; `touchpoint` is its first open line."""

    channel: str
    ts: str
    touchpoint: int
    number: int
    lines: int


class Typist:
    """Types and clicks as anybody, and can go back to an earlier moment."""

    def __init__(self, demo: Demo, folder: Path) -> None:
        self.demo = demo
        self.file = folder / "demo.db"
        self.workspace = demo.sandbox.workspace
        self.engine = demo.context.engine
        self.browsers: dict[str, Browser] = {}
        self.names = {one.id: one.real_name for one in demo.sandbox.people}
        self.names |= {one.id: f"#{one.name}" for one in demo.sandbox.channels}
        # The answer's time is measured; on a busy machine none is lost.
        demo.sandbox.switches.patience = 30
        demo.time.busy = True  # the watch stands, and the rounds in the background rest
        demo.time.set(OPEN_TIME)
        demo.time.forward(OPEN_TIME)

    # -- time

    def settle(self) -> None:
        """Everything that may go now is delivered."""
        self.demo.time.forward(self.demo.time.now() + _DELIVERED)

    def moment(self) -> Moment:
        """What `back_to` needs to come back here."""
        kept = sqlite3.connect(":memory:", check_same_thread=False)
        with closing(sqlite3.connect(self.file)) as live:
            live.backup(kept)
        with self.workspace.lock:
            slack = copy.deepcopy({part: getattr(self.workspace, part) for part in _SLACK})
        memory = copy.deepcopy(vars(self.demo.context.memory))
        return Moment(kept, slack, memory, self.demo.time.now())

    def back_to(self, moment: Moment) -> None:
        """Makes everything as it was then, for the running bot too."""
        with closing(sqlite3.connect(self.file)) as live:
            moment.database.backup(live)
        with self.workspace.lock:
            for part, kept in copy.deepcopy(moment.slack).items():
                standing = getattr(self.workspace, part)
                standing.clear()
                standing.extend(kept) if isinstance(kept, list) else standing.update(kept)
            self.workspace.calls.clear()
        vars(self.demo.context.memory).update(copy.deepcopy(moment.memory))
        vars(self.demo.context).pop("names", None)  # read anew when they are needed
        self.demo.time.set(moment.now)

    # -- what people do

    def types(self, who: str, where: str, text: str) -> Seen:
        """Types into the DM, a channel, or the thread of its newest nudge."""
        channel, more = self._place(who, where), {}
        if nudge := self.nudge(where):
            channel, more["thread_ts"] = nudge.channel, nudge.ts
            text = numbered(text, nudge)
        return self._does(who, channel, "send", channel=channel, text=text, **more)

    def clicks(self, who: str, button: Button) -> Seen:
        """Presses a button of what was seen."""
        action = {"type": "button", "action_id": button.action_id, "block_id": button.block_id}
        action["value"] = button.value
        channel = button.place.get("channel") or self._place(who, "dm")
        return self._does(who, channel, "action", action=action, **button.place)

    def submits(self, who: str, modal: Json) -> Seen:
        """Sends the dialog as it stands."""
        channel = self._place(who, "dm")
        return self._does(who, channel, "view/submit", view_id=modal["id"])

    def buttons(self, who: str, button: Button) -> Iterator[Button]:
        """What stands now in the message of a button."""
        for one in self._browser(who).messages(button.place["channel"]):
            if one["ts"] == button.place["ts"]:
                yield from buttons_of(one["blocks"], button.place)

    def nudge(self, where: str) -> Nudge | None:
        """For "nudge:#channel": today's list there, or else its newest open nudge."""
        if not where.startswith("nudge:"):
            return None
        lane = self.demo.sandbox.channel(where.removeprefix("nudge:")).id
        open_line = (
            select(Outbox.channel, Outbox.slack_ts, Touchpoint.id, ListLine.number)
            .join(ListLine, col(ListLine.nudge_id) == Outbox.id)
            .join(Touchpoint, col(Touchpoint.id) == ListLine.touchpoint_id)
            .where(Touchpoint.nudge_id == Outbox.id, Outbox.lane == lane)
            .where(col(Touchpoint.state).in_(("nudged", "claimed")))
            .order_by(col(ListLine.number))
        )
        found: dict[str, list[Any]] = {}
        with Session(self.engine) as session:
            for line in session.exec(open_line):
                found.setdefault(str(line[1]), []).append(line)
        ts, lines = max(found.items(), key=lambda one: (len(one[1]) > 1, one[0]))
        channel, _, touchpoint, number = lines[0]
        return Nudge(channel, ts, touchpoint, number, len(lines))

    # -- what they see

    def _does(self, who: str, where: str, deed: str, **body: Any) -> Seen:
        places = dict.fromkeys((where, self._place(who, "dm")))
        clicked = body.get("ts", "")
        before = {key for place in places for key, _ in self._messages(who, place, clicked)}
        began, worked = time.perf_counter(), time.process_time()
        answer = self._browser(who).post(deed, **body)
        took = time.perf_counter() - began, time.process_time() - worked
        self.settle()
        new = [
            one
            for place in places
            for key, one in self._messages(who, place, clicked)
            if key not in before
        ]
        views = [one for one in self._browser(who).state()["views"] if one["type"] == "modal"]
        modal = views[-1] if views else None
        texts = [self._text(one) for one in new]
        buttons = [
            button
            for one in new
            for button in buttons_of(one["blocks"], {"channel": one["channel"], "ts": one["ts"]})
        ]
        if modal:
            title = (modal.get("title") or {}).get("text", "")
            texts.append(f"[{title}]\n{text_of(modal['blocks'], self.names)}")
            buttons += buttons_of(modal["blocks"], {"view_id": modal["id"]})
        if not answer.get("ok") and not answer.get("shown"):
            texts.append(f"(failed: {answer.get('error')})")
        return Seen("\n".join(texts), tuple(buttons), modal, *took)

    def _messages(self, who: str, channel: str, clicked: str) -> Iterator[tuple[str, Json]]:
        """What others and the bot say there, each with a key: a new one if a private line, or the
        message that was clicked in, was replaced."""
        me = self.demo.sandbox.person(who).id
        for one in self._browser(who).messages(channel):
            if one["user"] != me:
                may_change = one["ephemeral"] or one["ts"] == clicked
                content = json.dumps([one["text"], one["blocks"]]) if may_change else ""
                yield f"{channel}:{one['ts']}:{content}", one

    def _text(self, message: Json) -> str:
        if message["blocks"]:
            return text_of(message["blocks"], self.names)
        return readable(message["text"], self.names)

    def _place(self, who: str, where: str) -> str:
        if where == "dm":
            return self.workspace.direct(self.demo.sandbox.person(who)).id
        return self.demo.sandbox.channel(where.removeprefix("nudge:")).id

    def _browser(self, who: str) -> Browser:
        if who not in self.browsers:
            self.browsers[who] = Browser(self.demo.sandbox.url, who)
            self.browsers[who].http.timeout = 60
        return self.browsers[who]


@contextmanager
def plain_demo() -> Iterator[Typist]:
    """The demo, made ready and given up again."""
    with TemporaryDirectory(prefix="linchpin-questions-") as folder:
        demo = Demo(Path(folder), 0, plain=True)
        typist = None
        try:
            demo.prepare()
            yield (typist := Typist(demo, Path(folder)))
        finally:
            for browser in typist.browsers.values() if typist else ():
                browser.http.close()
            demo.close()


def numbered(text: str, nudge: Nudge) -> str:
    """The text as it is typed under a list: with the number of the line."""
    if "{n}" in text:
        return text.replace("{n}", str(nudge.number))
    if nudge.lines == 1 or text.rstrip().endswith("?"):
        return text
    if _VERB.search(text):
        return _VERB.sub(rf"\1 {nudge.number}", text, count=1)
    mention, said = re.match(r"(@linchpin)?\s*(.*)", text, re.DOTALL | re.IGNORECASE).groups()  # type: ignore[union-attr]
    return f"{mention or ''} {nudge.number} {said}".strip()
