"""X, by its API v2: files in segments, posts and replies; the account's own list tells what became of a post.

https://docs.x.com/x-api and its openapi.json 2.167, which names a query's `tweet.fields` `post.fields`.
"""

from __future__ import annotations

import html
import re
import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from pressroom.errors import OutcomeUnclear, PublishLater
from pressroom.model.publishing import (
    Account,
    Approved,
    Asked,
    Certainty,
    Channel,
    Listed,
    Metrics,
    PartKind,
    Problem,
    Reading,
    RemoteRef,
    Sent,
)
from pressroom.platforms import counting
from pressroom.publishers.sending import asking
from pressroom.publishers.sending.line import Line, Phase, Refusal, Reply, Rule, plain_refusal
from pressroom.publishers.sending.publisher import Job, NotYet, OAuth, Options, Publisher
from pressroom.publishers.x_api import files

AT_ONCE = 100
"""Posts that one call asks the figures of."""

PAGE = 10
"""Posts of one look at the account's list: each one that is read is paid for."""

FIELDS = "created_at,text,entities,attachments"
_CASHTAG = re.compile(r"(?<![\w$])\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?(?!\w)")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)


class XOptions(Options):
    """reply_settings: who may reply; empty for all."""

    reply_settings: Literal["", "following", "mentionedUsers", "subscribers", "verified"] = ""
    paid_partnership: bool = False


class X(Publisher):
    platform = "x"
    bases = {"api": "https://api.x.com", "oauth": "https://x.com"}
    connection = OAuth(
        authorize="oauth:/i/oauth2/authorize",
        token="api:/2/oauth2/token",  # noqa: S106 (an address)
        scopes=("tweet.read", "tweet.write", "users.read", "media.write", "offline.access"),
        client_auth="basic",
    )
    certainty = Certainty.GOOD
    proof = "The account's own list is read and compared with the words and files of the post."
    options = XOptions
    threads = True
    comments = True
    rules = (
        Rule("account", code=("usage-capped",), reason="credits", hint="Add credits in the developer console of X."),
        Rule("account", status=(402,), reason="credits", hint="Add credits in the developer console of X."),
        Rule("account", code=("client-forbidden", "client-not-enrolled"), reason="app_access",
             hint="Give the app access to the API in the developer console of X."),
        Rule("account", code=("unsupported-authentication", "oauth-permissions"), reason="scope_missing",
             hint="Connect the channel again and allow everything that is asked for."),
        Rule("account", status=(403,), words="suspended", reason="account_blocked", hint="Sign in at X."),
        Rule("duplicate", status=(403,), words="duplicate content", phases=(Phase.SEND,)),
        Rule("duplicate", words="status is a duplicate", phases=(Phase.SEND,)),
        Rule("refused", status=(400, 403), phases=(Phase.SEND,),
             hint="Read what X says; the words can also be pasted by hand."),
    )  # fmt: skip

    # Accounts

    def accounts(self, line: Line) -> Sequence[Account]:
        said = line.value(line.get("api:/2/users/me", params={"user.fields": "profile_image_url"}), "data")
        avatar = said.get("profile_image_url", "")
        return (Account(remote_id=said["id"], name=said["username"], title=said["name"], avatar=avatar),)

    def whoami(self, line: Line, channel: Channel) -> str:
        return str(line.value(line.get("api:/2/users/me"), "data", "id"))

    def read_error(self, reply: Reply) -> Refusal:
        """The refusal in a problem of RFC 9457, whose type ends in X's word for it."""
        body = reply.json()
        said = body if isinstance(body, dict) else {}
        plain = plain_refusal(reply)
        code = str(said.get("type", "")).rpartition("/problems/")[2].replace("about:blank", "") or said.get("error", "")
        words = [
            said.get("detail"),
            *(each.get("message") for each in said.get("errors") or () if isinstance(each, dict)),
        ]
        message = " ".join(dict.fromkeys(word for word in words if word)) or plain.message
        return Refusal(reply.status, str(code), message=message, seconds=_seconds(reply))

    # Sending

    def check(self, approved: Approved, channel: Channel) -> Iterator[Problem]:
        for number, part in enumerate(approved.parts, 1):
            where = f"post {number}" if len(approved.parts) > 1 else "text"
            yield from _word_problems(part.text, where)
        gifs = [medium for medium in approved.media if medium.media_type == files.GIF]
        if gifs and len(approved.media) > 1:
            message = f"X takes one GIF alone in a post; this has {len(approved.media)} files."
            yield Problem(code="media_mixed", message=message, where="media", hint="Leave one GIF, or other pictures.")
        if len(approved.parts) > 1:
            message = "X lets programs reply less than people since 2026-02-23: it may refuse all after the first post."
            hint = "The first post stays then; the others can be pasted by hand."
            yield Problem(code="replies_may_be_refused", message=message, hint=hint, where="text", blocking=False)

    def prepare(self, job: Job) -> NotYet | None:
        waits = [found for medium in job.files if (found := files.upload(job, medium))]
        return max(waits, key=lambda each: each.seconds) if waits else None

    def send(self, job: Job) -> Sent:
        """Files that X no longer keeps are uploaded again first: `prepare` does it, and nothing is sent here."""
        if any(files.is_old(job, files.note_of(job, medium)) for medium in job.files):
            raise PublishLater("X keeps a file for a day; it is uploaded again.", retry_after=1)
        reply = job.line.post("api:/2/tweets", json=_body(job))
        return Sent(ref=_ref(job.channel, str(job.line.value(reply, "data", "id"))))

    def ask(self, job: Job) -> Asked:
        """Without `start_time`: an older post in the same list is what shows that the list works."""

        def page(cursor: str) -> tuple[list[Listed], str]:
            more = {"pagination_token": cursor} if cursor else {}
            path = f"api:/2/users/{job.channel.account.remote_id}/tweets"
            said = _read(job.line, path, FIELDS, max_results=str(PAGE), exclude="retweets", **more)
            if "data" not in said and said.get("meta", {}).get("result_count") != 0:
                raise OutcomeUnclear("X answers with neither posts nor their number.")
            listed = [_entry(job.channel, post) for post in said.get("data", ())]
            return listed, str(said.get("meta", {}).get("next_token", ""))

        return asking.among(self, job, asking.walk(page, asking.window_start(job)))

    def read_back(self, job: Job, ref: RemoteRef) -> Reading | None:
        said = _read(job.line, "api:/2/tweets", FIELDS, ids=ref.remote_id)
        for post in said.get("data", ()):
            return Reading(ref=_ref(job.channel, post["id"]), text=_text(post), media=_files(post))
        if any(str(each.get("type", "")).endswith("/resource-not-found") for each in said.get("errors", ())):
            return None
        raise OutcomeUnclear("X answered with neither the post nor the word that it is gone.")

    def comparable(self, text: str) -> str:
        """X puts a scheme before addresses that have none."""
        return " ".join(_SCHEME.sub("", unicodedata.normalize("NFC", text)).split())

    def collect(self, line: Line, channel: Channel, remote_ids: Sequence[str]) -> Sequence[Metrics]:
        found = []
        for start in range(0, len(remote_ids), AT_ONCE):
            ids = ",".join(remote_ids[start : start + AT_ONCE])
            said = _read(line, "api:/2/tweets", "public_metrics,non_public_metrics", ids=ids)
            found += [Metrics(remote_id=post["id"], values=_figures(post)) for post in said.get("data", ())]
        return found

    def delete(self, line: Line, channel: Channel, ref: RemoteRef) -> None:
        reply = line.call("DELETE", f"api:/2/tweets/{ref.remote_id}", ok=(200, 404))
        if reply.status == 404 and (refusal := line.read(reply)).code != "resource-not-found":
            raise line.error(refusal)


PUBLISHER = X()


def _word_problems(text: str, where: str) -> Iterable[Problem]:
    if refused := counting.x_refuses(text):
        message = f"The {where} has characters that X refuses: {refused}."
        yield Problem(code="characters_refused", message=message, where=where, hint="Remove them.")
    if (tags := len(_CASHTAG.findall(text))) > 1:
        message = f"X takes 1 cashtag in a post; the {where} has {tags}."
        yield Problem(code="too_many_cashtags", message=message, where=where, hint="Write the others without $.")


def _body(job: Job) -> dict[str, Any]:
    said: dict[str, Any] = {"text": job.part.text}
    if job.files:
        said["media"] = {"media_ids": [files.note_of(job, medium)["id"] for medium in job.files]}
    if job.parents:
        parent = job.parents[0 if job.part.kind is PartKind.COMMENT else -1]
        said["reply"] = {"in_reply_to_tweet_id": parent.remote_id}
    if job.approved.ai_generated:
        said["made_with_ai"] = True
    options = XOptions.model_validate(dict(job.approved.options))
    if options.reply_settings and job.is_main:
        said["reply_settings"] = options.reply_settings
    if options.paid_partnership:
        said["paid_partnership"] = True
    return said


def _read(line: Line, path: str, fields: str, **asked: str) -> Mapping[str, Any]:
    """The answer of a read. A server of before 2.167 refuses the name `post.fields` and takes `tweet.fields`."""
    reply = line.get(path, params={**asked, "post.fields": fields}, ok=(200, 400))
    if reply.status == 400:
        if "post.fields" not in reply.text:
            raise line.error(line.read(reply))
        reply = line.get(path, params={**asked, "tweet.fields": fields})
    found: Mapping[str, Any] = line.value(reply)
    return found


def _entry(channel: Channel, post: Mapping[str, Any]) -> Listed:
    made = datetime.fromisoformat(post["created_at"])
    return Listed(ref=_ref(channel, post["id"]), text=_text(post), created_at=made, media=_files(post))


def _text(post: Mapping[str, Any]) -> str:
    """The words as they were written: without HTML's marks, with the addresses that t.co stands for, without files'."""
    text = html.unescape(post["text"])
    for link in post.get("entities", {}).get("urls", ()):
        is_file = "media_key" in link or re.search(r"/status/\d+/(?:photo|video)/\d", link.get("expanded_url", ""))
        text = text.replace(link["url"], "" if is_file else link["expanded_url"])
    return text.strip()


def _files(post: Mapping[str, Any]) -> int:
    return len(post.get("attachments", {}).get("media_keys", ()))


def _ref(channel: Channel, remote_id: str) -> RemoteRef:
    return RemoteRef(remote_id=remote_id, permalink=f"https://x.com/{channel.account.name}/status/{remote_id}")


def _figures(post: Mapping[str, Any]) -> dict[str, int]:
    native = {"views": "impression_count", "likes": "like_count", "shares": "retweet_count", "comments": "reply_count",
              "quotes": "quote_count", "saves": "bookmark_count", "clicks": "url_link_clicks"}  # fmt: skip
    figures = {**post.get("public_metrics", {}), **post.get("non_public_metrics", {})}
    return {ours: int(figures[theirs]) for ours, theirs in native.items() if theirs in figures}


def _seconds(reply: Reply) -> float | None:
    """Seconds until the limit of calls is over; None where the answer doesn't say."""
    reset = reply.headers.get("x-rate-limit-reset", "")
    if reply.status == 429 and reset.isdigit():
        return max(1.0, float(reset) - time.time())
    return plain_refusal(reply).seconds
