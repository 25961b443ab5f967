"""A run's plan, typed by its kind, in one column; the code of what ended a run early; the platform it is at"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

BEFORE = ("request", "preferences", "chain")
NOTHING: Mapping[str, Any] = {"formats": [], "chain_fingerprint": "", "focus": "", "ideas": 1}
"""Keys that a daily run's request of an earlier version may lack, with their values."""

RUN = sa.table(
    "run",
    sa.column("id", sa.String),
    sa.column("kind", sa.String),
    sa.column("day", sa.Date),
    sa.column("workspace_id", sa.String),
    *(sa.column(name, sa.JSON) for name in ("plan", *BEFORE)),
)
WORKSPACE = sa.table("workspace", sa.column("id", sa.String), sa.column("name", sa.String))


def upgrade() -> None:
    """Columns are added and dropped one by one: SQLite can't rebuild a table that others refer to."""
    op.add_column("run", sa.Column("plan", sa.JSON(), nullable=True))
    op.add_column("run", sa.Column("error_code", sa.String(length=64), nullable=True))
    op.add_column("run", sa.Column("platform", sa.String(length=32), nullable=True))
    connection = op.get_bind()
    names: dict[str, str] = {each.id: each.name for each in connection.execute(sa.select(WORKSPACE))}
    shown = [each for each in RUN.c if each.name != "plan"]
    for row in connection.execute(sa.select(*shown)).all():
        plan = _plan(row, names[row.workspace_id])
        connection.execute(RUN.update().where(RUN.c.id == row.id).values(plan=plan))
    for name in BEFORE:
        op.drop_column("run", name)


def downgrade() -> None:
    for name in BEFORE:
        op.add_column(
            "run", sa.Column(name, sa.JSON(), nullable=False, server_default="[]" if name == "chain" else "{}")
        )
    connection = op.get_bind()
    for row in connection.execute(sa.select(RUN.c.id, RUN.c.plan).where(RUN.c.plan.is_not(None))).all():
        values = {"request": _request(row.plan), "preferences": row.plan["preferences"], "chain": row.plan["chain"]}
        connection.execute(RUN.update().where(RUN.c.id == row.id).values(**values))
    for name in ("platform", "error_code", "plan"):
        op.drop_column("run", name)


def _plan(row: Any, workspace: str) -> dict[str, Any]:
    common = {"day": row.day.isoformat(), "workspace": workspace, "chain": row.chain, "preferences": row.preferences}
    make = {"repurpose": _documents, "optimize": _pictures}.get(row.kind, _ideas)
    return {**common, **make(row.request)}


def _ideas(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"kind": "daily", **{name: asked.get(name, other) for name, other in NOTHING.items()}}


def _documents(asked: Mapping[str, Any]) -> dict[str, Any]:
    names = ("formats", "pictures", "pictures_fingerprint", "own_language", "unread")
    found = {name: asked[name] for name in names if asked.get(name) is not None}
    fingerprint = asked.get("chain_fingerprint", "")
    return {"kind": "repurpose", "documents": asked.get("documents", []), "chain_fingerprint": fingerprint, **found}


def _pictures(asked: Mapping[str, Any]) -> dict[str, Any]:
    request = asked.get("wish") or {"images": ["unknown"]}
    return {
        "kind": "optimize",
        "chain_fingerprint": "",
        "request": request,
        "platforms": asked.get("platforms", []),
        "files": request["images"],
        "image_quality": "",
    }


def _request(plan: Mapping[str, Any]) -> dict[str, Any]:
    if plan["kind"] == "optimize":
        return {
            "wish": plan["request"],
            "platforms": plan["platforms"],
            "formats": [],
            "ideas": len(plan["request"]["images"]),
        }
    return {name: value for name, value in plan.items() if name not in {"kind", "preferences", "chain", "reads_files"}}
