"""The values that travel: frozen, typed, knowing nothing of where they are kept or shown."""

from pressroom.model.base import Frozen
from pressroom.model.briefs import BatchRow, Brief, BriefDraft, BriefIdea, Failure, GateVerdict, RunStatus, Totals
from pressroom.model.calls import Answer, Finish, TextRequest, Usage
from pressroom.model.drafts import Finding, Insight, Material, Part, State, Violation
from pressroom.model.ideas import Assignment, Idea, IdeaList, Preferences
from pressroom.model.requests import DailyPlan, DailyRequest

__all__ = [
    "Answer",
    "Assignment",
    "BatchRow",
    "Brief",
    "BriefDraft",
    "BriefIdea",
    "DailyPlan",
    "DailyRequest",
    "Failure",
    "Finding",
    "Finish",
    "Frozen",
    "GateVerdict",
    "Idea",
    "IdeaList",
    "Insight",
    "Material",
    "Part",
    "Preferences",
    "RunStatus",
    "State",
    "TextRequest",
    "Totals",
    "Usage",
    "Violation",
]
