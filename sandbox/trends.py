"""Stand-ins for all trend sources behind one port: `/hacker_news/hn.algolia.com/api/v1/search?...`.

They answer with the recorded day, moved to the present hour, or with a script: by source, by address, the bytes.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from pydantic import TypeAdapter

from pressroom.sources.trends import SOURCES
from pressroom.sources.trends.shared import recorded
from sandbox.hosting import LocalServer
from sandbox.social.frame.faults import DOES_IT, KINDS, Faults, SocialFault, SocialRule, spoilt
from sandbox.social.frame.standin import answer
from sandbox.wire import Request, Response

PREFIX = "/__trends/"
KEY = "sandbox-key"
_TELLING = frozenset({"geo", "regionCode", "videoCategoryId", "chart"})
"""Parameters of a query by which an answer is chosen; the others change from call to call."""

Script = Mapping[str, Mapping[str, bytes]]


def _this_hour() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(minute=0, second=0, microsecond=0)


class TrendServer(LocalServer):
    """script: laid over the recorded day. now: the moment that the day is moved to; an answer keeps its ETag with it.

    counts: requests by source. journal: (source, address, headers in lower case) of each, in order.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        script: Script | None = None,
        now: Callable[[], dt.datetime] = _this_hour,
    ) -> None:
        super().__init__(host=host, port=port)
        self.script = script or {}
        self.now = now
        self.faults = Faults()
        self.counts: Counter[str] = Counter()
        self.journal: list[tuple[str, str, dict[str, str]]] = []

    @property
    def env(self) -> dict[str, str]:
        """The variables that point Pressroom here, the recorded feeds and a key for each source that needs one."""
        feeds = ",".join(each.address for each in recorded.answers() if each.source == "feeds")
        keys = {f"PRESSROOM_TRENDS__{name.upper()}": KEY for one in SOURCES for name in one.needs}
        return {"PRESSROOM_TRENDS__SANDBOX": self.url, "PRESSROOM_TRENDS__FEEDS": feeds, **keys}

    def fail(self, source: str, kind: str, **rule: Any) -> None:
        """Have requests to a source go wrong. kind: one of `KINDS`. rule: e.g. times; None for always."""
        self.faults.add(SocialRule(platform=source, **{"times": None, **KINDS[kind], **rule}))

    async def respond(self, request: Request) -> Response:
        if request.path.startswith(PREFIX):
            return self._control(request)
        source, _, place = request.path.removeprefix("/").partition("/")
        if source == "pages":
            return self._page(f"https://{place}")
        if source not in SOURCES.names:
            return answer({"error": f"There is no source {source!r}."}, 404)
        address = f"https://{place}{'?' if request.query else ''}{request.query}"
        self.counts[source] += 1
        self.journal.append((source, address, dict(request.headers)))
        rule = self.faults.find(source, request, f"/{place}")
        if rule and rule.fault is SocialFault.SLOW:
            await asyncio.sleep(rule.seconds)
        if rule and rule.fault not in {*DOES_IT, SocialFault.SLOW}:
            return spoilt(Response(500, b""), rule)
        response = self._answer(source, address, request)
        return spoilt(response, rule) if rule else response

    def _answer(self, source: str, address: str, request: Request) -> Response:
        if refused := _refused(source, request):
            return refused
        if source == "reddit" and request.method == "POST":
            return answer({"access_token": f"token-{KEY}", "token_type": "bearer", "expires_in": 86400})
        body = self._scripted(source, address)
        if body is None:
            return answer({"error": "Not found"}, 404)
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if request.headers.get("if-none-match") == etag:
            return Response(304, b"", {"etag": etag})
        return Response(200, body, {"etag": etag, "content-type": _media_type(body)})

    def _scripted(self, source: str, address: str) -> bytes | None:
        given = self.script.get(source)
        if given is not None:
            by_key = {_key(each): body for each, body in given.items()}
            return by_key.get(_key(address))
        answers = _recorded(source, self.now())
        if source == "youtube":
            return answers.get(_key(address)) or _videos(answers, address)
        return answers.get(_key(address))

    def _page(self, address: str) -> Response:
        page = recorded.pages(self.now()).get(address)
        return Response(200, page, {"content-type": "text/html"}) if page else answer({"error": "Not found"}, 404)

    def _control(self, request: Request) -> Response:
        """Answer what another process tells the server, or asks of it."""
        match f"{request.method} {request.path.removeprefix(PREFIX)}":
            case "GET health":
                return answer({"status": "ok"})
            case "GET counts":
                return answer(dict(self.counts))
            case "POST faults":
                self.faults.add(*TypeAdapter(list[SocialRule]).validate_json(request.body))
                return answer({"status": "ok"})
            case "POST reset":
                self.faults.clear()
                self.counts.clear()
                return answer({"status": "ok"})
            case asked:
                return answer({"message": f"There is nothing at {asked}."}, 404)


def _key(address: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    parts = urlsplit(address)
    return f"{parts.netloc}{parts.path}", tuple(sorted(pair for pair in parse_qsl(parts.query) if pair[0] in _TELLING))


def _recorded(source: str, now: dt.datetime) -> dict[tuple[str, tuple[tuple[str, str], ...]], bytes]:
    """The recorded answers of a source by address; Wikipedia's eight days each at its own."""
    found = {}
    for each in recorded.answers(now):
        if each.source != source:
            continue
        days = json.loads(each.content) if source == "wikipedia" else []
        for day in days:
            item = day["items"][0]
            place = f"{each.address.rsplit('/', 3)[0]}/{item['year']}/{item['month']}/{item['day']}"
            found[_key(place)] = json.dumps(day, ensure_ascii=False).encode()
        if not days:
            found[_key(each.address)] = each.content
    return found


def _videos(answers: Mapping[Any, bytes], address: str) -> bytes | None:
    """The result of a search, or the videos of some ids, among all that the charts hold."""
    query = parse_qs(urlsplit(address).query)
    videos = [video for body in answers.values() for video in json.loads(body)["items"]]
    if "id" in query:
        items = [video for video in videos if video["id"] in query["id"][0].split(",")]
        return json.dumps({"kind": "youtube#videoListResponse", "items": items}).encode()
    if "q" not in query:
        return None
    words = query["q"][0].casefold().split()
    items = [
        {"kind": "youtube#searchResult", "id": {"videoId": video["id"]}, "snippet": video["snippet"]}
        for video in videos
        if any(word in json.dumps(video["snippet"], ensure_ascii=False).casefold() for word in words)
    ]
    return json.dumps({"kind": "youtube#searchListResponse", "items": items}).encode()


def _refused(source: str, request: Request) -> Response | None:
    """The source's own refusal of a request without its key; None where the key is there, or none is needed."""
    signed = request.headers.get("authorization", "")
    if source == "youtube" and not request.headers.get("x-goog-api-key"):
        return answer({"error": {"code": 403, "status": "PERMISSION_DENIED"}}, 403)
    if source == "reddit" and not signed.startswith("Basic " if request.method == "POST" else "Bearer "):
        return answer({"message": "Unauthorized", "error": 401}, 401)
    if source == "x" and not signed.startswith("Bearer "):
        return answer({"title": "Unauthorized", "status": 401}, 401)
    return None


def _media_type(body: bytes) -> str:
    return "application/json" if body.lstrip()[:1] in {b"{", b"["} else "application/xml"
