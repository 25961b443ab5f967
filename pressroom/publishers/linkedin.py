"""LinkedIn, for people and for pages, by its versioned API: posts, images, films, documents, first comments.

https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api. A person's token may write and
not read: after a lost answer LinkedIn tells of a page's posts, and of a person's it does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pressroom.errors import OutcomeUnclear
from pressroom.model.publishing import (
    Account,
    Asked,
    Certainty,
    Channel,
    Listed,
    Metrics,
    PartKind,
    Reading,
    RemoteRef,
    Sent,
)
from pressroom.publishers.linkedin_api import files
from pressroom.publishers.linkedin_api.calls import RULES, call, is_page, quoted, read_error
from pressroom.publishers.linkedin_api.little_text import escape, unescape
from pressroom.publishers.sending.asking import among, walk, window_start
from pressroom.publishers.sending.line import Line, Refusal, Reply
from pressroom.publishers.sending.publisher import Job, NotYet, OAuth, Publisher

MEMBER_SCOPES = ("w_member_social",)
PAGE_SCOPES = ("w_organization_social", "r_organization_social", "rw_organization_admin")
FIGURES_SCOPE = "r_member_postAnalytics"
POSTERS = ("ADMINISTRATOR", "CONTENT_ADMINISTRATOR", "CONTENT_ADMIN")
"""Roles on a page with which a person may post for it."""

AT_ONCE = 20
_COMMENT_URN = re.compile(r"urn:li:comment:\((.+),(\d+)\)")
UNTOLD = "LinkedIn lets no program read a person's posts."
_NEVER_PUBLIC = ("PUBLISH_FAILED", "DRAFT")


class LinkedIn(Publisher):
    platform = "linkedin"
    bases = {"api": "https://api.linkedin.com", "oauth": "https://www.linkedin.com"}
    hosts = (".linkedin.com",)
    connection = OAuth(
        authorize="oauth:/oauth/v2/authorization",
        token="oauth:/oauth/v2/accessToken",  # noqa: S106 (an address)
        scopes=("openid", "profile", *MEMBER_SCOPES, *PAGE_SCOPES),
        optional=PAGE_SCOPES,
        pkce="",
    )
    certainty = Certainty.WEAK
    cuts_unescaped = True
    proof = "A page's own list tells. Of a person's posts LinkedIn tells a program nothing: a person has to look."
    comments = True
    rules = RULES

    def scopes_needed(self, account: Account) -> tuple[str, ...]:
        return PAGE_SCOPES[:2] if is_page(account.remote_id) else MEMBER_SCOPES

    def certainty_of(self, channel: Channel) -> Certainty:
        return Certainty.GOOD if is_page(channel.account.remote_id) else Certainty.WEAK

    # Accounts

    def accounts(self, line: Line) -> Sequence[Account]:
        return (_member(line), *_pages(line))

    def whoami(self, line: Line, channel: Channel) -> str:
        if not is_page(channel.account.remote_id):
            return _member(line).remote_id
        pages = _page_urns(line)
        return channel.account.remote_id if channel.account.remote_id in pages else next(iter(pages), "")

    # Sending

    def as_sent(self, text: str) -> str:
        return escape(text)

    def comparable(self, text: str) -> str:
        return " ".join(unescape(text).split())

    def prepare(self, job: Job) -> NotYet | None:
        return files.prepare(job)

    def send(self, job: Job) -> Sent:
        if job.part.kind is PartKind.COMMENT:
            return Sent(ref=_comment(job))
        reply = call(job.line, "POST", "/posts", json=_post(job))
        if not (urn := reply.headers.get("x-restli-id", "")):
            raise OutcomeUnclear("LinkedIn took the post and named no id for it.")
        return Sent(ref=_ref(urn))

    def ask(self, job: Job) -> Asked:
        if not is_page(_author(job)):
            raise OutcomeUnclear(UNTOLD, hint="Look at the profile, then say whether the post is there.")
        page = _comments_of(job) if job.part.kind is PartKind.COMMENT else _posts_of(job)
        until = datetime.min.replace(tzinfo=UTC) if job.part.kind is PartKind.COMMENT else window_start(job)
        return among(self, job, walk(page, until))

    def read_back(self, job: Job, ref: RemoteRef) -> Reading | None:
        if not is_page(_author(job)):
            return Reading(ref=ref, text=None)
        comment = _COMMENT_URN.fullmatch(ref.remote_id)
        where = _comment_path(comment) if comment else f"/posts/{quoted(ref.remote_id)}"
        reply = call(job.line, "GET", where, ok=(200, 404))
        if reply.status == 404:
            return None
        if comment:
            return Reading(ref=ref, text=escape(job.line.value(reply, "message", "text")))
        said, text = reply.json(), job.line.value(reply, "commentary")
        if said.get("lifecycleState") in _NEVER_PUBLIC:
            return None
        return Reading(
            ref=ref, text=text, media=_count_files(said), visibility=said.get("visibility", "PUBLIC").lower()
        )

    def collect(self, line: Line, channel: Channel, remote_ids: Sequence[str]) -> Sequence[Metrics]:
        if not is_page(channel.account.remote_id):
            return _member_figures(line, remote_ids) if FIGURES_SCOPE in channel.scopes else ()
        batches = (remote_ids[start : start + AT_ONCE] for start in range(0, len(remote_ids), AT_ONCE))
        return [found for batch in batches for found in _page_figures(line, channel.account.remote_id, batch)]

    def delete(self, line: Line, channel: Channel, ref: RemoteRef) -> None:
        comment = _COMMENT_URN.fullmatch(ref.remote_id)
        actor = f"?actor={quoted(channel.account.remote_id)}"
        where = f"{_comment_path(comment)}{actor}" if comment else f"/posts/{quoted(ref.remote_id)}"
        call(line, "DELETE", where, ok=(200, 204, 404))

    def read_error(self, reply: Reply) -> Refusal:
        return read_error(reply)


PUBLISHER = LinkedIn()


def _author(job: Job) -> str:
    return job.channel.account.remote_id


def _ref(urn: str) -> RemoteRef:
    return RemoteRef(remote_id=urn, permalink=f"https://www.linkedin.com/feed/update/{urn}/")


# Accounts


def _member(line: Line) -> Account:
    reply = line.get("api:/v2/userinfo")
    urn, said = f"urn:li:person:{line.value(reply, 'sub')}", reply.json()
    name = said.get("name") or urn
    return Account(remote_id=urn, name=name, title=name, avatar=said.get("picture") or "", kind="member")


def _page_urns(line: Line) -> list[str]:
    """Pages that the person may post for; none where the app has no right to pages."""
    reply = call(line, "GET", "/organizationAcls?q=roleAssignee&state=APPROVED&count=100", ok=(200, 403))
    if reply.status == 403:
        return []
    roles = line.value(reply, "elements")
    return list(dict.fromkeys(str(each["organization"]) for each in roles if each["role"] in POSTERS))


def _pages(line: Line) -> Iterable[Account]:
    urns = _page_urns(line)
    if not urns:
        return
    ids = ",".join(urn.rpartition(":")[2] for urn in urns)
    named = line.value(call(line, "GET", f"/organizations?ids=List({ids})"), "results")
    for urn in urns:
        said = named.get(urn.rpartition(":")[2], {})
        title = said.get("localizedName") or urn
        yield Account(remote_id=urn, name=said.get("vanityName") or title, title=title, kind="organization")


# Posts and comments


def _post(job: Job) -> dict[str, Any]:
    said: dict[str, Any] = {
        "author": _author(job),
        "commentary": escape(job.part.text),
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }
    return said | ({"content": content} if (content := _content(job)) else {})


def _content(job: Job) -> dict[str, Any] | None:
    approved, urns = job.approved, [files.urn_of(job, medium) for medium in job.files]
    if len(urns) > 1:
        pairs = zip(urns, job.files, strict=True)
        return {"multiImage": {"images": [{"id": urn, "altText": medium.alt_text} for urn, medium in pairs]}}
    if urns:
        medium = job.files[0]
        title = approved.title or medium.name
        named = {"altText": medium.alt_text} if files.noun(medium) == "images" else {"title": title}
        return {"media": {"id": urns[0], **named}}
    if approved.link:
        return {"article": {"source": approved.link, "title": approved.title or approved.link}}
    return None


def _comment(job: Job) -> RemoteRef:
    """Sends the first comment, whose words are plain: LinkedIn would show the backslashes."""
    post = job.parents[0].remote_id
    said = {"actor": _author(job), "object": post, "message": {"text": job.part.text}}
    reply = call(job.line, "POST", f"/socialActions/{quoted(post)}/comments", json=said)
    number = reply.headers.get("x-restli-id") or job.line.value(reply, "id")
    return RemoteRef(remote_id=f"urn:li:comment:({post},{number})", permalink=job.parents[0].permalink)


def _comment_path(comment: re.Match[str]) -> str:
    return f"/socialActions/{quoted(comment[1])}/comments/{comment[2]}"


def _pages_of(
    job: Job, path: str, listed: Callable[[Any], Listed], mine: Callable[[Any], bool]
) -> Callable[[str], tuple[list[Listed], str]]:
    def page(cursor: str) -> tuple[list[Listed], str]:
        start = int(cursor or 0)
        found = job.line.value(call(job.line, "GET", f"{path}count={AT_ONCE}&start={start}"), "elements")
        return [listed(one) for one in found if mine(one)], str(start + AT_ONCE) if len(found) == AT_ONCE else ""

    return page


def _posts_of(job: Job) -> Callable[[str], tuple[list[Listed], str]]:
    path = f"/posts?q=author&author={quoted(_author(job))}&sortBy=CREATED&"
    return _pages_of(job, path, _listed, lambda said: said.get("lifecycleState") not in _NEVER_PUBLIC)


def _listed(said: Mapping[str, Any]) -> Listed:
    when = said.get("publishedAt") or said["createdAt"]
    return Listed(ref=_ref(said["id"]), text=said["commentary"], created_at=_moment(when), media=_count_files(said))


def _comments_of(job: Job) -> Callable[[str], tuple[list[Listed], str]]:
    post = job.parents[0]

    def listed(said: Mapping[str, Any]) -> Listed:
        ref = RemoteRef(remote_id=f"urn:li:comment:({post.remote_id},{said['id']})", permalink=post.permalink)
        return Listed(ref=ref, text=escape(said["message"]["text"]), created_at=_moment(said["created"]["time"]))

    path = f"/socialActions/{quoted(post.remote_id)}/comments?"
    return _pages_of(job, path, listed, lambda said: bool(said["actor"] == _author(job)))


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _count_files(said: Mapping[str, Any]) -> int:
    content = said.get("content") or {}
    return len(content.get("multiImage", {}).get("images", ())) or int("media" in content)


# Figures


def _page_figures(line: Line, page: str, posts: Sequence[str]) -> Iterator[Metrics]:
    native = {"views": "impression", "reach": "uniqueImpressions", "clicks": "click", "likes": "like",
              "comments": "comment", "shares": "share"}  # fmt: skip
    where = f"/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity={quoted(page)}"
    for name, kind in (("shares", "share"), ("ugcPosts", "ugcPost")):
        if urns := [urn for urn in posts if urn.startswith(f"urn:li:{kind}:")]:
            reply = call(line, "GET", f"{where}&{name}=List({','.join(map(quoted, urns))})")
            for each in line.value(reply, "elements"):
                said = each["totalShareStatistics"]
                counts = {ours: said.get(f"{theirs}Count") for ours, theirs in native.items()}
                values = {ours: int(count) for ours, count in counts.items() if count is not None}
                yield Metrics(remote_id=each[kind], values=values)


def _member_figures(line: Line, posts: Sequence[str]) -> list[Metrics]:
    """Figures of a person's posts: one request for each."""
    native = {"views": "IMPRESSION", "reach": "MEMBERS_REACHED", "likes": "REACTION", "comments": "COMMENT",
              "shares": "RESHARE"}  # fmt: skip
    found = []
    for urn in posts:
        entity = f"({urn.split(':')[2]}:{quoted(urn)})"
        where = f"/memberCreatorPostAnalytics?q=entity&entity={entity}&aggregation=TOTAL&queryType="
        counts = {ours: line.value(call(line, "GET", where + theirs), "elements") for ours, theirs in native.items()}
        values = {ours: int(rows[0]["count"]) for ours, rows in counts.items() if rows}
        found += [Metrics(remote_id=urn, values=values)] if values else []
    return found
