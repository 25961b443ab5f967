"""Everything a workspace has, as one zip file: a line of JSON for each row, and every file.

No secret is in it: of people's passwords, tokens and webhooks' secrets nothing is read.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from pressroom.store.account_tables import AuditEvent, Invitation, Membership, ServiceToken, User
from pressroom.store.artifacts import ArtifactStore, NoArtifact
from pressroom.store.database import Database
from pressroom.store.desk_tables import (
    Approval,
    Assignment,
    Attachment,
    Comment,
    HashtagSet,
    Job,
    Notification,
    NotificationWish,
    ShareLink,
    Suggestion,
    Upload,
    WebCard,
    Webhook,
)
from pressroom.store.forgetting import EXPORT
from pressroom.store.publishing_tables import ChannelRow, Publication, PublicationAttempt, PublicationPart
from pressroom.store.result_tables import ComparisonPair, ComparisonRow, MetricAttempt, MetricSnapshot, RevenueEntry
from pressroom.store.tables import (
    Artifact,
    Asset,
    Content,
    DocumentRow,
    ProviderCall,
    Revision,
    Run,
    SubjectRow,
    Table,
    VoiceRow,
    Workspace,
)
from pressroom.store.trend_tables import (
    OpportunityRow,
    OpportunityRule,
    TrendFetch,
    TrendScoreRow,
    TrendSignal,
    TrendSnapshot,
    TrendSourceHealth,
    TrendTopic,
    TrendTopicSignal,
)

AT_A_TIME = 500
"""Rows that are held at the same time."""


@dataclass(frozen=True)
class Part:
    """One table of an export. `without`: columns that say nothing to its owner, or must not be told."""

    table: type[Table]
    about: str
    without: frozenset[str] = frozenset()


PARTS: Mapping[str, Part] = {
    "content": Part(Content, "every draft in its present wording, deleted ones too until they are purged"),
    "revisions": Part(Revision, "every wording that drafts ever had"),
    "suggestions": Part(Suggestion, "rewrites that were asked for, and which of them were taken"),
    "approvals": Part(Approval, "who approved which wording, and which of that still holds"),
    "attachments": Part(Attachment, "media of drafts, in order; `key` is their path below files/"),
    "comments": Part(Comment, "what users and clients said about drafts"),
    "share_links": Part(ShareLink, "which clients could read which drafts", frozenset({"token_hash"})),
    "assignments": Part(Assignment, "whose turn it is with a draft"),
    "notifications": Part(Notification, "what users were told in the desk"),
    "notification_wishes": Part(NotificationWish, "how often they are told elsewhere", frozenset({"chat_address"})),
    "web_cards": Part(WebCard, "titles and pictures of links and accounts; `picture_key` is their path below files/"),
    "hashtag_sets": Part(HashtagSet, "hashtags that are used together"),
    "channels": Part(ChannelRow, "accounts at platforms", frozenset({"credentials"})),
    "results": Part(MetricSnapshot, "figures of publications at each age, and the reasons of gaps"),
    "result_attempts": Part(MetricAttempt, "every try to read those figures"),
    "revenue": Part(RevenueEntry, "money that publications brought"),
    "comparisons": Part(ComparisonRow, "comparisons of two variants, as they were fixed when they began"),
    "comparison_pairs": Part(ComparisonPair, "the posts that comparisons compare"),
    "publications": Part(Publication, "what was planned and published, exactly as it was approved"),
    "publication_parts": Part(PublicationPart, "each post and comment of them", frozenset({"memory"})),
    "publication_attempts": Part(PublicationAttempt, "each request to a platform, and its answer"),
    "ideas": Part(SubjectRow, "what drafts are about"),
    "documents": Part(DocumentRow, "what was read, with its text"),
    "images": Part(Asset, "pictures; `key` is their path below files/"),
    "opportunities": Part(OpportunityRow, "topics worth a post, with their signals, and what became of them"),
    "opportunity_rules": Part(OpportunityRule, "what takes opportunities by itself"),
    "trend_topics": Part(TrendTopic, "what was talked about"),
    "trend_scores": Part(TrendScoreRow, "how much, at each collection"),
    "trend_topic_signals": Part(TrendTopicSignal, "which signals made a topic"),
    "trend_signals": Part(TrendSignal, "what each source named"),
    "trend_snapshots": Part(TrendSnapshot, "the figures of signals over time"),
    "trend_fetches": Part(TrendFetch, "each request to a trend source, and what it cost"),
    "trend_sources": Part(TrendSourceHealth, "how the trend sources do"),
    "runs": Part(Run, "what was made when, and how that went", frozenset({"lease_owner", "lease_expires_at"})),
    "jobs": Part(Job, "what was asked for at the desk"),
    "uploads": Part(Upload, "what was handed in; `key` is its path below files/"),
    "voices": Part(VoiceRow, "brand voices"),
    "calls": Part(
        ProviderCall,
        "what providers were asked, and what it cost",
        frozenset({"request_key", "claim_owner", "claim_expires_at"}),
    ),
    "invitations": Part(Invitation, "who was invited", frozenset({"token_hash"})),
    "tokens": Part(ServiceToken, "programs that may sign in", frozenset({"token_hash"})),
    "webhooks": Part(Webhook, "addresses that are told of events", frozenset({"secret"})),
    "audit": Part(AuditEvent, "who did what, as far back as it is kept"),
}
"""By the name of their file."""

README = """Everything of the workspace {title} ({name}), taken along on {day}.

workspace.json: its title, preferences and schedule
members.jsonl: who is in it, and as what
{parts}
files/: every file, by the path it has in the artifact store

A .jsonl file has one JSON object a line. Times are UTC; costs are millionths of a US dollar.
"""


@dataclass(frozen=True)
class Taken:
    """The contents of the export file. `missing`: keys of files that the store no longer had."""

    rows: dict[str, int]
    files: int
    missing: tuple[str, ...]


def take_along(database: Database, store: ArtifactStore, home: Workspace, target: Path, *, day: str) -> Taken:
    """Write everything of the workspace `home` into the zip file `target`. Holds little of it at a time."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        with database.read() as session:
            lines = "\n".join(f"{name}.jsonl: {part.about}" for name, part in PARTS.items())
            archive.writestr(
                "README.txt", README.format(title=home.title or home.name, name=home.name, day=day, parts=lines)
            )
            archive.writestr("workspace.json", _json(home.model_dump(mode="json")))
            rows = {name: _write(archive, name, _rows(session, part, home.id)) for name, part in PARTS.items()}
            rows["members"] = _write(archive, "members", _members(session, home.id))
            keys = _keys(session, home.id)
        missing = [key for key in keys if not _add_file(archive, store, key)]
    return Taken(rows=rows, files=len(keys) - len(missing), missing=tuple(missing))


def _rows(session: Session, part: Part, workspace_id: str) -> Iterator[dict[str, Any]]:
    table: Any = part.table
    query = select(table).where(table.workspace_id == workspace_id).order_by(table.created_at, table.id)
    for row in session.exec(query.execution_options(yield_per=AT_A_TIME)):
        yield row.model_dump(mode="json", exclude={"workspace_id", *part.without})
        session.expunge(row)


def _members(session: Session, workspace_id: str) -> Iterator[dict[str, Any]]:
    query = select(User.email, User.name, Membership.role, Membership.created_at).where(
        Membership.workspace_id == workspace_id, Membership.user_id == User.id
    )
    for email, name, role, since in session.exec(query.order_by(col(Membership.created_at))):
        yield {"email": email, "name": name, "role": role, "since": since.isoformat()}


def _write(archive: zipfile.ZipFile, name: str, rows: Iterator[dict[str, Any]]) -> int:
    """Write one line a row; how many there were."""
    count = 0
    with archive.open(f"{name}.jsonl", "w") as file:
        for row in rows:
            file.write(_json(row).encode() + b"\n")
            count += 1
    return count


def _keys(session: Session, workspace_id: str) -> list[str]:
    """Of every file there should be, each once; former exports are not taken along."""
    artifacts = select(Artifact.key).where(Artifact.workspace_id == workspace_id, Artifact.kind != EXPORT)
    images = select(Asset.key).where(Asset.workspace_id == workspace_id)
    uploads = select(Upload.key).where(Upload.workspace_id == workspace_id, col(Upload.deleted_at).is_(None))
    attached = select(Attachment.key).where(Attachment.workspace_id == workspace_id)
    cards = select(WebCard.picture_key).where(WebCard.workspace_id == workspace_id, WebCard.picture_key != "")
    return sorted({key for query in (artifacts, images, uploads, attached, cards) for key in session.exec(query)})


def _add_file(archive: zipfile.ZipFile, store: ArtifactStore, key: str) -> bool:
    """Adds the artifact `key` to the archive; false when the store does not have it."""
    try:
        chunks = store.stream(key)
    except NoArtifact:
        return False
    with archive.open(f"files/{key}", "w", force_zip64=True) as file:
        file.writelines(chunks)
    return True


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
