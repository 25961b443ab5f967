"""The values that travel: frozen, typed, knowing nothing of where they are kept or shown."""

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
from pressroom.model.handles import CallCounts, DraftRef, IdeaRef, Output, PictureRef, RunRef, RunReport, TokenCounts
from pressroom.model.ideas import Assignment, Idea, IdeaList, Preferences, SubjectKind
from pressroom.model.images import AssetKind, Brand, CardText, ImageIdea, ImageRequest
from pressroom.model.jobs import JobStatus
from pressroom.model.media import MOST_MEDIA, Medium
from pressroom.model.plans import DailyPlan, OptimizePlan, Plan, RepurposePlan, TrendsPlan
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
