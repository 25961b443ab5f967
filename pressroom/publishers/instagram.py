"""Instagram, for professional accounts that sign in at Instagram: containers, carousels, reels and a first comment.

https://developers.facebook.com/docs/instagram-platform. Posts can't be changed, and are taken down in the app alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import Field

from pressroom import platforms
from pressroom.errors import PostRefused
from pressroom.model import Medium
from pressroom.model.publishing import (
    Absent,
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
from pressroom.publishers.sending import asking, graph
from pressroom.publishers.sending.containers import ContainerPublisher, figures
from pressroom.publishers.sending.credentials import Credentials
from pressroom.publishers.sending.line import Line, Phase, Refusal, Rule
from pressroom.publishers.sending.publisher import Job, NotYet, OAuth, Options

MOST_MENTIONS = 20
FIGURES = {
    "views": "views", "reach": "reach", "likes": "likes", "comments": "comments", "shares": "shares", "saves": "saved",
}  # fmt: skip
COMMENT_FIELDS = "id,text,timestamp,username"
OTHER_FILE = "Attach another file and approve it again."
_MENTION = re.compile(r"(?<![\w@./])@[\w.]+")
_CODE = re.compile(r"\b22\d{5}\b")


class InstagramOptions(Options):
    """collaborators: names of at most 3 accounts, without @. cover_ms: the moment of a film that is its cover."""

    collaborators: tuple[str, ...] = Field(default=(), max_length=3)
    share_to_feed: bool = Field(default=True, description="A reel stands among the posts of the profile, too.")
    cover_ms: int | None = Field(default=None, ge=0)


class Instagram(ContainerPublisher):
    platform = "instagram"
    bases = {
        "api": f"https://graph.instagram.com/{graph.VERSION}",
        "graph": "https://graph.instagram.com",
        "oauth": "https://api.instagram.com",
        "login": "https://www.instagram.com",
    }
    connection = OAuth(
        authorize="login:/oauth/authorize",
        token="oauth:/oauth/access_token",  # noqa: S106 (an address)
        scopes=(
            "instagram_business_basic", "instagram_business_content_publish", "instagram_business_manage_comments",
            "instagram_business_manage_insights",
        ),
        optional=("instagram_business_manage_insights",),
        separator=",",
        pkce="",
        refresh="itself",
    )  # fmt: skip
    certainty = Certainty.CERTAIN
    proof = "The post's container says for 24 hours whether it was published; then the account's own list does."
    options = InstagramOptions
    comments = True
    deletes = False
    rules = (
        Rule("unclear", subcode=("2207051",), phases=(Phase.SEND,),
             hint="Instagram says so of posts that are live, too: it is asked."),
        Rule("unclear", code=("20",), phases=(Phase.SEND,), hint="The comment may stand there: Instagram is asked."),
        Rule("later", subcode=("2207042",), seconds=3600, hint="The quota of posts in 24 hours is used up."),
        Rule("later", subcode=("2207027",), seconds=30),
        Rule("later", subcode=("2207020", "2207006"), seconds=5, hint="A new container is made."),
        Rule("later", subcode=("2207001", "2207003", "2207008", "2207032"), phases=(Phase.PREPARE,), seconds=60),
        Rule("account", subcode=("2207050",), reason="account_blocked",
             hint="Sign in at Instagram and follow what it says there."),
        Rule("refused", subcode=("2207004", "2207005", "2207009", "2207026", "2207028", "2207057"),
             reason="media_refused", hint=OTHER_FILE),
        Rule("refused", subcode=("2207010",), reason="text_refused", hint="Shorten the caption and approve it again."),
        Rule("refused", subcode=("2207081",), reason="option_refused", hint="Plan it without that option."),
        *graph.RULES,
    )  # fmt: skip

    containers, publishing = "media", "media_publish"
    state, words = "status_code", "status"
    fields = "id,caption,timestamp,permalink,media_type,children"
    text_field = "caption"
    ended = ("2207020", "2207006")

    # Accounts

    def exchange(self, line: Line, credentials: Credentials) -> Credentials:
        asked = {"grant_type": "ig_exchange_token", "client_secret": graph.app_secret(credentials)}
        return graph.long_lived(
            line, "graph:/access_token", access_token=credentials.access.get_secret_value(), **asked
        )

    def refresh(self, line: Line, credentials: Credentials) -> Credentials:
        token = credentials.access.get_secret_value()
        return graph.long_lived(line, "graph:/refresh_access_token", grant_type="ig_refresh_token", access_token=token)

    def accounts(self, line: Line) -> Sequence[Account]:
        reply = line.get("api:/me", params={"fields": "user_id,username,name,profile_picture_url,account_type"})
        said, name = line.value(reply), line.value(reply, "username")
        return (
            Account(
                remote_id=str(line.value(reply, "user_id")), name=name, title=said.get("name") or name,
                avatar=said.get("profile_picture_url", ""), kind=said.get("account_type", ""),
            ),
        )  # fmt: skip

    def whoami(self, line: Line, channel: Channel) -> str:
        return str(line.value(line.get("api:/me", params={"fields": "user_id,username"}), "user_id"))

    # Sending

    def check(self, approved: Approved, channel: Channel) -> Iterator[Problem]:
        instagram = platforms.get(self.platform)
        if instagram.uploads and len(approved.media) > (most := instagram.uploads.most_images):
            message = f"Instagram takes {most} files in a post; this has {len(approved.media)}."
            yield Problem(code="too_many_media", message=message, where="media", hint="Remove files.")
        for part in approved.parts:
            where = "first comment" if part.kind is PartKind.COMMENT else "text"
            yield from _tag_problems(instagram, part.text, where)
            if (mentions := len(_MENTION.findall(part.text))) > MOST_MENTIONS:
                message = f"Instagram takes {MOST_MENTIONS} mentions; the {where} has {mentions}."
                yield Problem(code="too_many_mentions", message=message, where=where, hint="Remove mentions.")

    def child_fields(self, job: Job, medium: Medium) -> dict[str, str]:
        return {**_file(job, medium, film="VIDEO"), "is_carousel_item": "true"}

    def parent_fields(self, job: Job, children: list[str]) -> dict[str, str]:
        """The mark of AI stands on what is published alone: Instagram refuses it on a carousel's items."""
        said = {"caption": job.part.text} if job.part.text else {}
        options = InstagramOptions.model_validate(dict(job.approved.options))
        if children:
            said |= {"media_type": "CAROUSEL", "children": ",".join(children)}
        else:
            said |= _file(job, job.files[0], film="REELS")
        if said.get("media_type") == "REELS":
            said |= {"share_to_feed": "true" if options.share_to_feed else "false"}
            said |= {"thumb_offset": str(options.cover_ms)} if options.cover_ms is not None else {}
        if options.collaborators:
            said["collaborators"] = ",".join(options.collaborators)
        if job.approved.ai_generated:
            said["is_ai_generated"] = "true"
        return said

    def list_edge(self, job: Job) -> str:
        return "media"

    def container_refusal(self, words: str) -> Refusal:
        """Its words name the code, e.g. `Error: Media upload has failed with error code 2207026`."""
        found = _CODE.search(words)
        return Refusal(400, subcode=found.group() if found else "", message=words, passing=found is None)

    def prepare(self, job: Job) -> NotYet | None:
        return None if job.part.kind is PartKind.COMMENT else super().prepare(job)

    def send(self, job: Job) -> Sent:
        """A comment goes without `fields`: with them Instagram makes it and answers with an error all the same."""
        if job.part.kind is not PartKind.COMMENT:
            return super().send(job)
        reply = job.line.post(f"api:/{job.parents[0].remote_id}/comments", data={"message": job.part.text})
        return Sent(ref=RemoteRef(remote_id=graph.created_id(job.line, reply)))

    def ask(self, job: Job) -> Asked:
        return super().ask(job) if job.part.kind is not PartKind.COMMENT else self._ask_for_comment(job)

    def _ask_for_comment(self, job: Job) -> Asked:
        """The list of comments under the main post, and its number of comments, which shows whether the list lags."""
        seen: list[str] = []
        listing = asking.walk(lambda cursor: self._comments(job, cursor, seen), asking.window_start(job))
        found = asking.among(self, job, listing)
        if not isinstance(found, Absent):
            return found
        reply = job.line.get(f"api:/{job.parents[0].remote_id}", params={"fields": "comments_count"})
        count = int(job.line.value(reply, "comments_count"))
        return Absent(certain=False, control=listing.complete and count <= len(seen))

    def read_back(self, job: Job, ref: RemoteRef) -> Reading | None:
        if job.part.kind is not PartKind.COMMENT:
            return super().read_back(job, ref)
        reply = job.line.get(f"api:/{ref.remote_id}", params={"fields": COMMENT_FIELDS}, ok=(200, 400))
        if reply.status == 400:
            if (refusal := job.line.read(reply)).subcode != "33":
                raise job.line.error(refusal)
            return None
        return Reading(ref=ref, text=job.line.value(reply, "text"))

    def _comments(self, job: Job, cursor: str, seen: list[str]) -> tuple[list[Listed], str]:
        """The account's own comments under the main post. seen: takes the ids of all."""
        where, name = f"api:/{job.parents[0].remote_id}/comments", job.channel.account.name
        comments, after = graph.page(job.line, where, COMMENT_FIELDS, cursor, limit=50)
        seen += [str(each.get("id")) for each in comments]
        return [_comment(each) for each in comments if each.get("username", name) == name], after

    def collect(self, line: Line, channel: Channel, remote_ids: Sequence[str]) -> Sequence[Metrics]:
        found = [(one, figures(line, one, FIGURES)) for one in remote_ids]
        return [Metrics(remote_id=one, values=values) for one, values in found if values]

    def delete(self, line: Line, channel: Channel, ref: RemoteRef) -> None:
        message = "Instagram lets programs that sign in at Instagram take nothing down."
        raise PostRefused(message, hint="Delete the post in the app.", reason="not_offered")

    def quota(self, line: Line, channel: Channel) -> str:
        asked = {"fields": "quota_usage,config"}
        where = f"api:/{channel.account.remote_id}/content_publishing_limit"
        said = line.value(line.get(where, params=asked), "data")[0]
        return f"{said['quota_usage']} of {said['config']['quota_total']} posts in 24 hours are used."


PUBLISHER = Instagram()


def _tag_problems(instagram: platforms.Platform, text: str, where: str) -> Iterator[Problem]:
    tags, known = len(counting.hashtags(text)), instagram.hashtags
    if known.hard and tags > known.hard:
        message = f"Instagram takes {known.hard} hashtags; the {where} has {tags}."
        yield Problem(code="too_many_hashtags", message=message, where=where, hint="Remove hashtags.")
    elif tags > known.most:
        message = f"Instagram may count more than {known.most} hashtags against a post; the {where} has {tags}."
        yield Problem(code="many_hashtags", message=message, where=where, hint="Leave the best.", blocking=False)


def _file(job: Job, medium: Medium, *, film: str) -> dict[str, str]:
    if medium.media_type.startswith("video/"):
        return {"media_type": film, "video_url": job.media.url(medium)}
    alt = {"alt_text": medium.alt_text} if medium.alt_text else {}
    return {"image_url": job.media.url(medium), **alt}


def _comment(said: Mapping[str, Any]) -> Listed:
    ref = RemoteRef(remote_id=str(said["id"]))
    return Listed(ref=ref, text=str(said.get("text", "")), created_at=graph.moment(said["timestamp"]))
