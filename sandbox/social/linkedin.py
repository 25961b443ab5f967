"""LinkedIn: people and pages, a versioned API, and posts that are cut at the first reserved character.

Switches: `refresh_tokens` (approved apps alone get them), `processing` (seconds that a file takes, by kind), `failing`
(files can't be shown), `part_bytes` (of films), `drops_media` (posts with files vanish after they were accepted).
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from sandbox.social.frame.standin import Call, Post, answer, route
from sandbox.social.linkedin_api.files import NOUNS, Files
from sandbox.social.linkedin_api.rules import DAY, MEMBER, PAGE, refused
from sandbox.wire import Response

SCOPES = "openid profile w_member_social w_organization_social r_organization_social rw_organization_admin"
MOST_CHARACTERS = 3000
POST_FIELDS = {"author", "commentary", "visibility", "distribution", "lifecycleState", "isReshareDisabledByAuthor",
               "content", "contentLandingPage", "contentCallToActionLabel", "adContext", "reshareContext"}  # fmt: skip

RESERVED = "|{}@[]()<>#*_~\\"
_ELEMENT = re.compile(
    r"\\(?P<literal>[|{}@\[\]()<>#*_~\\])"
    r"|(?P<url>https?://[\w\-.~:/?#@!$&'()*+,;=%]+)"
    r"|@\[(?P<name>(?:\\.|[^|{}@\[\]()<>#*_~\\])+)\]\(urn:li:(?:person|organization|organizationBrand):[\w-]+\)"
    r"|\{hashtag\|\\?[#＃]\|(?P<template>[^|{}]+)\}"
    r"|(?<!\w)(?P<hashtag>#[^\W_]*[^\W\d_][^\W_]*)"
    r"|(?P<plain>[^|{}@\[\]()<>#*_~\\])",
    re.IGNORECASE,
)


class LinkedinStandin(Files):
    name = "linkedin"
    title = "LinkedIn"

    def start(self) -> None:
        super().start()
        self.switches["drops_media"] = False
        self.deleted_at: dict[str, float] = {}

    def seed(self, kind: str = "organization", scopes: str = SCOPES) -> dict[str, Any]:
        account = self.accounts[PAGE if kind == "organization" else MEMBER]
        access = self.grant(MEMBER, seconds=60 * DAY, scopes=scopes)
        named = {"remote_id": account.id, "name": account.name, "title": account.title, "kind": account.kind}
        return {"account": named, "credentials": {"access": access}}

    # Posts

    @route("POST", "/api/rest/posts")
    def create_post(self, call: Call) -> Response:
        said = call.json
        if not isinstance(said, dict):
            raise refused(400, "ILLEGAL_ARGUMENT", "Request body could not be converted to data map")
        author = self.author(call, said.get("author", ""))
        self._check(said)
        assets = self._assets_of(said.get("content") or {}, author)
        kept, shown = cut(said["commentary"])
        if (twin := self._twin(author, kept)) is not None:
            raise refused(422, "UNPROCESSABLE_ENTITY", f"Content is a duplicate of {twin}", "DUPLICATE_POST")
        sort = "ugcPost" if any(asset["kind"] == "videos" for asset in assets) else "share"
        files = [{"type": NOUNS[asset["kind"]], "alt": asset.get("alt", "")} for asset in assets]
        post = self.publish(author, shown, raw=said["commentary"], id=f"urn:li:{sort}:{self.new_id()}", files=files,
                            extra={"commentary": kept, "content": said.get("content")})  # fmt: skip
        if assets and self.switches["drops_media"]:
            post.public = False
        return answer(None, 201, x_restli_id=post.id)

    def _check(self, said: dict[str, Any]) -> None:
        if unknown := set(said) - POST_FIELDS:
            message = f"ERROR :: /{sorted(unknown)[0]} :: unrecognized field found but not allowed"
            raise refused(422, "UNPROCESSABLE_ENTITY", message, "UNPERMITTED_FIELD_PRESENT")
        for field in ("commentary", "visibility", "distribution", "lifecycleState"):
            if said.get(field) is None:
                raise refused(422, "UNPROCESSABLE_ENTITY", f"ERROR :: /{field} :: field is required", "MISSING_FIELD")
        if said["lifecycleState"] != "PUBLISHED" or said["visibility"] not in {"PUBLIC", "CONNECTIONS", "LOGGED_IN"}:
            raise refused(422, "UNPROCESSABLE_ENTITY", "ERROR :: invalid value", "INVALID_VALUE_FOR_FIELD")
        if not said["commentary"] and not said.get("content"):
            raise refused(422, "UNPROCESSABLE_ENTITY", "A post needs commentary or content", "MISSING_FIELD")
        if (length := len(said["commentary"])) > MOST_CHARACTERS:
            message = f"ERROR :: /commentary :: length {length} is over {MOST_CHARACTERS}"
            raise refused(422, "UNPROCESSABLE_ENTITY", message, "FIELD_LENGTH_TOO_LONG")

    def _assets_of(self, content: dict[str, Any], author: str) -> list[dict[str, Any]]:
        """The files of a post. Raises `Refuse` for one that is another's, or not ready."""
        images = content.get("multiImage", {}).get("images")
        if images is not None and not 2 <= len(images) <= 20:
            raise refused(422, "UNPROCESSABLE_ENTITY", "multiImage takes 2 to 20 images", "INVALID_VALUE_FOR_FIELD")
        wanted = images or ([content["media"]] if "media" in content else [])
        found = [({**self.assets[each["id"]], "alt": each.get("altText", "")}) for each in wanted
                 if self.assets.get(each.get("id"), {}).get("owner") == author]  # fmt: skip
        if len(found) != len(wanted) or (images and any(asset["kind"] != "images" for asset in found)):
            raise refused(422, "UNPROCESSABLE_ENTITY", "The media belong to another owner", "INVALID_CONTENT_OWNER")
        if found and found[0]["kind"] == "documents" and not wanted[0].get("title"):
            raise refused(422, "UNPROCESSABLE_ENTITY", "A document needs a title", "MISSING_FIELD")
        for asset in found:
            if (state := self.state_of(asset)) != "AVAILABLE":
                code = f"MEDIA_ASSET_{'PROCESSING_FAILED' if state == 'PROCESSING_FAILED' else 'WAITING_UPLOAD'}"
                raise refused(400, "BAD_REQUEST", f"{asset['urn']} is {state}", code)
        return found

    def _twin(self, author: str, commentary: str) -> str | None:
        """An earlier post with the same words, that is public or was so within a day."""
        now, words = self.clock.now(), " ".join(commentary.split())
        for post in self.posts.values():
            lately = post.public or self.deleted_at.get(post.id, 0.0) > now - DAY
            same = post.kind == "post" and " ".join(post.extra["commentary"].split()) == words
            if words and post.account_id == author and same and lately:
                return post.id
        return None

    @route("GET", "/api/rest/posts")
    def list_posts(self, call: Call) -> Response:
        query = call.query
        if query.get("q") != "author":
            raise refused(400, "ILLEGAL_ARGUMENT", "q=author is required")
        self.reader(call, query.get("author", ""))
        return answer(self._paged(call, [self._as_json(post) for post in self.listed(query["author"])]))

    @route("DELETE", "/api/rest/posts/{urn}")
    def delete_post(self, call: Call) -> Response:
        if (post := self.posts.get(call.found["urn"])) is not None:
            self.author(call, post.account_id)
            self.deleted_at[post.id] = self.clock.now() if post.public else self.deleted_at.get(post.id, 0.0)
            post.public = False
        return Response(204, b"")

    @route("GET", "/api/rest/posts/{urn}")
    def read_post(self, call: Call) -> Response:
        return answer(self._as_json(self._readable(call, call.found["urn"])))

    def _readable(self, call: Call, urn: str) -> Post:
        post = self.posts.get(urn)
        if post is None or not post.public:
            raise refused(404, "NOT_FOUND", f"Could not find {urn}")
        self.reader(call, post.account_id)
        return post

    def _as_json(self, post: Post) -> dict[str, Any]:
        content = {"content": post.extra["content"]} if post.extra["content"] else {}
        when = int(post.created_at * 1000)
        return {"id": post.id, "author": post.account_id, "commentary": post.extra["commentary"], **content,
                "visibility": "PUBLIC", "lifecycleState": "PUBLISHED", "createdAt": when,
                "publishedAt": when}  # fmt: skip

    # Comments

    @route("POST", "/api/rest/socialActions/{urn}/comments")
    def create_comment(self, call: Call) -> Response:
        said, parent = call.json or {}, self.posts.get(call.found["urn"])
        author = self.author(call, said.get("actor", ""))
        if parent is None or not parent.public or said.get("object") != parent.id:
            raise refused(404, "NOT_FOUND", "The entity to comment on was not found")
        if not (text := said.get("message", {}).get("text")):
            raise refused(400, "ILLEGAL_ARGUMENT", "message.text is required", "MISSING_FIELD")
        number = self.new_id()
        post = self.publish(author, text, id=f"urn:li:comment:({parent.id},{number})", kind="comment", parent=parent.id)
        return answer(self._comment(post), 201, x_restli_id=number)

    @route("GET", "/api/rest/socialActions/{urn}/comments")
    def list_comments(self, call: Call) -> Response:
        parent = self._readable(call, call.found["urn"])
        below = [post for post in self.posts.values() if post.parent == parent.id and post.public]
        return answer(self._paged(call, [self._comment(post) for post in below]))

    @route("GET", "/api/rest/socialActions/{urn}/comments/{number}")
    def get_comment(self, call: Call) -> Response:
        return answer(self._comment(self._readable(call, self._comment_urn(call))))

    @route("DELETE", "/api/rest/socialActions/{urn}/comments/{number}")
    def delete_comment(self, call: Call) -> Response:
        post = self.posts.get(self._comment_urn(call))
        if post is None or not post.public:
            raise refused(404, "NOT_FOUND", "Could not find the comment")
        self.author(call, call.query.get("actor", ""))
        post.public = False
        return Response(204, b"")

    def _comment_urn(self, call: Call) -> str:
        return f"urn:li:comment:({call.found['urn']},{call.found['number']})"

    def _comment(self, post: Post) -> dict[str, Any]:
        return {"id": post.id.rpartition(",")[2].rstrip(")"), "commentUrn": post.id, "actor": post.account_id,
                "object": post.parent, "message": {"text": post.text},
                "created": {"actor": post.account_id, "time": int(post.created_at * 1000)}}  # fmt: skip

    def _paged(self, call: Call, found: list[dict[str, Any]]) -> dict[str, Any]:
        start, count = int(call.query.get("start", 0)), int(call.query.get("count", 10))
        return {"elements": found[start : start + count], "paging": {"start": start, "count": count, "links": []}}

    # Figures

    @route("GET", "/api/rest/organizationalEntityShareStatistics")
    def page_figures(self, call: Call) -> Response:
        page = call.query.get("organizationalEntity", "")
        self.reader(call, page)
        figures = {"impressionCount": 120, "uniqueImpressionsCount": 80, "clickCount": 9, "likeCount": 5,
                   "commentCount": 1, "shareCount": 2}  # fmt: skip
        wanted = [("share", urn) for urn in self.values_of(call, "shares")]
        wanted += [("ugcPost", urn) for urn in self.values_of(call, "ugcPosts")]
        own = [(sort, urn) for sort, urn in wanted if urn in self.posts and self.posts[urn].account_id == page]
        elements = [
            {"organizationalEntity": page, sort: urn, "totalShareStatistics": self.grown(self.posts[urn], figures)}
            for sort, urn in own
        ]
        return answer({"elements": elements})

    @route("GET", "/api/rest/memberCreatorPostAnalytics")
    def member_figures(self, call: Call) -> Response:
        self.member(call, "r_member_postAnalytics")
        counts = {"IMPRESSION": 33, "MEMBERS_REACHED": 21, "RESHARE": 1, "REACTION": 4, "COMMENT": 2}
        entity = re.search(r"entity=\((share|ugc):(urn%3Ali%3A(?:share|ugcPost)%3A\d+)\)", call.request.query)
        count = counts.get(call.query.get("queryType", ""))
        if entity is None or count is None or call.query.get("aggregation") not in {"TOTAL", "DAILY"}:
            raise refused(400, "ILLEGAL_ARGUMENT", "Invalid query parameters passed to request")
        post = self.posts.get(unquote(entity[2]))
        grown = self.grown(post, {call.query["queryType"]: count}) if post else {call.query["queryType"]: count}
        return answer({"elements": [{"count": each, "metricType": name} for name, each in grown.items()]})


STANDIN = LinkedinStandin


def cut(commentary: str) -> tuple[str, str]:
    """The commentary that LinkedIn keeps, all before the first reserved character, and the words readers see of it."""
    shown, end = [], 0
    while match := _ELEMENT.match(commentary, end):
        name, tag = match["name"], match["template"]
        said = re.sub(r"\\(.)", r"\1", name) if name else f"#{tag}" if tag else match["literal"] or match.group()
        shown.append(said)
        end = match.end()
    return commentary[:end], "".join(shown)
