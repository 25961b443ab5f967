"""The ten stand-ins behind one port: `/bluesky/api/...`, `/x/api/2/tweets`; what is public on them at `/`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from email.utils import format_datetime
from typing import Any

from pydantic import TypeAdapter

from sandbox import social
from sandbox.hosting import LocalServer
from sandbox.social.frame import media
from sandbox.social.frame.faults import DOES_IT, Faults, SocialFault, SocialRule, spoilt
from sandbox.social.frame.pages import overview
from sandbox.social.frame.standin import Clock, Standin, answer
from sandbox.wire import Request, Response

PREFIX = "/__social/"
KEPT = 2000
"""Requests the journal keeps."""


class SocialServer(LocalServer):
    """Stand-ins of all platforms, or of those named. In a test's own process they can be reached as `server["x"]`.

    files: by key, served at `/__media/KEY` for the platforms that fetch media themselves; robots: of `/robots.txt`.
    latency: seconds of each call.
    """

    def __init__(self, *names: str, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__(host=host, port=port)
        self.clock = Clock()
        self.faults = Faults()
        self.journal: list[dict[str, Any]] = []
        self.files: Mapping[str, bytes] = {}
        self.robots = ""
        self.latency = 0.0
        self._names = names or social.names()
        self.standins: dict[str, Standin] = {}
        self.reset()

    @property
    def env(self) -> dict[str, str]:
        """The variable that points Pressroom here."""
        return {"PRESSROOM_SOCIAL_SANDBOX": self.url}

    def __getitem__(self, name: str) -> Any:
        return self.standins[name]

    def reset(self) -> None:
        """Forgets everything: posts, tokens, faults, journal."""
        self.standins = {name: social.REGISTRY.get(name)(self.clock) for name in self._names}
        self.faults.clear()
        self.journal.clear()
        self.files, self.robots = {}, ""

    def fail(self, fault: SocialFault, platform: str = "", **rule: Any) -> None:
        self.faults.add(SocialRule(fault=fault, platform=platform, **rule))

    async def respond(self, request: Request) -> Response:
        if request.path.startswith(PREFIX):
            return self._control(request)
        if request.path.startswith(media.PREFIX):
            return media.serve(self.files, request)
        if request.path == "/robots.txt" and self.robots:
            return Response(200, self.robots.encode(), {"content-type": "text/plain"})
        _, name, *rest = request.path.split("/", 2)
        standin = self.standins.get(name)
        if standin is None:
            return overview(self.standins, request) if request.path in {"/", "/favicon.ico"} else answer(None, 404)
        path = "/" + "".join(rest)
        self.journal = [*self.journal[-KEPT:], _noted(request, name, path)]
        rule = self.faults.find(name, request, path)
        if rule and rule.fault is SocialFault.SLOW:
            await asyncio.sleep(rule.seconds)
        if rule and rule.fault not in {*DOES_IT, SocialFault.SLOW}:
            return spoilt(Response(500, b""), rule)
        await asyncio.sleep(self.latency)
        response = await standin.handle(request, path, self.url)
        response = replace(response, headers={"date": self._date(), **response.headers})
        return spoilt(response, rule) if rule else response

    def _date(self) -> str:
        """The platforms' clock, as a header has it."""
        return format_datetime(self.clock.moment(), usegmt=True)

    def _control(self, request: Request) -> Response:
        """Answer what another process tells the server, or asks of it."""
        asked = f"{request.method} {request.path.removeprefix(PREFIX)}"
        match asked:
            case "POST faults":
                self.faults.add(*TypeAdapter(list[SocialRule]).validate_json(request.body))
            case "POST reset":
                self.reset()
        tell = self._endpoints().get(asked)
        return answer(tell()) if tell else answer({"message": f"There is nothing at {asked}."}, 404)

    def _endpoints(self) -> dict[str, Callable[[], Any]]:
        """The server's own endpoints, and what each answers."""
        each = self.standins.items()
        return {
            "GET health": lambda: {"status": "ok"},
            "GET counts": lambda: {name: {**one.counts, "public": one.public} for name, one in each},
            "GET posts": lambda: {name: [asdict(post) for post in one.posts.values()] for name, one in each},
            "GET journal": lambda: self.journal,
            "GET seeds": lambda: {name: one.seed() for name, one in each},
            "POST faults": lambda: {"status": "ok"},
            "POST reset": lambda: {"status": "ok"},
        }


def _noted(request: Request, name: str, path: str) -> dict[str, Any]:
    body = request.body[:2000].decode("utf-8", "replace")
    return {"platform": name, "method": request.method, "path": path, "query": request.query, "body": body}
