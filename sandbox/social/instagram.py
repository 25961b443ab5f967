"""Instagram: containers by the clock from files that it downloads, carousels, first comments, and its known traps.

switches, as well as those of `ContainerStandin`: `publish` ("spam_but_live": 2207051 and the post is public; "spam": it
is not), `comments` ("error": 400 with code 20 after a comment was made).
"""

from __future__ import annotations

import json
from typing import Any

from pressroom.platforms import counting
from sandbox.social.frame.containers import ContainerStandin
from sandbox.social.frame.graph import Container, not_there, refused
from sandbox.social.frame.media import Fetched
from sandbox.social.frame.oauth import Consent
from sandbox.social.frame.standin import Account, Call, Post, Refuse, answer, route
from sandbox.wire import Response

MOST_CHARACTERS, MOST_TAGS, MOST_MENTIONS, MOST_CHILDREN, MOST_POSTS = 2200, 30, 20, 10, 100
MOST_BYTES, SHAPE, LEAST_WIDTH = 8_388_608, (0.8, 1.91), 320
FIGURES = {"views": 120, "reach": 90, "likes": 3, "comments": 2, "shares": 1, "saved": 1, "total_interactions": 7}
MANAGE = "instagram_business_manage_comments"
PUBLISH = "instagram_business_content_publish"


class InstagramStandin(ContainerStandin):
    name = "instagram"
    title = "Instagram"
    text = "caption"
    allowed = frozenset({
        "media_type", "caption", "image_url", "video_url", "alt_text", "is_carousel_item", "children",
        "is_ai_generated", "collaborators", "user_tags", "location_id", "thumb_offset", "cover_url", "share_to_feed",
        "trial_params",
    })  # fmt: skip

    def start(self) -> None:
        super().start()
        self.consent = Consent(self, pkce="", access_seconds=3600, code_seconds=3600, refresh="none")
        self.add_account(Account(id="17841400000000001", name="demo", title="Demo", kind="BUSINESS"))

    def seed(self) -> dict[str, Any]:
        account = next(iter(self.accounts.values()))
        told = {"remote_id": account.id, "name": account.name, "title": account.title, "kind": account.kind}
        return {"account": told, "credentials": {"access": self.grant(account.id)}}

    # Tokens

    @route("GET", "/login/oauth/authorize")
    def authorize(self, call: Call) -> Response:
        return self.consent.page(call)

    @route("POST", "/oauth/oauth/access_token")
    def token(self, call: Call) -> Response:
        """Instagram's own form: a list of one, with the scopes as `permissions`."""
        said = json.loads(self.consent.token(call).body)
        return answer({"data": [{"access_token": said["access_token"], "permissions": said["scope"]}]})

    @route("GET", "/graph/access_token")
    def exchange_token(self, call: Call) -> Response:
        return self.exchange(call, "ig_exchange_token")

    @route("GET", "/graph/refresh_access_token")
    def refresh_token(self, call: Call) -> Response:
        return self.refresh(call, "ig_refresh_token")

    @route("GET", "/api/me")
    def me(self, call: Call) -> Response:
        account = self.signed_in(call, "instagram_business_basic")
        told = {"id": "9" + account.id[1:], "user_id": account.id, "username": account.name, "name": account.title}
        return answer({**told, "account_type": account.kind})

    # Posts

    @route("POST", "/api/{id}/media")
    async def create(self, call: Call) -> Response:
        account, said = self.owner(call, PUBLISH), call.form
        _check(said)
        children = self.children_of(account, said, MOST_CHILDREN) if said.get("media_type") == "CAROUSEL" else []
        got = await self.download(said)
        if got is not None and said.get("image_url"):
            _check_picture(got)
        container = self.new_container(account, said, children=tuple(one.id for one in children))
        container.files = [self.file_of(one.said) for one in children] or [self.file_of(said)]
        if got is not None and said.get("video_url") and not (got.status == 200 and got.is_film):
            code = 2207026 if got.status == 200 else 2207003
            container.error = f"Error: Media upload has failed with error code {code}"
        return answer({"id": container.id})

    @route("POST", "/api/{id}/media_publish")
    def publish_container(self, call: Call) -> Response:
        account = self.owner(call, PUBLISH)
        container = self.containers.get(call.form.get("creation_id", ""))
        if container is None or container.account != account.id:
            raise refused(24, "The requested resource does not exist", subcode=2207006)
        self._check_state(container)
        if len(self.recent(account)) >= self.switches.get("most", MOST_POSTS):
            raise refused(9, "Application request limit reached", subcode=2207042, status=403,
                          shown="The account has reached its limit of posts in 24 hours.")  # fmt: skip
        if switch := self.switches.get("publish"):
            if switch == "spam_but_live":
                self.bring_out(container)
            raise refused(4, "Application request limit reached", subcode=2207051, status=403,
                          shown="We restrict certain activity to protect our community.")  # fmt: skip
        return answer({"id": self.bring_out(container).id})

    def _check_state(self, container: Container) -> None:
        match container.state(self.clock.now()):
            case "IN_PROGRESS":
                raise refused(9007, "Media ID is not available", subcode=2207027)
            case "EXPIRED":
                raise refused(-2, "The container is expired", subcode=2207020)
            case "PUBLISHED" | "ERROR" as state:
                raise refused(100, f"The container can't be published: {container.error or state}")
        if container.said.get("is_carousel_item") == "true":
            raise refused(100, "An item of a carousel can't be published alone")

    @route("GET", "/api/{id}/media")
    def posts_of(self, call: Call) -> Response:
        return self.page(call, self.listed(self.owner(call, "instagram_business_basic").id))

    @route("GET", "/api/{id}/content_publishing_limit")
    def limit(self, call: Call) -> Response:
        used = len(self.recent(self.owner(call, "instagram_business_basic")))
        config = {"quota_total": self.switches.get("most", MOST_POSTS), "quota_duration": 86_400}
        return answer({"data": [{"quota_usage": used, "config": config}]})

    @route("GET", "/api/{id}/insights")
    def figures(self, call: Call) -> Response:
        return self.insights(call, FIGURES, "instagram_business_manage_insights")

    @route("GET", "/api/{id}")
    def read(self, call: Call) -> Response:
        account, container = self.signed_in(call), self.containers.get(call.found["id"])
        if container is None:
            return answer(self.fields_of(self.post_or_refuse(call), call))
        if container.account != account.id:
            raise not_there(container.id)
        state = container.state(self.clock.now())
        return answer({"id": container.id, "status_code": state, "status": container.error or f"{state.title()}: -"})

    # Comments

    @route("POST", "/api/{id}/comments")
    def comment(self, call: Call) -> Response:
        account, post = self.signed_in(call, MANAGE), self.posts.get(call.found["id"])
        said = {**call.query, **call.form}
        if post is None or not post.public:
            raise not_there(call.found["id"], "post")
        if not said.get("message", "").strip():
            raise refused(100, "Param message is required")
        made = self.publish(account.id, said["message"], id=self.graph_id(), kind="comment", parent=post.id)
        if "fields" in said or self.switches.get("comments") == "error":
            raise refused(20, "Cannot read the comment", subcode=1772107)  # as Meta answers, and the comment stands
        return answer({"id": made.id})

    @route("GET", "/api/{id}/comments")
    def comments_of(self, call: Call) -> Response:
        self.signed_in(call, MANAGE)
        now, parent = self.clock.now(), call.found["id"]
        below = [
            post for post in self.posts.values() if post.parent == parent and post.public and post.visible_at <= now
        ]
        return self.page(call, sorted(below, key=lambda post: post.created_at, reverse=True))

    def whole(self, post: Post) -> dict[str, Any]:
        said = super().whole(post)
        if post.kind == "comment":
            return {"id": post.id, "text": post.text, "timestamp": said["timestamp"], "username": said["username"]}
        below = sum(each.parent == post.id and each.public for each in self.posts.values())
        said["comments_count"] = below
        return {**said, "is_ai_generated": post.extra.get("is_ai_generated") == "true"}


STANDIN = InstagramStandin


def _check(said: dict[str, str]) -> None:
    """Raises `Refuse` for fields of a container that don't go together."""
    caption, kind = said.get("caption", ""), said.get("media_type", "")
    if kind not in {"", "VIDEO", "REELS", "STORIES", "CAROUSEL"}:
        raise refused(100, f"media_type {kind} is unknown")
    if sum(bool(said.get(name)) for name in ("image_url", "video_url", "children")) != 1:
        raise refused(100, "One of image_url, video_url and children is required")
    if (said.get("is_carousel_item") == "true") and "is_ai_generated" in said:
        raise refused(100, "is_ai_generated is for the carousel itself, not for its items")
    if said.get("video_url") and kind not in {"VIDEO", "REELS", "STORIES"}:
        raise refused(100, "media_type is required for a video")
    if said.get("alt_text") and said.get("video_url"):
        raise refused(100, "alt_text is for images alone")
    mentions = sum(word.startswith("@") for word in caption.split())
    if len(caption) > MOST_CHARACTERS or len(counting.hashtags(caption)) > MOST_TAGS or mentions > MOST_MENTIONS:
        raise refused(36004, "The caption is too long", subcode=2207010)


def _check_picture(got: Fetched) -> None:
    """Raises `Refuse` for an image that Instagram can't fetch, or doesn't take."""
    if got.status != 200:
        raise refused(-2, "The media could not be fetched from this URI", subcode=2207003)
    fault = _picture_fault(got)
    if fault is not None:
        raise fault


def _picture_fault(got: Fetched) -> Refuse | None:
    if len(got.content) > MOST_BYTES:
        return refused(36000, "The image is too large", subcode=2207004)
    if got.picture is None or got.picture[0] != "JPEG":
        return refused(36001, "The image format is not supported", subcode=2207005)
    _, width, height = got.picture
    if not SHAPE[0] - 0.01 <= width / height <= SHAPE[1] + 0.01 or width < LEAST_WIDTH:
        return refused(36003, "The aspect ratio is not supported", subcode=2207009)
    return None
