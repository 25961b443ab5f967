"""The part of X's stand-in that takes files: sessions of segments, processing by the clock, alternative texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from sandbox.social.frame.standin import Account, Call, Refuse, Standin, answer, route
from sandbox.wire import Response

PROBLEMS = "https://api.twitter.com/2/problems/"
MEDIA_SECONDS = 86_400
PROCESSING_SECONDS = 6
MOST_BYTES = {"tweet_image": 5_242_880, "tweet_gif": 15_728_640, "tweet_video": 536_870_912}


def problem(status: int, detail: str, kind: str = "", title: str = "", **headers: str) -> Refuse:
    said = {"title": title or "Forbidden", "detail": detail, "type": f"{PROBLEMS}{kind}" if kind else "about:blank"}
    return Refuse(answer({**said, "status": status}, status, **headers))


def invalid(message: str) -> Refuse:
    """A 400 in X's form: the sentence about all, and one about each parameter."""
    said = {
        "errors": [{"message": message}],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": f"{PROBLEMS}invalid-request",
    }
    return Refuse(answer(said, 400))


@dataclass
class Upload:
    id: str
    account: str
    category: str
    total: int
    made: float
    segments: list[bytes] = field(default_factory=list)
    ended: float | None = None
    alt: str = ""

    @property
    def is_video(self) -> bool:
        return self.category != "tweet_image"


class XFiles(Standin):
    """switches: `processing` ("failed")."""

    def start(self) -> None:
        self.uploads: dict[str, Upload] = {}

    @route("POST", "/api/2/media/upload/initialize")
    def initialize(self, call: Call) -> Response:
        account, said = self.signed_in(call, "media.write"), call.json or {}
        category, total = said.get("media_category"), said.get("total_bytes")
        if set(said) - {"media_type", "total_bytes", "media_category", "shared", "additional_owners"}:
            raise invalid(f"Unknown fields in {sorted(said)}.")
        if category not in MOST_BYTES or not isinstance(total, int) or not 0 < total <= MOST_BYTES[category]:
            raise invalid(f"media_category {category} of {total} bytes is not allowed.")
        if said.get("media_type", "").partition("/")[0] != ("video" if category == "tweet_video" else "image"):
            raise invalid(f"media_type {said.get('media_type')} is not for {category}.")
        upload = Upload(str(uuid4().int % 10**19), account.id, category, total, self.clock.now())
        self.uploads[upload.id] = upload
        self.count("upload")
        return answer({"data": {"id": upload.id, "media_key": f"3_{upload.id}", "expires_after_secs": MEDIA_SECONDS}})

    @route("POST", "/api/2/media/upload/{id}/append")
    def append(self, call: Call) -> Response:
        upload, part = self._upload(call, call.found["id"]), call.file("media")
        number = call.form.get("segment_index", "")
        if part is None or not number.isdigit() or not 0 <= int(number) <= 999:
            raise invalid("media and segment_index (0 to 999) are required.")
        if int(number) > len(upload.segments) or upload.ended is not None:
            raise invalid(f"Segment {number} comes before segment {len(upload.segments)}.")
        upload.segments[int(number) : int(number) + 1] = [part.content]
        return answer({"data": {"expires_at": int(upload.made + MEDIA_SECONDS)}})

    @route("POST", "/api/2/media/upload/{id}/finalize")
    def finalize(self, call: Call) -> Response:
        upload = self._upload(call, call.found["id"])
        if upload.ended is not None:
            raise invalid("The upload is finalized already.")
        if (got := sum(map(len, upload.segments))) != upload.total:
            raise invalid(f"Segments do not add up to provided total file size: {got} of {upload.total}.")
        upload.ended = self.clock.now()
        return answer({"data": self._status(upload)}, 201)

    @route("GET", "/api/2/media/upload")
    def status(self, call: Call) -> Response:
        upload = self._upload(call, call.query.get("media_id", ""))
        if call.query.get("command") != "STATUS" or upload.ended is None:
            raise invalid("The media has no status.")
        return answer({"data": self._status(upload)})

    @route("POST", "/api/2/media/metadata")
    def metadata(self, call: Call) -> Response:
        said = call.json or {}
        upload = self._upload(call, str(said.get("id")))
        alt = said.get("metadata", {}).get("alt_text", {}).get("text", "")
        if upload.ended is None or not 0 < len(alt) <= 1000:
            raise invalid("alt_text has 1 to 1,000 characters and comes after FINALIZE.")
        upload.alt = alt
        return answer({"data": {"id": upload.id, "associated_metadata": said["metadata"]}})

    def _status(self, upload: Upload) -> dict[str, Any]:
        said: dict[str, Any] = {"id": upload.id, "media_key": f"3_{upload.id}", "size": upload.total}
        if upload.is_video:
            said["processing_info"] = self._processing(upload)
        return said

    def _processing(self, upload: Upload) -> dict[str, Any]:
        gone = self.clock.now() - (upload.ended or 0.0)
        if gone >= PROCESSING_SECONDS and self.switches.get("processing") == "failed":
            return {"state": "failed", "error": {"code": 1, "name": "InvalidMedia", "message": "Unsupported codec"}}
        if gone >= PROCESSING_SECONDS:
            return {"state": "succeeded", "progress_percent": 100}
        state = "pending" if gone < 1 else "in_progress"
        return {"state": state, "check_after_secs": 2, "progress_percent": int(100 * gone / PROCESSING_SECONDS)}

    def _upload(self, call: Call, remote_id: str) -> Upload:
        account = self.signed_in(call, "media.write")
        upload = self.uploads.get(remote_id)
        if upload is None or upload.account != account.id or upload.made + MEDIA_SECONDS < self.clock.now():
            raise invalid(f"media_id {remote_id} is invalid.")
        return upload

    def signed_in(self, call: Call, *scopes: str) -> Account:
        account, held = self.account_of(call.token), self.tokens.get(call.token, {})
        if account is None:
            raise problem(401, "Unauthorized", title="Unauthorized")
        granted = held.get("scopes")
        if granted is not None and set(scopes) - set(granted.split()):
            raise problem(403, f"Your token needs {', '.join(scopes)}.", "oauth-permissions")
        return account
