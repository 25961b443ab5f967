"""Facebook pages: posts, unpublished photos, films in phases, comments and figures.

Switches: `blocked` (368), `spam` (a word: links with it are refused, 1609008), `metrics` (those offered),
`unreadable` (single posts answer 100/33), and those of films.
"""

from __future__ import annotations

import io
import json
import re
from typing import Any

from PIL import Image, UnidentifiedImageError

from sandbox.social.facebook_api.films import VIDEO_FIELDS, GraphFilms, counts_told, fields_asked
from sandbox.social.frame.graph import DAY, SHORT_SECONDS, not_there, refused
from sandbox.social.frame.oauth import Consent
from sandbox.social.frame.standin import Account, Call, Post, answer, route
from sandbox.wire import Response

SCOPES = (
    "pages_show_list pages_manage_posts pages_read_engagement pages_manage_engagement read_insights business_management"
)
MOST_PHOTO, MOST_ATTACHED = 4_000_000, 10
POST_FIELDS = {
    "id",
    "message",
    "created_time",
    "permalink_url",
    "attachments",
    "from",
    "shares",
    "comments",
    "reactions",
}
FEED = {"message", "link", "published", "access_token"}
METRICS = {"post_total_media_view_unique": 41, "post_clicks": 6, "total_video_views": 33}


class FacebookStandin(GraphFilms):
    name = "facebook"
    title = "Facebook"

    def start(self) -> None:
        super().start()
        self.consent = Consent(self, pkce="", access_seconds=SHORT_SECONDS, code_seconds=600, refresh="none")
        self.photos: dict[str, dict[str, Any]] = {}
        self.add_account(Account(id="500100", name="A person", kind="user", extra={"pages": {
            "100200": ["CREATE_CONTENT", "ANALYZE"], "100201": ["ANALYZE"]}}))  # fmt: skip
        self.add_account(Account(id="100200", name="demo.page", title="Demo page", kind="page"))
        self.add_account(Account(id="100201", name="read.only", title="A page to look at", kind="page"))
        self.add_account(Account(id="100202", name="other.page", title="Another's page", kind="page"))

    def seed(self, *, scopes: str = SCOPES, page: str = "100200") -> dict[str, Any]:
        account = {"remote_id": page, "name": self.accounts[page].name, "kind": "page"}
        return {"account": account, "credentials": {"access": self.grant(page, scopes=scopes)}}

    # Tokens and pages

    @route("GET", "/oauth/{v}/dialog/oauth")
    def dialog(self, call: Call) -> Response:
        return self.consent.page(call)

    @route("POST", "/api/{v}/oauth/access_token")
    def first_token(self, call: Call) -> Response:
        return self.consent.token(call)

    @route("GET", "/api/{v}/oauth/access_token")
    def long_token(self, call: Call) -> Response:
        return self.exchange(call, "fb_exchange_token", "fb_exchange_token")

    @route("GET", "/api/{v}/me/accounts")
    def pages(self, call: Call) -> Response:
        person = self.signed_in(call, "pages_show_list")
        if person.kind == "page":
            raise refused(100, "(#100) Tried accessing nonexisting field (accounts) on node type (Page)")
        held = self.tokens[call.token]
        seconds = None if held.get("long") else SHORT_SECONDS
        told = []
        for page, tasks in person.extra["pages"].items():
            token = self.grant(page, seconds=seconds, scopes=held.get("scopes"))
            told.append({**self._named(self.accounts[page]), "tasks": tasks, "access_token": token})
        return answer({"data": told, "paging": {"cursors": {"before": "b", "after": "a"}}})

    def _named(self, account: Account) -> dict[str, Any]:
        return {"id": account.id, "name": account.title or account.name, "username": account.name}

    # Posts

    @route("POST", "/api/{v}/{id}/photos")
    def photo(self, call: Call) -> Response:
        page = self.page_of(call, "pages_manage_posts")
        file = call.file("source")
        if file is None or len(file.content) > MOST_PHOTO or not _is_picture(file.content):
            raise refused(1, "Missing or invalid image file", subcode=1366046)
        photo = {"page": page.id, "alt": call.form.get("alt_text_custom", ""), "made": self.clock.now(), "used": False}
        number = self.graph_id()
        self.photos[number] = photo
        self.count("photo")
        if call.form.get("published") != "false":
            self.publish(page.id, call.form.get("message", ""), id=f"{page.id}_{number}", kind="photo_story")
        return answer({"id": number})

    @route("POST", "/api/{v}/{id}/feed")
    def feed(self, call: Call) -> Response:
        page, said = self.page_of(call, "pages_manage_posts"), call.form
        attached = {name for name in said if re.fullmatch(r"attached_media\[\d+\]", name)}
        if unknown := set(said) - FEED - attached:
            raise refused(100, f"(#100) Unknown parameter: {', '.join(sorted(unknown))}")
        message, link = said.get("message", ""), said.get("link", "")
        if not (message.strip() or link or attached):
            raise refused(100, "Invalid parameter", shown="A post needs a message, a link or media.")
        self._check_words(message, link)
        photos = [self._photo(page, said[f"attached_media[{number}]"]) for number in range(len(attached))]
        if len(photos) > MOST_ATTACHED:
            raise refused(100, "(#100) Too many attached_media")
        before = next(iter(self.listed(page.id)), None)
        if before is not None and (before.raw, before.link, len(before.files)) == (message, link, len(photos)):
            raise refused(506, "Duplicate status message", subcode=1455006)
        for photo in photos:
            photo["used"] = True
        files = [{"type": "image", "alt": photo["alt"]} for photo in photos]
        post = self.publish(
            page.id, message.strip(), raw=message, id=f"{page.id}_{self.graph_id()}", files=files, link=link
        )
        return answer({"id": post.id})

    def _photo(self, page: Account, text: str) -> dict[str, Any]:
        """The unpublished photo that is attached. Raises `Refuse` for another page's, a used or an old one."""
        try:
            photo = self.photos[json.loads(text)["media_fbid"]]
        except (ValueError, KeyError, TypeError):
            raise refused(100, "(#100) Invalid parameter: attached_media") from None
        if photo["page"] != page.id or photo["used"] or self.clock.now() - photo["made"] > DAY:
            raise refused(100, "(#100) Param attached_media: the photo can't be used")
        return photo

    def _check_words(self, message: str, link: str) -> None:
        if self.switches.get("blocked"):
            raise refused(368, "The action attempted has been deemed abusive or is otherwise disallowed")
        spam = self.switches.get("spam")
        if spam and spam in message + link:
            raise refused(1609008, "The link you're trying to share is not allowed")

    @route("GET", "/api/{v}/{id}/published_posts")
    def published_posts(self, call: Call) -> Response:
        page = self.page_of(call, "pages_read_engagement")
        return self._paged(call, self.listed(page.id))

    # Comments

    @route("POST", "/api/{v}/{id}/comments")
    def comment(self, call: Call) -> Response:
        page, post = self.signed_in(call, "pages_manage_engagement"), self._seen(call)
        message = call.form.get("message", "")
        if not message.strip():
            raise refused(100, "(#100) Param message is required")
        self._check_words(message, "")
        number = f"{post.id.partition('_')[2] or post.id}_{self.graph_id()}"
        made = self.publish(page.id, message.strip(), raw=message, id=number, kind="comment", parent=post.id)
        if "fields" in call.query or "fields" in call.form:  # as the platform does: the comment is there
            raise refused(20, "Unsupported operation", subcode=1772107)
        return answer({"id": made.id})

    @route("GET", "/api/{v}/{id}/comments")
    def comments(self, call: Call) -> Response:
        page, post = self.signed_in(call, "pages_read_engagement"), self._seen(call)
        return self._paged(call, [each for each in self.listed(page.id, kind="comment") if each.parent == post.id])

    # Single objects

    @route("GET", "/api/{v}/{id}")
    def get_object(self, call: Call) -> Response:
        account, number = self.signed_in(call), call.found["id"]
        if number in {"me", account.id}:
            return answer(self._named(account))
        if number in self.films and self.films[number]["page"] == account.id:
            return answer(self.film_told(number, fields_asked(call, VIDEO_FIELDS)))
        post = self._seen(call)
        if self.switches.get("unreadable"):
            raise not_there(number)
        return answer(self._post_view(post, fields_asked(call, POST_FIELDS)))

    @route("DELETE", "/api/{v}/{id}")
    def delete(self, call: Call) -> Response:
        page, number = self.signed_in(call, "pages_manage_posts"), call.found["id"]
        film = self.films.pop(number, None)
        post = self.posts.get(film["post"] if film else number)
        if post is None or not post.public or post.account_id != page.id:
            raise not_there(number, "delete")
        post.public = False
        return answer({"success": True})

    @route("GET", "/api/{v}/{id}/insights")
    @route("GET", "/api/{v}/{id}/video_insights")
    def insights(self, call: Call) -> Response:
        self.signed_in(call, "read_insights")
        asked = call.query.get("metric", "").split(",")
        if set(asked) - set(self.switches.get("metrics", METRICS)):
            raise refused(100, "(#100) The value must be a valid insights metric")
        found = self.grown(self._seen(call), METRICS)
        return answer(
            {"data": [{"name": name, "period": "lifetime", "values": [{"value": found[name]}]} for name in asked]}
        )

    # Rules of the platform

    def _seen(self, call: Call) -> Post:
        number = call.found["id"]
        film = self.films.get(number)
        post = self.posts.get(film["post"] if film else number)
        if post is None or not post.public:
            raise not_there(number)
        return post

    def _paged(self, call: Call, posts: list[Post]) -> Response:
        fields = fields_asked(call, POST_FIELDS)
        start, size = int(call.query.get("after") or 0), int(call.query.get("limit", 25))
        if not 1 <= size <= 100:
            raise refused(100, "(#100) limit must be at most 100")
        said: dict[str, Any] = {"data": [self._post_view(post, fields) for post in posts[start : start + size]]}
        said["paging"] = {"cursors": {"before": str(start), "after": str(start + size)}}
        if start + size < len(posts):
            said["paging"]["next"] = "https://graph.facebook.com/next"
        return answer(said)

    def _post_view(self, post: Post, fields: set[str]) -> dict[str, Any]:
        said: dict[str, Any] = {
            "id": post.id, "created_time": self.time(post.created_at), "from": {"id": post.account_id},
            "permalink_url": f"https://www.facebook.com/{post.id}", "shares": {"count": 2}, **counts_told(),
        }  # fmt: skip
        if post.text:
            said["message"] = post.text
        if post.files or post.link:
            kinds = {"image": "photo", "video": "video"}
            first: dict[str, Any] = {"media_type": kinds[post.files[0]["type"]] if len(post.files) == 1 else "album"}
            if len(post.files) > 1:
                first["subattachments"] = {"data": [{"media_type": "photo"} for _ in post.files]}
            said["attachments"] = {"data": [first if post.files else {"media_type": "link"}]}
        return {name: value for name, value in said.items() if name in fields | {"id"}}


STANDIN = FacebookStandin


def _is_picture(content: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(content)) as image:
            return str(image.format) in {"JPEG", "PNG", "GIF", "BMP", "TIFF"}
    except (OSError, UnidentifiedImageError):
        return False
