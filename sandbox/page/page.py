"""The browser page of the sandbox: a small Slack look-alike in which one tries the bot.

    routes = page_routes(sandbox, controls)
    sandbox.serve(port=8765, routes=routes)

`controls` runs the simulated time (`page_clock.Controls`). The page is one HTML file with plain
JavaScript from `static/`; it asks `/ui/state` and `/ui/conversation` for what the chosen person
sees, hears of changes on `/ui/events`, and posts what the person does. Nothing is fetched from
anywhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.blocks import shapes
from sandbox.errors import NotPossible
from sandbox.model import Person
from sandbox.page import view
from sandbox.page.clock import Clock, Controls
from sandbox.page.deeds import Deeds
from sandbox.page.guard import done, shown
from sandbox.page.live import events
from sandbox.page.notes import Notes
from sandbox.sandbox import Sandbox
from sandbox.state import BOT_USER

Json = dict[str, Any]

HERE = Path(__file__).parents[1]


def page_routes(
    sandbox: Sandbox,
    controls: Controls,
    *,
    features: Mapping[str, Any] = MappingProxyType({}),
    workspace: str = "Harbour & Pine",
    first_person: str = "diego",
    first_channel: str = "operations",
    hints: bool = True,
) -> list[BaseRoute]:
    """The routes of the page, for `sandbox.serve(routes=...)` or a Starlette of your own.

    `features` are those of the app's manifest: its slash commands are offered in the composer,
    its shortcuts in the menus; `workspace` stands above the channels;
    `first_person` is who one is at the start, `first_channel` what one sees; with `hints`, three
    things to try stand above it all.
    """
    page = Page(sandbox, controls, features, workspace, (first_person, first_channel), hints=hints)
    deeds = Deeds(sandbox, page.notes, page.clock)
    posts = [Route(f"/ui/{name}", done(deed), methods=["POST"]) for name, deed in deeds.all()]
    return [
        Route("/", shown(page.html)),
        Route("/ui/state", shown(page.state)),
        Route("/ui/conversation", shown(page.conversation)),
        Route("/ui/events", shown(page.events)),
        Route("/ui/picture/{file}", shown(page.picture)),
        *posts,
        Mount("/ui/static", StaticFiles(directory=HERE / "static")),
    ]


class Page:
    """What the page reads. One for a running sandbox."""

    def __init__(
        self,
        sandbox: Sandbox,
        controls: Controls,
        features: Mapping[str, Any],
        workspace: str,
        first: tuple[str, str],
        *,
        hints: bool,
    ) -> None:
        self.sandbox = sandbox
        self.clock = Clock(controls)
        self.notes = Notes(lambda: sandbox.workspace.read_before)
        self.commands = [
            {"name": one["command"], "hint": one["usage_hint"], "description": one["description"]}
            for one in features.get("slash_commands", ())
        ]
        if self.commands:
            sandbox.switches.commands = {one["name"] for one in self.commands}
        self.shortcuts = [
            {"callback_id": one["callback_id"], "kind": one["type"], "name": one["name"]}
            for one in features.get("shortcuts", ())
        ]
        self.workspace = workspace
        self.first_person, self.first_channel = first
        self.hints = hints
        loader = FileSystemLoader(HERE / "templates")
        self.templates = Environment(loader=loader, autoescape=True)

    async def html(self, request: Request) -> Response:
        """The page itself."""
        bot = self.sandbox.person(BOT_USER).real_name
        words = {"workspace": self.workspace, "bot": bot, "hints": self.hints}
        return HTMLResponse(self.templates.get_template("page.html").render(words))

    async def state(self, request: Request) -> Response:
        """Who one is and what the sidebar, the bar and the dialogs show."""
        return JSONResponse(await run_in_threadpool(self._state, self.viewer(request)))

    def _state(self, viewer: Person) -> Json:
        home = self.sandbox.home(viewer)
        people = {one["id"]: one for one in view.people(self.sandbox)}
        return {
            "workspace": self.workspace,
            "viewer": people[viewer.id],
            "bot": people[BOT_USER],
            "people": list(people.values()),
            "first_channel": self.first_channel,
            "channels": view.sidebar(self.sandbox, self.notes, viewer),
            "activity": view.activity(self.sandbox, viewer),
            "views": view.modals(self.sandbox, viewer),
            "home": view.view(home) if home else None,
            "commands": self.commands,
            "shortcuts": self.shortcuts,
            "prompts": self.sandbox.prompts(viewer),
            "steps": view.steps(self.sandbox),
            "runs": view.runs(self.sandbox, viewer),
            "clock": self.clock.state(),
        }

    async def conversation(self, request: Request) -> Response:
        """The messages of one channel, as the viewer sees them."""
        return JSONResponse(await run_in_threadpool(self._conversation, request))

    def _conversation(self, request: Request) -> Json:
        viewer = self.viewer(request)
        place = self.sandbox.channel(request.query_params.get("channel", ""))
        if viewer.id not in place.members:
            raise NotPossible(f"{viewer.real_name} is not in that channel.")
        return {"messages": view.conversation(self.sandbox, self.notes, viewer, place)}

    async def events(self, request: Request) -> Response:
        """The stream of notices (server-sent events)."""
        stream = events(self.sandbox, self.clock, self.viewer(request).id, request.is_disconnected)
        return StreamingResponse(stream, media_type="text/event-stream")

    async def picture(self, request: Request) -> Response:
        """A picture that was put into a conversation."""
        file = self.sandbox.workspace.files.get(request.path_params["file"])
        if file is None or not file.is_picture:
            raise NotPossible("There is no such picture.")
        return Response(file.data, media_type=shapes.mimetype(file))

    def viewer(self, request: Request) -> Person:
        """Whom the browser plays; the first person when it does not say, or says someone gone."""
        try:
            found = self.sandbox.person(request.query_params.get("viewer") or self.first_person)
        except NotPossible:
            found = self.sandbox.person(self.first_person)
        return self.sandbox.person(self.first_person) if found.is_bot or found.deleted else found
