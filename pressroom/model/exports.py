"""Taking everything of a workspace along."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from pressroom.model.base import Frozen
from pressroom.model.forms import Request, Table, setting
from pressroom.model.repairs import WORKSPACE


class ExportRequest(Request):
    """The workspace to export."""

    usual: ClassVar[Table] = {"workspace": setting("workspace")}

    workspace: str | None = Field(default=None, pattern=WORKSPACE, description="Workspace; default: the settings'.")


class ExportReport(Frozen):
    """An export that was made: where it lies in the artifact store, and what is in it."""

    workspace: str
    key: str
    size: int
    sha256: str
    rows: dict[str, int] = Field(description="How many rows of each kind.")
    files: int
    missing: tuple[str, ...] = Field(default=(), description="Keys of files that were not in the store.")
