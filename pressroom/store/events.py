"""The events of a workspace, stored for its listeners. Each is written in the transaction of the change it reports, so
that there is an event for every change and no event without one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlmodel import Session

from pressroom.store.desk_tables import Event

TYPES: Mapping[str, str] = MappingProxyType(
    {
        "run.started": "A run began, or was taken up again.",
        "run.completed": "A run ended with all that was asked for.",
        "run.partial": "A run ended with a part of it; its failures are in its row.",
        "run.failed": "A run ended without a draft, or by an error.",
        "run.cancelled": "A run was stopped.",
        "job.started": "A job was queued at the desk.",
        "job.completed": "A job ended; `outputs` has its results.",
        "job.partial": "A job ended with problems.",
        "job.failed": "A job failed; `code` and `error` say why.",
        "job.cancelled": "A job was stopped.",
        "document.uploaded": "A document was uploaded.",
        "content.written": "A person wrote a new post.",
        "content.edited": "A person edited a draft.",
        "content.suggested": "A rewrite was made and waits beside the draft.",
        "content.reverted": "A person restored an earlier version.",
        "content.media_changed": "A draft's media, their order or their alternative texts changed.",
        "content.regenerated": "Pressroom wrote a draft again.",
        "content.moved": "A draft changed its state.",
        "content.approved": "A person approved exactly this version.",
        "content.approval_voided": "An approval ended: the text, the media or the state changed.",
        "content.commented": "A person commented on a draft.",
        "content.assigned": "A draft was assigned to a person, or to no one.",
        "content.deleted": "A draft was deleted; it can be restored until it is purged.",
        "content.restored": "A deleted draft was restored.",
        "publication.planned": "An approved draft was planned on a channel.",
        "publication.moved": "A person changed the time or the state of a publication.",
        "publication.published": "A post is public.",
        "publication.unknown": "The platform's answer was lost; Pressroom is asking.",
        "publication.needs_person": "A person has to decide; the publication has the reason.",
        "publication.mismatch": "The public post differs from the approved draft.",
        "publication.vanished": "A public post is gone.",
        "publication.refused": "The platform refused a post; nothing is public.",
        "publication.missed": "A publication missed its time; nothing is public.",
        "publication.partial": "A part of a publication is public, the rest is not.",
        "publication.cancelled": "A publication was cancelled.",
        "publication.deleted": "A post was taken down at the platform.",
        "channel.connected": "An account at a platform was connected.",
        "channel.needs_account": "An account can't publish until a person acts.",
        "channel.expiring": "An account's sign-in ends soon and can't be renewed without a person.",
        "channel.removed": "An account was removed.",
        "opportunity.opened": "A topic is worth a post now.",
        "opportunity.taken": "A person, a rule or a daily run took an opportunity.",
        "opportunity.given_back": "A person gave a taken opportunity back: it is open again.",
        "opportunity.dismissed": "A person dismissed an opportunity.",
        "opportunity.expired": "An opportunity's time went by.",
        "trends.source_failing": "A source of trends has failed for a day.",
        "settings.changed": "Preferences, a voice or the schedule were changed.",
        "webhook.switched_off": "A webhook failed for too long and was switched off.",
        "webhook.test": "A person sent a test to a webhook.",
    }
)
"""Every type of event, and when it is written."""


def emit(
    session: Session, workspace_id: str, kind: str, data: Mapping[str, Any], *, dispatched_at: datetime | None = None
) -> Event:
    """Note an event in the transaction of `session`; it is told once that is committed, and not before.

    kind: one of `TYPES`. data: what JSON can hold; ids of what it is about (`content_id`, `run_id`, `job_id`), and no
    text of content or person. dispatched_at: given when no webhook is to hear of it.
    """
    if kind not in TYPES:
        raise ValueError(f"{kind!r} is no type of event.")
    event = Event(workspace_id=workspace_id, type=kind, data=dict(data), dispatched_at=dispatched_at)
    session.add(event)
    return event
