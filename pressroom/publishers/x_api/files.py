"""Files on their way to X: initialized, sent in segments, finalized, processed, described; each step is noted.

https://docs.x.com/x-api/media
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pressroom.errors import PostRefused
from pressroom.model import Medium
from pressroom.publishers.sending.publisher import Job, NotYet

SEGMENT_BYTES = 4_000_000
UPLOAD_LIFE = timedelta(hours=20)
"""An uploaded file is kept for 24 hours; an older one is uploaded again."""

GIF = "image/gif"


def upload(job: Job, medium: Medium) -> NotYet | None:
    """Brings a file to X, step by step; each step is noted, so that a later call goes on after it."""
    note = note_of(job, medium)
    if is_old(job, note):
        note = _begin(job, medium)
        _keep(job, medium, note)
    steps = {"append": _append, "finalize": _finalize, "wait": _look, "describe": _describe}
    while note["step"] in steps:
        waits = steps[note["step"]](job, medium, note)
        _keep(job, medium, note)
        if waits is not None:
            return waits
    return None


def note_of(job: Job, medium: Medium) -> dict[str, Any]:
    """The state of a file's upload; empty before it begins."""
    note: dict[str, Any] = json.loads(job.memory.get(f"media_{medium.position}") or "{}")
    return note


def is_old(job: Job, note: Mapping[str, Any]) -> bool:
    return not note or datetime.fromisoformat(note["begun"]) < job.now() - UPLOAD_LIFE


def _keep(job: Job, medium: Medium, note: Mapping[str, Any]) -> None:
    job.memory.put(**{f"media_{medium.position}": json.dumps(note)})


def _begin(job: Job, medium: Medium) -> dict[str, Any]:
    said = {"media_type": medium.media_type, "total_bytes": medium.size, "media_category": _category(medium)}
    reply = job.line.post("api:/2/media/upload/initialize", json=said)
    return {"id": job.line.value(reply, "data", "id"), "begun": job.now().isoformat(), "step": "append", "segment": 0}


def _category(medium: Medium) -> str:
    if medium.media_type.startswith("video/"):
        return "tweet_video"
    return "tweet_gif" if medium.media_type == GIF else "tweet_image"


def _append(job: Job, medium: Medium, note: dict[str, Any]) -> None:
    """Sends the segments that are left. X takes one that it has already again."""
    content = job.media.read(medium)
    for number in range(note["segment"], -(-len(content) // SEGMENT_BYTES)):
        piece = content[number * SEGMENT_BYTES : (number + 1) * SEGMENT_BYTES]
        files = {"media": (medium.label, piece, "application/octet-stream")}
        where = f"api:/2/media/upload/{note['id']}/append"
        job.line.post(where, data={"segment_index": str(number)}, files=files, seconds=120)
        note["segment"] = number + 1
        _keep(job, medium, note)
    note["step"] = "finalize"


def _finalize(job: Job, medium: Medium, note: dict[str, Any]) -> NotYet | None:
    """Ends the upload. When an answer was lost X may have ended it already, and refuses it: its status tells."""
    again = note.get("finalizing", False)
    note["finalizing"] = True
    _keep(job, medium, note)
    good = (200, 201, 202, *((400, 404) if again else ()))
    reply = job.line.post(f"api:/2/media/upload/{note['id']}/finalize", ok=good)
    if reply.status < 300:
        return _state(job.line.value(reply, "data"), medium, note)
    note["step"] = "wait"
    return None


def _look(job: Job, medium: Medium, note: dict[str, Any]) -> NotYet | None:
    asked = {"command": "STATUS", "media_id": note["id"]}
    reply = job.line.get("api:/2/media/upload", params=asked, ok=(200, 400, 404))
    if reply.status == 200:
        return _state(job.line.value(reply, "data"), medium, note)
    note.update(_begin(job, medium), finalizing=False)  # X knows nothing of it: from the beginning
    return None


def _state(said: Mapping[str, Any], medium: Medium, note: dict[str, Any]) -> NotYet | None:
    info = said.get("processing_info") or {"state": "succeeded"}
    if info["state"] == "failed":
        reason = (info.get("error") or {}).get("message", "no reason given")
        message = f"X could not process media {medium.position + 1} ({medium.label}): {reason}."
        raise PostRefused(message, hint="Attach another file and approve it again.", reason="media_refused")
    if info["state"] == "succeeded":
        described = medium.alt_text and not medium.media_type.startswith("video/")
        note["step"] = "describe" if described else "ready"
        return None
    note["step"] = "wait"
    return NotYet(float(info.get("check_after_secs", 5)), f"X processes media {medium.position + 1}.")


def _describe(job: Job, medium: Medium, note: dict[str, Any]) -> None:
    said = {"id": note["id"], "metadata": {"alt_text": {"text": medium.alt_text}}}
    job.line.post("api:/2/media/metadata", json=said)
    note["step"] = "ready"
