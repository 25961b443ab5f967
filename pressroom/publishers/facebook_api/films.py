"""Films at Facebook: uploaded in phases, of which the last one alone makes them public.

https://developers.facebook.com/docs/video-api/guides/reels-publishing (one upload, which goes on from a byte) and
https://developers.facebook.com/docs/video-api/guides/publishing (pieces).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pressroom.errors import OutcomeUnclear, PublishLater
from pressroom.model import Medium
from pressroom.model.publishing import Absent, Asked, Failed, Found, Processing, RemoteRef
from pressroom.publishers.sending import graph
from pressroom.publishers.sending.line import Reply
from pressroom.publishers.sending.publisher import Job, NotYet

API = f"api:/{graph.VERSION}"
VIDEO = f"video:/{graph.VERSION}"
WRONG_PLACE = "1363037"
"""Subcode of a piece that the platform does not want now."""

SECONDS = 600.0
"""For one piece of a film."""


def prepare(job: Job, film: Medium, *, reel: bool) -> NotYet | None:
    """Uploads the film, from where an earlier upload stopped."""
    job.memory.put(film_as="reel" if reel else "video")
    if not reel:
        return _prepare_video(job, film)
    _prepare_reel(job, film)
    return None


def finish(job: Job) -> None:
    """The call that makes the film public. Raises `OutcomeUnclear` for an answer without success."""
    said = {"upload_phase": "finish", "title": job.approved.title, "description": job.part.text}
    if job.memory.get("film_as") == "reel":
        where, said = f"{API}/{_page(job)}/video_reels", {**said, "video_state": "PUBLISHED"}
        said["video_id"] = job.memory.get("video_id")
    else:
        where, said["upload_session_id"] = f"{VIDEO}/{_page(job)}/videos", job.memory.get("session")
    reply = job.line.post(where, data={name: text for name, text in said.items() if text})
    if job.line.value(reply, "success") is not True:
        raise OutcomeUnclear("Facebook answered the end of an upload without success.")
    job.memory.put(finished="yes")


def ask(job: Job, ref: RemoteRef) -> Asked:
    """How far the platform is with the film, by the id that its upload was given."""
    said = _video(job)
    status = said.get("status") or {}
    publishing = status.get("publishing_phase") or {}
    if publishing.get("status") == "complete" or (not publishing and said.get("published") is True):
        return Found(ref=ref)
    processing = status.get("processing_phase") or {}
    if status.get("video_status") in {"error", "expired"} or processing.get("status") == "error":
        message = (processing.get("error") or {}).get("message") or "Facebook can't process the film."
        return Failed(reason="film_failed", message=message)
    if job.memory.get("finished") or status.get("video_status") == "processing":
        return Processing()
    return Absent(certain=False, control=True)


def _page(job: Job) -> str:
    return job.channel.account.remote_id


def _video(job: Job) -> Mapping[str, Any]:
    reply = job.line.get(f"{API}/{job.memory.get('video_id')}", params={"fields": "id,status,published"})
    job.line.value(reply, "id")
    said: Mapping[str, Any] = reply.json()
    return said


def _prepare_reel(job: Job, film: Medium) -> None:
    done = 0
    if job.memory.get("video_id"):
        uploading = (_video(job).get("status") or {}).get("uploading_phase") or {}
        done = film.size if uploading.get("status") == "complete" else int(uploading.get("bytes_transferred") or 0)
    else:
        reply = job.line.post(f"{API}/{_page(job)}/video_reels", data={"upload_phase": "start"})
        job.memory.put(**{name: str(job.line.value(reply, name)) for name in ("video_id", "upload_url")})
    if done < film.size:
        assert job.line.credentials is not None
        token = job.line.credentials.access.get_secret_value()
        headers = {"Authorization": f"OAuth {token}", "offset": f"{done}", "file_size": f"{film.size}"}
        content = job.media.read(film)[done:]
        reply = job.line.post(job.memory.get("upload_url"), content=content, headers=headers, seconds=SECONDS)
        job.line.value(reply, "success")


def _prepare_video(job: Job, film: Medium) -> NotYet | None:
    where = f"{VIDEO}/{_page(job)}/videos"
    if not job.memory.get("session"):
        reply = job.line.post(where, data={"upload_phase": "start", "file_size": f"{film.size}"})
        job.memory.put(
            session=str(job.line.value(reply, "upload_session_id")), video_id=str(job.line.value(reply, "video_id")),
            **_next(job, reply),
        )  # fmt: skip
    content = job.media.read(film)
    while (start := int(job.memory.get("start_offset"))) < (end := int(job.memory.get("end_offset"))):
        said = {"upload_phase": "transfer", "upload_session_id": job.memory.get("session"), "start_offset": f"{start}"}
        piece = {"video_file_chunk": ("piece", content[start:end], "application/octet-stream")}
        reply = job.line.post(where, data=said, files=piece, seconds=SECONDS, ok=(200, 400))
        if reply.status == 400:
            return _begin_again(job, reply)
        after = _next(job, reply)
        if int(after["start_offset"]) <= start:
            raise PublishLater("Facebook took no part of the film.")
        job.memory.put(**after)
    return None


def _next(job: Job, reply: Reply) -> dict[str, str]:
    """The piece that the platform wants now."""
    return {name: str(int(job.line.value(reply, name))) for name in ("start_offset", "end_offset")}


def _begin_again(job: Job, reply: Reply) -> NotYet:
    """After a piece whose answer was lost: the new upload leaves an unfinished one behind, which no reader sees."""
    refusal = job.line.read(reply)
    if refusal.subcode != WRONG_PLACE:
        raise job.line.error(refusal)
    job.memory.put(session="")
    return NotYet(1, "The upload begins again.")
