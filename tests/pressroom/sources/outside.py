"""A small web server on this machine that stands for the outside, and the limits that let a fetch reach it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from ssl import SSLContext
from typing import Any

from pressroom.sources.fetching import FetchLimits, Guard
from pressroom.sources.fetching.public import Address, is_public

LOOPBACK = ip_address("127.0.0.1")
Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Outside

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.heard.append(dict(self.headers.items()))
        answers = self.server.answers.get(self.path.partition("?")[0], [page(b"", status=404)])
        with suppress(ConnectionError):
            (answers.pop(0) if len(answers) > 1 else answers[0])(self)

    def log_message(self, *arguments: Any) -> None:
        """Tests are quiet."""


class Outside(ThreadingHTTPServer):
    """`answers`: by path, in turn; the last one stays. `asked`, `heard`: paths and headers of all requests."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[str] = []
        self.heard: list[dict[str, str]] = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what many of the tests are about."""

    def secure(self, context: SSLContext) -> None:
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def on(self, path: str, *answers: Answer) -> str:
        """Answer `path` like that. Gives the address."""
        self.answers[path] = list(answers)
        return self.at(path)

    def at(self, path: str, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.server_port}{path}"


def page(body: bytes | str, *, status: int = 200, media_type: str = "text/html", **headers: str) -> Answer:
    """An ordinary answer; `headers` with `_` for `-`."""
    data = body.encode() if isinstance(body, str) else body
    return answer(data, status, {"Content-Type": media_type, "Content-Length": str(len(data)), **headers})


def redirect(location: str, status: int = 302) -> Answer:
    return answer(b"", status, {"Location": location, "Content-Length": "0"})


def answer(data: bytes, status: int, headers: Mapping[str, str]) -> Answer:
    def send(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(data)

    return send


def hang_up(handler: Handler) -> None:
    """The line breaks after half the body."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"half")
    handler.close_connection = True


def only_here(address: Address) -> bool:
    return address == LOOPBACK


def here_or_public(address: Address) -> bool:
    return address == LOOPBACK or is_public(address)


def limits(**changes: Any) -> FetchLimits:
    """Limits for tests: this machine's address stands for a public one, names ending in .example lead to it."""
    guard = changes.pop("guard", Guard(is_allowed=here_or_public, resolve=lambda host, port: ["127.0.0.1"]))
    return FetchLimits(**{"backoff": 0.01, "total": 5.0, "guard": guard, **changes})


def article(title: str = "Why our bakery stopped guessing", paragraphs: int = 4) -> str:
    """A page with an article of about 40 words a paragraph."""
    text = "".join(
        f"<p>In week {week} we wrote down every evening what was left on the shelf of the bakery in the old town. "
        f"Rain cost us {week + 27} loaves, school holidays cost us nothing, and nobody on the team had ever guessed "
        f"that before Marta Ruiz put her notebook next to the till.</p>"
        for week in range(1, paragraphs + 1)
    )
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title></head>"
        f"<body><main><article><h1>{title}</h1>{text}</article></main></body></html>"
    )
