"""YouTube: the Data API v3 as far as videos are uploaded, read, commented and removed with it.

Uploads are resumable: all chunks but the last are multiples of 256 KiB, an empty PUT with `bytes */N` tells what
arrived, and a finished session answers with the same video again. Switches: `unaudited` (every video is private),
`reject` (a reason: processing ends with it), `processing_seconds`, `daily_uploads`, `takes` (bytes that the next chunk
keeps of its own), `comments_disabled`, `unverified` (no own thumbnails), `no_reports`.
"""

from __future__ import annotations

import hashlib
import re
import string
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sandbox.social.frame.oauth import Consent, Family
from sandbox.social.frame.standin import Account, Call, Post, Refuse, Standin, answer, route
from sandbox.wire import Response

STATISTICS = {"viewCount": 41, "likeCount": 7, "commentCount": 2, "favoriteCount": 0}
STEP = 256 * 1024
SESSION_SECONDS = 7 * 86400
MOST_TITLE, MOST_DESCRIPTION, MOST_TAGS, MOST_COMMENT = 100, 5000, 500, 10_000
_BASE = "https://www.googleapis.com/auth/"
UPLOAD, SSL, READ = (f"{_BASE}{name}" for name in ("youtube.upload", "youtube.force-ssl", "youtube.readonly"))
_LETTERS = string.ascii_letters + string.digits + "-_"
_SNIPPET = {"title": str, "description": str, "categoryId": str, "defaultLanguage": str, "tags": list}
_STATUS = {
    "privacyStatus": str, "selfDeclaredMadeForKids": bool, "containsSyntheticMedia": bool, "embeddable": bool,
    "license": str, "publishAt": str,
}  # fmt: skip


@dataclass
class Session:
    account: str
    metadata: dict[str, Any]
    length: int
    until: float
    content: bytes = b""
    video: str = ""


def refused(status: int, reason: str, message: str, word: str = "INVALID_ARGUMENT", **headers: str) -> Refuse:
    said = {"message": message, "domain": "youtube", "reason": reason}
    return Refuse(answer({"error": {"code": status, "message": message, "errors": [said], "status": word}}, status,
                         **headers))  # fmt: skip


class YouTubeStandin(Standin):
    name = "youtube"
    title = "YouTube"

    def start(self) -> None:
        self.sessions: dict[str, Session] = {}
        self.begun: list[float] = []
        self.consent = Consent(self, access_seconds=3600, code_seconds=600, refresh="same")
        self.switches = {"processing_seconds": 20.0, "daily_uploads": 100}
        self.add_account(Account(id="UCdemo0123456789abcdefgh", name="pressroom.demo", title="Pressroom demo"))

    def seed(self) -> dict[str, Any]:
        account = next(iter(self.accounts.values()))
        family = Family(account.id, f"{UPLOAD} {SSL} {READ}")
        access = self.grant(account.id, seconds=3600, scopes=family.scopes)
        credentials = {"access": access, "refresh": self.consent.refresh_token(family)}
        named = {"remote_id": account.id, "name": account.name, "title": account.title, "kind": "channel"}
        return {"account": named, "credentials": credentials}

    # Accounts

    @route("GET", "/accounts/o/oauth2/v2/auth")
    def consent_page(self, call: Call) -> Response:
        return self.consent.page(call)

    @route("POST", "/oauth/token")
    def token(self, call: Call) -> Response:
        return self.consent.token(call)

    @route("GET", "/api/channels")
    def channels(self, call: Call) -> Response:
        account = self._account(call, READ, SSL)
        item = {
            "kind": "youtube#channel",
            "id": account.id,
            "snippet": {"title": account.title, "customUrl": f"@{account.name}", "thumbnails": {}},
            "contentDetails": {"relatedPlaylists": {"uploads": _playlist(account.id)}},
        }
        return self._list(call, [item])

    # Uploads

    @route("POST", "/upload/videos")
    def begin(self, call: Call) -> Response:
        account = self._account(call, UPLOAD, SSL)
        if call.query.get("uploadType") != "resumable":
            raise refused(400, "badRequest", "Only resumable uploads are taken here.")
        length = call.request.headers.get("x-upload-content-length", "")
        if not length.isdigit() or not call.request.headers.get("x-upload-content-type", "").startswith("video/"):
            raise refused(400, "badRequest", "X-Upload-Content-Length and X-Upload-Content-Type name the film.")
        metadata = _checked(call.json)
        self._take_from_bucket()
        session = Session(account.id, metadata, int(length), self.clock.now() + SESSION_SECONDS)
        self.sessions[key := uuid4().hex] = session
        address = f"{call.origin}/youtube/upload/videos?uploadType=resumable&upload_id={key}"
        return Response(200, b"", {"location": address})

    @route("PUT", "/upload/videos")
    def take_chunk(self, call: Call) -> Response:
        session = self.sessions.get(call.query.get("upload_id", ""))
        if session is None or session.until <= self.clock.now():
            raise refused(404, "notFound", "The upload session is unknown or over.", "NOT_FOUND")
        if session.video:
            return answer(self._item(self.posts[session.video]))
        place = re.fullmatch(r"bytes (?:\*|(\d+)-(\d+))/(\d+)", call.request.headers.get("content-range", ""))
        if place is None or int(place[3]) != session.length:
            raise refused(400, "badRequest", "Content-Range does not fit this upload.")
        if place[1] is not None:
            self._keep(session, int(place[1]), int(place[2]), call.body)
        if len(session.content) == session.length:
            return answer(self._item(self._make(session)), 201)
        headers = {"range": f"bytes=0-{len(session.content) - 1}"} if session.content else {}
        return Response(308, b"", headers)

    def _keep(self, session: Session, start: int, end: int, body: bytes) -> None:
        there, last = len(session.content), end + 1 == session.length
        if len(body) != end - start + 1 or start > there:
            raise refused(400, "badRequest", f"Byte {there} is the next one of this upload.")
        if not last and len(body) % STEP:
            raise refused(400, "badRequest", "All chunks but the last are multiples of 256 KiB.")
        session.content += body[there - start :][: self.switches.pop("takes", None)]
        self.count("chunk")

    def _take_from_bucket(self) -> None:
        """One of a day's uploads, which begins at midnight in California."""
        day, now = _day(self.clock.now()), self.clock.moment()
        self.begun = [moment for moment in self.begun if _day(moment) == day]
        if len(self.begun) >= self.switches["daily_uploads"]:
            message = "Quota exceeded for quota metric 'Video Uploads' and limit 'Video Uploads per day'."
            raise refused(
                429, "rateLimitExceeded", message, "RESOURCE_EXHAUSTED", date=format_datetime(now, usegmt=True)
            )
        self.begun.append(self.clock.now())

    def _make(self, session: Session) -> Post:
        """The video of a finished session."""
        snippet, status = session.metadata["snippet"], session.metadata["status"]
        digest = hashlib.sha256(session.content).hexdigest()
        made = hashlib.sha256(f"{digest}/{len(self.posts)}".encode()).digest()
        session.video = "".join(_LETTERS[byte % 64] for byte in made[:11])
        shown = {**status, "privacyStatus": "private"} if self.switches.get("unaudited") else status
        return self.publish(
            session.account, snippet.get("description", ""), id=session.video, title=snippet["title"],
            link=f"https://www.youtube.com/watch?v={session.video}",
            files=[{"type": "video", "sha256": digest, "size": session.length}],
            extra={"snippet": snippet, "status": shown, "done_at": self.clock.now() + self._processing},
        )  # fmt: skip

    @property
    def _processing(self) -> float:
        return float(self.switches["processing_seconds"])

    # Videos

    @route("GET", "/api/videos")
    def videos(self, call: Call) -> Response:
        self._account(call, READ, SSL)
        asked = call.query.get("id", "").split(",")
        if len(asked) > 50:
            raise refused(400, "invalidParameter", "At most 50 ids are taken.")
        there = [self.posts[one] for one in asked if one in self.posts and self.posts[one].kind == "post"]
        return self._list(call, [self._item(post) for post in there if post.public])

    @route("DELETE", "/api/videos")
    def delete_video(self, call: Call) -> Response:
        account = self._account(call, SSL)
        post = self._post(call.query.get("id", ""), "videoNotFound")
        if post.account_id != account.id:
            raise refused(403, "forbidden", "The video is of another channel.", "PERMISSION_DENIED")
        for each in self.posts.values():
            each.public = each.public and post.id not in {each.id, each.parent}
        return Response(204, b"")

    @route("GET", "/api/playlistItems")
    def playlist_items(self, call: Call) -> Response:
        account = self._account(call, READ, SSL)
        if call.query.get("playlistId") != _playlist(account.id):
            raise refused(404, "playlistNotFound", "The playlist is unknown.", "NOT_FOUND")
        items = [
            {
                "id": f"item-{post.id}",
                "snippet": {"title": post.title, "description": post.text, "publishedAt": _iso(post.created_at)},
                "contentDetails": {"videoId": post.id},
            }
            for post in self.listed(account.id)
        ]
        return self._list(call, items)

    @route("POST", "/upload/thumbnails/set")
    def set_thumbnail(self, call: Call) -> Response:
        self._account(call, UPLOAD, SSL)
        post = self._post(call.query.get("videoId", ""), "videoNotFound")
        if self.switches.get("unverified"):
            raise refused(403, "forbidden", "The channel may not set own thumbnails.", "PERMISSION_DENIED")
        kind = call.request.headers.get("content-type")
        if kind not in {"image/jpeg", "image/png", "application/octet-stream"} or not call.body:
            raise refused(400, "invalidImage", "The image is not one.")
        post.extra["thumbnail"] = hashlib.sha256(call.body).hexdigest()
        self.count("thumbnail")
        return answer({"kind": "youtube#thumbnailSetResponse", "items": [{"default": {"url": "https://i.ytimg.com/"}}]})

    @route("GET", "/api/videoCategories")
    def categories(self, call: Call) -> Response:
        self._account(call, READ, SSL)
        named = (("22", "People & Blogs", True), ("28", "Science & Technology", True), ("30", "Movies", False))
        return self._list(call, [
            {"id": key, "snippet": {"title": title, "assignable": assignable}} for key, title, assignable in named
        ])  # fmt: skip

    @route("GET", "/analytics/reports")
    def reports(self, call: Call) -> Response:
        account, query = self._account(call, READ), call.query
        if self.switches.get("no_reports"):
            raise refused(403, "accessNotConfigured", "The YouTube Analytics API is not enabled.", "PERMISSION_DENIED")
        if query.get("ids") != "channel==MINE" or query.get("dimensions") != "video":
            raise refused(400, "badRequest", "The query is not supported.")
        asked = query.get("filters", "").removeprefix("video==").split(",")
        figures = {"shares": 3, "subscribersGained": 1, "estimatedMinutesWatched": 95, "views": 41}
        names = query.get("metrics", "").split(",")
        mine = [post for post in self.listed(account.id) if post.id in asked]
        headers = [{"name": name} for name in ("video", *names)]
        grown = {post.id: self.grown(post, figures) for post in mine}
        rows = [[post.id, *(grown[post.id][name] for name in names)] for post in mine]
        return answer({"kind": "youtubeAnalytics#resultTable", "columnHeaders": headers, "rows": rows})

    # Comments

    @route("POST", "/api/commentThreads")
    def comment(self, call: Call) -> Response:
        account, said = self._account(call, SSL), call.json
        try:
            video, text = said["snippet"]["videoId"], said["snippet"]["topLevelComment"]["snippet"]["textOriginal"]
        except (KeyError, TypeError):
            raise refused(400, "commentTextRequired", "The thread needs a video and a text.") from None
        post = self._post(video, "videoNotFound")
        if self.switches.get("comments_disabled") or post.extra["status"].get("selfDeclaredMadeForKids"):
            raise refused(403, "commentsDisabled", "The video takes no comments.", "PERMISSION_DENIED")
        if not text.strip() or len(text) > MOST_COMMENT:
            raise refused(
                400, "commentTextTooLong" if text.strip() else "commentTextRequired", "The text does not fit."
            )
        made = self.publish(account.id, text, id=f"Ug{uuid4().hex}", kind="comment", parent=video)
        return answer(_thread(made))

    @route("GET", "/api/commentThreads")
    def comment_threads(self, call: Call) -> Response:
        self._account(call, SSL)
        video, now = self._post(call.query.get("videoId", ""), "videoNotFound"), self.clock.now()
        there = [each for each in self.posts.values() if each.parent == video.id and each.public]
        return self._list(call, [_thread(each) for each in reversed(there) if each.visible_at <= now])

    @route("GET", "/api/comments")
    def comments(self, call: Call) -> Response:
        self._account(call, SSL, READ)
        post = self.posts.get(call.query.get("id", ""))
        return self._list(call, [_comment(post)] if post and post.public and post.kind == "comment" else [])

    @route("DELETE", "/api/comments")
    def delete_comment(self, call: Call) -> Response:
        self._account(call, SSL)
        self._post(call.query.get("id", ""), "commentNotFound").public = False
        return Response(204, b"")

    # Rules of the server

    def _account(self, call: Call, *scopes: str) -> Account:
        """The account of the call's token, which has one of `scopes`."""
        account = self.account_of(call.token)
        if account is None:
            raise refused(401, "authError", "Request had invalid authentication credentials.", "UNAUTHENTICATED")
        granted = str(self.tokens[call.token].get("scopes", "")).split()
        if not set(granted) & set(scopes):
            message = "Request had insufficient authentication scopes."
            raise refused(403, "insufficientPermissions", message, "PERMISSION_DENIED")
        return account

    def _post(self, key: str, reason: str) -> Post:
        post = self.posts.get(key)
        if post is None or not post.public:
            raise refused(404, reason, f"{key} cannot be found.", "NOT_FOUND")
        return post

    def _list(self, call: Call, items: list[dict[str, Any]]) -> Response:
        """One page of a list, with those parts of its items that were asked for."""
        parts = call.query.get("part", "").split(",")
        if parts == [""]:
            raise refused(400, "missingRequiredParameter", "No filter selected: part is required.")
        start, most = int(call.query.get("pageToken", "0")), int(call.query.get("maxResults", "5"))
        most = 50 if "id" in call.query else most
        page = [{name: value for name, value in item.items() if name in {"id", "kind", *parts}}
                for item in items[start : start + most]]  # fmt: skip
        further = {"nextPageToken": str(start + most)} if start + most < len(items) else {}
        return answer({"items": page, **further})

    def _item(self, post: Post) -> dict[str, Any]:
        rejected = self.switches.get("reject")
        done = post.extra["done_at"] <= self.clock.now()
        state = {"uploadStatus": ("rejected" if rejected else "processed") if done else "uploaded"}
        reason = {"rejectionReason": rejected} if done and rejected else {}
        snippet = {**post.extra["snippet"], "channelId": post.account_id, "publishedAt": _iso(post.created_at)}
        return {
            "kind": "youtube#video",
            "id": post.id,
            "snippet": snippet,
            "status": {**post.extra["status"], **state, **reason},
            "contentDetails": {"hasCustomThumbnail": "thumbnail" in post.extra},
            "statistics": {name: str(value) for name, value in self.grown(post, STATISTICS).items()},
        }


def _checked(metadata: Any) -> dict[str, Any]:
    """The metadata of a video. Raises `Refuse` for those that the API refuses."""
    said = metadata if isinstance(metadata, dict) else {}
    snippet, status = said.get("snippet", {}), said.get("status", {})
    for group, fields in ((snippet, _SNIPPET), (status, _STATUS)):
        for name, value in group.items():
            if not isinstance(value, fields.get(name, ())):
                raise refused(400, "badRequest", f'Invalid JSON payload received. Invalid value at "{name}".')
    if unknown := set(said) - {"snippet", "status"}:
        raise refused(400, "badRequest", f"Invalid JSON payload received. Unknown name {unknown}.")
    title, description = snippet.get("title", ""), snippet.get("description", "")
    if not title.strip() or len(title) > MOST_TITLE or set(title) & set("<>"):
        raise refused(400, "invalidTitle", "The request metadata specifies an invalid or empty video title.")
    if len(description.encode()) > MOST_DESCRIPTION or set(description) & set("<>"):
        raise refused(400, "invalidDescription", "The request metadata specifies an invalid video description.")
    tags = snippet.get("tags", [])
    if len(",".join(f'"{tag}"' if " " in tag else tag for tag in tags)) > MOST_TAGS:
        raise refused(400, "invalidTags", "The request metadata specifies invalid video keywords.")
    if not snippet.get("categoryId", "22").isdigit():
        raise refused(400, "invalidCategoryId", "The request metadata specifies an invalid category.")
    if status.get("privacyStatus", "public") not in {"public", "unlisted", "private"}:
        raise refused(400, "badRequest", "Invalid value for privacyStatus.")
    return {"snippet": snippet, "status": {"privacyStatus": "public", **status}}


def _playlist(account: str) -> str:
    return f"UU{account[2:]}"


def _day(moment: float) -> str:
    return datetime.fromtimestamp(moment, ZoneInfo("America/Los_Angeles")).date().isoformat()


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _thread(post: Post) -> dict[str, Any]:
    snippet = {"videoId": post.parent, "topLevelComment": _comment(post)}
    return {"kind": "youtube#commentThread", "id": post.id, "snippet": snippet}


def _comment(post: Post) -> dict[str, Any]:
    snippet = {
        "textOriginal": post.raw, "textDisplay": post.text, "publishedAt": _iso(post.created_at),
        "authorChannelId": {"value": post.account_id},
    }  # fmt: skip
    return {"kind": "youtube#comment", "id": post.id, "snippet": snippet}


STANDIN = YouTubeStandin
