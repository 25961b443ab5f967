"""The values that travel: frozen, typed, knowing nothing of where they are kept or shown.

A name is imported from its module when it is first used: all of them together take 0.4 s, and a command needs a few.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pressroom.model.base import Frozen
    from pressroom.model.briefs import (
        BatchRow,
        Brief,
        BriefDraft,
        BriefIdea,
        BriefPicture,
        Failure,
        GateVerdict,
        RunStatus,
        Totals,
    )
    from pressroom.model.callers import Caller, Origin, Role
    from pressroom.model.calls import Answer, Finish, TextRequest, Usage
    from pressroom.model.documents import Document, Excerpt, Section
    from pressroom.model.drafts import Finding, Part, PartRole, State, Violation
    from pressroom.model.films import FilmMade, FilmRequest
    from pressroom.model.handles import (
        CallCounts,
        DraftRef,
        IdeaRef,
        Output,
        PictureRef,
        RunRef,
        RunReport,
        TokenCounts,
    )
    from pressroom.model.ideas import Assignment, Idea, IdeaList, Preferences, SubjectKind
    from pressroom.model.images import AssetKind, Brand, CardText, ImageIdea, ImageRequest
    from pressroom.model.jobs import JobStatus
    from pressroom.model.media import MOST_MEDIA, Medium
    from pressroom.model.plans import DailyPlan, FilmPlan, OptimizePlan, Plan, RepurposePlan, TrendsPlan
    from pressroom.model.repairs import BackfilledDay, BackfillReport, BackfillRequest, RedoRequest, RetryRequest
    from pressroom.model.requests import DailyRequest, PictureWishes, RepurposeRequest, TrendsRequest
    from pressroom.model.voices import Voice

__all__ = [
    "MOST_MEDIA",
    "Answer",
    "AssetKind",
    "Assignment",
    "BackfillReport",
    "BackfillRequest",
    "BackfilledDay",
    "BatchRow",
    "Brand",
    "Brief",
    "BriefDraft",
    "BriefIdea",
    "BriefPicture",
    "CallCounts",
    "Caller",
    "CardText",
    "DailyPlan",
    "DailyRequest",
    "Document",
    "DraftRef",
    "Excerpt",
    "Failure",
    "FilmMade",
    "FilmPlan",
    "FilmRequest",
    "Finding",
    "Finish",
    "Frozen",
    "GateVerdict",
    "Idea",
    "IdeaList",
    "IdeaRef",
    "ImageIdea",
    "ImageRequest",
    "JobStatus",
    "Medium",
    "OptimizePlan",
    "Origin",
    "Output",
    "Part",
    "PartRole",
    "PictureRef",
    "PictureWishes",
    "Plan",
    "Preferences",
    "RedoRequest",
    "RepurposePlan",
    "RepurposeRequest",
    "RetryRequest",
    "Role",
    "RunRef",
    "RunReport",
    "RunStatus",
    "Section",
    "State",
    "SubjectKind",
    "TextRequest",
    "TokenCounts",
    "Totals",
    "TrendsPlan",
    "TrendsRequest",
    "Usage",
    "Violation",
    "Voice",
]

_HOMES = {
    "base": "Frozen",
    "briefs": "BatchRow Brief BriefDraft BriefIdea BriefPicture Failure GateVerdict RunStatus Totals",
    "callers": "Caller Origin Role",
    "calls": "Answer Finish TextRequest Usage",
    "documents": "Document Excerpt Section",
    "drafts": "Finding Part PartRole State Violation",
    "films": "FilmMade FilmRequest",
    "handles": "CallCounts DraftRef IdeaRef Output PictureRef RunRef RunReport TokenCounts",
    "ideas": "Assignment Idea IdeaList Preferences SubjectKind",
    "images": "AssetKind Brand CardText ImageIdea ImageRequest",
    "jobs": "JobStatus",
    "media": "MOST_MEDIA Medium",
    "plans": "DailyPlan FilmPlan OptimizePlan Plan RepurposePlan TrendsPlan",
    "repairs": "BackfilledDay BackfillReport BackfillRequest RedoRequest RetryRequest",
    "requests": "DailyRequest PictureWishes RepurposeRequest TrendsRequest",
    "voices": "Voice",
}
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    return found
