"""Files on LinkedIn: addresses that hold once, parts of films with tags, and the time that LinkedIn takes for each."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

from sandbox.social.frame.standin import Call, answer, route
from sandbox.social.linkedin_api.rules import DAY, Rules, refused
from sandbox.wire import Response

MOST_PIXELS = 36_152_320
NOUNS = {"images": "image", "videos": "video", "documents": "document"}


class Files(Rules):
    def start(self) -> None:
        super().start()
        self.switches.update(processing={"images": 2.0, "documents": 8.0, "videos": 20.0}, failing=False,
                             part_bytes=4_194_304)  # fmt: skip
        self.assets: dict[str, dict[str, Any]] = {}
        self.uploads: dict[str, dict[str, Any]] = {}

    @route("POST", "/api/rest/{kind}")
    def asset_action(self, call: Call) -> Response:
        kind, action = call.found["kind"], call.query.get("action")
        if kind not in NOUNS or action not in {"initializeUpload", "finalizeUpload"}:
            raise refused(404, "NOT_FOUND", "No virtual resource found")
        return self._begin(call, kind) if action == "initializeUpload" else self._join(call)

    def _begin(self, call: Call, kind: str) -> Response:
        said = (call.json or {}).get("initializeUploadRequest") or {}
        self.author(call, said.get("owner", ""))
        urn = f"urn:li:{NOUNS[kind]}:{uuid4().hex}"
        asset = {"urn": urn, "kind": kind, "owner": said["owner"], "ready": None, "broken": False, "tags": {}}
        self.assets[urn] = asset
        self.count("upload")
        if kind != "videos":
            return answer({"value": {NOUNS[kind]: urn, "uploadUrl": self._address(call, asset, 0, None)}})
        size, step = int(said.get("fileSizeBytes") or 0), self.switches["part_bytes"]
        if size < 1:
            raise refused(400, "ILLEGAL_ARGUMENT", "fileSizeBytes is required", "MISSING_FIELD")
        parts = [(first, min(first + step, size) - 1) for first in range(0, size, step)]
        asset["parts"] = len(parts)
        told = [{"uploadUrl": self._address(call, asset, number, last - first + 1), "firstByte": first,
                 "lastByte": last} for number, (first, last) in enumerate(parts)]  # fmt: skip
        return answer({"value": {"video": urn, "uploadToken": "", "uploadInstructions": told,
                                 "uploadUrlsExpireAt": int((self.clock.now() + DAY) * 1000)}})  # fmt: skip

    def _address(self, call: Call, asset: dict[str, Any], number: int, size: int | None) -> str:
        key = uuid4().hex
        self.uploads[key] = {"urn": asset["urn"], "number": number, "size": size, "until": self.clock.now() + DAY}
        return f"{call.origin}/linkedin/upload/{key}"

    @route("PUT", "/upload/{key}")
    def put_file(self, call: Call) -> Response:
        upload = self.uploads.pop(call.found["key"], None)
        if upload is None or upload["until"] < self.clock.now():
            return Response(403, b"Signature expired or used", {"content-type": "text/plain"})
        asset = self.assets[upload["urn"]]
        if asset["kind"] == "videos":
            if len(call.body) != upload["size"]:
                return Response(400, b"Wrong length", {"content-type": "text/plain"})
            asset["tags"][upload["number"]] = tag = uuid4().hex
            return Response(200, b"", {"etag": f'"{tag}"'})
        self.member(call, "", versioned=False)
        whole = "content-range" not in call.request.headers and "transfer-encoding" not in call.request.headers
        asset["broken"] = not whole or not _is_sound(asset["kind"], call.body)
        self._take(asset)
        return Response(201, b"")

    def _join(self, call: Call) -> Response:
        said = (call.json or {}).get("finalizeUploadRequest") or {}
        asset = self.assets.get(said.get("video", ""))
        if asset is None or asset["kind"] != "videos" or asset["ready"] is not None:
            raise refused(400, "ILLEGAL_ARGUMENT", "The video is unknown, or finalized already")
        self.author(call, asset["owner"])
        tags = [asset["tags"].get(number) for number in range(asset["parts"])]
        if said.get("uploadedPartIds") != tags:
            raise refused(400, "ILLEGAL_ARGUMENT", "uploadedPartIds do not match the uploaded parts")
        self._take(asset)
        return answer(None)

    def _take(self, asset: dict[str, Any]) -> None:
        asset["ready"] = self.clock.now() + self.switches["processing"][asset["kind"]]

    @route("GET", "/api/rest/{kind}/{urn}")
    def read_asset(self, call: Call) -> Response:
        asset = self.assets.get(call.found["urn"])
        if asset is None:
            raise refused(404, "NOT_FOUND", "Not found")
        self.reader(call, asset["owner"])
        return answer({"id": asset["urn"], "owner": asset["owner"], "status": self.state_of(asset)})

    def state_of(self, asset: dict[str, Any]) -> str:
        if asset["ready"] is None:
            return "WAITING_UPLOAD"
        if asset["ready"] > self.clock.now():
            return "PROCESSING"
        return "PROCESSING_FAILED" if asset["broken"] or self.switches["failing"] else "AVAILABLE"


def _is_sound(kind: str, content: bytes) -> bool:
    """True for a whole image of a size that is taken, or a PDF."""
    if kind == "documents":
        return content.startswith(b"%PDF-")
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content)) as image:
            image.load()
            return image.format in {"JPEG", "PNG", "GIF"} and image.width * image.height < MOST_PIXELS
    except (OSError, SyntaxError):
        return False
