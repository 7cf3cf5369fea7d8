"""What a person does on the page, handed to the sandbox as if it came from Slack's own window.

Every deed takes the posted JSON (always with `viewer`) and gives {"ok": ...} back; what became of
it arrives with the next look at the state.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterator
from typing import Any

from sandbox.errors import NotPossible
from sandbox.model import Answer, Channel, Ephemeral, Person, SlackMessage, View
from sandbox.page.clock import STEPS, Clock
from sandbox.page.control import is_cleared, picked
from sandbox.page.notes import Notes
from sandbox.sandbox import Sandbox

Json = dict[str, Any]
Deed = Callable[[Json], Json]

SILENT = "Linchpin did not answer ({error}). Try again; nothing may have happened."


class Deeds:
    """The page's verbs, one method each."""

    def __init__(self, sandbox: Sandbox, notes: Notes, clock: Clock) -> None:
        self.sandbox = sandbox
        self.notes = notes
        self.clock = clock

    def all(self) -> Iterator[tuple[str, Deed]]:
        """Each deed with the last part of its address."""
        yield from {
            "send": self.send,
            "upload": self.upload,
            "react": self.react,
            "action": self.action,
            "shortcut": self.shortcut,
            "step": self.step,
            "suggest": self.suggest,
            "view/submit": self.submit,
            "view/close": self.close,
            "home": self.home,
            "read": self.read,
            "dismiss": self.dismiss,
            "clock": self.move_clock,
        }.items()

    # -- writing

    def send(self, body: Json) -> Json:
        """A message, or a slash command when it begins with one."""
        viewer, place, typed = self._viewer(body), self._place(body), word(body, "text")
        text = typed.strip()
        if not text:
            return {"ok": True}
        thread = word(body, "thread_ts") or None
        if not typed.startswith("/"):  # a space before it makes it a message
            self.sandbox.say(viewer, place, text, thread=thread)
            return {"ok": True}
        if thread:
            return self._tell(viewer, place, _not_in_threads(text), thread)
        return self._command(viewer, place, text)

    def upload(self, body: Json) -> Json:
        """A file from the visitor's machine; its bytes come in base64."""
        try:
            data = b64decode(word(body, "data"), validate=True)
        except ValueError:
            raise NotPossible("That file could not be read.") from None
        name = word(body, "name").replace("/", "_") or "file"
        self.sandbox.upload(self._viewer(body), self._place(body), name, data)
        return {"ok": True}

    def _command(self, viewer: Person, place: Channel, text: str) -> Json:
        name = text.split()[0]
        try:
            answer = self.sandbox.command(viewer, place, text)
        except NotPossible as error:
            return self._tell(viewer, place, f"{name} did not work: {error}")
        if failure(answer) and answer.message is None:
            words = f'{name} failed with the error "{failure(answer)}"'
            return self._tell(viewer, place, words)
        return {"ok": not failure(answer), "error": failure(answer), "shown": True}

    def _tell(self, viewer: Person, place: Channel, words: str, thread: str | None = None) -> Json:
        ts = self.sandbox.workspace.mint_ts()
        self.notes.tell(ts, place.id, viewer.id, words, thread)
        return {"ok": False, "error": words, "shown": True}

    # -- pressing things

    def react(self, body: Json) -> Json:
        """Add one's reaction, or take it away."""
        viewer, message = self._viewer(body), self._message(body)
        if isinstance(message, Ephemeral):
            raise NotPossible("One cannot react to a message that only you see.")
        change = self.sandbox.react if body.get("on") else self.sandbox.unreact
        change(viewer, message, word(body, "name"))
        return {"ok": True}

    def action(self, body: Json) -> Json:
        """Use a button, a menu or a date of a message, a modal or the home."""
        viewer, target = self._viewer(body), self._target(body)
        action = body.get("action") or {}
        if isinstance(target, View):
            self._keep(target, body)
        if is_cleared(action):
            return {"ok": True}
        answer = self.sandbox.click(
            viewer,
            target,
            word(action, "action_id"),
            picked(action),
            block_id=word(action, "block_id") or None,
        )
        return told(answer)

    def shortcut(self, body: Json) -> Json:
        """Run a shortcut: from a message's menu when `ts` is given, else from anywhere."""
        message = self._message(body) if body.get("ts") else None
        if isinstance(message, Ephemeral):
            raise NotPossible("A message that only you see has no shortcuts.")
        answer = self.sandbox.shortcut(self._viewer(body), word(body, "callback_id"), message)
        return told(answer)

    def step(self, body: Json) -> Json:
        """Run a workflow of one step; how it ends comes with the state, by `run`."""
        inputs = body.get("inputs")
        if not isinstance(inputs, dict):
            raise NotPossible("The step's fields are missing.")
        filled = {str(name): value for name, value in inputs.items() if value not in ("", None)}
        begun = self.sandbox.run_step(self._viewer(body), word(body, "step"), filled)
        if begun.event is None or begun.event.status != 200:
            return {"ok": False, "error": SILENT.format(error="dispatch_failed")}
        return {"ok": True, "run": begun.id}

    def suggest(self, body: Json) -> Json:
        """What an external select offers for the letters typed so far."""
        viewer, target = self._viewer(body), self._target(body)
        options = self.sandbox.suggest(viewer, target, word(body, "action_id"), word(body, "value"))
        grouped = bool(options) and "options" in options[0]
        return {"ok": True, "option_groups" if grouped else "options": options}

    # -- modals and the home

    def submit(self, body: Json) -> Json:
        """Send the modal on top; `errors` by block_id when the bot objects."""
        viewer, view = self._viewer(body), self._target(body)
        if not isinstance(view, View):
            raise NotPossible("That dialog is no longer open.")
        self._keep(view, body)
        answer = self.sandbox.submit(viewer, {})
        return {**told(answer), **({"errors": answer.errors} if answer.errors else {})}

    def close(self, body: Json) -> Json:
        """Close the modal on top; the one below shows again."""
        viewer = self._viewer(body)
        if self.sandbox.modal(viewer) is not None:
            self.sandbox.dismiss(viewer)
        return {"ok": True}

    def home(self, body: Json) -> Json:
        """Open the app's Home or Messages tab."""
        self.sandbox.open_home(self._viewer(body), word(body, "tab") or "home")
        return {"ok": True}

    def _keep(self, view: View, body: Json) -> None:
        """What is typed on the page becomes the view's state, exactly as Slack writes it."""
        state = body.get("state")
        if not isinstance(state, dict):
            return
        workspace = self.sandbox.workspace
        with workspace.lock:
            if view.id in workspace.views:
                workspace.views[view.id].values = state

    # -- the page's own

    def read(self, body: Json) -> Json:
        """The person has read the channel to its end."""
        viewer, place = self._viewer(body), self._place(body)
        messages = self.sandbox.messages(place)
        if messages:
            self.notes.mark_read(viewer.id, place.id, max(one.ts for one in messages))
        return {"ok": True}

    def dismiss(self, body: Json) -> Json:
        """Take a private message off the screen."""
        self.notes.dismiss(self._viewer(body).id, word(body, "id"))
        return {"ok": True}

    def move_clock(self, body: Json) -> Json:
        """Run the simulated time on: "hour", "day", "week" or "monday"."""
        step = word(body, "step")
        if step not in (*STEPS, "monday"):
            raise NotPossible(f"the clock has no step {step!r}")
        viewer = self._viewer(body)
        self.sandbox.workspace.visitor = viewer.id
        return self.clock.move(step, viewer.tz)

    # -- finding

    def _viewer(self, body: Json) -> Person:
        viewer = self.sandbox.person(word(body, "viewer"))
        if viewer.is_bot or viewer.deleted:
            raise NotPossible("Nobody can be played by that name.")
        return viewer

    def _place(self, body: Json) -> Channel:
        place = self.sandbox.channel(word(body, "channel"))
        if self._viewer(body).id not in place.members:
            raise NotPossible("You are not in that channel.")
        return place

    def _target(self, body: Json) -> SlackMessage | Ephemeral | View:
        return self._view(body) if body.get("view_id") else self._message(body)

    def _message(self, body: Json) -> SlackMessage | Ephemeral:
        viewer, place, ts = self._viewer(body), self._place(body), word(body, "ts")
        candidates: list[SlackMessage | Ephemeral] = [
            *self.sandbox.messages(place),
            *(one for one in self.sandbox.ephemerals(viewer) if one.channel == place.id),
        ]
        found = next((one for one in candidates if one.ts == ts), None)
        if found is None:
            raise NotPossible("That message is no longer there.")
        return found

    def _view(self, body: Json) -> View:
        viewer = self._viewer(body)
        views = (self.sandbox.modal(viewer), self.sandbox.home(viewer))
        found = next((one for one in views if one and one.id == body["view_id"]), None)
        if found is None:
            raise NotPossible("That dialog is no longer open.")
        return found


def word(body: Json, key: str) -> str:
    """A text of the body, "" when it is missing. NotPossible when it is no text."""
    found = body.get(key) or ""
    if not isinstance(found, str):
        raise NotPossible(f"{key} must be text")
    return found


def failure(answer: Answer) -> str:
    """Slack's word for an answer that went wrong, "" for a good one."""
    if answer.error:
        return answer.error
    if answer.status == 0:
        return "operation_timeout"
    return "" if 200 <= answer.status < 300 else "dispatch_failed"


def told(answer: Answer) -> Json:
    """How a click or a submit went, for the page."""
    if error := failure(answer):
        return {"ok": False, "error": SILENT.format(error=error)}
    return {"ok": True}


def _not_in_threads(text: str) -> str:
    return f"{text.split()[0]} is not supported in threads. Type it in the channel instead."
