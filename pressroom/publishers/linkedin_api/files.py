"""Files of a post on LinkedIn: images and documents in one piece, films in parts, each until LinkedIn can show it.

An upload whose answer is lost is begun again: nothing of it is public. Films go on with the first missing part.
"""

from __future__ import annotations

import json
from typing import Any

from pressroom.errors import ChannelUnusable, PostRefused, PublishLater
from pressroom.model import AssetKind, Medium
from pressroom.publishers.linkedin_api.calls import LOOK_AGAIN, call, is_page, quoted
from pressroom.publishers.sending.publisher import Job, NotYet

SECONDS = 300.0
"""Until the answer to an upload counts as lost."""

MEMBER_WAITS = {"images": 5.0, "documents": 30.0, "videos": 90.0}
"""Seconds given to a person's files, whose state their token may not read; the post itself says if it is too early."""


def noun(medium: Medium) -> str:
    """LinkedIn's word for a file, as in its paths."""
    if medium.kind is AssetKind.DOCUMENT:
        return "documents"
    return "videos" if medium.media_type.startswith("video/") else "images"


def prepare(job: Job) -> NotYet | None:
    """Uploads what is not there yet; None once LinkedIn can show every file."""
    for medium in job.files:
        if not urn_of(job, medium):
            urn = _film(job, medium) if noun(medium) == "videos" else _whole(job, medium)
            job.memory.put(**{_name(medium): json.dumps({"urn": urn, "at": job.now().timestamp()})})
    return next((waits for waits in (_processing(job, medium) for medium in job.files) if waits), None)


def urn_of(job: Job, medium: Medium) -> str:
    """The file's id at LinkedIn; empty before it is uploaded."""
    return str(_note(job, medium).get("urn", ""))


def _note(job: Job, medium: Medium) -> dict[str, Any]:
    note: dict[str, Any] = json.loads(job.memory.get(_name(medium)) or "{}")
    return note


def _name(medium: Medium) -> str:
    return f"file_{medium.position}"


def _begun(job: Job, medium: Medium, **more: Any) -> dict[str, Any]:
    """Asks for an upload. Addresses of it hold once."""
    said = {"initializeUploadRequest": {"owner": job.channel.account.remote_id, **more}}
    reply = call(job.line, "POST", f"/{noun(medium)}?action=initializeUpload", json=said)
    value: dict[str, Any] = job.line.value(reply, "value")
    return value


def _whole(job: Job, medium: Medium) -> str:
    """An image or a document, by one request: LinkedIn damages files that arrive in several."""
    value = _begun(job, medium)
    headers = {"Content-Type": medium.media_type}
    job.line.put(value["uploadUrl"], content=job.media.read(medium), headers=headers, seconds=SECONDS)
    return str(value[noun(medium).removesuffix("s")])


def _film(job: Job, medium: Medium) -> str:
    """A film in the parts that LinkedIn names; the tags that it answers are what the parts are joined by."""
    note = f"session_{medium.position}"
    session = json.loads(job.memory.get(note) or "null")
    resumed = session is not None
    if session is None:
        more = {"fileSizeBytes": medium.size, "uploadCaptions": False, "uploadThumbnail": False}
        session = {**_begun(job, medium, **more), "tags": []}
        job.memory.put(**{note: json.dumps(session)})
    try:
        _send_parts(job, note, session, job.media.read(medium))
    except (PostRefused, ChannelUnusable):
        job.memory.put(**{note: ""})
        if resumed:  # its addresses are over, or were used by a request whose answer was lost
            return _film(job, medium)
        raise
    job.memory.put(**{note: ""})  # joining twice is an error: after a lost answer, a new upload is the surer way
    said = {"video": session["video"], "uploadToken": session["uploadToken"], "uploadedPartIds": session["tags"]}
    call(job.line, "POST", "/videos?action=finalizeUpload", json={"finalizeUploadRequest": said})
    return str(session["video"])


def _send_parts(job: Job, note: str, session: dict[str, Any], content: bytes) -> None:
    for part in session["uploadInstructions"][len(session["tags"]) :]:
        piece = content[part["firstByte"] : part["lastByte"] + 1]
        headers = {"Content-Type": "application/octet-stream"}
        reply = job.line.put(part["uploadUrl"], content=piece, headers=headers, auth=False, seconds=SECONDS)
        if not (tag := reply.headers.get("etag", "").strip('"')):
            raise PublishLater("LinkedIn took a part of the film and named no tag for it.")
        session["tags"].append(tag)
        job.memory.put(**{note: json.dumps(session)})


def _processing(job: Job, medium: Medium) -> NotYet | None:
    """Waits for a file that LinkedIn still works at; one that LinkedIn lost is uploaded again."""
    if not is_page(job.channel.account.remote_id):
        left = _note(job, medium)["at"] + MEMBER_WAITS[noun(medium)] - job.now().timestamp()
        return NotYet(seconds=left, message="LinkedIn works at the file.") if left > 0 else None
    reply = call(job.line, "GET", f"/{noun(medium)}/{quoted(urn_of(job, medium))}", ok=(200, 404))
    if reply.status == 404:
        job.memory.put(**{_name(medium): ""})
        return NotYet(seconds=LOOK_AGAIN, message="LinkedIn no longer has the file: it is uploaded again.")
    status = job.line.value(reply, "status")
    if status == "PROCESSING_FAILED":
        found = f"LinkedIn can't show media {medium.position + 1} ({medium.name or medium.key})."
        raise PostRefused(found, hint="Attach another file.", reason="media_processing")
    return None if status == "AVAILABLE" else NotYet(seconds=LOOK_AGAIN, message="LinkedIn works at the file.")
