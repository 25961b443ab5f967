"""Values of publishing: a channel, what a person approved for it, and what platforms answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from pressroom.model.base import Frozen
from pressroom.model.media import Medium


class PartKind(StrEnum):
    """The kinds of what one call sends. A failed comment or thumbnail, which are optional, leaves the post as it is."""

    POST = "post"
    COMMENT = "comment"
    THUMBNAIL = "thumbnail"


OPTIONAL_KINDS = frozenset({PartKind.COMMENT, PartKind.THUMBNAIL})


class Certainty(StrEnum):
    """How surely a platform says, after a lost answer, whether a post is public.

    CERTAIN: a handle or key of ours tells. GOOD: the account's own list tells, within a few minutes. WEAK: a person
    has to look.
    """

    CERTAIN = "certain"
    GOOD = "good"
    WEAK = "weak"


class Account(Frozen):
    """An account at a platform, as the platform names it."""

    remote_id: str
    name: str = Field(description="Its handle, without @.")
    title: str = Field(default="", description="Its name as shown to readers.")
    avatar: str = Field(default="", description="Address of its picture.")
    kind: str = Field(default="", description="The platform's own word, e.g. `member`, `organization`, `page`.")


class Channel(Frozen):
    """An account that a workspace publishes to, without its secrets.

    host: base address of the server that the account lives on, for platforms of many servers; empty elsewhere.
    settings: of the platform, e.g. a Pinterest board; see the `Options` of its publisher.
    """

    id: str
    workspace_id: str
    platform: str
    account: Account
    host: str = ""
    scopes: tuple[str, ...] = ()
    settings: Mapping[str, Any] = {}


class ApprovedPart(Frozen):
    """One call's worth of words. The media of an `Approved` go with its first part."""

    kind: PartKind
    text: str


class Approved(Frozen):
    """Exactly what a person approved for one channel; a publisher takes nothing else.

    Made by `pressroom.publishers.ledger.approving` alone, from an approval that still holds. parts: posts of a thread
    in order, then optional parts. options: publish-time choices, e.g. TikTok's privacy. ai_generated: a model wrote or
    drew it, and the workspace discloses that. hash: of all fields but the approval's own.
    """

    content_id: str
    approval_id: str
    approved_by: str = Field(description="Id of the person.")
    channel_id: str
    platform: str
    language: str = Field(default="en", description="BCP 47.")
    title: str = ""
    link: str = ""
    tags: str = ""
    parts: tuple[ApprovedPart, ...] = Field(min_length=1)
    media: tuple[Medium, ...] = ()
    options: Mapping[str, Any] = {}
    ai_generated: bool = False

    @property
    def posts(self) -> tuple[ApprovedPart, ...]:
        return tuple(part for part in self.parts if part.kind is PartKind.POST)

    @property
    def text(self) -> str:
        """The words of the main post."""
        return self.parts[0].text

    @property
    def hash(self) -> str:
        """SHA-256 in hex over everything that goes out, and where."""
        said = self.model_dump(mode="json", exclude={"approval_id", "approved_by"})
        for medium in said["media"]:
            del medium["key"]
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class Problem(Frozen):
    """Something that keeps a post from a platform, known before a byte is sent. code: stable, e.g. `image_too_large`.

    blocking: false for a warning.
    """

    code: str
    message: str = Field(description="One sentence that names the thing, what was found and the limit.")
    hint: str = ""
    where: str = Field(default="", description="`post 2`, `media 1`, `channel`, or an option's name.")
    blocking: bool = True


class RemoteRef(Frozen):
    """A post at a platform. extra: what a reply to it needs, e.g. a content id."""

    remote_id: str
    permalink: str = ""
    extra: Mapping[str, str] = {}


class Sent(Frozen):
    """The platform has it. processing: not public yet, ask later. waiting_person: in the account's inbox."""

    ref: RemoteRef
    processing: bool = False
    waiting_person: bool = False


class Listed(Frozen):
    """A post in an account's own list. media: how many files it has; None where the list doesn't say."""

    ref: RemoteRef
    text: str
    created_at: datetime
    media: int | None = None


class Listing(Frozen):
    """The newest posts of an account. complete: true when it reaches back to the asked moment, or to the first post."""

    posts: tuple[Listed, ...]
    complete: bool


class Found(Frozen):
    """It is public."""

    ref: RemoteRef


class Absent(Frozen):
    """It is not there. certain: proven by a handle; otherwise one look at a list, of which several are needed.

    control: true when the same list shows other posts, or the account has none that we know of.
    """

    certain: bool
    control: bool = False


class Failed(Frozen):
    """The platform had taken it and then refused it: it is not public and won't be."""

    reason: str
    message: str


class Processing(Frozen):
    """The platform is still at it."""


class Similar(Frozen):
    """Posts that may be it: a person compares the words."""

    posts: tuple[Listed, ...]


Asked = Found | Absent | Failed | Processing | Similar
"""The answer of a platform that is asked about a post whose outcome was unclear."""


class Reading(Frozen):
    """A public post as the platform shows it. text: None where it can't be read. visibility: the platform's word."""

    ref: RemoteRef
    text: str | None
    media: int | None = None
    visibility: str = "public"


class Metrics(Frozen):
    """Figures of one post. values: by our names (views, likes, ...); what a platform doesn't offer is not in it."""

    remote_id: str
    values: Mapping[str, int]
