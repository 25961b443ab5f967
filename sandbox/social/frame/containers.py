"""Containers of Instagram's and Threads' stand-ins: their files are really downloaded, their states go by the clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sandbox.social.frame.graph import DAY, Container, GraphStandin, not_there, refused
from sandbox.social.frame.media import Fetched, fetch
from sandbox.social.frame.standin import Account, Call, Post, answer
from sandbox.wire import Response

SECONDS = {"film": 25.0, "picture": 4.0, "": 0.0}
"""A container is worked at for so long, by what is in it."""


class ContainerStandin(GraphStandin):
    """allowed: fields of a container; text: the one with the words.

    switches: `permalink` ("unreadable": 100/33 for reads that ask for it; "never": for all reads of a post), `most`
    (posts a day), `containers` (a day).
    """

    allowed: ClassVar[frozenset[str]]
    text: ClassVar[str]

    def start(self) -> None:
        self.containers: dict[str, Container] = {}

    def new_container(self, account: Account, said: Mapping[str, str], **more: Any) -> Container:
        """A container in progress. Raises `Refuse` for unknown fields, and for one too many in a day."""
        now = self.clock.now()
        if unknown := set(said) - self.allowed - {"access_token"}:
            raise refused(100, f"Unknown fields: {', '.join(sorted(unknown))}")
        recent = [one for one in self.containers.values() if one.account == account.id and one.made > now - DAY]
        if len(recent) >= self.switches.get("containers", 400):
            raise refused(9, "You have made too many containers in 24 hours", subcode=2207042)
        kind = "film" if said.get("video_url") else "picture" if said.get("image_url") else ""
        made = Container(self.graph_id(), account.id, dict(said), now, now + SECONDS[kind], **more)
        self.containers[made.id] = made
        self.count("container")
        return made

    async def download(self, said: Mapping[str, str]) -> Fetched | None:
        """The file that a container's address leads to; None where it has none."""
        address = said.get("image_url") or said.get("video_url")
        return await fetch(address) if address else None

    def file_of(self, said: Mapping[str, str]) -> dict[str, Any]:
        return {"type": "video" if said.get("video_url") else "image", "alt": said.get("alt_text", "")}

    def children_of(self, account: Account, said: Mapping[str, str], most: int) -> list[Container]:
        """The finished children of a carousel, 2 to `most`. Raises `Refuse`."""
        ids = said.get("children", "").split(",")
        found = [self.containers.get(one) for one in ids]
        good = [one for one in found if one is not None and one.account == account.id and self._is_child(one)]
        if not 2 <= len(ids) <= most or len(good) != len(ids):
            raise refused(100, f"A carousel has 2 to {most} finished items", subcode=2207028)
        return good

    def _is_child(self, one: Container) -> bool:
        return one.said.get("is_carousel_item") == "true" and one.state(self.clock.now()) == "FINISHED"

    def recent(self, account: Account, *, replies: bool = False) -> list[Post]:
        """Posts of the last 24 hours, which the quota counts."""
        since = self.clock.now() - DAY
        mine = (post for post in self.posts.values() if post.account_id == account.id and post.created_at > since)
        return [post for post in mine if post.kind == "post" and bool(post.parent) == replies]

    def bring_out(self, container: Container, **more: Any) -> Post:
        """Publishes a container: it is used up by that."""
        said = container.said
        post = self.publish(
            container.account, said.get(self.text, ""), id=self.graph_id(), files=container.files, **more
        )
        container.published = post.id
        post.extra = dict(said)
        return post

    def post_or_refuse(self, call: Call) -> Post:
        """The post that the path names, as far as the switch `permalink` lets it be read."""
        post, switch = self.posts.get(call.found["id"]), self.switches.get("permalink")
        hidden = switch == "never" or (switch == "unreadable" and "permalink" in call.query.get("fields", ""))
        if post is None or not post.public or (hidden and post.kind == "post"):
            raise not_there(call.found["id"])
        return post

    def page(self, call: Call, posts: Sequence[Post]) -> Response:
        """A page of a list, the newest first, with a cursor to the next one."""
        start, limit = int(call.query.get("after") or 0), int(call.query.get("limit") or 25)
        shown = [self.fields_of(post, call) for post in posts[start : start + limit]]
        paging: dict[str, Any] = {"cursors": {"before": str(start), "after": str(start + limit)}}
        if len(posts) > start + limit:
            paging["next"] = f"{call.origin}{call.path}?after={start + limit}"
        return answer({"data": shown, "paging": paging} if shown else {"data": []})

    def fields_of(self, post: Post, call: Call) -> dict[str, Any]:
        """The fields of a post that the query asks for; its id always."""
        asked = {name.partition("{")[0] for name in call.query.get("fields", "").split(",")}
        return {name: value for name, value in self.whole(post).items() if name in asked or name == "id"}

    def whole(self, post: Post) -> dict[str, Any]:
        """Every field of a post, as the platform shows it."""
        kinds = ["VIDEO" if file["type"] == "video" else "IMAGE" for file in post.files]
        said: dict[str, Any] = {
            "id": post.id,
            self.text: post.text,
            "timestamp": self.time(post.created_at),
            "permalink": f"https://www.{self.name}.com/p/{post.id}",
            "username": self.accounts[post.account_id].name,
            "media_type": "CAROUSEL_ALBUM" if len(kinds) > 1 else "".join(kinds) or "TEXT_POST",
        }
        if len(kinds) > 1:
            said["children"] = {"data": [{"id": f"{post.id}{number}"} for number in range(len(kinds))]}
        return said

    def insights(self, call: Call, offered: Mapping[str, int], scope: str) -> Response:
        """Figures of a post. Raises `Refuse` for one that is not offered."""
        self.signed_in(call, scope)
        post = self.posts.get(call.found["id"])
        if post is None or not post.public:
            raise not_there(call.found["id"])
        asked = [name for name in call.query.get("metric", "").split(",") if name]
        offered = self.grown(post, offered)
        if unknown := [name for name in asked if name not in offered]:
            raise refused(100, f"(#100) metric[0] must be one of {', '.join(offered)}: {unknown[0]}")
        data = [{"name": name, "period": "lifetime", "values": [{"value": offered[name]}]} for name in asked]
        return answer({"data": data})
