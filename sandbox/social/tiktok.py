"""TikTok: the content posting API v2, its uploads in chunks, pictures it fetches itself, and the creator's list.

Switches: `unaudited` (only private accounts may post, to themselves), `private` (the account is), `status_200` (errors
come with status 200), `fail` (a reason: posts end with it), `processing_seconds`, `moderation_seconds` (until a public
post has its id), `unverified` (the media door's address is not the app's), `creator` (changes to what the creator's
account allows).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from sandbox.social.frame import media
from sandbox.social.frame.oauth import Consent, Family
from sandbox.social.frame.standin import Account, Call, Post, Refuse, Standin, answer, route
from sandbox.wire import Response

SCOPES = "user.info.basic,video.publish,video.upload,video.list"
LEAST_CHUNK, MOST_CHUNK, MOST_LAST, MOST_CHUNKS = 5 * 1024 * 1024, 64 * 1024 * 1024, 128 * 1024 * 1024, 1000
FIGURES = {"like_count": 5, "comment_count": 1, "share_count": 2, "view_count": 120}
UPLOAD_SECONDS = 3600
MOST_TITLE, MOST_PHOTO_TITLE, MOST_DESCRIPTION, MOST_PHOTOS, MOST_PHOTO_BYTES = 2200, 90, 4000, 35, 20_000_000
AGENT = "TikTokBot/1.0"
INITS, STATUSES, CREATORS = 6, 30, 20
"""Calls that are taken in a minute."""
LEVELS = ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
_BOTH = {"title": str, "privacy_level": str, "disable_comment": bool, "brand_content_toggle": bool,
         "brand_organic_toggle": bool}  # fmt: skip
_VIDEO = {**_BOTH, "disable_duet": bool, "disable_stitch": bool, "video_cover_timestamp_ms": int, "is_aigc": bool}
_PHOTO = {**_BOTH, "description": str, "auto_add_music": bool}
_STATUS = {
    "access_token_invalid": 401, "scope_not_authorized": 401, "rate_limit_exceeded": 429, "internal_error": 500,
    "unaudited_client_can_only_post_to_private_accounts": 403, "url_ownership_unverified": 403,
    "spam_risk_too_many_posts": 403,
}  # fmt: skip


@dataclass
class Publishing:
    """A post on its way. inbox: a person publishes it in the app. length: bytes of a film; 0 for pictures."""

    account: str
    text: str
    title: str = ""
    privacy: str = ""
    inbox: bool = False
    length: int = 0
    chunk: int = 0
    content: bytes = b""
    until: float = 0.0
    fail: str = ""
    done_at: float = 0.0
    post: str = ""
    files: list[dict[str, Any]] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return len(self.content) == self.length


class TikTokStandin(Standin):
    name = "tiktok"
    title = "TikTok"

    def start(self) -> None:
        self.publishing: dict[str, Publishing] = {}
        self.calls: dict[str, list[float]] = {}
        self.consent = Consent(self, pkce="hex", client_field="client_key", access_seconds=86_400, code_seconds=600,
                               refresh="new")  # fmt: skip
        self.switches = {"processing_seconds": 10.0, "moderation_seconds": 10.0}
        self.add_account(Account(id="-000demoOpenId", name="pressroom.demo", title="Pressroom demo"))

    def seed(self) -> dict[str, Any]:
        account = next(iter(self.accounts.values()))
        family = Family(account.id, SCOPES)
        access = self.grant(account.id, seconds=86_400, scopes=SCOPES)
        named = {"remote_id": account.id, "name": account.name, "title": account.title}
        return {"account": named, "credentials": {"access": access, "refresh": self.consent.refresh_token(family)}}

    # Accounts

    @route("GET", "/oauth/v2/auth/authorize/")
    def consent_page(self, call: Call) -> Response:
        return self.consent.page(call)

    @route("POST", "/api/v2/oauth/token/")
    def token(self, call: Call) -> Response:
        return self.consent.token(call)

    @route("GET", "/api/v2/user/info/")
    def user_info(self, call: Call) -> Response:
        account = self._account(call, "user.info.basic")
        user = {"open_id": account.id, "display_name": account.title, "avatar_url": "", "union_id": "u"}
        return self._data({"user": _chosen(user, self._fields(call))})

    @route("POST", "/api/v2/post/publish/creator_info/query/")
    def creator_info(self, call: Call) -> Response:
        account = self._account(call, "video.publish")
        self._limit("creator", account, CREATORS)
        return self._data(self._creator(account))

    def _creator(self, account: Account) -> dict[str, Any]:
        return {
            "creator_username": account.name, "creator_nickname": account.title, "creator_avatar_url": "",
            "privacy_level_options": ["FOLLOWER_OF_CREATOR", *LEVELS[1:]] if self.switches.get("private") else LEVELS,
            "comment_disabled": False, "duet_disabled": False, "stitch_disabled": False,
            "max_video_post_duration_sec": 600, **self.switches.get("creator", {}),
        }  # fmt: skip

    # Films

    @route("POST", "/api/v2/post/publish/video/init/")
    def video_init(self, call: Call) -> Response:
        account, said = self._begin(call, "video.publish", {"post_info", "source_info"})
        info = self._checked(account, said.get("post_info"), _VIDEO, MOST_TITLE)
        return self._upload(call, said, Publishing(account.id, info.get("title", ""), privacy=info["privacy_level"]))

    @route("POST", "/api/v2/post/publish/inbox/video/init/")
    def inbox_init(self, call: Call) -> Response:
        account, said = self._begin(call, "video.upload", {"source_info"})
        return self._upload(call, said, Publishing(account.id, "", inbox=True))

    def _upload(self, call: Call, said: dict[str, Any], made: Publishing) -> Response:
        source = said.get("source_info")
        source = source if isinstance(source, dict) else {}
        if source.get("source") != "FILE_UPLOAD" or set(source) != {
            "source", "video_size", "chunk_size", "total_chunk_count",
        }:  # fmt: skip
            raise self.refused("invalid_params", "source_info is not that of a file upload.")
        size, chunk, count = source["video_size"], source["chunk_size"], source["total_chunk_count"]
        whole = count == 1 and chunk == size <= MOST_CHUNK
        if not whole and not (
            LEAST_CHUNK <= chunk <= MOST_CHUNK and count == size // chunk <= MOST_CHUNKS
            and size - (count - 1) * chunk <= MOST_LAST
        ):  # fmt: skip
            raise self.refused("invalid_params", "The chunk size or the number of chunks is invalid.")
        made.length, made.chunk, made.until = size, chunk, self.clock.now() + UPLOAD_SECONDS
        key = f"v_pub_file~v2-1.{uuid4().int % 10**19}"
        self.publishing[key] = made
        return self._data({"publish_id": key, "upload_url": f"{call.origin}/tiktok/upload/video/?upload_id={key}"})

    @route("PUT", "/upload/video/")
    def take_chunk(self, call: Call) -> Response:
        made = self.publishing.get(call.query.get("upload_id", ""))
        place = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", call.request.headers.get("content-range", ""))
        if made is None or made.until <= self.clock.now():
            return Response(403, b"<Error>The upload address is over.</Error>", {"content-type": "application/xml"})
        if place is None or int(place[3]) != made.length or int(place[2]) - int(place[1]) + 1 != len(call.body):
            return Response(400, b"<Error>Content-Range does not fit.</Error>", {"content-type": "application/xml"})
        there, rest = len(made.content), made.length - int(place[1])
        due = made.chunk if rest >= 2 * made.chunk else rest
        if int(place[1]) != there or made.whole or len(call.body) != due:
            return Response(416, b"", {"content-range": f"bytes 0-{there}/{made.length}"})
        made.content += call.body
        self.count("chunk")
        if not made.whole:
            return Response(206, b"", {"content-range": f"bytes 0-{len(made.content) - 1}/{made.length}"})
        made.files = [{"type": "video", "size": made.length}]
        self._take(made)
        return Response(201, b"")

    # Pictures

    @route("POST", "/api/v2/post/publish/content/init/")
    async def content_init(self, call: Call) -> Response:
        inbox = (call.json or {}).get("post_mode") == "MEDIA_UPLOAD"
        scope = "video.upload" if inbox else "video.publish"
        account, said = self._begin(call, scope, {"post_info", "source_info", "media_type", "post_mode"})
        if said.get("media_type") != "PHOTO" or said.get("post_mode") not in {"DIRECT_POST", "MEDIA_UPLOAD"}:
            raise self.refused("invalid_params", "media_type or post_mode is invalid.")
        info = said.get("post_info")
        info = info if inbox and isinstance(info, dict) else self._checked(account, info, _PHOTO, MOST_PHOTO_TITLE)
        if _units(info.get("description", "")) > MOST_DESCRIPTION:
            raise self.refused("invalid_params", "The description is too long.")
        addresses = self._addresses(call, said.get("source_info"))
        made = Publishing(account.id, info.get("description", ""), title=info.get("title", ""), inbox=inbox,
                          privacy=info.get("privacy_level", ""))  # fmt: skip
        for address in addresses:
            made.fail = made.fail or _failure(await media.fetch(address, agent=AGENT))
        made.files = [{"type": "image", "address": address} for address in addresses]
        self.publishing[key := f"p_pub_url~v2.{uuid4().int % 10**19}"] = made
        self._take(made)
        return self._data({"publish_id": key})

    def _addresses(self, call: Call, source: Any) -> list[str]:
        source = source if isinstance(source, dict) else {}
        addresses = source.get("photo_images", [])
        fits = source.get("source") == "PULL_FROM_URL" and source.get("photo_cover_index") in range(len(addresses))
        if not fits or not 1 <= len(addresses) <= MOST_PHOTOS:
            raise self.refused("invalid_params", "source_info is not that of pictures to fetch.")
        if self.switches.get("unverified") or not all(one.startswith(f"{call.origin}/") for one in addresses):
            raise self.refused("url_ownership_unverified", "Please verify the domain or the URL prefix.")
        return [str(one) for one in addresses]

    def _take(self, made: Publishing) -> None:
        """Works on a post that is whole."""
        made.done_at = self.clock.now() + self.switches["processing_seconds"]
        made.fail = made.fail or self.switches.get("fail", "")
        if not made.fail and not made.inbox:
            self._publish(made)

    def _publish(self, made: Publishing) -> None:
        post = self.publish(made.account, made.text, title=made.title, files=made.files,
                            extra={"privacy": made.privacy})  # fmt: skip
        post.visible_at = max(post.visible_at, made.done_at + self.switches["moderation_seconds"])
        post.link, made.post = f"https://www.tiktok.com/@{self.accounts[made.account].name}/video/{post.id}", post.id

    def accept(self, key: str, text: str = "", privacy: str = LEVELS[0]) -> None:
        """The person publishes from the inbox."""
        made = self.publishing[key]
        made.text, made.privacy, made.inbox = text or made.text, privacy, False
        self._publish(made)

    # Asking

    @route("POST", "/api/v2/post/publish/status/fetch/")
    def status(self, call: Call) -> Response:
        account = self._account(call, "video.publish", "video.upload")
        self._limit("status", account, STATUSES)
        made = self.publishing.get((call.json or {}).get("publish_id", ""))
        if made is None or made.account != account.id:
            raise self.refused("invalid_publish_id", "The publish_id is unknown.")
        return self._data(self._progress(made))

    def _progress(self, made: Publishing) -> dict[str, Any]:
        there = {"uploaded_bytes": len(made.content)} if made.length else {"downloaded_bytes": 0}
        if not made.whole or made.done_at > self.clock.now():
            return {"status": "PROCESSING_UPLOAD" if made.length else "PROCESSING_DOWNLOAD", **there}
        if made.fail:
            return {"status": "FAILED", "fail_reason": made.fail}
        if made.inbox:
            return {"status": "SEND_TO_USER_INBOX", **there}
        post = self.posts[made.post]
        seen = made.privacy == LEVELS[0] and post.visible_at <= self.clock.now()
        return {"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": [int(post.id)] if seen else [], **there}

    @route("POST", "/api/v2/video/list/")
    def video_list(self, call: Call) -> Response:
        account, said = self._account(call, "video.list"), call.json or {}
        most, before = said.get("max_count", 10), said.get("cursor", 10**15)
        if not 1 <= most <= 20:
            raise self.refused("invalid_params", "max_count is at most 20.")
        there = [post for post in self.listed(account.id) if _is_open(post) and post.created_at * 1000 < before]
        cursor = int(there[most - 1].created_at * 1000) if len(there) > most else 0
        videos = [_chosen(self._video(post), self._fields(call)) for post in there[:most]]
        return self._data({"videos": videos, "cursor": cursor, "has_more": len(there) > most})

    def _video(self, post: Post) -> dict[str, Any]:
        return {
            "id": post.id, "title": post.title or post.text[:50], "video_description": post.text,
            "create_time": int(post.created_at), "share_url": post.link, **self.grown(post, FIGURES),
        }  # fmt: skip

    @route("POST", "/api/v2/video/query/")
    def video_query(self, call: Call) -> Response:
        account = self._account(call, "video.list")
        ids = ((call.json or {}).get("filters") or {}).get("video_ids", [])
        if not 1 <= len(ids) <= 20:
            raise self.refused("invalid_params", "1 to 20 video_ids are taken.")
        there = [post for post in self.listed(account.id) if post.id in ids and _is_open(post)]
        return self._data({"videos": [_chosen(self._video(post), self._fields(call)) for post in there]})

    # Rules of the server

    def refused(self, code: str, message: str) -> Refuse:
        status = 200 if self.switches.get("status_200") else _STATUS.get(code, 400)
        return Refuse(answer({"data": {}, "error": {"code": code, "message": message, "log_id": "2026"}}, status))

    def _data(self, data: dict[str, Any]) -> Response:
        return answer({"data": data, "error": {"code": "ok", "message": "", "log_id": "2026"}})

    def _account(self, call: Call, *scopes: str) -> Account:
        """The account of the call's token, which has one of `scopes`."""
        account = self.account_of(call.token)
        if account is None:
            raise self.refused("access_token_invalid", "The access token is invalid or not found in the request.")
        if not set(str(self.tokens[call.token].get("scopes", "")).split(",")) & set(scopes):
            raise self.refused("scope_not_authorized", "The user did not authorize the scope.")
        return account

    def _fields(self, call: Call) -> list[str]:
        fields = call.query.get("fields", "")
        if not fields:
            raise self.refused("invalid_params", "fields are required.")
        return fields.split(",")

    def _begin(self, call: Call, scope: str, fields: set[str]) -> tuple[Account, dict[str, Any]]:
        account, said = self._account(call, scope), call.json
        self._limit("init", account, INITS)
        if not isinstance(said, dict) or not set(said) <= fields:
            raise self.refused("invalid_params", "The request has unknown fields.")
        return account, said

    def _limit(self, kind: str, account: Account, most: int) -> None:
        """One call of this kind. Raises `Refuse` after `most` in a minute."""
        now, name = self.clock.now(), f"{kind} {account.id}"
        self.calls[name] = [moment for moment in self.calls.get(name, []) if moment > now - 60]
        if len(self.calls[name]) >= most:
            raise self.refused("rate_limit_exceeded", "The API rate limit was exceeded.")
        self.calls[name].append(now)

    def _checked(self, account: Account, said: Any, fields: dict[str, type], most: int) -> dict[str, Any]:
        info: dict[str, Any] = said if isinstance(said, dict) else {}
        for name, value in info.items():
            if not isinstance(value, fields.get(name, ())):
                raise self.refused("invalid_params", f"post_info.{name} is unknown or of another type.")
        if _units(info.get("title", "")) > most:
            raise self.refused("invalid_params", "The title is too long.")
        level = info.get("privacy_level", "")
        if self.switches.get("unaudited") and not (level == "SELF_ONLY" and self.switches.get("private")):
            raise self.refused(
                "unaudited_client_can_only_post_to_private_accounts", "Unaudited apps post to private accounts only."
            )
        if level not in self._creator(account)["privacy_level_options"]:
            raise self.refused("privacy_level_option_mismatch", "The privacy level is not among the creator's options.")
        if info.get("brand_content_toggle") and level == "SELF_ONLY":
            raise self.refused("invalid_params", "Branded content can't be private.")
        return info


def _units(text: str) -> int:
    """UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def _failure(found: media.Fetched) -> str:
    """The reason for which a picture can't be posted; empty when it can."""
    if found.status != 200:
        return "photo_pull_failed"
    if found.picture is None or found.picture[0] not in {"JPEG", "WEBP"}:
        return "file_format_check_failed"
    return "picture_size_check_failed" if len(found.content) > MOST_PHOTO_BYTES else ""


def _is_open(post: Post) -> bool:
    return bool(post.extra["privacy"] == LEVELS[0])


def _chosen(item: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name in fields}


STANDIN = TikTokStandin
