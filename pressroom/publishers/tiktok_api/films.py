"""Films at TikTok: a handle and an address, then chunks in order; the last one has the film published.

https://developers.tiktok.com/doc/content-posting-api-media-transfer-guide
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pressroom.errors import PublishLater
from pressroom.model import Medium
from pressroom.publishers.sending import resumable
from pressroom.publishers.sending.line import Refusal
from pressroom.publishers.sending.publisher import Job, NotYet
from pressroom.publishers.tiktok_api.calls import choices_of, data_of, options_of, status_of

CHUNK = 10_000_000
"""Bytes of a chunk: 5 to 64 MB are taken, the last one takes up the rest; at most 1,000 of them."""
MOST_CHUNKS = 1000
ADDRESS_OVER = (403, 404, 410, 416)


def chunks_of(size: int) -> tuple[int, int]:
    """Bytes of a chunk and number of chunks; the last one takes up what the others leave."""
    if size < 2 * CHUNK:
        return size, 1
    chunk = max(CHUNK, -(-size // MOST_CHUNKS))
    return chunk, size // chunk


def begin(job: Job, film: Medium) -> None:
    """Asks for an upload, and notes its handle and address before the first byte."""
    chunk, count = chunks_of(film.size)
    source = {"source": "FILE_UPLOAD", "video_size": film.size, "chunk_size": chunk, "total_chunk_count": count}
    chosen, said, where = options_of(job.approved), {"source_info": source}, "inbox/video/init/"
    if chosen.mode == "direct":
        duet = {"disable_duet": not chosen.allow_duet, "disable_stitch": not chosen.allow_stitch}
        aigc = {"is_aigc": job.approved.ai_generated}
        said, where = {"post_info": {"title": job.part.text, **choices_of(job), **duet, **aigc}, **said}, "video/init/"
    reply = job.line.post(f"api:/v2/post/publish/{where}", json=said)
    publish_id, address = (data_of(job.line, reply, name) for name in ("publish_id", "upload_url"))
    job.memory.put(publish_id=str(publish_id), address=str(address), arrived="0", over="")


def goes_on(job: Job, film: Medium) -> bool:
    """False when TikTok has the whole film. An upload that failed, or whose address is over, is begun again."""
    status = status_of(job.line, job.memory.get("publish_id")) or {"status": "FAILED"}
    if status["status"] == "FAILED" or (job.memory.get("over") and lacks(job, film, status)):
        begin(job, film)
        return True
    return lacks(job, film, status)


def lacks(job: Job, film: Medium, status: Mapping[str, Any]) -> bool:
    """True when bytes of the film are to come; notes how many are there, in whole chunks."""
    chunk, count = chunks_of(film.size)
    arrived = int(status.get("uploaded_bytes", job.memory.get("arrived") or 0))
    if status["status"] != "PROCESSING_UPLOAD" or arrived >= film.size:
        return False
    job.memory.put(arrived=str(min(arrived // chunk, count - 1) * chunk))
    return True


def upload(job: Job, film: Medium) -> NotYet | None:
    """Uploads all chunks but the last."""
    chunk, count = chunks_of(film.size)
    return resumable.upload(
        job, film, (count - 1) * chunk, chunk, lambda content, start: _put(job, film, content, start)
    )


def finish(job: Job, film: Medium) -> str:
    """Sends the last chunk, and returns the handle."""
    if not job.memory.get("publish_id") or job.memory.get("over"):
        raise PublishLater("The upload to TikTok is over: the film is uploaded again.")
    arrived = int(job.memory.get("arrived") or 0)
    _put(job, film, job.media.part(film, arrived, film.size), arrived)
    return job.memory.get("publish_id")


def _put(job: Job, film: Medium, content: bytes, start: int) -> int:
    """Uploads one chunk, and returns the place of the next one."""
    end = start + len(content)
    headers = {"Content-Range": f"bytes {start}-{end - 1}/{film.size}", "Content-Type": film.media_type}
    reply = job.line.put(job.memory.get("address"), content=content, headers=headers, auth=False,
                         ok=(200, 201, 206, *ADDRESS_OVER), seconds=resumable.SECONDS)  # fmt: skip
    if reply.status in ADDRESS_OVER:
        job.memory.put(over="yes")
        raise job.line.error(Refusal(reply.status, "upload_address", message=reply.text))
    return end
