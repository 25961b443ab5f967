"""Mastodon: one instance, with limits of its own, keys that hold an hour, and posts as HTML."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from pressroom.platforms import counting
from sandbox.social.frame.standin import Account, Call, Post, Refuse, Standin, answer, route
from sandbox.wire import Response

FIGURES = {"favourites_count": 4, "reblogs_count": 2, "quotes_count": 1}
KEY_SECONDS = 3600
RATE_SECONDS = 3 * 3600
UNATTACHED_SECONDS = 86400
SCOPES = "read:accounts read:statuses write:statuses write:media"
VISIBILITIES = {"public", "unlisted", "private", "direct"}
LIMITS: dict[str, dict[str, Any]] = {
    "statuses": {"max_characters": 500, "max_media_attachments": 4, "characters_reserved_per_url": 23},
    "media_attachments": {
        "supported_mime_types": ["image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "video/webm"],
        "description_limit": 1500,
        "image_size_limit": 16_777_216,
        "image_matrix_limit": 33_177_600,
        "video_size_limit": 103_809_024,
        "video_frame_rate_limit": 120,
        "video_matrix_limit": 8_294_400,
    },
}


def refused(message: str, status: int = 422, **headers: str) -> Refuse:
    return Refuse(answer({"error": message}, status, **headers))


class MastodonStandin(Standin):
    """switches: `processing` (seconds that a file takes), `failing` (files fail), `posts` (in 3 hours)."""

    name = "mastodon"
    title = "Mastodon"

    def start(self) -> None:
        self.limits = {name: dict(group) for name, group in LIMITS.items()}
        self.switches.update(processing=4.0, failing=False, posts=300)
        self.files: dict[str, dict[str, Any]] = {}
        self.keys: dict[tuple[str, str], tuple[float, str]] = {}
        self.add_account(Account(id="109000000000000001", name="demo", title="Demo of Mastodon"))
        self.add_account(Account(id="109000000000000002", name="other", title="Another"))

    def seed(self, scopes: str = SCOPES) -> dict[str, Any]:
        account = next(iter(self.accounts.values()))
        named = {"remote_id": account.id, "name": f"{account.name}@mastodon.test", "title": account.title}
        return {"account": named, "credentials": {"access": self.grant(account.id, scopes=scopes)}}

    def post_text(self, text: str, *, at: float) -> Post:
        """A post that the account made by another way, e.g. on a phone. at: when, by the instance's clock."""
        extra = {"visibility": "public", "spoiler_text": "", "sensitive": False, "language": "en"}
        return self.publish(next(iter(self.accounts)), text, created_at=at, extra=extra)

    # The instance and its accounts

    @route("GET", "/api/api/v2/instance")
    @route("GET", "/api/api/v2/instance/")
    def instance(self, call: Call) -> Response:
        return answer(
            {"domain": "mastodon.test", "title": "Stand-in", "version": "4.5.0", "configuration": self.limits}
        )

    @route("GET", "/api/api/v1/accounts/verify_credentials")
    def verify_credentials(self, call: Call) -> Response:
        return answer(_account(self._account(call, "read:accounts")))

    @route("GET", "/api/api/v1/accounts/{id}/statuses")
    def account_statuses(self, call: Call) -> Response:
        self._account(call, "read:statuses")
        query = call.query
        most = min(int(query.get("limit", 20)), 40)
        shown = [post for post in self.listed(call.found["id"]) if int(post.id) < int(query.get("max_id", 10**30))]
        if query.get("exclude_replies") == "true":
            shown = [post for post in shown if not post.parent]
        return answer([self._status(post) for post in shown[:most]])

    # Files

    @route("POST", "/api/api/v2/media")
    def upload(self, call: Call) -> Response:
        account, part = self._account(call, "write:media"), call.file("file")
        if part is None:
            raise refused("Validation failed: File can't be blank")
        kind, alt = part.media_type.partition(";")[0], call.form.get("description", "")
        limits, sort = self.limits["media_attachments"], kind.partition("/")[0]
        if kind not in limits["supported_mime_types"]:
            raise refused("Validation failed: File content type is invalid, File is invalid")
        if len(part.content) >= limits[f"{sort}_size_limit"]:
            raise refused(f"Validation failed: File must be less than {limits[f'{sort}_size_limit']} bytes")
        if len(alt) > limits["description_limit"]:
            raise refused(f"Validation failed: Description is too long (maximum is {limits['description_limit']})")
        now = self.clock.now()
        file = {"id": str(110_000_000 + len(self.files)), "type": sort, "alt": alt, "account": account.id,
                "ready": now + self.switches["processing"], "until": now + UNATTACHED_SECONDS, "post": ""}  # fmt: skip
        self.files[file["id"]] = file
        self.count("media")
        return answer(self._file(file), 202)

    @route("GET", "/api/api/v1/media/{id}")
    def media(self, call: Call) -> Response:
        file = self._unattached(self._account(call, "write:media"), call.found["id"])
        if file is None:
            raise refused("Record not found", 404)
        done = file["ready"] <= self.clock.now()
        if done and self.switches["failing"]:
            raise refused("Error processing thumbnail for uploaded media")
        return answer(self._file(file), 200 if done else 206)

    def _unattached(self, account: Account, file_id: str) -> dict[str, Any] | None:
        file = self.files.get(file_id)
        good = file and file["account"] == account.id and not file["post"] and file["until"] > self.clock.now()
        return file if good else None

    def _file(self, file: dict[str, Any]) -> dict[str, Any]:
        url = f"https://mastodon.test/media/{file['id']}" if file["ready"] <= self.clock.now() else None
        return {"id": file["id"], "type": file["type"], "url": url, "preview_url": url, "description": file["alt"]}

    # Posts

    @route("POST", "/api/api/v1/statuses")
    def post_status(self, call: Call) -> Response:
        account = self._account(call, "write:statuses")
        given = (account.id, call.request.headers.get("idempotency-key", ""))
        until, earlier = self.keys.get(given, (0.0, ""))
        if given[1] and until > self.clock.now():
            return answer(self._status(self._post(earlier)))
        self._check_rate(account)
        said = call.json if isinstance(call.json, dict) else _form(call)
        files, parent = self._files_of(account, said), str(said.get("in_reply_to_id") or "")
        self._check(said, files, parent)
        post = self.publish(account.id, said.get("status") or "", id=self.new_id(), parent=parent, files=files, extra={
            "visibility": said.get("visibility") or "public", "spoiler_text": said.get("spoiler_text") or "",
            "sensitive": bool(said.get("sensitive")), "language": said.get("language") or "en",
        })  # fmt: skip
        for file in files:
            file["post"] = post.id
        self.keys[given] = (self.clock.now() + KEY_SECONDS, post.id)
        return answer(self._status(post))

    @route("GET", "/api/api/v1/statuses/{id}")
    def status(self, call: Call) -> Response:
        self._account(call, "read:statuses")
        return answer(self._status(self._post(call.found["id"])))

    @route("GET", "/api/api/v1/statuses/{id}/source")
    def source(self, call: Call) -> Response:
        account, post = self._account(call, "read:statuses"), self._post(call.found["id"])
        if post.account_id != account.id:
            raise refused("This action is not allowed", 403)
        return answer({"id": post.id, "text": post.raw, "spoiler_text": post.extra["spoiler_text"]})

    @route("DELETE", "/api/api/v1/statuses/{id}")
    def delete_status(self, call: Call) -> Response:
        account, post = self._account(call, "write:statuses"), self._post(call.found["id"])
        if post.account_id != account.id:
            raise refused("Record not found", 404)
        post.public = False
        return answer({**self._status(post), "text": post.raw})

    def _check_rate(self, account: Account) -> None:
        start = self.clock.now() - RATE_SECONDS
        recent = [post for post in self.posts.values() if post.account_id == account.id and post.created_at > start]
        if len(recent) >= self.switches["posts"]:
            reset = min(post.created_at for post in recent) + RATE_SECONDS
            raise refused("Too many requests", 429, x_ratelimit_reset=_moment(reset), x_ratelimit_remaining="0")

    def _files_of(self, account: Account, said: dict[str, Any]) -> list[dict[str, Any]]:
        wanted = [str(each) for each in said.get("media_ids") or ()]
        if len(wanted) > self.limits["statuses"]["max_media_attachments"]:
            raise refused("Cannot attach more than 4 files")
        files = [file for file in (self._unattached(account, each) for each in wanted) if file]
        if len(files) != len(wanted):
            raise refused("Media attachments are missing, expired or attached already")
        if len(files) > 1 and any(file["type"] == "video" for file in files):
            raise refused("Cannot attach a video to a post that already contains images")
        if any(file["ready"] > self.clock.now() for file in files):
            raise refused("Cannot attach files that have not finished processing. Try again in a moment!")
        return files

    def _check(self, said: dict[str, Any], files: list[dict[str, Any]], parent: str) -> None:
        text, limits = said.get("status") or "", self.limits["statuses"]
        words = (said.get("spoiler_text") or "") + text
        if counting.mastodon_length(words, of_link=limits["characters_reserved_per_url"]) > limits["max_characters"]:
            raise refused(f"Validation failed: Text character limit of {limits['max_characters']} exceeded")
        if not text.strip() and not files:
            raise refused("Validation failed: Text can't be blank")
        if (said.get("visibility") or "public") not in VISIBILITIES:
            raise refused("Validation failed: Visibility is not included in the list")
        if parent and (parent not in self.posts or not self.posts[parent].public):
            raise refused("The post you are trying to reply to does not appear to exist.", 404)

    def _post(self, post_id: str) -> Post:
        post = self.posts.get(post_id)
        if post is None or not post.public:
            raise refused("Record not found", 404)
        return post

    def _status(self, post: Post) -> dict[str, Any]:
        account = self.accounts[post.account_id]
        parent = self.posts.get(post.parent)
        return {
            "id": post.id, "created_at": _moment(post.created_at), "in_reply_to_id": post.parent or None,
            "in_reply_to_account_id": parent.account_id if parent else None, "content": as_html(post.text),
            "url": f"https://mastodon.test/@{account.name}/{post.id}", "reblog": None, "account": _account(account),
            "uri": f"https://mastodon.test/users/{account.name}/statuses/{post.id}", **post.extra,
            "media_attachments": [self._file(file) for file in post.files], "mentions": [], "tags": [], "emojis": [],
            "card": None, "poll": None, **self.grown(post, FIGURES),
            "replies_count": sum(each.parent == post.id and each.public for each in self.posts.values()),
        }  # fmt: skip

    # Tokens

    def _account(self, call: Call, scope: str) -> Account:
        """The account of the token. Raises `Refuse` for a token that does not hold, or not for this."""
        if call.token not in self.tokens:
            ours = call.token.startswith(f"{self.name}-access-")
            raise refused("The access token was revoked" if ours else "The access token is invalid", 401)
        account = self.account_of(call.token)
        if account is None:
            raise refused("The access token expired", 401)
        scopes = str(self.tokens[call.token].get("scopes") or SCOPES).split()
        if not {scope, scope.partition(":")[0]} & set(scopes):
            raise refused("This action is outside the authorized scopes", 403)
        return account


STANDIN = MastodonStandin


def as_html(text: str) -> str:
    """The words as an instance shows them: paragraphs, line breaks, links that are cut for the eye."""
    shown = html.escape(text, quote=True).replace("&#x27;", "&#39;")
    link = (
        r'<a href="\1\2" rel="nofollow noopener" target="_blank"><span class="invisible">\1</span><span>\2</span></a>'
    )
    shown = re.sub(r"(https?://)([^\s<]+)", link, shown)
    paragraphs = [part.replace("\n", "<br />") for part in re.split(r"\n{2,}", shown.strip())]
    return "".join(f"<p>{part}</p>" for part in paragraphs)


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _form(call: Call) -> dict[str, Any]:
    """The fields of a form; `media_ids[]` is a list."""
    return {**call.form, "media_ids": parse_qs(call.body.decode("utf-8", "replace")).get("media_ids[]", [])}


def _account(account: Account) -> dict[str, Any]:
    return {
        "id": account.id, "username": account.name, "acct": account.name, "display_name": account.title, "bot": False,
        "url": f"https://mastodon.test/@{account.name}", "avatar": "https://mastodon.test/avatar.png", "locked": False,
    }  # fmt: skip
