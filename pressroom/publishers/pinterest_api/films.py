"""Films at Pinterest: registered, uploaded to its storage by a form, processed, and only then part of a pin.

https://developers.pinterest.com/docs/api-features/creating-boards-and-pins/#creating-video-pins
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from pressroom.errors import PostRefused
from pressroom.publishers.sending.publisher import Job, NotYet

UPLOAD_WAIT = timedelta(minutes=5)
"""A film that is `registered` for longer than this after its upload is uploaded again."""


def prepare(job: Job, base: str) -> NotYet | None:
    """Registers the film, uploads it, and waits until Pinterest has processed it. base: of the API's addresses."""
    if not job.memory.get("media_id"):
        _register(job, base)
        return _upload(job)
    match _status(job, base):
        case "succeeded":
            return None
        case "failed":
            raise PostRefused("Pinterest can't read the film.", reason="film_failed", hint="Attach another file.")
        case "registered" if not _uploaded_lately(job):
            return _upload(job)
    return NotYet(10, "Pinterest is still at the film.")


def _register(job: Job, base: str) -> None:
    reply = job.line.post(f"{base}/media", json={"media_type": "video"})
    upload = {name: job.line.value(reply, name) for name in ("upload_url", "upload_parameters")}
    job.memory.put(media_id=str(job.line.value(reply, "media_id")), upload=json.dumps(upload), uploaded_at="")


def _status(job: Job, base: str) -> str:
    """How far Pinterest is with the film; empty when it does not know it any more, which then begins again."""
    reply = job.line.get(f"{base}/media/{job.memory.get('media_id')}", ok=(200, 404))
    if reply.status == 404:
        job.memory.put(media_id="")
        return ""
    return str(job.line.value(reply, "status"))


def _uploaded_lately(job: Job) -> bool:
    at = job.memory.get("uploaded_at")
    return bool(at) and job.now() - datetime.fromisoformat(at) < UPLOAD_WAIT


def _upload(job: Job) -> NotYet:
    """Uploads the film to storage, whose form wants the file last; a form that is too old is asked for once more."""
    film, upload = job.files[0], json.loads(job.memory.get("upload"))
    content = {"file": ("film", job.media.read(film), film.media_type)}
    reply = job.line.post(
        upload["upload_url"], data=upload["upload_parameters"], files=content, auth=False, ok=(200, 201, 204, 403),
        seconds=600,
    )  # fmt: skip
    if reply.status == 403:
        if job.memory.get("form_again"):
            raise PostRefused("Pinterest's storage does not take the film.", reason="film_refused")
        job.memory.put(media_id="", form_again="yes")
    else:
        job.memory.put(uploaded_at=job.now().isoformat())
    return NotYet(5, "Pinterest has the film.")
