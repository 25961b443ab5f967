"""Resumable uploads by Google's protocol: a session takes a file in chunks, and tells how much of it arrived.

The session's address is noted before the first byte, and the progress after each chunk, so that an upload goes on
where it stopped. The last chunk is left to the call that makes something public. Finishing a session twice gives the
same answer. https://developers.google.com/youtube/v3/guides/using_resumable_upload_protocol
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from pressroom.errors import PublishLater
from pressroom.model import Medium
from pressroom.publishers.sending.line import Reply
from pressroom.publishers.sending.publisher import Job, NotYet

CHUNK = 8 * 1024 * 1024
"""Bytes of a chunk: a multiple of 256 KiB, as all but the last have to be."""
AT_ONCE = timedelta(seconds=60)
"""After this time the upload is left until the next look, so that a worker can renew its lease."""
SECONDS = 300.0
GONE = (404, 410)


@dataclass(frozen=True)
class Session:
    """The answer of a session about itself. arrived: bytes that it has; finished: its last answer; or it is gone."""

    arrived: int = 0
    finished: Reply | None = None
    gone: bool = False


def session(job: Job, file: Medium) -> Session:
    """How far the upload is; sends no byte of the file."""
    if not job.memory.get("session"):
        return Session(gone=True)
    reply = _put(job, file, b"", 0, ok=(200, 201, 308, *GONE))
    if reply.status in GONE:
        return Session(gone=True)
    return Session(arrived=_arrived(reply)) if reply.status == 308 else Session(finished=reply)


def prepare(job: Job, file: Medium, begin: Callable[[], Reply]) -> NotYet | None:
    """Uploads all chunks but the last. begin: asks for a new session. None when the last chunk alone is left."""
    found = session(job, file)
    if found.finished:
        return None
    if found.gone:
        address = begin().headers.get("location", "")
        if not address:
            raise PublishLater(f"{job.line.title} began an upload and named no address for it.")
        job.memory.put(session=address)
    job.memory.put(arrived=str(found.arrived))
    return upload(job, file, file.size - CHUNK, CHUNK, lambda content, start: _chunk(job, file, content, start))


def finish(job: Job, file: Medium) -> Reply:
    """Sends the last chunk, after which the session is finished. Makes one request."""
    if not job.memory.get("session"):
        raise PublishLater(f"The upload session of {job.line.title} is gone: the file is uploaded again.")
    arrived = int(job.memory.get("arrived") or 0)
    return _put(job, file, job.media.part(file, arrived, file.size), arrived, ok=(200, 201))


def upload(job: Job, file: Medium, last: int, length: int, put: Callable[[bytes, int], int]) -> NotYet | None:
    """Uploads chunks of `length` bytes while the next one begins before `last`; notes the progress after each.

    put: uploads the content that begins at a place, and returns the place of the next one. None when done.
    """
    until = job.now() + AT_ONCE
    while (arrived := int(job.memory.get("arrived") or 0)) < last:
        if job.now() > until:
            return NotYet(0, f"{arrived:,} of {file.size:,} bytes are uploaded.")
        further = put(job.media.part(file, arrived, length), arrived)
        if further <= arrived:
            raise PublishLater(f"{job.line.title} took no byte after the first {arrived:,}.")
        job.memory.put(arrived=str(further))
    return None


def _chunk(job: Job, file: Medium, content: bytes, start: int) -> int:
    reply = _put(job, file, content, start, ok=(308, *GONE))
    if reply.status in GONE:
        job.memory.put(session="")
        raise PublishLater("The upload session is gone: a new one is begun.", retry_after=1)
    return _arrived(reply)


def _put(job: Job, file: Medium, content: bytes, start: int, *, ok: tuple[int, ...]) -> Reply:
    place = f"{start}-{start + len(content) - 1}" if content else "*"
    headers = {"Content-Range": f"bytes {place}/{file.size}", "Content-Type": file.media_type}
    return job.line.put(job.memory.get("session"), content=content, headers=headers, ok=ok, seconds=SECONDS)


def _arrived(reply: Reply) -> int:
    """Bytes that a session has, from `Range: bytes=0-262143`; without that header it has none."""
    match = re.fullmatch(r"(?:bytes=)?0-(\d+)", reply.headers.get("range", ""))
    return int(match.group(1)) + 1 if match else 0
