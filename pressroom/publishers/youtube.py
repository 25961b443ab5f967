"""YouTube, by the Data API v3: the last chunk of a resumable upload makes the video.

https://developers.google.com/youtube/v3/docs. The upload session tells whether the video was made; once it is gone,
the channel's list of uploads does. Thumbnail and first comment are calls of their own, which may fail alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from pressroom.errors import PressroomError
from pressroom.model import AssetKind, Medium
from pressroom.model.publishing import (
    Absent,
    Account,
    Approved,
    Asked,
    Certainty,
    Channel,
    Failed,
    Found,
    Listed,
    Metrics,
    PartKind,
    Problem,
    Processing,
    Reading,
    RemoteRef,
    Sent,
)
from pressroom.platforms import limit
from pressroom.publishers.sending import asking, resumable
from pressroom.publishers.sending.line import (
    Line,
    Phase,
    Refusal,
    Reply,
    Rule,
    TokenRefused,
    plain_refusal,
    retry_after,
)
from pressroom.publishers.sending.publisher import Job, NotYet, OAuth, Options, Publisher
from pressroom.publishers.youtube_api import extras
from pressroom.publishers.youtube_api.calls import Page, items_of, pages_of, ref_of, video_of
from pressroom.zones import zone_of

IDS_A_CALL = 50
REGION = "US"
"""Country whose categories are offered; their ids are the same in each that has them."""
FIRST_DAY = "2005-04-23"
"""Of YouTube's first video: reports begin there."""
PACIFIC = "America/Los_Angeles"
"""Zone of the midnight at which the quotas of a day begin again."""

_DAILY = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_SCOPE = "https://www.googleapis.com/auth/"


class YouTubeOptions(Options):
    """made_for_kids: the law asks a person. category: of the platform's list, 22 is People & Blogs."""

    made_for_kids: bool
    privacy: Literal["public", "unlisted", "private"] = "public"
    category: str = "22"
    notify: bool = True


class YouTube(Publisher):
    platform = "youtube"
    bases = {
        "api": "https://www.googleapis.com/youtube/v3",
        "upload": "https://www.googleapis.com/upload/youtube/v3",
        "oauth": "https://oauth2.googleapis.com",
        "accounts": "https://accounts.google.com",
        "analytics": "https://youtubeanalytics.googleapis.com/v2",
    }
    hosts = (".googleapis.com",)
    connection = OAuth(
        authorize="accounts:/o/oauth2/v2/auth",
        token="oauth:/token",  # noqa: S106 (an address)
        scopes=(f"{_SCOPE}youtube.upload", f"{_SCOPE}youtube.force-ssl", f"{_SCOPE}youtube.readonly"),
        extra={"access_type": "offline", "prompt": "consent"},
    )
    certainty = Certainty.CERTAIN
    proof = "The upload session tells whether the video was made; once it is gone, the channel's list of uploads does."
    options = YouTubeOptions
    comments = True
    thumbnails = True
    rules = (
        Rule("account", code=("youtubeSignupRequired",), reason="no_channel",
             hint="Make a channel at youtube.com with this account, then connect it again."),
        Rule("account", code=("invalid_grant",), reason="token_revoked"),
        Rule("token", status=(401,)),
        Rule("later", code=("quotaExceeded", "dailyLimitExceeded", "rateLimitExceeded", "userRateLimitExceeded"),
             seconds=60),
        Rule("later", code=("uploadLimitExceeded", "uploadRateLimitExceeded"), seconds=86_400,
             hint="The channel has reached its own number of uploads; a verified one may upload more."),
        Rule("account", code=("insufficientPermissions", "PERMISSION_DENIED"), words="scope", reason="scope_missing"),
        Rule("account", code=("accessNotConfigured", "SERVICE_DISABLED"), reason="api_disabled",
             hint="Enable the YouTube Data API in the app's project at Google."),
        Rule("account", code=("accountSuspended", "accountClosed", "channelSuspended", "channelClosed",
                              "authenticatedUserAccountSuspended", "authenticatedUserAccountClosed"),
             reason="account_blocked", hint="Ask YouTube's support."),
        Rule("refused", code=("invalidTitle", "invalidDescription", "invalidTags", "invalidCategoryId",
                              "invalidVideoMetadata", "invalidFilename", "mediaBodyRequired", "badRequest",
                              "invalidParameter", "forbiddenPrivacySetting", "forbiddenLicenseSetting"),
             phases=(Phase.PREPARE, Phase.SEND), reason="metadata_refused"),
        Rule("refused", code=("invalidImage",), phases=(Phase.SEND,), reason="thumbnail_refused"),
        Rule("refused", code=("commentsDisabled", "commentTextRequired", "commentTextTooLong", "videoNotFound"),
             phases=(Phase.SEND,), reason="comment_refused"),
        Rule("refused", code=("forbidden",), status=(403,), phases=(Phase.PREPARE, Phase.SEND), reason="forbidden",
             hint="The channel may not do this; own thumbnails need a verified telephone number."),
        Rule("later", status=(429,)),
    )  # fmt: skip

    def read_error(self, reply: Reply) -> Refusal:
        """The refusal of an answer. A quota of a day comes with the seconds until midnight in California."""
        body = reply.json()
        error = body.get("error") if isinstance(body, dict) else None
        if not isinstance(error, dict):
            return plain_refusal(reply)
        first: dict[str, Any] = next(iter(error.get("errors") or ()), {})
        code, message = str(first.get("reason") or error.get("status") or ""), str(error.get("message") or "")
        daily = code in _DAILY or (reply.status == 429 and "per day" in message.casefold())
        wait = until_midnight(_moment(reply)) if daily else retry_after(reply)
        return Refusal(reply.status, code, str(error.get("status") or ""), message, wait)

    # Accounts

    def accounts(self, line: Line) -> Sequence[Account]:
        return tuple(_account(item) for item in items_of(line, "channels", part="snippet", mine="true"))

    def whoami(self, line: Line, channel: Channel) -> str:
        return next((str(item["id"]) for item in items_of(line, "channels", part="id", mine="true")), "")

    def choices(self, line: Line, channel: Channel) -> Mapping[str, Sequence[tuple[str, str]]]:
        items = items_of(line, "videoCategories", part="snippet", regionCode=REGION)
        named = ((str(item["id"]), item["snippet"]) for item in items)
        return {"category": tuple((key, str(said["title"])) for key, said in named if said.get("assignable"))}

    # Sending

    def check(self, approved: Approved, channel: Channel) -> Iterable[Problem]:
        if not approved.title.strip():
            yield Problem(code="title_missing", message="A video needs a title.", where="title", hint="Write one.")
        yield from _fits(approved.title, "title", limit(self.platform, "title_characters"))
        yield from _fits(approved.tags, "tags", limit(self.platform, "tags_characters"))
        yield from _fits(approved.text, "text")
        if approved.options.get("made_for_kids") and any(part.kind is PartKind.COMMENT for part in approved.parts):
            message = "Videos made for kids take no comments: the first comment stays behind."
            yield Problem(code="comment_dropped", message=message, where="made_for_kids", blocking=False)

    def prepare(self, job: Job) -> NotYet | None:
        return resumable.prepare(job, _film(job), lambda: _begin(job)) if job.is_main else None

    def send(self, job: Job) -> Sent:
        if not job.is_main:
            return Sent(
                ref=extras.send_comment(job) if job.part.kind is PartKind.COMMENT else extras.set_thumbnail(job)
            )
        video = job.line.value(resumable.finish(job, _film(job)), "id")
        return Sent(ref=ref_of(video), processing=True)

    def ask(self, job: Job) -> Asked:
        if not job.is_main:
            return extras.ask_comment(self, job) if job.part.kind is PartKind.COMMENT else extras.ask_thumbnail(job)
        if video := job.memory.get("video"):
            return _state(job.line, video)
        session = resumable.session(job, _film(job))
        if session.finished:
            job.memory.put(video=job.line.value(session.finished, "id"))
            return _state(job.line, job.memory.get("video"))
        if not session.gone:
            job.memory.put(arrived=str(session.arrived))
            return Absent(certain=True)
        job.memory.put(session="")
        found = asking.among(self, job, asking.walk(_uploads(self, job), asking.window_start(job)))
        return _state(job.line, found.ref.remote_id) if isinstance(found, Found) else found

    def read_back(self, job: Job, ref: RemoteRef) -> Reading | None:
        if job.part.kind is PartKind.COMMENT:
            items = items_of(job.line, "comments", part="snippet", id=ref.remote_id, textFormat="plainText")
            return Reading(ref=ref, text=extras.words_of(items[0]), media=0) if items else None
        item = video_of(job.line, ref.remote_id.partition("#")[0], "snippet,status,contentDetails")
        if item is None:
            return None
        if job.part.kind is PartKind.THUMBNAIL:
            return Reading(ref=ref, text=None) if item["contentDetails"].get("hasCustomThumbnail") else None
        visibility = _visibility(str(item["status"].get("privacyStatus")), _options(job.approved).privacy)
        return Reading(ref=ref, text=item["snippet"].get("description", ""), visibility=visibility)

    def collect(self, line: Line, channel: Channel, remote_ids: Sequence[str]) -> Sequence[Metrics]:
        found: list[Metrics] = []
        for start in range(0, len(remote_ids), IDS_A_CALL):
            ids = ",".join(remote_ids[start : start + IDS_A_CALL])
            items, reported = items_of(line, "videos", part="statistics", id=ids), _reported(line, ids)
            for item in items:
                values = {**_figures(item["statistics"]), **reported.get(item["id"], {})}
                found.append(Metrics(remote_id=item["id"], values=values))
        return found

    def delete(self, line: Line, channel: Channel, ref: RemoteRef) -> None:
        kind = ref.extra.get("kind", "video")
        if kind != "thumbnail":  # it goes with its video
            line.call("DELETE", f"api:/{kind}s", params={"id": ref.remote_id}, ok=(204, 404))


PUBLISHER = YouTube()


def until_midnight(moment: datetime) -> float:
    """Seconds until the quotas of a day begin again."""
    zone = zone_of(PACIFIC)
    tomorrow = moment.astimezone(zone).date() + timedelta(days=1)
    midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone)
    return (midnight.astimezone(UTC) - moment).total_seconds()


def _moment(reply: Reply) -> datetime:
    """The time of an answer, by the platform's clock where it tells."""
    try:
        return parsedate_to_datetime(reply.headers.get("date", "")).astimezone(UTC)
    except ValueError:
        return datetime.now(UTC)


def _account(item: Mapping[str, Any]) -> Account:
    snippet = item["snippet"]
    name = str(snippet.get("customUrl") or item["id"]).removeprefix("@")
    avatar = snippet.get("thumbnails", {}).get("default", {}).get("url", "")
    return Account(remote_id=item["id"], name=name, title=snippet.get("title", ""), avatar=avatar, kind="channel")


def _options(approved: Approved) -> YouTubeOptions:
    return YouTubeOptions.model_validate(dict(approved.options))


def _fits(text: str, where: str, most: float | None = None) -> Iterator[Problem]:
    """Problems of a text: its length in characters, and the marks that YouTube refuses."""
    if most is not None and len(text) > most:
        message = f"The {where} has {len(text)} characters; YouTube takes {most:g}."
        yield Problem(code=f"{where}_too_long", message=message, where=where, hint="Shorten it and approve it again.")
    if set("<>") & set(text):
        message = f"The {where} has < or > in it, which YouTube refuses."
        yield Problem(code="angle_brackets", message=message, where=where, hint="Write it without them.")


# The film


def _film(job: Job) -> Medium:
    return next(medium for medium in job.approved.media if medium.kind is AssetKind.FILM)


def _begin(job: Job) -> Reply:
    """Asks for an upload session; YouTube keeps it for about a week."""
    film, notify = _film(job), str(_options(job.approved).notify).lower()
    headers = {"X-Upload-Content-Type": film.media_type, "X-Upload-Content-Length": str(film.size)}
    query = {"uploadType": "resumable", "part": "snippet,status", "notifySubscribers": notify}
    return job.line.post("upload:/videos", params=query, json=_metadata(job), headers=headers)


def _metadata(job: Job) -> dict[str, Any]:
    approved, chosen = job.approved, _options(job.approved)
    tags = [tag.strip().strip('"') for tag in re.split(r"[,\n]", approved.tags) if tag.strip()]
    return {
        "snippet": {
            "title": approved.title,
            "description": job.part.text,
            "categoryId": chosen.category,
            "defaultLanguage": approved.language,
            **({"tags": tags} if tags else {}),
        },
        "status": {
            "privacyStatus": chosen.privacy,
            "selfDeclaredMadeForKids": chosen.made_for_kids,
            "containsSyntheticMedia": approved.ai_generated,
        },
    }


def _state(line: Line, video: str) -> Asked:
    """How far YouTube is with a video that was made; one that is no longer listed was there, and is found."""
    item = video_of(line, video, "status")
    status = item["status"] if item else {}
    match status.get("uploadStatus"):
        case "uploaded":
            return Processing()
        case "rejected" | "failed" as state:
            reason = status.get("rejectionReason") or status.get("failureReason") or state
            return Failed(reason=str(reason), message=f"YouTube took the film and then {state} it: {reason}.")
    return Found(ref=ref_of(video))


def _visibility(shown: str, chosen: str) -> str:
    """`public` when it is as visible as a person chose, otherwise the platform's word."""
    if shown == chosen:
        return "public"
    return f"public instead of {chosen}" if shown == "public" else shown


def _uploads(publisher: Publisher, job: Job) -> Page:
    """Pages of the channel's uploads. The text of a film with another title has that title in it, so it is not ours."""
    [channel] = items_of(job.line, "channels", part="contentDetails", mine="true")
    playlist = channel["contentDetails"]["relatedPlaylists"]["uploads"]

    def listed(item: Mapping[str, Any]) -> Listed:
        snippet = item["snippet"]
        title, words = str(snippet.get("title", "")), str(snippet.get("description", ""))
        ours = publisher.comparable(title) == publisher.comparable(job.approved.title)
        ref, moment = ref_of(item["contentDetails"]["videoId"]), datetime.fromisoformat(snippet["publishedAt"])
        return Listed(ref=ref, text=words if ours else f"{title}\n{words}", created_at=moment)

    return pages_of(
        job.line, "playlistItems", listed, part="snippet,contentDetails", playlistId=playlist, maxResults=50
    )


def _figures(said: Mapping[str, str]) -> dict[str, int]:
    native = {"views": "viewCount", "likes": "likeCount", "comments": "commentCount"}
    return {ours: int(said[theirs]) for ours, theirs in native.items() if theirs in said}


def _reported(line: Line, ids: str) -> dict[str, dict[str, int]]:
    """Figures from the channel's reports, two or three days late: shares, followers won, seconds of watch time.

    Nothing where the app's project may not read them: that is a gap in these figures, and no reason to lose the rest.
    """
    query = {
        "ids": "channel==MINE", "startDate": FIRST_DAY, "endDate": datetime.now(UTC).date().isoformat(),
        "metrics": "shares,subscribersGained,estimatedMinutesWatched", "dimensions": "video",
        "filters": f"video=={ids}",
    }  # fmt: skip
    try:
        rows = line.value(line.get("analytics:/reports", params=query), "rows")
    except TokenRefused:
        raise
    except PressroomError:
        return {}
    return {
        str(video): {"shares": int(shares), "follows": int(won), "watch_time": int(minutes * 60)}
        for video, shares, won, minutes in rows
    }
