"""Uploads, documents and pictures as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from apps.api.shown_jobs import API
from pressroom.store.desk_tables import Upload
from pressroom.store.tables import Asset, DocumentRow
from pressroom.store.uploads import PREFIX


class UploadView(BaseModel):
    """A file from a user. `source`: its name in a request for work."""

    id: str
    name: str = Field(examples=["report.pdf"])
    source: str = Field(examples=["upload:9f1b"])
    media_type: str = Field(description="What it is, by its content.", examples=["application/pdf"])
    size: int = Field(description="Bytes.")
    sha256: str
    uploaded_by: str
    created_at: datetime
    href: str = Field(description="Where its bytes are.")


class DocumentView(BaseModel):
    """A document as it was read. `findings`: facts that a person should know before its use."""

    id: str
    title: str
    source: str = Field(examples=["https://example.com/post"])
    kind: str = Field(examples=["html"])
    language: str = Field(examples=["en"])
    words: int
    findings: list[dict[str, Any]]
    created_at: datetime


class DocumentDetail(DocumentView):
    """A document with its words. `body`: its sections, author, date and lead image, as they were found."""

    body: dict[str, Any]


class ImageView(BaseModel):
    """A picture that was made. `purpose`: the platform it is for, or `thumbnail`."""

    id: str
    run_id: str
    idea_id: str
    purpose: str = Field(examples=["instagram"])
    width: int
    height: int
    media_type: str
    size: int = Field(description="Bytes.")
    alt_text: str
    provider: str
    model: str
    notes: list[str]
    created_at: datetime
    href: str = Field(description="Where its file is.")


def upload_view(row: Upload) -> UploadView:
    same = row.model_dump(include=set(UploadView.model_fields))
    return UploadView(**same, source=f"{PREFIX}{row.id}", href=f"{API}/uploads/{row.id}/file")


def document_view(row: DocumentRow) -> DocumentView:
    return DocumentView(**row.model_dump(include=set(DocumentView.model_fields)))


def document_detail(row: DocumentRow) -> DocumentDetail:
    return DocumentDetail(**row.model_dump(include=set(DocumentDetail.model_fields)))


def image_view(row: Asset) -> ImageView:
    same = row.model_dump(include=set(ImageView.model_fields))
    return ImageView(**same, idea_id=row.subject_id, href=f"{API}/images/{row.id}/file")
