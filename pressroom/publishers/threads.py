"""Threads, by Meta's API: a container for each post, published once; replies make threads.

https://developers.facebook.com/docs/threads. The app's id is the one of the Threads app, not of the Facebook app around
it, and a token renews itself: there is no other one to renew it with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import Field

from pressroom import platforms
from pressroom.model import Medium
from pressroom.model.publishing import Account, Approved, Certainty, Channel, Metrics, PartKind, Problem, RemoteRef
from pressroom.platforms import counting
from pressroom.publishers.sending import graph
from pressroom.publishers.sending.containers import ContainerPublisher, figures
from pressroom.publishers.sending.credentials import Credentials
from pressroom.publishers.sending.line import Line, Phase, Refusal, Rule
from pressroom.publishers.sending.publisher import Job, OAuth, Options

FIGURES = {name: name for name in ("views", "likes", "reposts", "quotes", "clicks")} | {
    "comments": "replies",
    "shares": "shares",
}
TOPIC = r"[^.&#\s][^.&#]{0,49}"
_WORD = re.compile(r"[A-Z_]{6,}")


class ThreadsOptions(Options):
    """topic_tag: the post's one topic, without #; reply_control: who may reply."""

    topic_tag: str = Field(default="", pattern=rf"^(?:{TOPIC})?$")
    reply_control: Literal["everyone", "accounts_you_follow", "mentioned_only"] = "everyone"


class Threads(ContainerPublisher):
    platform = "threads"
    bases = {
        "api": "https://graph.threads.net/v1.0",
        "oauth": "https://graph.threads.net",
        "login": "https://threads.net",
    }
    takes = ("bluesky",)
    connection = OAuth(
        authorize="login:/oauth/authorize",
        token="oauth:/oauth/access_token",  # noqa: S106 (an address)
        scopes=(
            "threads_basic", "threads_content_publish", "threads_manage_replies", "threads_read_replies",
            "threads_manage_insights", "threads_delete",
        ),
        optional=("threads_manage_insights", "threads_delete"),
        separator=",",
        pkce="",
        refresh="itself",
    )  # fmt: skip
    certainty = Certainty.CERTAIN
    proof = "The post's container says for 24 hours whether it was published; then the account's own list does."
    options = ThreadsOptions
    threads = True
    comments = True
    rules = (
        Rule("refused", words="LINK_LIMIT_EXCEEDED", reason="too_many_links", hint="Remove links."),
        Rule("later", code=("24",), phases=(Phase.SEND, Phase.PREPARE), seconds=30),
        Rule("later", subcode=("2207042",), seconds=3600, hint="The quota of posts in 24 hours is used up."),
        Rule("refused", words="INVALID_ASPEC", reason="media_refused", hint="Attach a file of another shape."),
        Rule("refused", words="INVALID_", reason="media_refused", phases=(Phase.PREPARE,), hint="Attach another file."),
        *graph.RULES,
    )

    containers, publishing = "threads", "threads_publish"
    state, words = "status", "error_message"
    fields = "id,text,timestamp,permalink,media_type,children"
    text_field = "text"

    # Accounts

    def exchange(self, line: Line, credentials: Credentials) -> Credentials:
        asked = {"grant_type": "th_exchange_token", "client_secret": graph.app_secret(credentials)}
        return graph.long_lived(
            line, "oauth:/access_token", access_token=credentials.access.get_secret_value(), **asked
        )

    def refresh(self, line: Line, credentials: Credentials) -> Credentials:
        token = credentials.access.get_secret_value()
        where = "oauth:/refresh_access_token"
        return graph.long_lived(line, where, grant_type="th_refresh_token", access_token=token)

    def accounts(self, line: Line) -> Sequence[Account]:
        reply = line.get("api:/me", params={"fields": "id,username,name,threads_profile_picture_url"})
        said, name = line.value(reply), line.value(reply, "username")
        avatar = said.get("threads_profile_picture_url", "")
        return (
            Account(remote_id=str(line.value(reply, "id")), name=name, title=said.get("name", name), avatar=avatar),
        )

    def whoami(self, line: Line, channel: Channel) -> str:
        return str(line.value(line.get("api:/me", params={"fields": "id,username"}), "id"))

    # Sending

    def check(self, approved: Approved, channel: Channel) -> Iterator[Problem]:
        threads = platforms.get(self.platform)
        links = {*counting.links(approved.text), *filter(None, [approved.link])}
        if threads.links and not approved.media and approved.link and len(links) > (most := threads.links.most):
            message = f"Threads takes {most} links in a post, its card's among them; this has {len(links)}."
            yield Problem(code="too_many_links", message=message, where="text", hint="Remove links.")
        if threads.uploads and len(approved.media) > (most := threads.uploads.most_images):
            message = f"Threads takes {most} files in a post; this has {len(approved.media)}."
            yield Problem(code="too_many_media", message=message, where="media", hint="Remove files.")

    def child_fields(self, job: Job, medium: Medium) -> dict[str, str]:
        return {**_file(job, medium), "is_carousel_item": "true"}

    def parent_fields(self, job: Job, children: list[str]) -> dict[str, str]:
        said = {"text": job.part.text} if job.part.text else {}
        if children:
            said |= {"media_type": "CAROUSEL", "children": ",".join(children)}
        elif job.files:
            said |= _file(job, job.files[0])
        else:
            said |= {"media_type": "TEXT", **_link(job)}
        if job.parents:
            parent = job.parents[0 if job.part.kind is PartKind.COMMENT else -1]
            said["reply_to_id"] = parent.remote_id
        elif (chosen := ThreadsOptions.model_validate(dict(job.approved.options))) != ThreadsOptions():
            said["reply_control"] = chosen.reply_control
            said |= {"topic_tag": chosen.topic_tag} if chosen.topic_tag else {}
        return said

    def list_edge(self, job: Job) -> str:
        return "replies" if job.parents else "threads"

    def container_refusal(self, words: str) -> Refusal:
        """Its error is one word, e.g. `INVALID_ASPEC_RATIO`; `UNKNOWN` and failed downloads may pass."""
        found = _WORD.search(words)
        return Refusal(400, found.group() if found else "", message=words, passing=not words.startswith("INVALID"))

    def collect(self, line: Line, channel: Channel, remote_ids: Sequence[str]) -> Sequence[Metrics]:
        found = [(one, figures(line, one, FIGURES)) for one in remote_ids]
        return [Metrics(remote_id=one, values=values) for one, values in found if values]

    def delete(self, line: Line, channel: Channel, ref: RemoteRef) -> None:
        reply = line.call("DELETE", f"api:/{ref.remote_id}", ok=(200, 400))
        if reply.status == 400 and (refusal := line.read(reply)).subcode != "33":
            raise line.error(refusal)

    def quota(self, line: Line, channel: Channel) -> str:
        asked = {"fields": "quota_usage,config,reply_quota_usage,reply_config"}
        reply = line.get(f"api:/{channel.account.remote_id}/threads_publishing_limit", params=asked)
        said = line.value(reply, "data")[0]
        posts, replies = said["config"]["quota_total"], said["reply_config"]["quota_total"]
        return (
            f"{said['quota_usage']} of {posts} posts and {said['reply_quota_usage']} of {replies} replies in 24 hours "
            "are used."
        )


PUBLISHER = Threads()


def _file(job: Job, medium: Medium) -> dict[str, str]:
    kind = "VIDEO" if medium.media_type.startswith("video/") else "IMAGE"
    alt = {"alt_text": medium.alt_text} if medium.alt_text else {}
    return {"media_type": kind, f"{kind.casefold()}_url": job.media.url(medium), **alt}


def _link(job: Job) -> dict[str, str]:
    """The card of a post's link, where the words don't have it already."""
    link = job.approved.link if job.is_main else ""
    return {"link_attachment": link} if link and link not in job.part.text else {}
