"""The values that travel: frozen, typed, knowing nothing of where they are kept or shown."""

from pressroom.model.base import Frozen
from pressroom.model.calls import Answer, Finish, TextRequest, Usage
from pressroom.model.drafts import Finding, Insight, Material, Part, State, Violation
from pressroom.model.ideas import Assignment, Idea, IdeaList, Preferences

__all__ = [
    "Answer",
    "Assignment",
    "Finding",
    "Finish",
    "Frozen",
    "Idea",
    "IdeaList",
    "Insight",
    "Material",
    "Part",
    "Preferences",
    "State",
    "TextRequest",
    "Usage",
    "Violation",
]
