"""What is asked: lists, details and edits by people of 100 workspaces in turn, and the bare route for the same rows."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count, islice

from benchmarks.api.seed import PASSWORD, POSTS, TOPICS, Tenant, wording
from benchmarks.api.sites import Site

API = "/api/v1"


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in."""

    token: str
    tenant: Tenant


def sign_in(desk: Site, tenant: Tenant) -> Person:
    """With address and password, as anybody does."""
    body = json.dumps({"email": tenant.email, "password": PASSWORD}).encode()
    address = f"http://127.0.0.1:{desk.port}{API}/auth/login"
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return Person(json.load(answer)["access_token"], tenant)


def newest(person: Person, _round: int) -> str:
    return _request("GET", f"{API}/content", person)


def filtered(person: Person, round_: int) -> str:
    """Fewer than a page match: all of that state has to be looked through."""
    topic = TOPICS[round_ % len(TOPICS)]
    return _request("GET", f"{API}/content?state=generated&platform=linkedin&text={topic}", person)


def detail(person: Person, round_: int) -> str:
    posts = person.tenant.posts
    return _request("GET", f"{API}/content/{posts[-1 - round_ % len(posts)]}", person)


def edit(person: Person, round_: int) -> str:
    """A post that nobody has edited before: its version is known. Raises `IndexError` when there is none left."""
    body = json.dumps({"body": wording(POSTS, 1000 + round_)})
    return _request("PUT", f"{API}/content/{person.tenant.posts[round_]}", person, body, 'If-Match: "1"')


def bare(person: Person, _round: int) -> str:
    return _request("GET", f"/rows?workspace={person.tenant.workspace_id}")


def nothing(_person: Person, _round: int) -> str:
    return _request("GET", "/nothing")


Ask = Callable[[Person, int], str]

CASES: dict[str, Ask] = {
    "list": newest,
    "filtered list": filtered,
    "detail": detail,
    "edit": edit,
}


class Requests:
    """Requests of one kind, by everybody in turn, never the same edit twice."""

    def __init__(self, people: Sequence[Person], ask: Ask) -> None:
        self._endless = (ask(people[number % len(people)], number // len(people)) for number in count())

    def take(self, wanted: int) -> list[str]:
        return list(islice(self._endless, wanted))


def mixed(kinds: Sequence[Requests], wanted: int) -> list[str]:
    """As many of each kind, one after the other."""
    columns = [kind.take(wanted // len(kinds)) for kind in kinds]
    return [request for row in zip(*columns, strict=True) for request in row]


def _request(method: str, path: str, person: Person | None = None, body: str = "", *headers: str) -> str:
    """As it goes over the line. Compressed answers are welcome, as they are to every client."""
    signed = [f"Authorization: Bearer {person.token}"] if person else []
    typed = ["Content-Type: application/json", f"Content-Length: {len(body)}"] if body else []
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: gzip", *signed, *typed, *headers]
    return "\r\n".join([*lines, "", body])
