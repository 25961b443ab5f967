"""The entries of the desk's menu, in order."""

from __future__ import annotations

from dataclasses import dataclass

from pressroom.people.permissions import Action


@dataclass(frozen=True)
class Entry:
    """A page of the menu. `needs`: what one must be allowed to see it there."""

    path: str
    title: str
    icon: str
    needs: Action = Action.READ


ENTRIES = (
    Entry("/", "Today", "today"),
    Entry("/review", "Review", "check", Action.EDIT_CONTENT),
    Entry("/trends", "Trends", "trend"),
    Entry("/pipeline", "Pipeline", "pipeline"),
    Entry("/calendar", "Calendar", "calendar"),
    Entry("/publications", "Publications", "share"),
    Entry("/results", "Results", "results"),
    Entry("/images", "Images", "image"),
    Entry("/documents", "Documents", "document"),
    Entry("/runs", "Runs", "run"),
    Entry("/usage", "Usage", "usage"),
    Entry("/audit", "Audit log", "audit", Action.READ_AUDIT),
    Entry("/settings", "Settings", "settings"),
)
