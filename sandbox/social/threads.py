"""Threads: containers by the clock, replies, its own token exchange, and the limits of its posts."""

from __future__ import annotations

from typing import Any

from pressroom.platforms import counting
from sandbox.social.frame.containers import ContainerStandin
from sandbox.social.frame.graph import Container, not_there, refused
from sandbox.social.frame.media import Fetched
from sandbox.social.frame.oauth import Consent
from sandbox.social.frame.standin import Account, Call, answer, route
from sandbox.wire import Response

MOST_CHARACTERS, MOST_LINKS, MOST_CHILDREN = 500, 5, 20
MOST_POSTS, MOST_REPLIES, MOST_DELETED = 250, 1000, 100
MOST_BYTES, MOST_SHAPE = 8_388_608, 10
FIGURES = {"views": 120, "likes": 3, "replies": 2, "reposts": 1, "quotes": 0, "shares": 1, "clicks": 4}


class ThreadsStandin(ContainerStandin):
    name = "threads"
    title = "Threads"
    text = "text"
    allowed = frozenset({
        "media_type", "text", "image_url", "video_url", "alt_text", "is_carousel_item", "children", "reply_to_id",
        "reply_control", "topic_tag", "link_attachment", "quote_post_id", "location_id",
    })  # fmt: skip

    def start(self) -> None:
        super().start()
        self.consent = Consent(self, pkce="", access_seconds=3600, code_seconds=3600, refresh="none")
        self.add_account(Account(id="7811230000000001", name="demo", title="Demo"))

    def seed(self) -> dict[str, Any]:
        account = next(iter(self.accounts.values()))
        told = {"remote_id": account.id, "name": account.name, "title": account.title}
        return {"account": told, "credentials": {"access": self.grant(account.id)}}

    # Tokens

    @route("GET", "/login/oauth/authorize")
    def authorize(self, call: Call) -> Response:
        return self.consent.page(call)

    @route("POST", "/oauth/oauth/access_token")
    def token(self, call: Call) -> Response:
        return self.consent.token(call)

    @route("GET", "/oauth/access_token")
    def exchange_token(self, call: Call) -> Response:
        return self.exchange(call, "th_exchange_token")

    @route("GET", "/oauth/refresh_access_token")
    def refresh_token(self, call: Call) -> Response:
        return self.refresh(call, "th_refresh_token")

    @route("GET", "/api/me")
    def me(self, call: Call) -> Response:
        account = self.signed_in(call, "threads_basic")
        return answer({"id": account.id, "username": account.name, "name": account.title})

    # Posts

    @route("POST", "/api/{id}/threads")
    async def create(self, call: Call) -> Response:
        account, said = self.owner(call, "threads_content_publish"), call.form
        self._check(said)
        children = self.children_of(account, said, MOST_CHILDREN) if said.get("media_type") == "CAROUSEL" else []
        container = self.new_container(account, said, children=tuple(one.id for one in children))
        container.files = [self.file_of(one.said) for one in children]
        if (got := await self.download(said)) is not None:
            container.files, container.error = [self.file_of(said)], _fault(said, got)
        return answer({"id": container.id})

    def _check(self, said: dict[str, str]) -> None:
        text, kind = said.get("text", ""), said.get("media_type")
        if kind not in {"TEXT", "IMAGE", "VIDEO", "CAROUSEL"}:
            raise refused(100, f"Param media_type must be one of TEXT, IMAGE, VIDEO, CAROUSEL; got {kind}")
        if counting.threads_length(text) > MOST_CHARACTERS:
            raise refused(100, f"Param text must be at most {MOST_CHARACTERS} characters long.")
        links = {*counting.links(text), *filter(None, [said.get("link_attachment")])}
        if len(links) > MOST_LINKS:
            raise refused(100, "THREADS_API__LINK_LIMIT_EXCEEDED")
        if (kind == "TEXT") != (not any(said.get(name) for name in ("image_url", "video_url", "children"))):
            raise refused(100, f"media_type {kind} does not fit its files")
        if kind == "TEXT" and not text.strip():
            raise refused(100, "Param text is required for a text post")
        if said.get("link_attachment") and kind != "TEXT":
            raise refused(100, "link_attachment is for text posts alone")
        tag = said.get("topic_tag", "")
        if len(tag) > 50 or set(tag) & set(".&"):
            raise refused(100, "Param topic_tag has 1 to 50 characters without periods and ampersands")
        if (parent := said.get("reply_to_id")) and (parent not in self.posts or not self.posts[parent].public):
            raise not_there(parent, "post")

    @route("POST", "/api/{id}/threads_publish")
    def publish_container(self, call: Call) -> Response:
        account = self.owner(call, "threads_content_publish")
        container = self.containers.get(call.form.get("creation_id", ""))
        state = container.state(self.clock.now()) if container else ""
        if container is None or container.account != account.id or state in {"IN_PROGRESS", "EXPIRED"}:
            message = "The requested resource does not exist: Media Not Found"
            raise refused(24, message, subcode=4279009)
        if state != "FINISHED" or container.said.get("is_carousel_item") == "true":
            raise refused(100, f"The container can't be published: {container.error or state}")
        self._take_quota(account, container)
        return answer({"id": self.bring_out(container, parent=container.said.get("reply_to_id", "")).id})

    def _take_quota(self, account: Account, container: Container) -> None:
        is_reply = bool(container.said.get("reply_to_id"))
        most = MOST_REPLIES if is_reply else self.switches.get("most", MOST_POSTS)
        if len(self.recent(account, replies=is_reply)) >= most:
            raise refused(9, "The account has reached its limit of posts in 24 hours", subcode=2207042)

    @route("GET", "/api/{id}/threads")
    def posts_of(self, call: Call) -> Response:
        account = self.owner(call, "threads_basic")
        return self.page(call, [post for post in self.listed(account.id) if not post.parent])

    @route("GET", "/api/{id}/replies")
    def replies_of(self, call: Call) -> Response:
        account = self.owner(call, "threads_basic", "threads_read_replies")
        return self.page(call, [post for post in self.listed(account.id) if post.parent])

    @route("GET", "/api/{id}/threads_publishing_limit")
    def limit(self, call: Call) -> Response:
        account = self.owner(call, "threads_basic")
        used, replies = len(self.recent(account)), len(self.recent(account, replies=True))
        day = {"quota_duration": 86_400}
        data = {"quota_usage": used, "config": {"quota_total": self.switches.get("most", MOST_POSTS), **day},
                "reply_quota_usage": replies, "reply_config": {"quota_total": MOST_REPLIES, **day}}  # fmt: skip
        return answer({"data": [data]})

    @route("GET", "/api/{id}/insights")
    def figures(self, call: Call) -> Response:
        return self.insights(call, FIGURES, "threads_manage_insights")

    @route("GET", "/api/{id}")
    def read(self, call: Call) -> Response:
        account, container = self.signed_in(call, "threads_basic"), self.containers.get(call.found["id"])
        if container is None:
            return answer(self.fields_of(self.post_or_refuse(call), call))
        if container.account != account.id:
            raise not_there(container.id)
        said = {"id": container.id, "status": container.state(self.clock.now())}
        return answer({**said, "error_message": container.error} if container.error else said)

    @route("DELETE", "/api/{id}")
    def delete(self, call: Call) -> Response:
        account, post = self.signed_in(call, "threads_delete"), self.posts.get(call.found["id"])
        if post is None or not post.public or post.account_id != account.id:
            raise not_there(call.found["id"], "delete")
        if self.counts.get("deleted", 0) >= MOST_DELETED:
            raise refused(4, "Application request limit reached")
        post.public = False
        self.count("deleted")
        return answer({"success": True, "deleted_id": post.id})


STANDIN = ThreadsStandin


def _fault(said: dict[str, str], got: Fetched) -> str:
    """Threads' word for what is wrong with a file; empty when all is well."""
    if got.status != 200:
        return "FAILED_DOWNLOADING_VIDEO" if said.get("video_url") else "FAILED_DOWNLOADING_IMAGE"
    if said.get("video_url"):
        return "" if got.is_film else "INVALID_VIDEO_FORMAT"
    if got.picture is None or got.picture[0] not in {"JPEG", "PNG"} or len(got.content) > MOST_BYTES:
        return "INVALID_IMAGE_FORMAT"
    _, width, height = got.picture
    return "" if max(width, height) <= MOST_SHAPE * min(width, height) else "INVALID_ASPEC_RATIO"
