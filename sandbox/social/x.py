"""X: the API v2 as its openapi.json 2.167 and its reports describe it; a post costs money, and its words come back
with HTML's marks and t.co's addresses.

switches: `self_replies` ("refused": 403 for replies to one's own posts), `balance` (millionths of a dollar left),
`fields` (names that a query may call its fields by), `processing` ("failed"), `rate_limit` (posts in 15 minutes).
"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import Any

from pressroom.platforms import counting
from sandbox.social.frame.oauth import Consent, Family
from sandbox.social.frame.standin import Account, Call, Post, answer, route
from sandbox.social.x_api.files import MEDIA_SECONDS, PROBLEMS, PROCESSING_SECONDS, Upload, XFiles, invalid, problem
from sandbox.wire import Request, Response

SCOPES = "tweet.read tweet.write users.read media.write offline.access"
MOST_WEIGHT = 280
POST_COST, LINK_COST = 15_000, 200_000
PUBLIC = {
    "impression_count": 120, "like_count": 3, "retweet_count": 1, "reply_count": 2, "quote_count": 0,
    "bookmark_count": 1,
}  # fmt: skip
PRIVATE = {"impression_count": 120, "url_link_clicks": 4, "user_profile_clicks": 1}
DUPLICATE_SECONDS = 86_400
WINDOW = 900
_LINK = re.compile(r"https?://\S+|(?<![@\w./-])(?:[a-z0-9-]+\.)+(?:com|org|net|io)(?:/\S*)?(?!\w)", re.IGNORECASE)
_FIELDS: dict[str, dict[str, Any]] = {
    "": {
        "text": str, "media": dict, "reply": dict, "made_with_ai": bool, "paid_partnership": bool,
        "reply_settings": str, "quote_tweet_id": str, "poll": dict, "edit_options": dict, "community_id": str,
        "nullcast": bool, "card_uri": str, "geo": dict, "share_with_followers": bool,
        "for_super_followers_only": bool, "direct_message_deep_link": str,
    },
    "media": {"media_ids": list, "tagged_user_ids": list},
    "reply": {"in_reply_to_tweet_id": str, "exclude_reply_user_ids": list, "auto_populate_reply_metadata": bool},
}  # fmt: skip


class XStandin(XFiles):
    name = "x"
    title = "X"

    def start(self) -> None:
        self.consent = Consent(self, client_auth="basic", code_seconds=30, access_seconds=7200, refresh="rotate")
        super().start()
        self.sent_at: dict[str, list[float]] = {}
        self.add_account(Account(id="2244994945", name="demo", title="Demo"))

    def seed(self) -> dict[str, Any]:
        account = next(iter(self.accounts.values()))
        told = {"remote_id": account.id, "name": account.name, "title": account.title}
        refresh = self.consent.refresh_token(Family(account.id, SCOPES))
        return {"account": told, "credentials": {"access": self.grant(account.id, seconds=7200), "refresh": refresh}}

    def nowhere(self, request: Request, path: str) -> Response:
        return problem(404, f"There is nothing at {path}.", title="Not Found").response

    # OAuth

    @route("GET", "/oauth/i/oauth2/authorize")
    def authorize(self, call: Call) -> Response:
        return self.consent.page(call)

    @route("POST", "/api/2/oauth2/token")
    def token(self, call: Call) -> Response:
        return self.consent.token(call)

    @route("GET", "/api/2/users/me")
    def me(self, call: Call) -> Response:
        account = self.signed_in(call, "users.read")
        return answer({"data": {"id": account.id, "username": account.name, "name": account.title}})

    # Posts

    @route("POST", "/api/2/tweets")
    def create(self, call: Call) -> Response:
        account = self.signed_in(call, "tweet.write")
        limit = self._limit(account)
        said = _check(call.json)
        text, media, parent = said.get("text", ""), said.get("media", {}), self._parent(account, said)
        uploads = self._attached(account, media.get("media_ids", []))
        self._words(account, text, uploads)
        self._pay(text)
        files = [{"type": "video" if one.is_video else "image", "alt": one.alt, "id": one.id} for one in uploads]
        post = self.publish(account.id, text, parent=parent, files=files)
        post.extra = {name: value for name, value in said.items() if name not in {"text", "media", "reply"}}
        data = {"id": post.id, "text": self._render(post)["text"], "edit_history_post_ids": [post.id]}
        return answer({"data": data}, 201, **limit)

    @route("GET", "/api/2/tweets")
    def look_up(self, call: Call) -> Response:
        self.signed_in(call, "tweet.read")
        fields, ids = self._fields(call, "ids"), call.query.get("ids", "").split(",")
        there = [self.posts[one] for one in ids if one in self.posts and self.posts[one].public]
        gone = [one for one in ids if one not in {post.id for post in there}]
        said: dict[str, Any] = {"data": [self._render(post, fields) for post in there]} if there else {}
        if gone:
            said["errors"] = [{"value": one, "detail": "Could not find tweet.", "title": "Not Found Error",
                               "type": f"{PROBLEMS}resource-not-found"} for one in gone]  # fmt: skip
        return answer(said)

    @route("GET", "/api/2/users/{id}/tweets")
    def timeline(self, call: Call) -> Response:
        self.signed_in(call, "tweet.read")
        asked = ("max_results", "exclude", "pagination_token", "start_time", "end_time")
        fields, most = self._fields(call, *asked), int(call.query.get("max_results", "10"))
        if not 5 <= most <= 100:
            raise invalid("max_results is 5 to 100.")
        posts, start = self.listed(call.found["id"]), int(call.query.get("pagination_token") or 0)
        shown = [self._render(post, fields) for post in posts[start : start + most]]
        meta: dict[str, Any] = {"result_count": len(shown)}
        if len(posts) > start + most:
            meta["next_token"] = str(start + most)
        return answer({"data": shown, "meta": meta} if shown else {"meta": meta})

    @route("DELETE", "/api/2/tweets/{id}")
    def delete(self, call: Call) -> Response:
        account, post = self.signed_in(call, "tweet.write"), self.posts.get(call.found["id"])
        if post is None or not post.public or post.account_id != account.id:
            raise problem(404, "Could not find tweet.", "resource-not-found", "Not Found Error")
        post.public = False
        return answer({"data": {"deleted": True}})

    # Rules of the platform

    def _limit(self, account: Account) -> dict[str, str]:
        """The rate's headers, after counting this post. Raises `Refuse` once the window is full."""
        now, most = self.clock.now(), self.switches.get("rate_limit", 100)
        recent = [moment for moment in self.sent_at.get(account.id, []) if moment > now - WINDOW]
        reset = str(int((recent[0] if recent else now) + WINDOW))
        if len(recent) >= most:
            headers = {"x_rate_limit_limit": str(most), "x_rate_limit_remaining": "0", "x_rate_limit_reset": reset}
            raise problem(429, "Too Many Requests", title="Too Many Requests", **headers)
        self.sent_at[account.id] = [*recent, now]
        left = str(most - len(recent) - 1)
        return {"x_rate_limit_limit": str(most), "x_rate_limit_remaining": left, "x_rate_limit_reset": reset}

    def _parent(self, account: Account, said: dict[str, Any]) -> str:
        parent = str(said.get("reply", {}).get("in_reply_to_tweet_id", ""))
        if not parent:
            return ""
        post = self.posts.get(parent)
        if post is None or not post.public:
            raise problem(403, "You attempted to reply to a Tweet that is deleted or not visible to you.")
        if self.switches.get("self_replies") == "refused" and post.account_id == account.id:
            raise problem(403, "You are not permitted to reply to this post: its author did not summon you.")
        return parent

    def _attached(self, account: Account, ids: list[str]) -> list[Upload]:
        now, uploads = self.clock.now(), [self.uploads.get(one) for one in ids]
        good = [one for one in uploads if one and one.account == account.id and one.made + MEDIA_SECONDS >= now]
        ready = [one for one in good if one.ended is not None
                 and (not one.is_video or one.ended + PROCESSING_SECONDS <= now)]  # fmt: skip
        if len(ready) != len(ids):
            raise invalid("Your media IDs are invalid.")
        if len(ids) > 4 or (len(ids) > 1 and any(one.is_video for one in ready)):
            raise invalid("A post has at most 4 images, or 1 GIF, or 1 video.")
        return ready

    def _words(self, account: Account, text: str, uploads: list[Upload]) -> None:
        if not text.strip() and not uploads:
            raise invalid("text is required where there is no media.")
        if counting.x_refuses(text) or counting.x_length(text) > MOST_WEIGHT:
            raise invalid("Your Tweet text is too long, or has characters that are not allowed.")
        since = self.clock.now() - DUPLICATE_SECONDS
        mine = (post for post in self.posts.values() if post.account_id == account.id and post.public)
        if text.strip() and any(post.raw == text and post.created_at > since for post in mine):
            raise problem(403, "You are not allowed to create a Tweet with duplicate content.")

    def _pay(self, text: str) -> None:
        cost, left = LINK_COST if _LINK.search(text) else POST_COST, self.switches.get("balance")
        if left is not None and left < cost:
            raise problem(429, "Usage cap exceeded: your credits are used up.", "usage-capped", "UsageCapExceeded")
        if left is not None:
            self.switches["balance"] = left - cost
        self.count("microusd", cost)

    def _fields(self, call: Call, *known: str) -> set[str]:
        spellings = self.switches.get("fields", ("post.fields", "tweet.fields"))
        for name in call.query:
            if name not in {*known, *spellings, "user.fields", "expansions"}:
                raise invalid(f"The query parameter [{name}] is not one of {', '.join([*known, *spellings])}.")
        return {one for name in spellings for one in call.query.get(name, "").split(",") if one}

    def _render(self, post: Post, fields: set[str] | None = None) -> dict[str, Any]:
        """The post as X answers with it: t.co for each address and for the files, and three characters as HTML."""
        links: list[dict[str, Any]] = []
        name, asked = self.accounts[post.account_id].name, fields or set()

        def short(found: re.Match[str]) -> str:
            address = found.group()
            whole = address if address.startswith("http") else f"http://{address}"
            links.append({"url": _short(post.id, len(links)), "expanded_url": whole, "display_url": address})
            return str(links[-1]["url"])

        text = html.escape(_LINK.sub(short, post.text), quote=False)
        for number, file in enumerate(post.files, 1):
            link = _short(post.id, len(post.files) + 90)
            place = f"https://x.com/{name}/status/{post.id}/{'video' if file['type'] == 'video' else 'photo'}/{number}"
            links.append({"url": link, "expanded_url": place, "media_key": f"3_{file['id']}"})
            text += f" {link}" if number == 1 else ""
        said: dict[str, Any] = {"id": post.id, "text": text, "edit_history_post_ids": [post.id]}
        if "created_at" in asked:
            said["created_at"] = datetime.fromtimestamp(post.created_at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        if "entities" in asked and links:
            said["entities"] = {"urls": links}
        if "attachments" in asked and post.files:
            said["attachments"] = {"media_keys": [f"3_{file['id']}" for file in post.files]}
        if "public_metrics" in asked:
            said["public_metrics"] = self.grown(post, PUBLIC)
        if "non_public_metrics" in asked:
            said["non_public_metrics"] = self.grown(post, PRIVATE)
        return said


STANDIN = XStandin


def _short(post: str, number: int) -> str:
    return f"https://t.co/{int(post) % 10**8:08d}{number:02d}"


def _check(said: Any) -> dict[str, Any]:
    """The body of a post. Raises `Refuse` for a field that it doesn't have, or of another type."""
    if not isinstance(said, dict):
        raise invalid("The body is no JSON object.")
    for place, known in _FIELDS.items():
        inner = said.get(place, {}) if place else said
        for name, value in inner.items():
            if name not in known or not isinstance(value, known[name]):
                raise invalid(f"[{f'{place}.' if place else ''}{name}] is not allowed, or of another type.")
    return said
