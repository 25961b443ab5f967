"""A stand-in for Cloudinary's upload API over real HTTP: it checks what the real one checks, and keeps what it gets."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Self

CLOUD, KEY, SECRET = "bakery", "884133337777", "s3cret-Zx_91-very"

UNSIGNED = {"file", "api_key", "signature", "resource_type", "cloud_name"}
STALE = 3600


@dataclass
class Answer:
    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    hang_up: bool = False


class CloudinaryDesk:
    """`assets`: bytes by public id. `next`: answers given instead, in order. `asked`: fields of each upload."""

    def __init__(self) -> None:
        self.assets: dict[str, bytes] = {}
        self.next: list[Answer] = []
        self.asked: list[dict[str, str]] = []

    def __enter__(self) -> Self:
        desk = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                fields, file = read(self.headers["content-type"], body)
                desk.asked.append(fields)
                answer = desk.next.pop(0) if desk.next else desk.upload(self.path, fields, file)
                time.sleep(answer.seconds)
                if answer.hang_up:
                    return
                text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def upload(self, path: str, fields: dict[str, str], file: bytes) -> Answer:
        signed = "&".join(f"{name}={fields[name]}" for name in sorted(fields) if name not in UNSIGNED)
        right = hashlib.sha1((signed + SECRET).encode()).hexdigest()
        if path != f"/v1_1/{CLOUD}/image/upload":
            return refusal(404, "Unknown path")
        if fields.get("api_key") != KEY:
            return refusal(401, f"Unknown API key {fields.get('api_key')}")
        if fields.get("signature") != right:
            return refusal(401, f"Invalid Signature {fields.get('signature')}. String to sign - '{signed}'.")
        if abs(time.time() - int(fields["timestamp"])) > STALE:
            return refusal(400, "Stale request - reported time is more than 1 hour ago")
        if file[:4] != b"\x89PNG":
            return refusal(400, "Invalid image file")
        overwritten = fields["public_id"] in self.assets
        if not overwritten or fields.get("overwrite") == "true":
            self.assets[fields["public_id"]] = file
        address = f"res.cloudinary.com/{CLOUD}/image/upload/v1/{fields['public_id']}.png"
        return Answer(
            200,
            {
                "public_id": fields["public_id"],
                "bytes": len(file),
                "format": "png",
                "url": f"http://{address}",
                "secure_url": f"https://{address}",
                "overwritten": overwritten,
            },
        )


def refusal(status: int, message: str, **headers: str) -> Answer:
    return Answer(status, {"error": {"message": message}}, headers)


def read(kind: str, body: bytes) -> tuple[dict[str, str], bytes]:
    """The fields of a multipart form and the file in it."""
    mark = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode()).get_boundary()
    fields, file = {}, b""
    for part in (b"\r\n" + body).split(f"\r\n--{mark}".encode())[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        name = head.split(b'name="')[1].split(b'"')[0].decode()
        if name == "file":
            file = content
        else:
            fields[name] = content.decode()
    return fields, file
