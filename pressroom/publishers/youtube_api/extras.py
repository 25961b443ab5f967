"""The calls after a video: its thumbnail and its first comment. Either may fail alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pressroom.model import AssetKind
from pressroom.model.publishing import Absent, Asked, Found, Listed, RemoteRef
from pressroom.publishers.sending import asking
from pressroom.publishers.sending.publisher import Job, Publisher
from pressroom.publishers.youtube_api.calls import pages_of, video_of

# The thumbnail: setting it twice is setting it once


def set_thumbnail(job: Job) -> RemoteRef:
    picture = next(medium for medium in job.approved.media if medium.kind is AssetKind.PICTURE)
    query, headers = {"videoId": job.parents[0].remote_id, "uploadType": "media"}, {"Content-Type": picture.media_type}
    content = job.media.read(picture)
    job.line.value(job.line.post("upload:/thumbnails/set", params=query, content=content, headers=headers), "items")
    return _thumbnail_ref(job)


def _thumbnail_ref(job: Job) -> RemoteRef:
    video = job.parents[0]
    return RemoteRef(remote_id=f"{video.remote_id}#thumbnail", permalink=video.permalink, extra={"kind": "thumbnail"})


def ask_thumbnail(job: Job) -> Asked:
    item = video_of(job.line, job.parents[0].remote_id, "contentDetails")
    there = item is not None and item["contentDetails"].get("hasCustomThumbnail")
    return Found(ref=_thumbnail_ref(job)) if there else Absent(certain=True)


# The first comment


def send_comment(job: Job) -> RemoteRef:
    said = {"videoId": job.parents[0].remote_id, "topLevelComment": {"snippet": {"textOriginal": job.part.text}}}
    reply = job.line.post("api:/commentThreads", params={"part": "snippet"}, json={"snippet": said})
    return _comment_ref(job, job.line.value(reply, "snippet", "topLevelComment", "id"))


def _comment_ref(job: Job, comment: str) -> RemoteRef:
    link = f"{job.parents[0].permalink}&lc={comment}"
    return RemoteRef(remote_id=comment, permalink=link, extra={"kind": "comment"})


def ask_comment(publisher: Publisher, job: Job) -> Asked:
    """Looks through the threads below the video. One by another author is listed without words: it is not ours."""

    def listed(item: Mapping[str, Any]) -> Listed:
        comment = item["snippet"]["topLevelComment"]
        own = comment["snippet"].get("authorChannelId", {}).get("value") == job.channel.account.remote_id
        moment = datetime.fromisoformat(comment["snippet"]["publishedAt"])
        return Listed(ref=_comment_ref(job, comment["id"]), text=words_of(comment) if own else "", created_at=moment)

    query = {"part": "snippet", "videoId": job.parents[0].remote_id, "order": "time", "textFormat": "plainText"}
    pages = pages_of(job.line, "commentThreads", listed, **query, maxResults=100)
    return asking.among(publisher, job, asking.walk(pages, asking.window_start(job)))


def words_of(comment: Mapping[str, Any]) -> str:
    snippet = comment["snippet"]
    return str(snippet.get("textOriginal") or snippet.get("textDisplay") or "")
