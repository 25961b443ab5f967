"""Plans: a request with every default filled in and every source read. A run is known by its plan, and stores it.

One kind of plan a flow that makes runs. A plan answers what differs by kind (what is expected, which pictures, which
language), so that nothing else has to ask of which kind a run is.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from pressroom.model.base import Frozen
from pressroom.model.briefs import Failure
from pressroom.model.films import FilmRequest, Shape, Storyboard, Tier
from pressroom.model.ideas import Preferences
from pressroom.model.images import Brand
from pressroom.model.optimizing import OptimizeRequest
from pressroom.model.requests import PictureWishes
from pressroom.model.trends import REGION, Weights

THUMBNAIL = "thumbnail"
"""The purpose of a document's first picture; the others are for platforms."""


class PlanBase(Frozen):
    """The fields and questions that plans of every kind have."""

    day: dt.date = Field(description="Where the workspace is.")
    workspace: str
    formats: tuple[str, ...] = ()
    chain: tuple[str, ...] = Field(description="Text providers, in order.")
    chain_fingerprint: str
    preferences: Preferences
    reads_files: bool = Field(
        default=False, description="Whether files of the machine may be read. The flow's process decides, no request."
    )

    @property
    def subjects(self) -> int:
        """The number of ideas, documents or pictures of the run, including those that could not be read."""
        raise NotImplementedError

    @property
    def purposes(self) -> tuple[str, ...]:
        """The purposes for which each subject gets a picture: `thumbnail`, or a platform."""
        return ()

    @property
    def unmade(self) -> tuple[Failure, ...]:
        """The failures from before the run was opened."""
        return ()

    @property
    def about(self) -> str:
        """The subject of the ideas; empty when any will do."""
        return ""

    def expected(self) -> int:
        """How many things the run leaves when all goes well: drafts and pictures."""
        return (self.subjects - len(self.unmade)) * (len(self.formats) + len(self.purposes))

    def preferences_for(self, language: str) -> Preferences:
        """The preferences for a document in `language`."""
        return self.preferences

    def _hash(self, *names: str, **values: Any) -> str:
        """24 hex digits of the fields `names`, and of `values` in place of fields."""
        inputs = {**self.model_dump(mode="json", include=set(names)), **values}
        return hashlib.sha256(json.dumps(inputs, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:24]


class DailyPlan(PlanBase):
    """Ideas of one day, each in every format."""

    kind: Literal["daily"] = "daily"
    ideas: int
    focus: str = ""
    opportunities: tuple[str, ...] | None = Field(
        default=None,
        description="Ids of those to write about; None: those taken, then the best open ones.",
        exclude_if=lambda ids: ids is None,
    )
    share: float = Field(default=0.5, description="Share of the ideas that open opportunities may give, at most.")

    @property
    def subjects(self) -> int:
        return self.ideas

    @property
    def about(self) -> str:
        return self.focus

    @property
    def run_key(self) -> str:
        """`2026-11-20-` and a hash of the rest: the same inputs on the same day are the same run.

        Which opportunities a run has taken is in its rows, not in its key: they change from hour to hour.
        """
        rest = ("day", "ideas", "formats", "chain", "chain_fingerprint", "focus", "workspace", "preferences",
                "opportunities")  # fmt: skip
        return f"{self.day.isoformat()}-{self._hash(*rest)[:12]}"


class RepurposePlan(PlanBase):
    """Documents, each in every format and as pictures."""

    kind: Literal["repurpose"] = "repurpose"
    documents: tuple[str, ...] = Field(description="Hashes of what was read, in order.")
    unread: tuple[Failure, ...] = Field(default=(), description="Sources that could not be read.")
    pictures: PictureWishes = PictureWishes()
    pictures_fingerprint: str = ""
    own_language: bool = Field(default=False, description="Whether each document is written up in its own language.")

    @property
    def subjects(self) -> int:
        return len(self.documents) + len(self.unread)

    @property
    def purposes(self) -> tuple[str, ...]:
        return (THUMBNAIL, *self.pictures.platforms) if self.pictures.platforms else ()

    @property
    def unmade(self) -> tuple[Failure, ...]:
        return self.unread

    def preferences_for(self, language: str) -> Preferences:
        return self.preferences.model_copy(update={"language": language}) if self.own_language else self.preferences

    @property
    def run_key(self) -> str:
        """`doc-` and a hash of it all: the same words and wishes are the same run, on any day."""
        names = ("documents", "formats", "chain", "chain_fingerprint", "pictures", "pictures_fingerprint")
        unread = [failure.idea_title for failure in self.unread]
        return f"doc-{self._hash(*names, 'own_language', 'workspace', 'preferences', unread=unread)}"


class OptimizePlan(PlanBase):
    """Pictures, each for every platform."""

    kind: Literal["optimize"] = "optimize"
    request: OptimizeRequest
    platforms: tuple[str, ...]
    files: tuple[str, ...] = Field(description="SHA-256 of each picture and logo; of what is elsewhere, its address.")
    image_quality: str

    @property
    def subjects(self) -> int:
        return len(self.request.images)

    @property
    def purposes(self) -> tuple[str, ...]:
        return self.platforms

    def expected(self) -> int:
        """For each platform a picture and its words."""
        return 2 * self.subjects * len(self.platforms)

    @property
    def run_key(self) -> str:
        """`img-` and a hash of it all: the same bytes with the same wishes are the same run, on any day."""
        wishes = self.request.model_dump(mode="json", exclude={"images", "refresh", "trigger", "timeout"})
        wishes["logo"].pop("files")
        preferences = self.preferences.model_dump(mode="json")
        inputs = [list(self.files), wishes, preferences, self.chain_fingerprint, self.image_quality]
        return f"img-{hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:24]}"


EXAMPLE = "-example"
"""The end of a run key of the recorded example day."""


class TrendsPlan(PlanBase):
    """One collection of trends: one region in one slot of six hours."""

    kind: Literal["trends"] = "trends"
    slot: AwareDatetime = Field(description="When the slot begins, UTC.")
    region: str = Field(default="", pattern=REGION)
    sources: tuple[str, ...]
    feeds: tuple[str, ...] = ()
    weights: Weights = Weights()
    least_score: float = Field(default=0, description="The lowest score of an opportunity.")
    example: bool = False

    @property
    def subjects(self) -> int:
        return 0

    @property
    def run_key(self) -> str:
        """`DE-2026-11-30T06`: a repeat within the slot goes on with the same collection."""
        return f"{self.region or 'world'}-{self.slot:%Y-%m-%dT%H}{EXAMPLE if self.example else ''}"


FILM_VERSION = 1
"""Raised when the same wishes make another film."""


class FilmPlan(PlanBase):
    """One film of one draft. `chain` is the tier's for texts; files: SHA-256 of each file the request names."""

    kind: Literal["film"] = "film"
    request: FilmRequest = Field(description="With the draft's whole id.")
    script_hash: str = Field(description="Of the draft's body.")
    format: str
    platform: str
    board: Storyboard
    tier: Tier
    shape: Shape
    style: str = "photographic"
    quality: Literal["low", "medium", "high"] = "medium"
    brand: Brand = Brand()
    voice: str = ""
    image_chain: tuple[str, ...]
    speech_chain: tuple[str, ...]
    fingerprints: tuple[str, str] = Field(description="Of the chains for pictures and for speech.")
    pronunciations: tuple[tuple[str, str], ...] = ()
    files: dict[str, str] = Field(default={}, description="By the names that the request has for them.")
    notes: tuple[str, ...] = Field(default=(), description="What the user should know of the plan.")

    @property
    def subjects(self) -> int:
        return 1

    def expected(self) -> int:
        """A picture and a voice for each scene; then the film, two files of captions and the contact sheet."""
        return 2 * len(self.board.scenes) + 4

    @property
    def run_key(self) -> str:
        """`film-` and a hash of it all: the same script with the same wishes is the same film, on any day."""
        names = ("board", "shape", "style", "quality", "brand", "voice", "image_chain", "speech_chain",
                 "fingerprints", "pronunciations", "workspace")  # fmt: skip
        wishes = self.request.model_dump(mode="json", include={"content", "captions", "music", "scenes"})
        for one in (wishes, *wishes["scenes"]):
            for name in {"music", "picture", "clip"} & set(one):
                one[name] = self.files.get(one[name], one[name])
        language = self.preferences.language
        return f"film-{self._hash(*names, wishes=wishes, language=language, version=FILM_VERSION)}"


AnyPlan = DailyPlan | RepurposePlan | OptimizePlan | TrendsPlan | FilmPlan

Plan = Annotated[AnyPlan, Field(discriminator="kind")]
"""The plan of a run; `kind` tells which."""

_PLANS: TypeAdapter[AnyPlan] = TypeAdapter(Plan)


def plan_of(stored: Any) -> AnyPlan:
    """The plan that was stored as JSON."""
    return _PLANS.validate_python(stored)
